"""Groups of mentions go in; for each, its options scored, with what spoke for each, come out.

Theory. A place is chosen by a sum of hand-set weights, for learned ranking weights did not beat them and a sum can be
shown to an analyst. What speaks for an option, strongest first: the container named beside it ("Long Beach, Calif."),
its designator ("Luhansk region"), how known it is (`options`), a county and its town both named, its country and
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
from itertools import islice

from etl.geo import context, options
from etl.geo.context import TOLD, Context, Told
from etl.geo.counties import Counties
from etl.geo.groups import Group
from etl.geo.lexicon import ADMIN1, ADMIN2, TOWN, Entry

_ROUNDS = 5
_HOPELESS = 0.001  # an option this unlikely after the first round is not looked at again
SHARPNESS = 1.5  # of the softmax from scores to probabilities

Evidence = dict[str, float]
WEIGHTS = (
    {
        "designator": 2.5,  # called a region and is one, called a city and is one
        "former_name": -1.5,  # it did not bear the name on the article's day
        "home_unit": 1.6,
        "home_country": 0.8,
    }
    | options.WEIGHTS
    | context.WEIGHTS
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a group was found to mean."""

    order: tuple[int, ...]  # option numbers, best first
    scores: Sequence[float]  # by option number
    probabilities: Sequence[float]  # by option number
    fixed: Sequence[Evidence]  # by option number: what the context has no part in
    told: Sequence[Told]  # by option number: what it says, see `context.TOLD`

    def evidence(self, n: int) -> Evidence:
        """What speaks for an option: feature → contribution."""
        told = zip(TOLD, self.told[n], strict=False)
        return self.fixed[n] | {name: value for name, value in told if value or name == "distance"}


def resolve(groups: Sequence[Group], home: str | None = None, day: date | None = None) -> list[Choice]:
    """Choose for every group. `home` is the outlet's region as "US.TX", or a country code; `day` the article's."""
    fixed = _fixed(groups, home, day)
    own = [[sum(e.values()) for e in rows] for rows in fixed]
    likely = [_softmax(row) for row in own]
    chosen = [_best(p) for p in likely]
    scores = [list(row) for row in own]
    told: list[list[Told]] = [[()] * len(row) for row in own]
    disputed = [a for a, g in enumerate(groups) if len(g.options) > 1]
    context = Context(groups)
    for turn in range(_ROUNDS):
        context.settle(likely, [None if n is None else g.options[n] for g, n in zip(groups, chosen, strict=True)])
        least = _HOPELESS if turn else -1.0
        asked = [(a, [n for n, p in enumerate(likely[a]) if p > least]) for a in disputed]
        near = iter(context.nearness([(a, n) for a, numbers in asked for n in numbers]))
        for a, numbers in asked:
            for n, said in zip(numbers, context.tell(a, numbers, list(islice(near, len(numbers)))), strict=True):
                told[a][n] = said
                scores[a][n] = sum(said, own[a][n])
            likely[a] = _softmax(scores[a])
        before, chosen = chosen, [_best(p) for p in likely]
        if chosen == before:
            break
    for a, g in enumerate(groups):
        if len(g.options) == 1:  # nothing to choose, only to tell
            told[a] = context.tell(a, [0], [])
            scores[a] = [sum(told[a][0], own[a][0])]
    return [Choice(_order(g, s), s, p, e, t) for g, s, p, e, t in zip(groups, scores, likely, fixed, told, strict=True)]


def _order(group: Group, scores: Sequence[float]) -> tuple[int, ...]:
    return tuple(sorted(range(len(scores)), key=lambda n: (-scores[n], group.options[n].entry.place_id)))


# designator → whether a place is what the text calls it
_FITS: dict[str, Callable[[Entry], bool]] = {
    "unit": lambda e: e.level in (ADMIN1, ADMIN2),
    "town": lambda e: e.level is TOWN,
    "water": lambda e: e.feature_class in ("H", "T"),
    "government": lambda e: e.feature_code == "PPLC",
}


def _fixed(groups: Sequence[Group], home: str | None, day: date | None) -> list[list[Evidence]]:
    """By group and option: what does not depend on what the other groups mean."""
    counties = Counties(groups)
    found = []
    for group in groups:
        fits = _FITS.get(group.designator)
        rows = []
        for option in group.options:
            more = counties.evidence(group, option)
            if fits and fits(option.entry):
                more["designator"] = WEIGHTS["designator"]
            if home and option.entry.country == home[:2]:
                more["home_country"] = WEIGHTS["home_country"]
                if option.unit == home:
                    more["home_unit"] = WEIGHTS["home_unit"]
            if day and option.in_use and not option.in_use[0] <= day <= option.in_use[1]:
                more["former_name"] = WEIGHTS["former_name"]  # it still means its place, but less so than another's
            rows.append(option.evidence | more if more else option.evidence)
        found.append(rows)
    return found


def _softmax(scores: list[float]) -> list[float]:
    if not scores:
        return []
    top = max(scores)
    weights = [math.exp((score - top) * SHARPNESS) for score in scores]
    total = sum(weights)
    return [w / total for w in weights]


def _best(likely: list[float]) -> int | None:
    return max(range(len(likely)), key=likely.__getitem__) if likely else None
