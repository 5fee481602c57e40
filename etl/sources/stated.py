"""What a feed states, in its own words and whichever reader read it: links as written, texts as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from etl.records import LaterText


class StatedDate(NamedTuple):  # a tuple, as entries are: made in a third of a dataclass's time
    """A date as written, and what the reader took it for."""

    raw: str
    at: datetime | None  # in UTC or naive, as `feed_dates.utc_of` has it; None where unreadable


class StatedEntry(NamedTuple):
    """One entry."""

    guid: str | None
    link: str | None  # resolved by the feed's own xml:base, no further
    title: str | None  # markup and entities as they came
    page: str | None = None  # where the link is a counting redirect: the page itself (feedburner:origLink)
    texts: tuple[str | LaterText, ...] = ()  # HTML
    authors: tuple[str, ...] = ()
    published: StatedDate | None = None
    updated: StatedDate | None = None


@dataclass(frozen=True, slots=True)
class StatedFeed:
    """A feed and its entries, in order."""

    reader: str  # "fast" or "feedparser"
    is_atom: bool
    entries: tuple[StatedEntry, ...]
    title: str | None = None
    link: str | None = None
    language: str | None = None
    ttl: str | None = None  # RSS: minutes
    period: str | None = None  # the syndication module's: hourly, daily, …
    frequency: str | None = None  # how often in a period
    skip_hours: frozenset[int] = frozenset()  # 0 to 23, UTC
    skip_days: frozenset[int] = frozenset()  # 0 = Monday
