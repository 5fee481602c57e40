"""The text of an odd feed in on standard input, what feedparser makes of it out; `judge` starts this and ends it."""

from __future__ import annotations

import io
import sys
from html import escape
from typing import Any

from etl.crew import serve
from etl.errors import Reason
from etl.sources.feed_dates import from_parsed
from etl.sources.feed_polling import skips
from etl.sources.feed_text import safe_part
from etl.sources.stated import StatedDate, StatedEntry, StatedFeed


def main(megabytes: str, seconds: str) -> None:
    """Serve until the other side closes the pipe."""
    serve(judged, megabytes, seconds, warm_up=_warm_up)


def judged(text: object) -> StatedFeed | tuple[Reason, str]:
    """What feedparser makes of a feed, or a reason and a line for a person."""
    safe = safe_part(str(text))
    if not isinstance(safe, str):
        return safe
    stated = _feedparser(safe)
    if isinstance(stated, str):
        return Reason.BROKEN_FEED, stated
    if not stated.entries and stated.bozo:
        why = " ".join(str(stated.get("bozo_exception")).split())
        return Reason.BROKEN_FEED, f"broken XML and no entries: {why}"
    feed = stated.feed
    is_atom = stated.get("version", "").startswith("atom")
    hours, days = skips(safe)
    return StatedFeed(
        reader="feedparser",
        is_atom=is_atom,
        entries=tuple(_entry(entry, is_atom=is_atom) for entry in stated.entries),
        title=feed.get("title"),
        link=feed.get("link"),
        language=feed.get("language"),
        ttl=feed.get("ttl"),
        period=feed.get("sy_updateperiod"),
        frequency=feed.get("sy_updatefrequency"),
        skip_hours=hours,
        skip_days=days,
    )


def _feedparser(safe: str) -> Any:
    """What feedparser makes of it, or a line on why it could not."""
    import feedparser

    try:
        return feedparser.parse(
            io.BytesIO(safe.encode("utf-8", errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,  # pages are never shown from here; seven tenths of the time
            resolve_relative_uris=False,  # in the text; links are resolved all the same
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it raises on someone's XML, that feed is broken, not we
        return f"the parser gave up: {type(error).__name__}: {error}"


def _entry(entry: Any, *, is_atom: bool) -> StatedEntry:
    published = _dated(entry, "published") or _dated(entry, "created")
    updated = _dated(entry, "updated")
    if published is None and not is_atom:
        published = updated  # dc:date of an RSS or RDF item is all it says, and means publication
    return StatedEntry(
        guid=entry.get("id"),
        link=entry.get("link"),
        title=entry.get("title"),
        page=entry.get("feedburner_origlink"),
        texts=tuple(_texts(entry)),
        authors=tuple(name for name in _authors(entry, is_atom=is_atom) if name),
        published=published,
        updated=updated,
    )


def _dated(entry: Any, key: str) -> StatedDate | None:
    if not entry.get(key) or key not in entry:  # asking for a missing `updated` would get `published`
        return None
    return from_parsed(entry.get(key), entry.get(f"{key}_parsed"))


def _texts(entry: Any) -> list[str]:
    """Every text of an entry as HTML."""
    stated = [*entry.get("content", ()), entry.get("summary_detail") or {"value": entry.get("summary")}]
    return [html for text in stated if (html := _html(text.get("value"), text.get("type")))]


def _html(value: str | None, media_type: str | None) -> str | None:
    return escape(value, quote=False) if value and media_type == "text/plain" else value


def _authors(entry: Any, *, is_atom: bool) -> list[str | None]:
    """As stated: feedparser takes `desk@a.example (Anna Bell)` apart, but cuts names at long domains."""
    stated = entry.get("authors", ())
    if is_atom or not any(author.get("email") for author in stated):
        return [author.get("name") for author in stated] or [entry.get("author")]
    return [entry.get("author")]


def _warm_up() -> None:
    import feedparser  # noqa: F401


if __name__ == "__main__":
    main(*sys.argv[1:])
