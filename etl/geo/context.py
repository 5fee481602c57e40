"""Groups and what each is thought to mean go in; what the others then say for each option of a group comes out.

How much of the text speaks of each country and first-level unit, which units named hold which places named, and how
near places named lie to one another: counted once for all groups, then read off for each option.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from etl.geo.groups import Group
from etl.geo.lexicon import Level
from etl.geo.options import Area, Option

WEIGHTS = {
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
_NEIGHBOURS = 40  # other groups looked at for nearness
_MOST_NEAR = 6  # places of a ring that count
_LEAST_SHARE = 0.005
_LEAST_WEIGHT = 0.3  # of a group whose unit counts as spoken of
_RADIUS_KM, _FAR_KM = 6371.0, 5000.0
_ANTIPODE = 4.0  # chord length, squared, on the unit sphere
_RINGS = tuple(
    (name, (km / _RADIUS_KM) ** 2) for name, km in (("near_50", 50.0), ("near_200", 200.0), ("near_500", 500.0))
)

Evidence = dict[str, float]
Likely = Sequence[Sequence[float]]


class Context:
    """What the other groups say, given how likely each option is and which is chosen."""

    def __init__(self, groups: Sequence[Group], likely: Likely, chosen: Sequence[Option | None]) -> None:
        self._groups = groups
        self._country = _shares("country", groups, [[o.entry.country for o in g.options] for g in groups], likely)
        self._unit = _shares("unit", groups, [[o.unit for o in g.options] for g in groups], likely)
        self._clear: dict[str, set[int]] = {}  # name → places it means where its frame is clear
        self._units: Counter[Area] = Counter()  # first and second-level units spoken of
        self._own: list[Area | None] = []  # the one of each group
        named = []
        for group, option in zip(groups, chosen, strict=True):
            self._own.append(None)
            if option is None:
                continue
            level = option.entry.level
            if group.designator or group.containers:
                self._clear.setdefault(group.key, set()).add(option.handle)
            if option.area is not None and level is not Level.COUNTRY and group.weight > _LEAST_WEIGHT:
                self._own[-1] = option.area
                self._units[option.area] += 1
            if level is Level.TOWN or level is Level.ADMIN2:
                named.append((group.key, option))
        self._named = named[:_NEIGHBOURS]
        self._held = _held(self._named)
        self._held_by_name = {key: _held(n for n in self._named if n[0] == key) for key, _ in self._named}

    def of(self, a: int, option: Option) -> Evidence:
        """What speaks for an option of group `a`, its nearness left out; units count where there is a choice."""
        group = self._groups[a]
        found: Evidence = {}
        if share := self._country[a].get(option.entry.country):
            found["country"] = share
        if share := self._unit[a].get(option.unit):
            found["unit"] = share
        is_bare = not (group.designator or group.containers)
        if is_bare and option.handle in self._clear.get(group.key, ()):
            found["same_name"] = WEIGHTS["same_name"]
        if len(group.options) > 1:
            self._add_nesting(found, a, option)
        return found

    def _add_nesting(self, found: Evidence, a: int, option: Option) -> None:
        inside = sum(self._units.get(area, 0) for area in option.within) - (self._own[a] in option.within)
        if inside:
            found["inside"] = WEIGHTS["inside"] * min(inside, 3)
        if option.area is not None:
            held = self._held.get(option.area, 0)
            if held and (of_that_name := self._held_by_name.get(self._groups[a].key)):
                held -= of_that_name.get(option.area, 0)
            if held:
                found["contains"] = WEIGHTS["contains"] * min(held, 4)

    def nearness(self, asked: Sequence[tuple[str, Option]]) -> list[Evidence]:
        """For names, and an option of each: how many places of other names lie near it, and how far the nearest is."""
        if not asked or not self._named:
            return [_near((0, 0, 0, _ANTIPODE)) for _ in asked]
        number = {key: n for n, (key, _) in enumerate(self._named)}
        points = np.array([option.vector for _, option in asked])
        places = np.array([option.vector for _, option in self._named])
        chords = np.square(points[:, None, :] - places[None, :, :]).sum(axis=2)
        mine = np.array([number.get(key, -1) for key, _ in asked])
        chords[mine[:, None] == np.array([number[key] for key, _ in self._named])] = _ANTIPODE
        rings = [(chords < ring).sum(axis=1).tolist() for _, ring in _RINGS]
        return [_near(told) for told in zip(*rings, chords.min(axis=1).tolist(), strict=True)]


def _shares(
    name: str, groups: Sequence[Group], codes: Iterable[Sequence[str]], likely: Likely
) -> list[dict[str, float]]:
    """By group: code → what the share of the other groups that it has is worth."""
    parts: list[dict[str, float]] = []
    total: dict[str, float] = {}
    for group, mine, chances in zip(groups, codes, likely, strict=True):
        part: dict[str, float] = {}
        for code, p in zip(mine, chances, strict=True):
            if code:
                part[code] = part.get(code, 0.0) + p * group.weight
        for code, weight in part.items():
            total[code] = total.get(code, 0.0) + weight
        parts.append(part)
    everything = sum(total.values())
    weight = WEIGHTS[name]
    found = []
    for part in parts:
        rest = max(everything - sum(part.values()), 0.5)
        shares = {code: (total[code] - own) / rest for code, own in part.items()}
        found.append({code: weight * share for code, share in shares.items() if share > _LEAST_SHARE})
    return found


def _held(named: Iterable[tuple[str, Option]]) -> Counter[Area]:
    """Country or unit → how many of these places it contains."""
    return Counter(area for _, option in named for area in option.within)


def _near(told: tuple[int, int, int, float]) -> Evidence:
    *counts, chord = told
    found = {name: WEIGHTS[name] * min(n, _MOST_NEAR) for (name, _), n in zip(_RINGS, counts, strict=True) if n}
    km = _RADIUS_KM * math.sqrt(chord) if chord < _ANTIPODE else _FAR_KM
    found["distance"] = WEIGHTS["distance"] * math.log10(km + 1.0)
    return found
