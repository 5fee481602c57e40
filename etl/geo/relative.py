"""Mentions with their places go in; for those that only anchor what is meant ("20 km south of X"), that area comes out.

Theory. Writers place events by a town they expect readers to know. The phrase stands right before the name, in few
forms: a distance and a direction, either of them alone, a word of nearness ("near", "outskirts of"), or two towns
("between X and Y"). What is meant is an area: its point is moved off the town, its radius says how loosely. The name
itself still means its town, so span and place stay.

We abstain where the phrase may mean something else: an anchor that is no town ("north of England" lies within it),
movement ("drove 20 km from X"), talks "between X and Y", a route (more than 150 km apart), distances beyond 300 km.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from etl.geo.bearings import BEARINGS, CARDINALS, NUMBERS
from etl.geo.extent import KM_PER_DEGREE, km
from etl.geo.governments import acts_as_government
from etl.geo.lexicon import TOWN, Entry
from etl.geo.propose import Span
from etl.geo.words import word_set
from etl.records import Relation, RelationKind

_REACH = 90  # characters before the name that are read
_FARTHEST, _WIDEST = 300.0, 150.0
_NEAR, _BESIDE = 20.0, 15.0  # km: radius of "near X"; how far off and how wide "north of X" is taken to be
_MILE = 1.609344
_POINT = "(?P<bearing>" + "|".join(sorted(BEARINGS, key=len, reverse=True)).replace(" ", r"[\s-]+") + ")"
_LENGTH = (
    r"(?P<number>\d{1,3}(?:[.,]\d{1,3})?|" + "|".join(NUMBERS) + r")[\s\u00a0-]*"
    r"(?P<unit>km|kms|kilomet(?:er|re)s?|miles?|км|кілометр\w*|километр\w*)\.?"
    r"(?:\s*\([^()]{1,24}\))?"
)
_CALLED = (
    r"(?:the\s+)?(?:(?:besieged|occupied|nearby|embattled)\s+)?"
    r"(?:(?:city|town|village|port|capital)\s+of\s+|(?:міста|города|села|селища|поселка|посёлка)\s+)?$"
)
_OFFSET = re.compile(
    rf"(?:\b{_LENGTH}\s*,?\s*)?(?:\bto\s+the\s+|\bна\s+|\bк\s+)?(?:\b{_POINT}\s+)?"
    rf"(?P<link>of|from|away from|outside|від|од|от)\s+{_CALLED}",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    rf"\b(?P<bearing>{'|'.join(CARDINALS)})\s+{_CALLED}", re.IGNORECASE
)  # "північніше Лимана", "севернее Лимана"
_NEARNESS = re.compile(
    r"\b(?P<edge>(?:on|in|at|to|from|reached|entered|near)?\s*(?:the\s+)?outskirts\s+of|на\s+околиц[іях]+|на\s+окраин[еах]+)\s+"
    + _CALLED
    + r"|\b(?:near|nearby|just\s+outside|not\s+far\s+from|in\s+the\s+vicinity\s+of|біля|поблизу|недалеко\s+від|"
    r"неподалік(?:\s+від)?|під|возле|около|поблизости\s+от|недалеко\s+от|неподал[её]ку\s+от|рядом\s+с|под)\s+"
    + _CALLED,
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|між|между)\s+(?:the\s+(?:cities|towns|villages)\s+of\s+)?$", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|і|й|та|и)\s+$")
_MOVING = re.compile(
    r"\b(?:drove|driven|travel+ed|walked|ran|flew|flown|moved|rode|sailed|hiked|trips?|journey|commut\w+|fled|talks|"
    r"match|game|war|deal|relations|border|flights?)\b",
    re.IGNORECASE,
)


def relations(mentions: Sequence[tuple[Span, Entry | None]]) -> dict[int, Relation]:
    """By number of the mention, the area meant where it is not the place itself. Mentions in order of text."""
    found = _between(mentions)
    for n, (span, entry) in enumerate(mentions):
        if n not in found and entry is not None and entry.level is TOWN:
            relation = _relation(_before(span), entry) if _may_anchor(span) else None
            if relation is not None:
                found[n] = relation
    return found


# A phrase that is read here ends in one of these: in what links, in a direction, or in what a town is called.
_LAST = word_set(
    "of from outside near nearby the besieged occupied embattled від од от з біля поблизу неподалік під возле около с "
    "под міста города села селища поселка посёлка between між между"
) | {word.rpartition("-")[2] for word in CARDINALS}
_LAST_BEGINS = ("околиц", "окраин")


def _may_anchor(span: Span) -> bool:
    before = span.words.small[span.first - 1] if span.first else ""
    return before in _LAST or before.startswith(_LAST_BEGINS)


def _before(span: Span) -> str:
    text = span.words.text[max(0, span.start - _REACH) : span.start]
    return text[max(text.rfind("\n"), text.rfind(". "), text.rfind("; ")) + 1 :]


def _relation(before: str, town: Entry) -> Relation | None:
    match = _OFFSET.search(before)
    if match and (match["number"] or match["bearing"]):
        return None if _is_movement(before[: match.start()], match) else _offset(match, town)
    match = _COMPARED.search(before)
    if match:
        return _moved(RelationKind.DIRECTION, town, None, CARDINALS[match["bearing"].casefold()])
    match = _NEARNESS.search(before)
    if match is None:
        return None
    if match["edge"]:
        return _area(RelationKind.OUTSKIRTS, town.lat, town.lon, town.radius_km + 5.0)
    return _area(RelationKind.NEAR, town.lat, town.lon, town.radius_km + _NEAR)


def _is_movement(before: str, match: re.Match[str]) -> bool:
    is_plain = not match["bearing"] and match["link"].casefold() in ("from", "of", "від", "от", "од")
    is_from_within = match["bearing"] is not None and not match["number"] and before.casefold().endswith("the ")
    return is_from_within or (is_plain and _MOVING.search(before) is not None)


def _offset(match: re.Match[str], town: Entry) -> Relation | None:
    bearing = BEARINGS[_plain(match["bearing"])] if match["bearing"] else None
    if match["number"] is None:
        return _moved(RelationKind.DIRECTION, town, None, bearing or 0)
    distance = _km(match["number"], match["unit"])
    if not 0.0 < distance <= _FARTHEST:
        return None
    if bearing is not None:
        return _moved(RelationKind.OFFSET, town, distance, bearing)
    return _area(RelationKind.DISTANCE, town.lat, town.lon, distance + town.radius_km, distance=distance)


def _plain(bearing: str) -> str:
    return re.sub(r"[\s-]+", " ", bearing.casefold())


def _km(number: str, unit: str) -> float:
    value = NUMBERS.get(number.casefold()) or float(number.replace(",", "."))
    return value * _MILE if unit.casefold().startswith("mile") else value


def _moved(kind: RelationKind, town: Entry, distance: float | None, bearing: int) -> Relation:
    """The area that lies so far off a town; without a distance, just beyond it. Flat-earth: good to 1 % at 300 km."""
    off = distance if distance is not None else town.radius_km + _BESIDE
    angle = math.radians(bearing)
    lat = max(-89.9, min(89.9, town.lat + off * math.cos(angle) / KM_PER_DEGREE))
    lon = town.lon + off * math.sin(angle) / (KM_PER_DEGREE * max(0.01, math.cos(math.radians(town.lat))))
    radius = _BESIDE + town.radius_km if distance is None else max(3.0, 0.25 * off)
    return _area(kind, lat, (lon + 180) % 360 - 180, radius, distance=distance, bearing=bearing, off=off)


def _area(
    kind: RelationKind,
    lat: float,
    lon: float,
    radius: float,
    *,
    distance: float | None = None,
    bearing: int | None = None,
    other: int | None = None,
    off: float = 0.0,
) -> Relation:
    """An area; UCDP 2 where all of it lies within about 25 km of the town, 5 where it does not."""
    return Relation(
        kind=kind,
        lat=round(lat, 5),
        lon=round(lon, 5),
        radius_km=round(radius, 1),
        precision=2 if max(off, radius) <= 30.0 else 5,
        distance_km=None if distance is None else round(distance, 1),
        bearing=bearing,
        other_place_id=other,
    )


def _between(mentions: Sequence[tuple[Span, Entry | None]]) -> dict[int, Relation]:
    found: dict[int, Relation] = {}
    for n, ((a, one), (b, two)) in enumerate(pairwise(mentions)):
        if one is None or two is None or a.words is not b.words or not _AND.match(a.words.text[a.end : b.start]):
            continue
        before = _before(a)
        if not _BETWEEN.search(before) or _MOVING.search(before) or acts_as_government(a):
            continue
        apart = km(one.lat, one.lon, two.lat, two.lon)
        if one.level is TOWN and two.level is TOWN and 1.0 < apart <= _WIDEST:
            middle = (one.lat + two.lat) / 2, (one.lon + two.lon) / 2
            found[n] = _area(RelationKind.BETWEEN, *middle, apart / 2, other=two.place_id)
            found[n + 1] = _area(RelationKind.BETWEEN, *middle, apart / 2, other=one.place_id)
    return found
