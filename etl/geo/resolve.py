"""Groups of mentions go in; for each, its options scored, with what spoke for each, come out.

Theory. A place is chosen by a sum of hand-set weights, for learned ranking weights did not beat them and a sum can be
shown to an analyst. What speaks for an option, strongest first: the container named beside it ("Long Beach, Calif."),
its designator ("Luhansk region"), how known it is (`prior`), a county and its town both named, its country and
first-level unit being spoken of elsewhere in the text, other places named being near or inside it, the outlet's home.
What the others mean is itself open, so the choice is repeated with the others' distributions until it stands, at most
five times; order plays no part.

A name used once with a frame ("in the Donetsk region") tends to mean the same where it stands bare, unless the bare
one is called a town: this speaks for the framed meaning, it does not force it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from etl.geo.counties import Counties
from etl.geo.fold import fold
from etl.geo.groups import Group, Option, contains, prior
from etl.geo.lexicon import Entry, Level
from etl.records import NameKind

_ROUNDS = 5
_HOPELESS = 0.001  # an option this unlikely after the first round is not looked at again
SHARPNESS = 1.5  # of the softmax from scores to probabilities
_NEIGHBOURS = 40  # other groups looked at for nearness
# Chord lengths (squared, on the unit sphere) of 50, 200 and 500 km.
_NEAR = tuple((km / 6371.0) ** 2 for km in (50.0, 200.0, 500.0))

WEIGHTS = {
    "beside": 4.5,  # its container is named right after it
    "holds": 1.5,  # what it contains is named right before it
    "designator": 2.5,  # called a region and is one, called a city and is one
    "same_name": 1.8,  # the same name in a clearer frame means this place
    "odd_alias": -0.7,  # an alias not even alike in its first letter: often another place's name
    "former_name": -1.5,  # it did not bear the name on the article's day
    "same_spelling": 0.5,  # written exactly as the gazetteer's main name
    "country": 2.5,  # share of the text's other places in its country
    "unit": 3.0,  # share in its first-level unit
    "inside": 1.3,  # a unit spoken of elsewhere contains it (each, at most 3)
    "contains": 0.25,  # it contains places spoken of (each, at most 4)
    "near_50": 0.25,
    "near_200": 0.3,
    "near_500": 0.1,
    "distance": -0.4,  # log10 of the km to the nearest other place
    "home_unit": 1.6,
    "home_country": 0.8,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a group was found to mean."""

    order: tuple[int, ...]  # option numbers, best first
    scores: tuple[float, ...]  # by option number
    probabilities: tuple[float, ...]  # by option number
    evidence: tuple[dict[str, float], ...]  # by option number: feature → contribution


def resolve(groups: Sequence[Group], home: str | None = None, day: date | None = None) -> list[Choice]:
    """Choose for every group. `home` is the outlet's region as "US.TX", or a country code; `day` the article's."""
    counties = Counties(groups)
    fixed = [[_fixed(g, o, home) | counties.evidence(g, o) | _former(o, day) for o in g.options] for g in groups]
    evidence = [list(rows) for rows in fixed]
    likely = [_softmax([sum(e.values()) for e in rows]) for rows in fixed]
    chosen = [_best(p) for p in likely]
    for turn in range(_ROUNDS):
        context = _Context(groups, likely, chosen)
        for a, (g, rows) in enumerate(zip(groups, fixed, strict=True)):
            for n, option in enumerate(g.options):
                if turn == 0 or likely[a][n] > _HOPELESS:
                    evidence[a][n] = rows[n] | context.of(a, g, option)
        likely = [_softmax([sum(e.values()) for e in rows]) for rows in evidence]
        before, chosen = chosen, [_best(p) for p in likely]
        if chosen == before:
            break
    return [_choice(g, rows, p) for g, rows, p in zip(groups, evidence, likely, strict=True)]


def _choice(group: Group, rows: list[dict[str, float]], likely: list[float]) -> Choice:
    scores = [sum(e.values()) for e in rows]
    order = sorted(range(len(rows)), key=lambda n: (-scores[n], group.options[n].entry.place_id))
    return Choice(tuple(order), tuple(scores), tuple(likely), tuple(rows))


def _never(_: Entry) -> bool:
    return False


# designator → whether a place is what the text calls it
_FITS: dict[str, Callable[[Entry], bool]] = {
    "unit": lambda e: e.level in (Level.ADMIN1, Level.ADMIN2),
    "town": lambda e: e.level is Level.TOWN,
    "water": lambda e: e.feature_class in ("H", "T"),
    "government": lambda e: e.feature_code == "PPLC",
}


def _fixed(group: Group, option: Option, home: str | None) -> dict[str, float]:
    """What does not depend on the other places."""
    entry = option.entry
    found = {"prior": prior(option)}
    if entry.name.casefold() == group.key or group.key == entry.name:
        found["same_spelling"] = WEIGHTS["same_spelling"]
    if _FITS.get(group.designator, _never)(entry):
        found["designator"] = WEIGHTS["designator"]
    if option.kind is NameKind.ALIAS and group.key.isascii() and group.key[0] != fold(entry.name)[:1]:
        found["odd_alias"] = WEIGHTS["odd_alias"]
    if home and entry.country == home[:2]:
        found["home_country"] = WEIGHTS["home_country"]
        if option.unit == home:
            found["home_unit"] = WEIGHTS["home_unit"]
    return found


def _former(option: Option, day: date | None) -> dict[str, float]:
    """A name out of use still means its place, and less so where another place bears it."""
    if day is None or option.in_use is None or option.in_use[0] <= day <= option.in_use[1]:
        return {}
    return {"former_name": WEIGHTS["former_name"]}


class _Context:
    """What the other groups say, given what each is thought to mean."""

    def __init__(self, groups: Sequence[Group], likely: list[list[float]], chosen: list[int | None]) -> None:
        self.groups, self.likely = groups, likely
        self.chosen: list[Option | None] = [
            None if n is None else g.options[n] for g, n in zip(groups, chosen, strict=True)
        ]
        self.countries = [self._shares(g, p, by_unit=False) for g, p in zip(groups, likely, strict=True)]
        self.units = [self._shares(g, p, by_unit=True) for g, p in zip(groups, likely, strict=True)]
        self.country_total, self.unit_total = _total(self.countries), _total(self.units)
        self.country_sum, self.unit_sum = sum(self.country_total.values()), sum(self.unit_total.values())
        self.of_name: dict[str, list[int]] = {}
        for n, g in enumerate(groups):
            self.of_name.setdefault(g.key, []).append(n)
        self.outer = [
            (n, o)
            for n, o in enumerate(self.chosen)
            if o is not None and o.entry.level in (Level.ADMIN1, Level.ADMIN2) and groups[n].weight > 0.3
        ]
        self.inner = [
            (n, groups[n].key, o.entry, o.vector)
            for n, o in enumerate(self.chosen)
            if o is not None and o.entry.level in (Level.TOWN, Level.ADMIN2)
        ][:_NEIGHBOURS]

    @staticmethod
    def _shares(group: Group, likely: list[float], *, by_unit: bool) -> dict[str, float]:
        shares: dict[str, float] = {}
        for option, p in zip(group.options, likely, strict=True):
            code = option.unit if by_unit else option.entry.country
            if code:
                shares[code] = shares.get(code, 0.0) + p * group.weight
        return shares

    def of(self, a: int, group: Group, option: Option) -> dict[str, float]:
        """Contributions of the context to one option of group `a`."""
        found: dict[str, float] = {}
        entry = option.entry
        if entry.country:
            own, total = self.countries[a], self.country_sum
            rest = max(total - sum(own.values()), 0.5)
            share = (self.country_total.get(entry.country, 0.0) - own.get(entry.country, 0.0)) / rest
            if share > 0.005:
                found["country"] = WEIGHTS["country"] * share
        if option.unit:
            own = self.units[a]
            rest = max(self.unit_sum - sum(own.values()), 0.5)
            share = (self.unit_total.get(option.unit, 0.0) - own.get(option.unit, 0.0)) / rest
            if share > 0.005:
                found["unit"] = WEIGHTS["unit"] * share
        self._frames(a, group, option, found)
        if len(group.options) > 1:
            inside = sum(b != a and contains(o.entry, entry) for b, o in self.outer)
            if inside:
                found["inside"] = WEIGHTS["inside"] * min(inside, 3)
            self._nearness(a, group, option, found)
        return found

    def _frames(self, a: int, group: Group, option: Option, found: dict[str, float]) -> None:
        entry = option.entry
        if any(contains(o.entry, entry) for b in group.containers for o in self.groups[b].options[:8]):
            found["beside"] = WEIGHTS["beside"]
        if any(contains(entry, o.entry) for b in group.contents for o in self.groups[b].options[:8]):
            found["holds"] = WEIGHTS["holds"]
        if group.designator or group.containers:
            return
        for b in self.of_name[group.key]:
            other, chosen = self.groups[b], self.chosen[b]
            is_clearer = b != a and bool(other.designator or other.containers)
            if is_clearer and chosen is not None and chosen.handle == option.handle:
                found["same_name"] = WEIGHTS["same_name"]

    def _nearness(self, a: int, group: Group, option: Option, found: dict[str, float]) -> None:
        x, y, z = option.vector
        near_50, near_200, near_500 = _NEAR
        at_50 = at_200 = at_500 = held = 0
        nearest = 4.0
        is_unit = option.entry.level in (Level.ADMIN1, Level.ADMIN2, Level.COUNTRY)
        for b, key, other, (u, v, w) in self.inner:
            if b == a or key == group.key:
                continue
            chord = (x - u) ** 2 + (y - v) ** 2 + (z - w) ** 2
            nearest = min(nearest, chord)
            if chord < near_500:
                at_500 += 1
                at_200 += chord < near_200
                at_50 += chord < near_50
            if is_unit and contains(option.entry, other):
                held += 1
        for name, count in (("near_50", at_50), ("near_200", at_200), ("near_500", at_500)):
            if count:
                found[name] = WEIGHTS[name] * min(count, 6)
        distance = 6371.0 * math.sqrt(nearest) if nearest < 4.0 else 5000.0
        found["distance"] = WEIGHTS["distance"] * math.log10(distance + 1.0)
        if held:
            found["contains"] = WEIGHTS["contains"] * min(held, 4)


def _total(shares: list[dict[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for share in shares:
        for code, weight in share.items():
            total[code] = total.get(code, 0.0) + weight
    return total


def _softmax(scores: list[float]) -> list[float]:
    if not scores:
        return []
    top = max(scores)
    weights = [math.exp((score - top) * SHARPNESS) for score in scores]
    total = sum(weights)
    return [w / total for w in weights]


def _best(likely: list[float]) -> int | None:
    return max(range(len(likely)), key=likely.__getitem__) if likely else None
