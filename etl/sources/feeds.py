"""The body of a feed goes in as received; a `Feed` comes out, or a `Rejected` that says why not.

RSS of all versions, RDF and Atom by the fast reader, and by feedparser in a process with limits where that one
declines; JSON Feed by its own. The charset is found by our own rules, and no parser is given an address. An entry
that cannot be used is set aside in `Feed.rejected`; its neighbours stay.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from collections.abc import Mapping
from datetime import datetime

from etl import collector
from etl.errors import Reason, Stage
from etl.fetch.charset import decode
from etl.records import Feed, FeedItem, Rejected
from etl.sources import json_feed, judge
from etl.sources.fast_feeds import fast_read
from etl.sources.feed_dates import from_stated
from etl.sources.feed_items import Context, item, plain, told_apart, web_address
from etl.sources.feed_polling import pause_minutes
from etl.sources.stated import StatedEntry, StatedFeed

Stated = StatedFeed | tuple[Reason, str] | str  # a feed, why there is none, or the text of one in JSON

_MAILBOX = re.compile(r"\S+@\S+(?:\s*\((.*)\))?|(.*?)\s*[(<]\s*\S+@\S+\s*[)>]")
_MAX_AUTHOR = 500
_UTF8_BOM = b"\xef\xbb\xbf"
_PIECE = 65_536
_ODD_BYTES = (b"\0", b"\x1b")  # of other encodings that are UTF-8 by chance, or of none


def parse(
    body: bytes, *, url: str, headers: Mapping[str, str], fetched_at: datetime, time_zone: str = "UTC"
) -> Feed | Rejected:
    """Read a feed.

    `url` is where it was read from, for relative links; `headers` the answer's, names in lower case;
    `time_zone` the source's, for dates without an offset.
    """
    with collector.paused():
        stated = stated_by(body, headers.get("content-type"))
        return made_of(stated, url=url, fetched_at=fetched_at, time_zone=time_zone)


def made_of(stated: Stated, *, url: str, fetched_at: datetime, time_zone: str = "UTC") -> Feed | Rejected:
    """The feed that `stated_by` read, its links, dates and texts made usable."""
    context = Context(url, time_zone, fetched_at)
    if isinstance(stated, StatedFeed):
        return _feed(stated, context)
    parsed = json_feed.parse(stated, context) if isinstance(stated, str) else stated
    return parsed if isinstance(parsed, Feed) else Rejected(Stage.FETCH, parsed[0], url, parsed[1])


def stated_by(body: bytes, content_type: str | None = None) -> Stated:
    """What an XML feed states, or why it cannot be read; the text of a JSON one."""
    is_plain = body[:64].lstrip(_UTF8_BOM + b" \t\r\n")[:1] == b"<" and not any(odd in body for odd in _ODD_BYTES)
    if is_plain and (stated := _fast(body)) is not None:
        return stated
    text, _ = decode(body, content_type)
    if text.lstrip()[:1] == "{":
        return text
    encoded = text.encode("utf-8", errors="replace")
    stated = _fast(encoded) if encoded != body or not is_plain else None
    return stated if stated is not None else judge.shared().ask(text)


def _fast(body: bytes) -> StatedFeed | None:
    """None where it is not UTF-8, whose labels are asked: here, since its texts are decoded when they are asked for."""
    return fast_read(body) if body.isascii() or _is_utf8(body) else None


def _is_utf8(body: bytes) -> bool:
    """Told piece by piece, in a tenth of the time: what is decoded is thrown away, and need not leave the cache."""
    view, at = memoryview(body), 0
    try:
        while at < len(body):
            at += utf_8_decode(view[at : at + _PIECE], "strict", at + _PIECE >= len(body))[1]
    except UnicodeDecodeError:
        return False
    return True


def _feed(stated: StatedFeed, context: Context) -> Feed:
    found = [_item(entry, n, context) for n, entry in enumerate(stated.entries, 1)]
    return Feed(
        title=plain(stated.title),
        home_url=web_address(stated.link, context.url),
        language_code=json_feed.language(stated.language),
        items=told_apart([i for i in found if isinstance(i, FeedItem)]),
        ttl_minutes=pause_minutes(stated.ttl, stated.period, stated.frequency),
        skip_hours=stated.skip_hours,
        skip_days=stated.skip_days,
        rejected=tuple(i for i in found if isinstance(i, Rejected)),
    )


def _item(entry: StatedEntry, place: int, context: Context) -> FeedItem | Rejected:
    published, updated = [
        from_stated(date, time_zone=context.time_zone, fetched_at=context.fetched_at) if date else None
        for date in (entry.published, entry.updated)
    ]
    return item(
        guid=entry.guid,
        links=(entry.page, entry.link, entry.guid if _is_web(entry.guid) else None),
        base=context.url,
        title=entry.title,
        texts=entry.texts,
        authors=[_name(author) for author in entry.authors] if entry.authors else (),
        published=published,
        updated=updated,
        place=place,
    )


def _is_web(guid: str | None) -> bool:
    return bool(guid) and str(guid).startswith(("http://", "https://"))


def _name(author: str) -> str | None:
    """Names only: `desk@a.example (Anna Bell)` is taken apart."""
    found = _MAILBOX.fullmatch(author[:_MAX_AUTHOR]) if "@" in author else None
    return found.group(1) or found.group(2) if found else author
