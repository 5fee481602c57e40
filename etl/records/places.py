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


class RelationKind(StrEnum):
    """How what is meant lies to the place named."""

    NEAR = "near"
    OUTSKIRTS = "outskirts"
    DIRECTION = "direction"  # "north of X", no distance given
    DISTANCE = "distance"  # "20 km from X", no direction given
    OFFSET = "offset"  # both
    BETWEEN = "between"  # X and another place


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """An area told by a place that anchors it."""

    kind: RelationKind
    lat: float  # middle of the area
    lon: float
    radius_km: float
    precision: int  # UCDP: 2 or 5
    distance_km: float | None = None  # as stated
    bearing: int | None = None  # degrees clockwise from north, as stated
    other_place_id: int | None = None  # the other anchor of "between"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A toponym in a text; place_id None where it stays unresolved."""

    field: TextField
    start: int
    end: int
    surface: str
    role: Role
    place_id: int | None  # the place named: what is meant lies off it where there is a relation
    lat: float | None  # of what is meant
    lon: float | None
    country_code: str | None
    precision: int | None  # UCDP 1–7; None when unresolved
    radius_km: float | None
    confidence: float  # 0–1
    method: str  # rule that decided
    relation: Relation | None = None
    candidates: tuple[Candidate, ...] = ()  # best first, the chosen one included


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An analyst's word on a name: what it means, or that it is no place. Rules last over what tagging found.

    It concerns one span of one text (`text_hash`, `field`, `start`), or a name wherever an outlet or language has it.
    """

    override_id: int
    surface: str  # the name as written
    place: Place | None  # None: no place at all
    text_hash: bytes | None = None  # sha256 of the field's text
    field: TextField | None = None
    start: int | None = None
    outlet: str | None = None  # outlet or source; None for any
    language_code: str | None = None


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
