"""Groups and what each is thought to mean go in; what the others then say for each option of a group comes out.

How much of the text speaks of each country and first-level unit, which units named hold which places named, and how
near places named lie to one another: counted once for all groups, then read off for each option.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

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
_RINGS = tuple(
    (name, (km / _RADIUS_KM) ** 2) for name, km in (("near_50", 50.0), ("near_200", 200.0), ("near_500", 500.0))
)

# What a context tells of an option, in this order (`of`, then `among`).
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

    def of(self, a: int, option: Option) -> Told:
        """What speaks for an option of group `a`, whether it has others or not."""
        group = self._groups[a]
        clear = () if group.designator or group.containers else self._clear.get(group.key, ())
        return (
            self._country.worth[a].get(option.entry.country, 0.0),
            self._unit.worth[a].get(option.unit, 0.0),
            0.0 if self._containers[a].isdisjoint(option.within) else WEIGHTS["beside"],
            WEIGHTS["holds"] if option.area in self._contents[a] else 0.0,
            WEIGHTS["same_name"] if option.handle in clear else 0.0,
        )

    def among(self, asked: Sequence[tuple[int, Option]]) -> list[Told]:
        """The rest, for options of groups that have several."""
        return [
            (self._inside(a, option), *near, self._contains(a, option))
            for (a, option), near in zip(asked, self._nearness(asked), strict=True)
        ]

    def _inside(self, a: int, option: Option) -> float:
        units = self._units
        inside = sum([units[area] for area in option.within if area in units]) if units else 0
        if inside:
            inside -= self._own[a] in option.within
        return WEIGHTS["inside"] * min(inside, 3)

    def _contains(self, a: int, option: Option) -> float:
        held = self._held.get(option.area, 0) if option.area else 0
        if held:
            key = self._groups[a].key
            held -= sum(option.area in other.within for name, other in self._named if name == key)
        return WEIGHTS["contains"] * min(held, 4)

    def _nearness(self, asked: Sequence[tuple[int, Option]]) -> list[list[float]]:
        """For each ring how many places of other names lie in it, and how far the nearest is, weighed."""
        if not asked:
            return []
        points = np.array([option.vector for _, option in asked]).T
        mine = np.array([self._number[self._groups[a].key] for a, _ in asked])
        places = np.array([option.vector for _, option in self._named]).reshape(-1, 3).T
        names = np.array([self._number[key] for key, _ in self._named])
        chords = np.zeros((len(asked), len(names)))
        for axis in range(3):
            apart = points[axis, :, None] - places[axis]
            apart *= apart
            chords += apart
        chords[mine[:, None] == names] = _ANTIPODE
        found = np.empty((len(asked), len(_RINGS) + 1))
        for n, (name, ring) in enumerate(_RINGS):
            found[:, n] = np.minimum((chords < ring).sum(axis=1), _MOST_NEAR) * WEIGHTS[name]
        nearest = chords.min(axis=1, initial=_ANTIPODE)
        km = np.where(nearest < _ANTIPODE, _RADIUS_KM * np.sqrt(nearest), _FAR_KM)
        found[:, -1] = WEIGHTS["distance"] * np.log10(km + 1.0)
        return found.tolist()


def _beside(groups: Sequence[Group], others: Iterable[int]) -> list[Option]:
    """The likeliest options of the groups named beside one."""
    return [option for b in others for option in groups[b].options[:_FRAMING]]


class _Shares:
    """How much of the text speaks of each code, country or unit; what the share of the others is worth to a group."""

    def __init__(self, weight: float, groups: Sequence[Group], codes: Sequence[Sequence[str]]) -> None:
        self.worth: list[dict[str, float]] = []  # by group: code → contribution, where there is one
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
        everything = sum(total.values())
        self.worth = []
        for part in self._parts:
            rest = max(everything - sum(part.values()), 0.5)
            shares = [(code, (total[code] - own) / rest) for code, own in part.items()]
            self.worth.append({code: self._weight * share for code, share in shares if share > _LEAST_SHARE})

    def _part(self, a: int, likely: Sequence[float]) -> dict[str, float]:
        part: dict[str, float] = {}
        weight = self._groups[a].weight
        for code, p in zip(self._codes[a], likely, strict=True):
            if code:
                part[code] = part.get(code, 0.0) + p * weight
        return part
