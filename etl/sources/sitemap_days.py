"""A sitemap and a half-open interval go in; the children that may hold it, or the pages that belong to it, come out.

Theory, for pages. The day of a page is, in this order, 1. what its news entry gives as publication; 2. a day in its
address; 3. a day in the sitemap's own address; 4. a month in either, narrowed to `lastmod` where that falls within
the month, else its first day; 5. `lastmod`. A date in an address after `lastmod` is the subject of the page or a
number, and is passed over. Days and months count from midnight UTC, so each page belongs to one interval. A page
without any of these belongs to none, and is left for the caller to count.

Theory, for children. A child is left out only where that is certain: its address names a time that does not touch the
interval, a day (the span of the world's clocks) allowed on both sides; or it last changed more than a day before the
interval. A number that looks like a date is only one if every sibling named by the same pattern looks like a date
too: `sitemap-2022.xml` among `sitemap-1.xml` is the 2,022nd. Where a child's `lastmod` lies before the time its own
address names, the stamps of that index mean something else, and none of them counts. Not done: guessing from the
order of an index, or that numbered children are ordered in time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from etl.records import Dated, DateOrigin, DatePrecision, FeedItem, Sitemap, SitemapChild
from etl.sources.address_dates import Span, named_span

_MARGIN = timedelta(days=1)
_MONTH = re.compile(r"((?:19|20)\d\d)-(\d\d)")


class DayRule(StrEnum):
    """What said to which day a page of a sitemap belongs."""

    PUBLICATION_DATE = "publication_date"  # news:publication_date
    PAGE_ADDRESS = "page_address"
    SITEMAP_ADDRESS = "sitemap_address"
    MONTH_AND_LASTMOD = "month_and_lastmod"
    MONTH = "month"  # no more is known than the month
    LASTMOD = "lastmod"


def items_of(sitemap: Sitemap, start: datetime, end: datetime) -> tuple[tuple[FeedItem, DayRule], ...]:
    """The pages that belong to the interval from `start` up to, not including, `end`, each with the rule used."""
    whole = named_span(sitemap.url)
    dated = ((item, dated_by(item, whole)) for item in sitemap.items)
    return tuple((item, found[1]) for item, found in dated if found and start <= found[0].at < end)


def dated_by(item: FeedItem, whole: Span | None) -> tuple[Dated, DayRule] | None:
    """The date a page belongs to, and the rule that gave it; `whole` is what its sitemap's address names."""
    if item.published:
        return item.published, DayRule.PUBLICATION_DATE
    modified = item.updated
    page, sitemap = _plausible(named_span(item.url or ""), modified), _plausible(whole, modified)
    for span, rule in ((page, DayRule.PAGE_ADDRESS), (sitemap, DayRule.SITEMAP_ADDRESS)):
        if span and span.precision is DatePrecision.DAY:
            return Dated(span.start, DatePrecision.DAY, DateOrigin.URL, span.raw), rule
    month = next((s for s in (page, sitemap) if s and s.precision is DatePrecision.MONTH), None)
    if month and modified and month.start <= modified.at < month.end:
        return modified, DayRule.MONTH_AND_LASTMOD
    if month:
        return Dated(month.start, DatePrecision.MONTH, DateOrigin.URL, month.raw), DayRule.MONTH
    return (modified, DayRule.LASTMOD) if modified else None


def _plausible(span: Span | None, modified: Dated | None) -> Span | None:
    return None if span and modified and span.start > modified.at + _MARGIN else span


def children_for(sitemap: Sitemap, start: datetime, end: datetime) -> tuple[SitemapChild, ...]:
    """The children of an index that may hold something of the interval, in the index's order."""
    spans = _spans(sitemap.children)
    stamps_count = not any(
        child.modified.at < spans[child.url].start - _MARGIN
        for child in sitemap.children
        if child.modified and child.url in spans
    )
    return tuple(
        child
        for child in sitemap.children
        if _touches(spans.get(child.url), start, end)
        and not (stamps_count and child.modified and _latest(child.modified) < start - _MARGIN)
    )


def _touches(span: Span | None, start: datetime, end: datetime) -> bool:
    return span is None or (span.start - _MARGIN < end and start < span.end + _MARGIN)


def _latest(modified: Dated) -> datetime:
    """The last instant a date may stand for."""
    length = {DatePrecision.DAY: timedelta(days=1), DatePrecision.MONTH: timedelta(days=31)}
    return modified.at + length.get(modified.precision, timedelta(0))


def _spans(children: Iterable[SitemapChild]) -> dict[str, Span]:
    """What the addresses of children name, patterns that are mere numbers left out."""
    found = {child.url: named_span(child.url) for child in children}
    numbered = {_pattern(url) for url, span in found.items() if span is None}
    return {url: span for url, span in found.items() if span and _pattern(url) not in numbered}


def _pattern(url: str) -> str:
    return re.sub(r"\d+", "#", url)


def from_month(raw: str, *, fetched_at: datetime) -> Dated | None:
    """A date that names a month only, as W3C dates may."""
    found = _MONTH.fullmatch(raw.strip())
    if not found or not 1 <= int(found.group(2)) <= 12:
        return None
    at = datetime(int(found.group(1)), int(found.group(2)), 1, tzinfo=UTC)
    return Dated(at, DatePrecision.MONTH, DateOrigin.FEED, raw.strip()) if at <= fetched_at else None
