"""The answer of a source in; its entries, whatever kind of listing it is, and further listings it names come out.

A sitemap may hold a site's whole past, so a poll takes of it what belongs to the last two days; of entries that state
no time at all, those that were not there at the poll before. The rest is for a backfill. Of an index, the children
that may hold something of these days are asked, the latest first, a limited number a poll.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from etl.records import Feed, FeedItem, Fetched, Rejected, Sitemap, SitemapChild, SourceKind
from etl.sources import address_dates, feeds, pages, sitemap_days, sitemaps
from etl.warehouse.sources import StoredSource

_RECENT = timedelta(days=2)
_AHEAD = timedelta(days=1)
_MOST_CHILDREN = 50  # of an index, a poll
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a source shows at a poll."""

    items: tuple[FeedItem, ...] = ()
    baseline: tuple[FeedItem, ...] = ()  # entries without a time: new only if they were not there before
    passed_over: int = 0  # entries and listings left for a backfill or the next poll
    children: tuple[SitemapChild, ...] = ()
    language_code: str | None = None
    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    rejected: tuple[Rejected, ...] = field(default=())


def read(stored: StoredSource, fetched: Fetched) -> Listing | Rejected:
    """Interpret the body of a listing."""
    source, body = stored.source, fetched.body or b""
    if source.kind is SourceKind.SITEMAP:
        sitemap = sitemaps.parse(body, url=fetched.final_url, fetched_at=fetched.at, time_zone=source.time_zone)
        return sitemap if isinstance(sitemap, Rejected) else _of_sitemap(sitemap, fetched.at)
    if source.kind is SourceKind.PAGES:
        feed = pages.parse(body, url=fetched.final_url, headers=fetched.headers, selector=source.link_selector)
    else:
        feed = feeds.parse(
            body,
            url=fetched.final_url,
            headers=fetched.headers,
            fetched_at=fetched.at,
            time_zone=source.time_zone,
        )
    return feed if isinstance(feed, Rejected) else _of_feed(feed)


def _of_feed(feed: Feed) -> Listing:
    return Listing(
        items=feed.items,
        language_code=feed.language_code,
        ttl_minutes=feed.ttl_minutes,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
        rejected=feed.rejected,
    )


def _of_sitemap(sitemap: Sitemap, now: datetime) -> Listing:
    start, end = now - _RECENT, now + _AHEAD
    recent = tuple(item for item, _ in sitemap_days.items_of(sitemap, start, end))
    whole = address_dates.named_span(sitemap.url)
    undated = tuple(item for item in sitemap.items if sitemap_days.dated_by(item, whole) is None)
    children = sorted(
        sitemap_days.children_for(sitemap, start, end),
        key=lambda child: child.modified.at if child.modified else _EVER,
        reverse=True,
    )
    left = len(sitemap.items) - len(recent) - len(undated) + len(sitemap.children) - len(children[:_MOST_CHILDREN])
    return Listing(
        items=recent,
        baseline=undated,
        passed_over=left,
        children=tuple(children[:_MOST_CHILDREN]),
        language_code=sitemap.language_code,
        rejected=sitemap.rejected,
    )
