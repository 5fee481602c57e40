"""Groups with what each was found to mean go in; the same come out, less sure where a lone name may mean another place.

Theory. The gazetteer is not the world: a forest, a company's site, a hamlet may bear the name of a small town far away,
and then that town is the only candidate, or the best. Where nothing but its name speaks for a town (no container, no
county, no place near it, no outlet's home) while the text has other places, a place nobody listed stands against it,
with a score of its own: a little known town abroad loses to it, a city of a million does not. That the country fits
says little for the town, since a large country has every name; that it does not fit says much against it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from etl.geo.groups import Group
from etl.geo.lexicon import ADMIN2, TOWN
from etl.geo.resolve import SHARPNESS, WEIGHTS, Choice
from etl.geo.words import word_set

# The evidence that ties an option to this text.
_TIES = word_set(
    "beside holds in_county county unit inside near_50 near_200 near_500 home_unit designator same_name former_name"
)
_STRANGER = 3.2  # score of the place nobody listed, on the scale of `resolve`
_ABROAD = 1.2  # more, where no other place of the text lies in the option's country
_ALONE = -0.6  # more, where the text has one other place only


def doubted(groups: Sequence[Group], choices: Sequence[Choice]) -> list[Choice]:
    """The choices, with smaller probabilities where a lone name is all there is."""
    named = {g.key for g, c in zip(groups, choices, strict=True) if c.order and g.options[c.order[0]].entry.country}
    return [_doubted(g, c, len(named) - (g.key in named)) for g, c in zip(groups, choices, strict=True)]


def _doubted(group: Group, choice: Choice, others: int) -> Choice:
    if not choice.order or not others:
        return choice
    best = choice.order[0]
    entry, evidence = group.options[best].entry, choice.evidence(best)
    if entry.level not in (TOWN, ADMIN2) or not _TIES.isdisjoint(evidence):
        return choice
    country = evidence.get("country", 0.0)
    stranger = _STRANGER + _ABROAD * (1.0 - min(1.0, country / WEIGHTS["country"])) + _ALONE * (others == 1)
    own = sum(evidence.values()) - country
    left = 1.0 / (1.0 + math.exp(SHARPNESS * (stranger - own)))
    return replace(choice, probabilities=[p * left for p in choice.probabilities])
