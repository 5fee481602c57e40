"""What extraction makes of a capture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from etl.records.dates import Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """The words that open a report: where, when and from whom."""

    start: int  # code points of the body, [start, end): the body keeps it, fingerprints skip it
    end: int
    place: str | None  # as written
    dated_on: date | None
    agency: str | None  # by its short name


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the article."""

    url: str
    caption: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What extraction made of a capture. An article without text cannot exist."""

    title: str | None
    standfirst: str | None
    body: str  # paragraphs joined by a blank line; NFC, no invisible characters
    captions: tuple[str, ...]
    authors: tuple[str, ...]  # people
    published: Dated | None
    modified: Dated | None
    language_code: str | None
    language_confidence: float | None
    canonical_url: str | None  # rel=canonical as stated, absolute; evidence, not truth
    alias_urls: tuple[str, ...] = ()  # further addresses the page names for itself (amphtml, og:url)
    site_name: str | None = None
    section: str | None = None
    agencies: tuple[str, ...] = ()  # news agencies credited or in the dateline, by their short names
    credits: tuple[str, ...] = ()  # who else is credited: agencies, outlets, desks, accounts; as stated
    dateline: Dateline | None = None
    images: tuple[Image, ...] = ()
    quotes: tuple[tuple[int, int], ...] = ()  # spans of the body set apart as quotations
    is_paywalled: bool = False  # says it is not free, and yet gave its text
    refused_dates: tuple[str, ...] = ()  # dates stated that no article can have, each with why
    extractor: str = ""  # name and version of what gave the body

    def __post_init__(self) -> None:
        if not self.body.strip():
            raise ValueError("an article needs a body")
