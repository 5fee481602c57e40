"""Mentions with their places go in; what the article is about at each level comes out.

A mention counts by its role (what happened there before who spoke there), its confidence and where it stands: the
title says more than the tenth paragraph. A place counts for its unit and country too, so an article on four towns of
one region is about the region. Weights of a level are shares of all weight, so what lies outside any unit lowers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from etl.geo.lexicon import ADMIN2, REGION, TOWN, Entry
from etl.records import Focus, Mention, Role, TextField

_ROLE = {Role.EVENT: 1.0, Role.DATELINE: 0.8, Role.PASSING: 0.5, Role.ACTOR: 0.4, Role.SPEAKER: 0.3}
_FIELD = {TextField.TITLE: 3.0, TextField.STANDFIRST: 2.0, TextField.BODY: 1.0, TextField.CAPTION: 0.5}
_EARLY, _EARLY_BONUS = 600, 1.5  # characters of the body that lead
_MOST = 3
_LEAST = 0.1


def focus(
    mentions: Iterable[tuple[Mention, Entry]],
    country: Callable[[str], int | None],
    admin1: Callable[[str, str], int | None],
) -> tuple[Focus, ...]:
    """At most three places a level. `country` and `admin1` give the place id of a code."""
    levels: dict[str, dict[int, float]] = {"place": {}, "admin1": {}, "country": {}}
    total = 0.0
    for mention, entry in mentions:
        weight = _weight(mention)
        total += weight
        homes = {
            "place": entry.place_id if entry.level in (TOWN, ADMIN2, REGION) else None,
            "admin1": admin1(entry.country, entry.admin1) if entry.admin1 else None,
            "country": country(entry.country) if entry.country else None,
        }
        for level, place_id in homes.items():
            if place_id is not None:
                levels[level][place_id] = levels[level].get(place_id, 0.0) + weight
    return tuple(
        Focus(level=level, place_id=place_id, weight=round(weight / total, 4))
        for level, weights in levels.items()
        for place_id, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
        if weight / total >= _LEAST
    )


def _weight(mention: Mention) -> float:
    early = _EARLY_BONUS if mention.field is TextField.BODY and mention.start < _EARLY else 1.0
    return _ROLE[mention.role] * _FIELD[mention.field] * early * mention.confidence
