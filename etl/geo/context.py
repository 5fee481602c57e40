"""Groups and what each is thought to mean go in; what the others then say for each option of a group comes out.

How much of the text speaks of each country and first-level unit, which units named hold which places named, and how
near places named lie to one another: counted once for all groups, then read off for each option.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np

from etl.geo.groups import Group
from etl.geo.lexicon import ADMIN2, COUNTRY, TOWN
from etl.geo.options import Area, Option

WEIGHTS = {
    "beside": 4.5,  # its container is named right after it
    "holds": 1.5,  # what it contains is named right before it
    "same_name": 1.8,  # the same name in a clearer frame means this place
    "country": 2.5,  # share of the text's other places in its country
    "unit": 3.0,  # share in its first-level unit
    "inside": 1.3,  # a unit spoken of elsewhere contains it (each, at most 3)
    "contains": 0.25,  # it contains places spoken of (each, at most 4)
    "near_50": 0.25,  # another place within 50 km (each, at most 6)
    "near_200": 0.3,
    "near_500": 0.1,
    "distance": -0.4,  # log10 of the km to the nearest other place
}
_FRAMING = 8  # options of a name beside that are looked at
_NEIGHBOURS = 40  # other groups looked at for nearness
_MOST_NEAR = 6  # places of a ring that count
_LEAST_SHARE = 0.005
_LEAST_WEIGHT = 0.3  # of a group whose unit counts as spoken of
_RADIUS_KM, _FAR_KM = 6371.0, 5000.0
_ANTIPODE = 4.0  # chord length, squared, on the unit sphere
_RINGS = np.array([(km / _RADIUS_KM) ** 2 for km in (50, 200, 500)])
_RING_WEIGHTS = np.array([WEIGHTS[f"near_{km}"] for km in (50, 200, 500)])
# What a context tells of an option, in this order; of one that is alone only the first five.
TOLD = (
    *("country", "unit", "beside", "holds", "same_name"),
    *("inside", "near_50", "near_200", "near_500", "distance", "contains"),
)

Told = tuple[float, ...]
Likely = Sequence[Sequence[float]]


class Context:
    """What the other groups say, once it is settled what each is thought to mean."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self._groups = groups
        self._country = _Shares(WEIGHTS["country"], groups, [[o.entry.country for o in g.options] for g in groups])
        self._unit = _Shares(WEIGHTS["unit"], groups, [[o.unit for o in g.options] for g in groups])
        self._containers = [{o.area for o in _beside(groups, g.containers) if o.area} for g in groups]
        self._contents = [{area for o in _beside(groups, g.contents) for area in o.within} for g in groups]
        self._number = {key: n for n, key in enumerate(dict.fromkeys(g.key for g in groups))}
        sizes = [len(g.options) for g in groups]
        self._first = [0, *accumulate(sizes)]  # row of each group's first option in these:
        self._name = np.repeat([self._number[g.key] for g in groups], sizes)
        self._points = np.concatenate([g.points for g in groups]) if groups else np.empty((0, 3))

    def settle(self, likely: Likely, chosen: Sequence[Option | None]) -> None:
        """Take this for what the groups mean: how likely each option is, and which is chosen."""
        self._country.settle(likely)
        self._unit.settle(likely)
        self._clear: dict[str, set[int]] = {}  # name → places it means where its frame is clear
        self._units: Counter[Area] = Counter()  # first and second-level units spoken of
        self._own: list[Area | None] = [None] * len(chosen)  # the one of each group
        named = []
        for a, (group, option) in enumerate(zip(self._groups, chosen, strict=True)):
            if option is None:
                continue
            level = option.entry.level
            if group.designator or group.containers:
                self._clear.setdefault(group.key, set()).add(option.handle)
            if option.area is not None and level is not COUNTRY and group.weight > _LEAST_WEIGHT:
                self._own[a] = option.area
                self._units[option.area] += 1
            if level is TOWN or level is ADMIN2:
                named.append((group.key, option))
        self._named = named[:_NEIGHBOURS]
        self._held = Counter(area for _, option in self._named for area in option.within)

    def tell(self, a: int, asked: Sequence[int], near: Sequence[Sequence[float]]) -> list[Told]:
        """What speaks for some options of group `a`; `near` for each of them, where there is more than one."""
        group = self._groups[a]
        country, unit = self._country.worth(a).get, self._unit.worth(a).get
        containers, contents = self._containers[a], self._contents[a]
        clear = () if group.designator or group.containers else self._clear.get(group.key, ())
        options = [group.options[n] for n in asked]
        told: list[Told] = [
            (
                country(o.entry.country, 0.0),
                unit(o.unit, 0.0),
                WEIGHTS["beside"] if containers and not containers.isdisjoint(o.within) else 0.0,
                WEIGHTS["holds"] if o.area in contents else 0.0,
                WEIGHTS["same_name"] if o.handle in clear else 0.0,
            )
            for o in options
        ]
        if len(group.options) == 1:
            return told
        return [
            (*mine, self._inside(a, o), *rest, self._contains(group.key, o.area) if o.area in self._held else 0.0)
            for mine, o, rest in zip(told, options, near, strict=True)
        ]

    def _inside(self, a: int, option: Option) -> float:
        units = self._units
        if not units or units.keys().isdisjoint(option.within):
            return 0.0
        inside = sum(units.get(area, 0) for area in option.within) - (self._own[a] in option.within)
        return WEIGHTS["inside"] * min(inside, 3)

    def _contains(self, key: str, area: Area | None) -> float:
        held = sum(area in other.within for name, other in self._named if name != key)
        return WEIGHTS["contains"] * min(held, 4)

    def nearness(self, asked: Sequence[tuple[int, int]]) -> list[list[float]]:
        """Of options (group, number): for each ring how many places of other names lie in it, and how far the nearest.

        Weighed, as in `TOLD`.
        """
        if not asked:
            return []
        rows = np.array([self._first[a] + n for a, n in asked])
        points, mine = self._points[rows], self._name[rows]
        places = np.array([option.vector for _, option in self._named]).reshape(-1, 3)
        chords = np.zeros((len(rows), len(places)))
        for axis in range(3):
            apart = points[:, axis, None] - places[:, axis]
            apart *= apart
            chords += apart
        chords[mine[:, None] == np.array([self._number[key] for key, _ in self._named])] = _ANTIPODE
        nearest = np.minimum.reduce(chords, axis=1, initial=_ANTIPODE)
        km = np.where(nearest < _ANTIPODE, _RADIUS_KM * np.sqrt(nearest), _FAR_KM)
        found = np.empty((len(rows), len(_RINGS) + 1))
        found[:, :-1] = np.minimum(np.add.reduce(chords[:, :, None] < _RINGS, axis=1), _MOST_NEAR) * _RING_WEIGHTS
        found[:, -1] = WEIGHTS["distance"] * np.log10(km + 1.0)
        return found.tolist()


def _beside(groups: Sequence[Group], others: Iterable[int]) -> list[Option]:
    """The likeliest options of the groups named beside one."""
    return [option for b in others for option in groups[b].options[:_FRAMING]]


class _Shares:
    """How much of the text speaks of each code, country or unit; what the share of the others is worth to a group."""

    def __init__(self, weight: float, groups: Sequence[Group], codes: Sequence[Sequence[str]]) -> None:
        self._weight, self._groups, self._codes = weight, groups, codes
        self._parts = [self._part(a, [1.0]) if len(mine) == 1 else {} for a, mine in enumerate(codes)]

    def settle(self, likely: Likely) -> None:
        """Take this for how likely each option is."""
        total: dict[str, float] = {}
        for a, mine in enumerate(self._codes):
            if len(mine) > 1:
                self._parts[a] = self._part(a, likely[a])
            for code, weight in self._parts[a].items():
                total[code] = total.get(code, 0.0) + weight
        self._total, self._everything = total, sum(total.values())

    def worth(self, a: int) -> dict[str, float]:
        """Code → contribution to group `a`, where there is one."""
        part = self._parts[a]
        weight, total, rest = self._weight, self._total, max(self._everything - sum(part.values()), 0.5)
        shares = [(code, (total[code] - own) / rest) for code, own in part.items()]
        return {code: weight * share for code, share in shares if share > _LEAST_SHARE}

    def _part(self, a: int, likely: Sequence[float]) -> dict[str, float]:
        part: dict[str, float] = {}
        weight = self._groups[a].weight
        for code, p in zip(self._codes[a], likely, strict=True):
            if code:
                part[code] = part.get(code, 0.0) + p * weight
        return part
