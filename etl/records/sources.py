"""What can be read, and what its feeds and files say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from etl.records.accounting import Rejected
from etl.records.captures import Hints, OwnCapture
from etl.records.dates import Dated, require_aware


class SourceKind(StrEnum):
    """What a source is, and so which reader opens it."""

    FEED = "feed"  # RSS, Atom, RDF or JSON feed: shows only the present
    SITEMAP = "sitemap"  # a news sitemap, or an index of sitemaps: has a past as far back as it lists
    PAGES = "pages"  # an index page whose links are articles: shows only the present
    WARC = "warc"  # a WARC file, a folder of them, or a list of paths: has a past
    FILES = "files"  # a folder of dated files: has a past


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of the registry."""

    name: str  # key, stable: lower-case words joined by hyphens
    kind: SourceKind
    url: str  # http(s) address; for files and warc a path relative to the registry file, or absolute
    outlet: str | None  # the publication, as a reader would name it; None if unknown
    owner: str | None = None  # the family the outlet belongs to
    country_code: str | None = None  # ISO 3166 alpha-2
    language_code: str | None = None  # ISO 639-1
    home_region: str | None = None  # admin-1 code as "US.TX", for the geotagger
    time_zone: str = "UTC"  # IANA name, for dates without an offset
    tier: int = 2  # 1 agency or national, 2 regional, 3 other
    terms: str | None = None  # note on terms of use
    link_selector: str | None = None  # CSS selector of the links to articles; only for pages
    poll_minutes: int = 15  # how often to ask, at most
    is_enabled: bool = True
    allow_private: bool = False  # loopback and private addresses allowed, by name, for this source only

    @property
    def has_archive(self) -> bool:
        """Whether days gone by can be fetched from it."""
        return self.kind in {SourceKind.SITEMAP, SourceKind.WARC, SourceKind.FILES}

    @property
    def is_polled(self) -> bool:
        """Whether it is asked over the network for what is new."""
        return self.kind in {SourceKind.FEED, SourceKind.SITEMAP, SourceKind.PAGES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask `has it changed?` with; kept verbatim."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class LaterText:
    """A text kept as it came until it is asked for: of most entries of a feed it never is, for they are not new."""

    raw: bytes  # as it came; tells a changed text
    read: Callable[[], str] = field(compare=False)  # the text as HTML, maybe ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One entry of a feed, as the feed states it."""

    guid: str  # the feed's id for it, else its link
    url: str | None  # absolute link to the page
    title: str | None
    texts: tuple[str | LaterText, ...] = ()  # HTML, as many as the entry carries
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    updated: Dated | None = None
    stated_hash: bytes = b""  # 16 bytes over title, link, texts and dates as stated: the same ones need no reading
    language_code: str | None = None  # stated for this entry alone, as news sitemaps do

    @property
    def html(self) -> str | None:
        """The fullest text the entry carries; read anew at each call."""
        read = (text.read() if isinstance(text, LaterText) else text for text in self.texts)
        return max((text.strip() for text in read), key=len, default="") or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A parsed feed."""

    title: str | None
    home_url: str | None
    language_code: str | None
    items: tuple[FeedItem, ...]
    ttl_minutes: int | None = None  # the longest pause the feed itself asks for
    skip_hours: frozenset[int] = frozenset()  # hours of the day, UTC, in which it asks not to be read
    skip_days: frozenset[int] = frozenset()  # days of the week, 0 = Monday, in which it asks not to be read
    rejected: tuple[Rejected, ...] = ()  # entries that could not be used


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFile:
    """One document of a dated file archive, with its curated metadata."""

    key: str  # path relative to the archive
    body: bytes
    media_type: str  # text/plain or text/html
    dated_on: date  # the file's own day, UTC
    hints: Hints


@dataclass(frozen=True, slots=True)
class FileDay:
    """What a file of JSON Lines says of all its lines, by its name or by the metadata beside it."""

    on: date  # the day they belong to, UTC
    published: Dated | None = None  # of lines that do not say it
    language_code: str | None = None  # of lines that do not say it


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLine:
    """One article of a file of JSON Lines."""

    number: int  # of its line, from 1
    name: str | None  # its own id
    body: bytes  # its text or HTML, UTF-8
    media_type: str  # parameters included
    dated_on: date  # the day it belongs to, UTC
    observed_at: datetime  # when it was published, if on that day; else that day's beginning
    hints: Hints
    next_offset: int  # where the line after it begins, in the file as unpacked

    def __post_init__(self) -> None:
        require_aware(self.observed_at)


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line of a file of JSON Lines that is no article."""

    number: int  # from 1; 0: the file itself
    detail: str
    body: bytes  # as it stands there; of one that is too long its beginning
    next_offset: int  # where the line after it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMark:
    """How far a file of JSON Lines was read; the last thing said of a file, and now and then before."""

    next_offset: int
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class SitemapChild:
    """A sitemap that an index of sitemaps names."""

    url: str
    modified: Dated | None  # `lastmod`: when anything in it last changed, as stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A parsed sitemap: an index of others, or a list of pages."""

    url: str  # where it was read from
    children: tuple[SitemapChild, ...] = ()
    items: tuple[FeedItem, ...] = ()  # guid is the address; `updated` is lastmod
    title: str | None = None  # the publication that news entries name
    language_code: str | None = None  # the one all its news entries state
    rejected: tuple[Rejected, ...] = ()  # entries that could not be used, a tail that was cut off


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """One archived answer with a page in it."""

    url: str  # WARC-Target-URI
    observed_at: datetime  # WARC-Date
    status: int
    headers: Mapping[str, str]  # lower-case names, from the closed list of kept ones
    media_type: str  # without parameters, lower case
    body: bytes  # the page, chunks joined and decompressed
    record_id: str  # WARC-Record-ID, without brackets
    next_offset: int | None  # where the record after it begins; None in a file that can only be read from its start
    is_truncated: bool = False  # the crawler kept only a part (WARC-Truncated)
    own: OwnCapture | None = None  # where the archive is an export of our own

    def __post_init__(self) -> None:
        require_aware(self.observed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcMark:
    """How far a WARC file was read; the last thing said of a file, and now and then before."""

    next_offset: int | None  # where reading can go on; None in a file that can only be read from its start
    skipped: Mapping[str, int] = field(default_factory=dict)  # records passed over since the last mark, by why
    is_end: bool = False
