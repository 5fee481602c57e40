"""The frozen types that travel from room to room. Values in, values out; each stage has its own.

Instants are aware datetimes in any offset (naive ones are refused here), stored as UTC.
Offsets into text are Unicode code points, half-open [start, end).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from etl.errors import Reason, Stage


def _aware(*instants: datetime | None) -> None:
    for at in instants:
        if at is not None and at.tzinfo is None:
            raise ValueError(f"naive datetime refused: {at!r}")


# ---------------------------------------------------------------- sources


class SourceKind(StrEnum):
    """What a source is, and so which reader opens it."""

    FEED = "feed"  # RSS, Atom, RDF or JSON feed: shows only the present
    FILES = "files"  # a folder of dated files: has a past


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of the registry."""

    name: str  # key, stable: lower-case words joined by hyphens
    kind: SourceKind
    url: str  # http(s) address of a feed; for files a path relative to the registry file, or absolute
    outlet: str | None  # the publication, as a reader would name it; None if unknown
    owner: str | None = None  # the family the outlet belongs to
    country_code: str | None = None  # ISO 3166 alpha-2
    language_code: str | None = None  # ISO 639-1
    home_region: str | None = None  # admin-1 code as "US.TX", for the geotagger
    time_zone: str = "UTC"  # IANA name, for dates without an offset
    tier: int = 2  # 1 agency or national, 2 regional, 3 other
    terms: str | None = None  # note on terms of use
    poll_minutes: int = 15  # how often to ask, at most
    is_enabled: bool = True
    allow_private: bool = False  # loopback and private addresses allowed, by name, for this source only

    @property
    def has_archive(self) -> bool:
        """Whether days gone by can be fetched from it."""
        return self.kind is SourceKind.FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask `has it changed?` with; kept verbatim."""

    etag: str | None = None
    last_modified: str | None = None


class DateOrigin(StrEnum):
    """Which signal gave a date."""

    JSON_LD = "json_ld"
    META = "meta"
    TIME_ELEMENT = "time_element"
    TEXT = "text"
    URL = "url"
    FEED = "feed"
    CURATED = "curated"


class DatePrecision(StrEnum):
    """How exact a date is."""

    INSTANT = "instant"  # to the second, offset stated
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with where it came from. An undated thing has none of these, never a guess."""

    at: datetime  # aware; at day precision midnight UTC of that day
    precision: DatePrecision
    origin: DateOrigin
    raw: str = ""  # as stated

    def __post_init__(self) -> None:
        _aware(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One entry of a feed, as the feed states it."""

    guid: str  # the feed's id for it, else its link
    url: str | None  # absolute link to the page
    title: str | None
    html: str | None  # the fullest text the entry carries, as HTML
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    updated: Dated | None = None
    item_hash: bytes = b""  # 16 bytes over title, link, text and dates: tells a changed entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A parsed feed."""

    title: str | None
    home_url: str | None
    language_code: str | None
    items: tuple[FeedItem, ...]
    ttl_minutes: int | None = None  # the longest pause the feed itself asks for
    rejected: tuple[Rejected, ...] = ()  # entries that could not be used


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFile:
    """One document of a dated file archive, with its curated metadata."""

    key: str  # path relative to the archive
    body: bytes
    media_type: str  # text/plain or text/html
    dated_on: date  # the file's own day, UTC
    hints: Hints


# ---------------------------------------------------------------- fetch


class Outcome(StrEnum):
    """How one request ended, in words."""

    FETCHED = "fetched"  # 200 with a body
    NOT_MODIFIED = "not_modified"  # 304
    FAILED = "failed"  # see reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The answer to one request, redirects followed."""

    requested_url: str
    final_url: str
    moved_to: str | None  # new address, only if the whole redirect chain was permanent
    at: datetime  # when the answer's head arrived
    outcome: Outcome
    reason: Reason | None  # set exactly when outcome is FAILED
    status: int | None  # last HTTP status, if any
    headers: Mapping[str, str]  # lower-case names, from a closed list
    body: bytes | None  # decompressed
    duration_ms: int
    retry_after_s: int | None = None
    detail: str = ""  # one line for a person

    def __post_init__(self) -> None:
        _aware(self.at)


# ---------------------------------------------------------------- extract


class CaptureKind(StrEnum):
    """What kind of document a capture holds."""

    FEED = "feed"
    PAGE = "page"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a document from outside it: the feed entry or the archive's metadata."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    summary_html: str | None = None
    language_code: str | None = None
    url: str | None = None  # where it was published, if known


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Bytes as received, ready to be interpreted."""

    kind: CaptureKind
    url: str | None  # address it was finally read from; None for a file without one
    observed_at: datetime
    media_type: str | None  # Content-Type as sent, parameters included
    body: bytes
    hints: Hints = field(default_factory=Hints)
    time_zone: str = "UTC"  # the source's, for dates without an offset

    def __post_init__(self) -> None:
        _aware(self.observed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What extraction made of a capture. An article without text cannot exist."""

    title: str | None
    standfirst: str | None
    body: str  # paragraphs joined by a blank line; NFC, no invisible characters
    captions: tuple[str, ...]
    authors: tuple[str, ...]
    published: Dated | None
    modified: Dated | None
    language_code: str | None
    language_confidence: float | None
    canonical_url: str | None  # rel=canonical as stated, absolute; evidence, not truth
    alias_urls: tuple[str, ...] = ()  # further addresses the page names for itself (amphtml, og:url)
    site_name: str | None = None
    section: str | None = None
    extractor: str = ""  # name and version of what gave the body

    def __post_init__(self) -> None:
        if not self.body.strip():
            raise ValueError("an article needs a body")


# ---------------------------------------------------------------- geo


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


# ---------------------------------------------------------------- dedup


class CopyKind(StrEnum):
    """How a copy relates to its origin."""

    EXACT = "exact"
    NEAR = "near"
    WIRE = "wire"  # both run the same agency text
    EXCERPT = "excerpt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is compared of a text."""

    text_hash: bytes  # 16 bytes over the folded words
    bands: tuple[int, ...]  # signed 64-bit bucket keys; two near-duplicates share at least one
    sketch: tuple[int, ...]  # signed 64-bit, sorted: a sample of the shingles, to verify with
    numbers: tuple[str, ...]  # the figures in the text: alike but for these is a template
    shingles: int  # how many there were


# ---------------------------------------------------------------- accounting


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item turned away by a stage, with a reason; the bytes are kept elsewhere."""

    stage: Stage
    reason: Reason
    key: str  # which item
    detail: str = ""  # one line for a person


@dataclass(frozen=True, slots=True)
class Counts:
    """The tally of one stage of one run: seen == kept + rejected + released."""

    seen: int = 0
    kept: int = 0
    released: int = 0  # given back for another run
    rejected: Mapping[str, int] = field(default_factory=dict)  # by reason

    @classmethod
    def of(cls, *, kept: int = 0, released: int = 0, rejected: Iterable[Rejected] = ()) -> Counts:
        """Tally what a batch gave."""
        reasons: dict[str, int] = {}
        for r in rejected:
            reasons[r.reason.value] = reasons.get(r.reason.value, 0) + 1
        return cls(kept + released + sum(reasons.values()), kept, released, reasons)

    def __add__(self, other: Counts) -> Counts:
        reasons = dict(self.rejected)
        for reason, n in other.rejected.items():
            reasons[reason] = reasons.get(reason, 0) + n
        return Counts(self.seen + other.seen, self.kept + other.kept, self.released + other.released, reasons)

    @property
    def summary(self) -> dict[str, int]:
        """The four numbers, small enough to travel between tasks."""
        return {
            "seen": self.seen,
            "kept": self.kept,
            "released": self.released,
            "rejected": sum(self.rejected.values()),
        }

    @property
    def balances(self) -> bool:
        """Whether every item ended in exactly one state."""
        return self.seen == self.kept + self.released + sum(self.rejected.values())
