"""A place goes in; how exactly it tells where something was comes out, on the UCDP scale of 1 to 7."""

from __future__ import annotations

from etl.geo.lexicon import ADMIN1, ADMIN2, COUNTRY, TOWN, Entry

_WORLD = frozenset({"CONT", "OCN"})


def precision_of(entry: Entry) -> int:
    """1 town, 3 second-level unit, 4 first-level unit, 5 line or fuzzy area, 6 country, 7 wider.

    2 (within about 25 km of a place) is for what a place only anchors ("outskirts of"): see `relative`.
    """
    if entry.level is TOWN:
        return 1
    if entry.level is ADMIN2:
        return 3
    if entry.level is ADMIN1:
        return 4
    if entry.level is COUNTRY:
        return 6
    return 7 if entry.feature_code in _WORLD or entry.radius_km > 1000 else 5
