"""A name and its handles go in; the places it could mean come out, with all that is known of each before any text.

What a name could mean depends on the gazetteer alone, and news repeats its names, so answers are kept as long as their
gazetteer is (a bounded number of them). Nobody changes an option: what a text says of it stands elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from etl.geo.fold import fold
from etl.geo.lexicon import ADMIN1, ADMIN2, COUNTRY, REGION, TOWN, Entry, Gazetteer
from etl.geo.propose import Handles
from etl.records import NameKind

Area = str  # "UA", "UA/08" (admin 1) or "UA/08/1234" (admin 2)

_MOST_NAMES = 10_000
WEIGHTS = {
    "odd_alias": -0.7,  # an alias not even alike in its first letter: often another place's name
    "same_spelling": 0.5,  # written exactly as the gazetteer's main name
}


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One place a name could mean, with what is needed often in fast form."""

    handle: int
    kind: NameKind
    entry: Entry
    unit: str  # country and admin-1 code, "" for what lies in none
    vector: tuple[float, float, float]  # point on the unit sphere
    area: Area | None  # what it is, if a unit
    within: tuple[Area, ...]  # the units around it
    county: Area | None  # the second-level unit that it is, or that a town lies in
    in_use: tuple[date, date] | None  # first and last day on which it bore the name, where that is limited
    evidence: dict[str, float]  # what speaks for it before any context


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """What a name could mean: its options, and what they are like together."""

    options: tuple[Option, ...]
    points: NDArray[np.float64]  # their vectors, a row each
    kind: str  # of the best known: "pC" a country by its main name, "aP" a town by another; "abbr", "dem"
    known: str  # how many people the largest place of that main name has, as a bin; "abbr", "dem"
    levels: str  # a letter for each level among them
    is_people: bool  # all of them by a people-word


_remembered: WeakKeyDictionary[Gazetteer, dict[tuple[str, Handles, int], Meanings]] = WeakKeyDictionary()


def meanings_of(key: str, handles: Handles, gazetteer: Gazetteer, most: int) -> Meanings:
    """The places behind some handles, the `most` likeliest before any context."""
    held = _remembered.setdefault(gazetteer, {})
    identity = (key, handles, min(most, len(handles)))  # the same for all who ask where there are few
    found = held.get(identity)
    if found is None:
        if len(held) >= _MOST_NAMES:
            held.clear()
        found = held[identity] = _meanings(key, _options(key, handles, gazetteer, most))
    return found


def _options(key: str, handles: Handles, gazetteer: Gazetteer, most: int) -> tuple[Option, ...]:
    options = [_option(key, handle, kind, gazetteer) for handle, kind in handles]
    _prefer_metropolis(options)
    if len(options) > most:
        options.sort(key=lambda o: (-o.evidence["prior"], o.entry.place_id))
        del options[most:]
    return tuple(options)


def _option(key: str, handle: int, kind: NameKind, gazetteer: Gazetteer) -> Option:
    entry = gazetteer.entry(handle)
    lat, lon = math.radians(entry.lat), math.radians(entry.lon)
    is_dated = kind is NameKind.ALIAS or kind is NameKind.PRIMARY
    return Option(
        handle=handle,
        kind=kind,
        entry=entry,
        unit=f"{entry.country}.{entry.admin1}" if entry.admin1 and entry.country else "",
        vector=(math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)),
        area=area_of(entry),
        within=areas_around(entry),
        county=_county(entry),
        in_use=gazetteer.in_use(key, handle) if is_dated else None,
        evidence=_evidence(key, kind, entry),
    )


def _evidence(key: str, kind: NameKind, entry: Entry) -> dict[str, float]:
    found = {"prior": _prior(kind, entry)}
    if entry.name.casefold() == key or key == entry.name:
        found["same_spelling"] = WEIGHTS["same_spelling"]
    if kind is NameKind.ALIAS and key.isascii() and key[0] != fold(entry.name)[:1]:
        found["odd_alias"] = WEIGHTS["odd_alias"]
    return found


# How well known a kind of place is beyond its people (log10): a country far more than a town, a county less.
_KNOWN = {TOWN: 0.5, ADMIN2: -1.0, ADMIN1: 0.9, COUNTRY: 3.2, REGION: 2.0}
_REGION_PEOPLE = 6.5  # an informal region has no population: as known as a country's unit of this many (log10)
_NAME = {NameKind.PRIMARY: 0.0, NameKind.ALIAS: -0.9, NameKind.ABBREVIATION: 2.5, NameKind.DEMONYM: 3.0}
_CAPITAL = 1.2
_METROPOLIS = 1.5  # a big city before the first-level unit that bears its name: "New York", "Kharkiv", "São Paulo"
_METROPOLIS_PEOPLE = 1_000_000
_NAMESAKE_CAPITAL = 0.8  # the nation's capital before a unit elsewhere in it: "Washington"


def _prior(kind: NameKind, entry: Entry) -> float:
    """How likely the place is before any context: people on a log scale, kind of place, kind of name."""
    people = _REGION_PEOPLE if entry.level is REGION else math.log10(entry.population + 2)
    capital = _CAPITAL if entry.feature_code == "PPLC" else 0.0
    return people + _KNOWN[entry.level] + _NAME[kind] + capital


def _prefer_metropolis(options: list[Option]) -> None:
    units = {o.unit for o in options if o.entry.level is ADMIN1}
    countries = {o.entry.country for o in options if o.entry.level is ADMIN1}
    for n, option in enumerate(options):
        bonus = 0.0
        if option.entry.level is not TOWN:
            continue
        if option.unit in units and option.entry.population >= _METROPOLIS_PEOPLE:
            bonus = _METROPOLIS
        elif option.entry.feature_code == "PPLC" and option.entry.country in countries:
            bonus = _NAMESAKE_CAPITAL
        if bonus:
            prior = option.evidence["prior"] + bonus
            options[n] = replace(option, evidence=option.evidence | {"prior": prior})


def area_of(entry: Entry) -> Area | None:
    """What a country or unit is called among units; None for what is none, or lies in no country."""
    if not entry.country:
        return None
    if entry.level is COUNTRY:
        return entry.country
    unit = f"{entry.country}/{entry.admin1}"
    if entry.level is ADMIN1:
        return unit
    return f"{unit}/{entry.admin2}" if entry.level is ADMIN2 else None


def areas_around(entry: Entry) -> tuple[Area, ...]:
    """The country and units a place lies in, by its codes."""
    if not entry.country or entry.level is COUNTRY:
        return ()
    unit = f"{entry.country}/{entry.admin1}"
    if entry.level is TOWN:
        return entry.country, unit, f"{unit}/{entry.admin2}"
    return (entry.country, unit) if entry.level is ADMIN2 else (entry.country,)


def _county(entry: Entry) -> Area | None:
    is_local = entry.level is TOWN or entry.level is ADMIN2
    return f"{entry.country}/{entry.admin1}/{entry.admin2}" if is_local and entry.admin2 else None


def contains(outer: Entry, inner: Entry) -> bool:
    """Whether one unit contains another place, by their codes."""
    return area_of(outer) in areas_around(inner)


PEOPLE_EDGES = (500, 3000, 15_000, 60_000, 300_000, 2_000_000)
LEVEL_LETTER = {TOWN: "P", ADMIN2: "2", ADMIN1: "1", COUNTRY: "C", REGION: "R"}
_WELL_KNOWN = 50_000


def _meanings(key: str, options: tuple[Option, ...]) -> Meanings:
    kinds = {o.kind for o in options}
    is_people = kinds == {NameKind.DEMONYM}
    main = [_is_main(key, o) for o in options]
    return Meanings(
        options,
        points=np.array([o.vector for o in options]).reshape(-1, 3),
        kind=_kind(options, main, kinds),
        known="dem" if is_people else _known(options, main, kinds),
        levels="".join(sorted({LEVEL_LETTER[o.entry.level] for o in options})),
        is_people=is_people,
    )


def _kind(options: Sequence[Option], main: Sequence[bool], kinds: set[NameKind]) -> str:
    if NameKind.ABBREVIATION in kinds:
        return "abbr"
    if NameKind.DEMONYM in kinds:
        return "dem"
    if not options:
        return ""
    pairs = zip(main, options, strict=True)
    is_main, best = max(pairs, key=lambda pair: (pair[0], pair[1].entry.level, pair[1].entry.population))
    return f"{'p' if is_main else 'a'}{LEVEL_LETTER[best.entry.level]}"


def _known(options: Sequence[Option], main: Sequence[bool], kinds: set[NameKind]) -> str:
    if NameKind.ABBREVIATION in kinds:
        return "abbr"
    populations = (o.entry.population for o, is_main in zip(options, main, strict=True) if is_main)
    return str(bin_of(max(populations, default=0), PEOPLE_EDGES))


def _is_main(key: str, option: Option) -> bool:
    """Whether this is the place's main name, or as good as.

    In another script than Latin every name is an alias to GeoNames; and a town of some size is as well known by an
    earlier or another spelling that begins alike ("Kiev", "Severodonetsk") as by the one GeoNames now puts first.
    """
    if option.kind is NameKind.PRIMARY or not key.isascii():
        return True
    entry = option.entry
    return entry.population >= _WELL_KNOWN and fold(entry.name)[:2] == key[:2]


def bin_of(value: int, edges: tuple[int, ...]) -> int:
    """How many of the edges a value reaches."""
    return sum(value >= edge for edge in edges)
