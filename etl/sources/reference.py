"""The bytes of a feed go in; what feedparser makes of them without us comes out, to measure our own reading by."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One entry as feedparser gives it."""

    guid: str | None
    link: str | None
    title: str | None
    published: datetime | None  # UTC; else when it was updated


def reference(body: bytes) -> tuple[ReferenceEntry, ...]:
    """The entries feedparser finds, HTML left as it is. Nothing limits it: for feeds one trusts."""
    import feedparser

    stated = feedparser.parse(io.BytesIO(body), sanitize_html=False)
    return tuple(
        ReferenceEntry(e.get("id"), e.get("link"), e.get("title"), _at(e.get("published_parsed") or _updated(e)))
        for e in stated.entries
    )


def default(body: bytes) -> int:
    """Have feedparser read it as it comes, for the time that takes; the number of entries."""
    import feedparser

    return len(feedparser.parse(io.BytesIO(body)).entries)


def _updated(entry: object) -> object:
    return entry.get("updated_parsed") if isinstance(entry, dict) and "updated_parsed" in entry else None


def _at(parts: object) -> datetime | None:
    try:
        return datetime(*parts[:6]).replace(tzinfo=UTC) if isinstance(parts, tuple) else None  # noqa: DTZ001
    except ValueError:
        return None
