"""Accepted spans go in; groups come out that must mean one place each, with their candidates and what frames them.

One name may mean two places in one text ("Paris" and "Paris, Texas"), so a group is a name together with its frame:
the container named beside it, or the designator that goes with it. Groups of one name still speak for each other:
see `resolve`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from etl.geo.governments import acts_as_government
from etl.geo.lexicon import Entry, Gazetteer, Level
from etl.geo.propose import Handles, Span
from etl.geo.tokens import Gap
from etl.geo.words import LANDFORMS, SETTLEMENTS, UNITS
from etl.records import NameKind


@dataclass(slots=True)
class Option:
    """One place a group could mean, with what is needed often in fast form."""

    handle: int
    kind: NameKind
    entry: Entry
    unit: str  # country and admin-1 code, "" for what lies in none
    vector: tuple[float, float, float]  # point on the unit sphere
    in_use: tuple[date, date] | None = None  # first and last day on which it bore the name, where that is limited
    bonus: float = 0.0  # for what only shows among namesakes


@dataclass(slots=True)
class Group:
    """Mentions of one name in one frame."""

    key: str
    spans: list[int]  # indexes into the spans given
    options: list[Option]
    designator: str = ""  # "unit" (region, county), "town" (city of), "water", "government" or ""
    containers: set[int] = field(default_factory=set)  # groups named beside it as containing it
    contents: set[int] = field(default_factory=set)  # the reverse
    weight: float = 1.0  # how much it says about the text: root of its mentions times how surely they are places


def group(spans: Sequence[Span], likely: Sequence[float], gazetteer: Gazetteer, most: int) -> list[Group]:
    """Group spans (in order of text, not overlapping) and keep at most `most` options each."""
    frames = [_designator(span) for span in spans]
    beside = _containers(spans, gazetteer)
    groups: dict[tuple[str, str, str], Group] = {}
    of_span: list[Group] = []
    for n, span in enumerate(spans):
        container = spans[beside[n]].key if n in beside else ""
        frame = frames[n]
        if frame == "government" and not any(gazetteer.entry(h).feature_code == "PPLC" for h, _ in span.handles):
            frame = ""  # only a capital is told from its namesakes by that
        identity = (span.key, frame, container)
        if identity not in groups:
            groups[identity] = Group(span.key, [], options_of(span.handles, gazetteer, most, span.key), frame)
        groups[identity].spans.append(n)
        of_span.append(groups[identity])
    ordered = list(groups.values())
    number = {id(g): i for i, g in enumerate(ordered)}
    for inner, outer in beside.items():
        a, b = number[id(of_span[inner])], number[id(of_span[outer])]
        if a != b:
            ordered[a].containers.add(b)
            ordered[b].contents.add(a)
    for g in ordered:
        g.weight = math.sqrt(len(g.spans)) * sum(likely[n] for n in g.spans) / len(g.spans)
    return ordered


def options_of(handles: Handles, gazetteer: Gazetteer, most: int, key: str = "") -> list[Option]:
    """The places behind some handles, the `most` likeliest before any context; with `key`, when they bore that name."""
    options = [_option(handle, kind, gazetteer) for handle, kind in handles]
    if key:
        for option in options:
            if option.kind is NameKind.ALIAS or option.kind is NameKind.PRIMARY:
                option.in_use = gazetteer.in_use(key, option.handle)
    _prefer_metropolis(options)
    if len(options) > most:
        options.sort(key=lambda o: (-prior(o), o.entry.place_id))
        del options[most:]
    return options


def _option(handle: int, kind: NameKind, gazetteer: Gazetteer) -> Option:
    entry = gazetteer.entry(handle)
    unit = f"{entry.country}.{entry.admin1}" if entry.admin1 and entry.country else ""
    lat, lon = math.radians(entry.lat), math.radians(entry.lon)
    vector = (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))
    return Option(handle, kind, entry, unit, vector)


# How well known a kind of place is beyond its people (log10): a country far more than a town, a county less.
_KNOWN = {Level.TOWN: 0.5, Level.ADMIN2: -1.0, Level.ADMIN1: 0.9, Level.COUNTRY: 3.2, Level.REGION: 2.0}
_REGION_PEOPLE = 6.5  # an informal region has no population: as known as a country's unit of this many (log10)
_NAME = {NameKind.PRIMARY: 0.0, NameKind.ALIAS: -0.9, NameKind.ABBREVIATION: 2.5, NameKind.DEMONYM: 3.0}
_CAPITAL = 1.2
_METROPOLIS = 1.5  # a big city before the first-level unit that bears its name: "New York", "Kharkiv", "São Paulo"
_METROPOLIS_PEOPLE = 1_000_000
_NAMESAKE_CAPITAL = 0.8  # the nation's capital before a unit elsewhere in it: "Washington"


def prior(option: Option) -> float:
    """How likely the place is before any context: people on a log scale, kind of place, kind of name."""
    entry = option.entry
    people = _REGION_PEOPLE if entry.level is Level.REGION else math.log10(entry.population + 2)
    capital = _CAPITAL if entry.feature_code == "PPLC" else 0.0
    return people + _KNOWN[entry.level] + _NAME[option.kind] + capital + option.bonus


def _prefer_metropolis(options: list[Option]) -> None:
    units = {o.unit for o in options if o.entry.level is Level.ADMIN1}
    countries = {o.entry.country for o in options if o.entry.level is Level.ADMIN1}
    for option in options:
        if option.entry.level is not Level.TOWN:
            continue
        if option.unit in units and option.entry.population >= _METROPOLIS_PEOPLE:
            option.bonus = _METROPOLIS
        elif option.entry.feature_code == "PPLC" and option.entry.country in countries:
            option.bonus = _NAMESAKE_CAPITAL


def contains(outer: Entry, inner: Entry) -> bool:
    """Whether one unit contains another place, by their codes."""
    if outer.country != inner.country or not outer.country or outer.place_id == inner.place_id:
        return False
    if outer.level is Level.COUNTRY:
        return inner.level is not Level.COUNTRY
    if outer.level is Level.ADMIN1:
        return outer.admin1 == inner.admin1 and inner.level in (Level.TOWN, Level.ADMIN2)
    if outer.level is Level.ADMIN2:
        return (outer.admin1, outer.admin2) == (inner.admin1, inner.admin2) and inner.level is Level.TOWN
    return False


def _designator(span: Span) -> str:
    """What the words beside a span call the place."""
    words, last, first = span.words, span.last, span.first
    if span.method == "designated" or words.small[last] in UNITS:
        return "unit"
    if last + 1 < len(words) and words.gap[last + 1] is Gap.SPACE:
        after = words.small[last + 1]
        if after in UNITS or after.startswith("област"):
            return "unit"
        if after in LANDFORMS and words.word[last + 1][0].isupper():
            return "water"
    if first > 1 and words.small[first - 1] == "of" and words.gap[first] is Gap.SPACE:
        before = words.small[first - 2]
        if before in SETTLEMENTS:
            return "town"
        if before in UNITS or before == "governor":
            return "unit"
    return "government" if acts_as_government(span) else ""


def _containers(spans: Sequence[Span], gazetteer: Gazetteer) -> dict[int, int]:
    """Span → the span right after it that contains it: "Long Beach, Calif.", "Paris (France)", "Lyon in France"."""
    found: dict[int, int] = {}
    for n, (inner, outer) in enumerate(pairwise(spans)):
        if inner.words is outer.words and inner.key != outer.key and _is_beside(inner, outer):
            inside = [gazetteer.entry(handle) for handle, _ in inner.handles]
            units = [gazetteer.entry(h) for h, kind in outer.handles[:20] if kind is not NameKind.DEMONYM]
            if any(contains(unit, place) for unit in units for place in inside):
                found[n] = n + 1
    return found


def _is_beside(inner: Span, outer: Span) -> bool:
    between = inner.words.text[inner.end : outer.start]
    return between in (", ", " (", ",", " in ", " in the ", " - ", ", in ") or (
        between == " " and outer.method == "abbreviation"
    )
