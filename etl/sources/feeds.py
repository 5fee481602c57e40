"""The body of a feed goes in as received; a `Feed` comes out, or a `Rejected` that says why not. Pure.

RSS of all versions, RDF, Atom and CDF through feedparser; JSON Feed by its own reader. The bytes are
decoded by our own rules and made safe before a parser sees them (see charset and feed_text), and a parser
is never given an address. An entry that cannot be used is set aside in `Feed.rejected`; its neighbours
stay.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from etl.errors import Reason, Stage
from etl.fetch.charset import decode
from etl.records import Dated, Feed, FeedItem, Rejected
from etl.sources import json_feed
from etl.sources.feed_dates import from_parsed
from etl.sources.feed_items import Context, item, plain, told_apart, web_address
from etl.sources.feed_text import safe_part

_PERIOD_MINUTES = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_MAILBOX = re.compile(r"\S+@\S+(?:\s*\((.*)\))?|(.*?)\s*[(<]\s*\S+@\S+\s*[)>]")
_MAX_AUTHOR = 500
_MAX_TTL = 10_080  # a week: a feed that asks for more is mistaken


def parse(
    body: bytes, *, url: str, headers: Mapping[str, str], fetched_at: datetime, time_zone: str = "UTC"
) -> Feed | Rejected:
    """Read a feed.

    `url` is where it was read from, for relative links; `headers` the answer's, names in lower case;
    `time_zone` the source's, for dates without an offset.
    """
    context = Context(url, time_zone, fetched_at)
    text, _ = decode(body, headers.get("content-type"))
    is_json = text.lstrip()[:1] == "{"
    parsed = json_feed.parse(text, context) if is_json else _parse_xml(text, context)
    return parsed if isinstance(parsed, Feed) else Rejected(Stage.FETCH, parsed[0], url, parsed[1])


def _parse_xml(text: str, context: Context) -> Feed | tuple[Reason, str]:
    safe = safe_part(text)
    if not isinstance(safe, str):
        return safe
    stated = _feedparser(safe, context.url)
    if isinstance(stated, str):
        return Reason.BROKEN_FEED, stated
    if not stated.entries and stated.bozo:
        why = " ".join(str(stated.get("bozo_exception")).split())
        return Reason.BROKEN_FEED, f"broken XML and no entries: {why}"
    is_atom = stated.get("version", "").startswith("atom")
    found = [_item(entry, n, context, is_atom=is_atom) for n, entry in enumerate(stated.entries, 1)]
    feed = stated.feed
    return Feed(
        title=plain(feed.get("title")),
        home_url=web_address(feed.get("link"), context.url),
        language_code=json_feed.language(feed.get("language")),
        items=told_apart([i for i in found if isinstance(i, FeedItem)]),
        ttl_minutes=_ttl(feed),
        rejected=tuple(i for i in found if isinstance(i, Rejected)),
    )


def _feedparser(safe: str, url: str) -> Any:
    """What feedparser makes of it, or a line on why it could not."""
    import feedparser

    try:
        return feedparser.parse(
            io.BytesIO(safe.encode("utf-8", errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
            sanitize_html=False,  # pages are never shown from here; seven tenths of the time
            resolve_relative_uris=False,  # in the text; links are resolved all the same
        )
    except Exception as error:  # noqa: BLE001 - whatever it raises on someone's XML, that feed is broken, not we
        return f"the parser gave up: {type(error).__name__}: {error}"


def _item(entry: Any, place: int, context: Context, *, is_atom: bool) -> FeedItem | Rejected:
    published = _dated(entry, "published", context) or _dated(entry, "created", context)
    updated = _dated(entry, "updated", context)
    if published is None and not is_atom:
        published = updated  # dc:date of an RSS or RDF item is all it says, and means publication
    guid = entry.get("id")
    return item(
        guid=guid,
        links=[entry.get("feedburner_origlink"), entry.get("link"), guid if _is_web(guid) else None],
        base=context.url,
        title=entry.get("title"),
        texts=_texts(entry),
        authors=_authors(entry, is_atom=is_atom),
        published=published,
        updated=updated,
        place=place,
    )


def _dated(entry: Any, key: str, context: Context) -> Dated | None:
    if key not in entry:  # asking for a missing `updated` would get `published`
        return None
    return from_parsed(
        entry.get(key), entry.get(f"{key}_parsed"), time_zone=context.time_zone, fetched_at=context.fetched_at
    )


def _is_web(guid: str | None) -> bool:
    return bool(guid) and str(guid).startswith(("http://", "https://"))


def _texts(entry: Any) -> list[str | None]:
    """Every text of an entry as HTML."""
    stated = [*entry.get("content", ()), entry.get("summary_detail") or {"value": entry.get("summary")}]
    return [_html(text.get("value"), text.get("type")) for text in stated]


def _authors(entry: Any, *, is_atom: bool) -> list[str | None]:
    """Names only. Atom states them apart; elsewhere `desk@a.example (Anna Bell)` is taken apart here.

    feedparser does that too, but cuts names where a domain ends in more than four letters.
    """
    stated = entry.get("authors", ())
    if is_atom or not any(author.get("email") for author in stated):
        return [author.get("name") for author in stated] or [entry.get("author")]
    found = _MAILBOX.fullmatch((entry.get("author") or "")[:_MAX_AUTHOR].strip())
    return [found.group(1) or found.group(2)] if found else [entry.get("author")]


def _html(value: str | None, media_type: str | None) -> str | None:
    return escape(value, quote=False) if value and media_type == "text/plain" else value


def _ttl(feed: Any) -> int | None:
    """The longest pause the feed asks for, from RSS `ttl` or the syndication module, at most a week."""
    stated = [_whole(feed.get("ttl"))]
    if (period := _PERIOD_MINUTES.get(str(feed.get("sy_updateperiod")).strip().lower())) is not None:
        stated.append(period // max(1, _whole(feed.get("sy_updatefrequency")) or 1))
    longest = max((minutes for minutes in stated if minutes), default=0)
    return min(longest, _MAX_TTL) or None


def _whole(stated: object) -> int | None:
    text = str(stated or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
