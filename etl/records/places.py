"""The gazetteer, and what geotagging makes of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TextField(StrEnum):
    """The part of an article that offsets point into."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    BODY = "body"
    CAPTION = "caption"  # captions joined by a blank line


class Role(StrEnum):
    """What a place does in the text."""

    EVENT = "event"
    DATELINE = "dateline"
    SPEAKER = "speaker"
    ACTOR = "actor"  # a government, named by country or capital
    PASSING = "passing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A gazetteer entry."""

    place_id: int  # GeoNames id; ours are negative and fixed in seeds/
    name: str
    feature_class: str  # GeoNames: A, P, L, ...
    feature_code: str  # GeoNames: PCLI, ADM1, PPL, RGN, ...
    country_code: str | None
    admin1_code: str | None
    admin2_code: str | None
    lat: float
    lon: float
    population: int
    radius_km: float  # of the area it stands for


class NameKind(StrEnum):
    """What kind of name a place goes by."""

    PRIMARY = "primary"
    ALIAS = "alias"  # another name, another language, a former name
    ABBREVIATION = "abbreviation"  # postal or agency short form: "Calif.", "TX"
    DEMONYM = "demonym"  # a people-word: evidence of the place, not the place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName:
    """A name a gazetteer place goes by."""

    place_id: int
    name: str  # as written, not folded
    kind: NameKind
    language_code: str | None = None  # ISO 639-1; None if unknown or the same in many
    valid_from: date | None = None  # first day it was the name, if known
    valid_to: date | None = None  # last day it was the name, if known


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place a mention could have been, and what spoke for it."""

    place_id: int
    score: float
    evidence: Mapping[str, float]  # feature name → contribution to the score


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A toponym in a text; place_id None where it stays unresolved."""

    field: TextField
    start: int
    end: int
    surface: str
    role: Role
    place_id: int | None
    lat: float | None
    lon: float | None
    country_code: str | None
    precision: int | None  # UCDP 1–7; None when unresolved
    radius_km: float | None
    confidence: float  # 0–1
    method: str  # rule that decided
    candidates: tuple[Candidate, ...] = ()  # best first, the chosen one included


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonym:
    """A people-word: evidence of a country, not a place."""

    field: TextField
    start: int
    end: int
    surface: str
    place_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """A place an article is about, at one level."""

    level: str  # place, admin1 or country
    place_id: int
    weight: float  # 0–1, the weights of a level sum to at most 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """What geotagging made of an article."""

    mentions: tuple[Mention, ...]
    demonyms: tuple[Demonym, ...]
    focus: tuple[Focus, ...]
