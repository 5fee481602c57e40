"""Entries of a listing in; what the warehouse knows them by, the hints they give and their own text as captures out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.dedup.canonical import url_key
from etl.records import CaptureKind, DatePrecision, FeedItem, Hints, Outcome
from etl.sources import item_text
from etl.sources.clock import MOST_WAITED, Judged, judge
from etl.warehouse.captures import FetchRow
from etl.warehouse.sources import StoredSource

EntryId = tuple[int, bytes, str]  # source, hash of the guid, key


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that leads to an article, by a link or by its own text."""

    source_id: int
    item: FeedItem
    guid_hash: bytes  # sha256 of its id
    key: str  # of the article
    judged: Judged  # its date

    @property
    def id(self) -> EntryId:
        """What tells it from other entries."""
        return self.source_id, self.guid_hash, self.key

    @property
    def is_linked(self) -> bool:
        """Whether there is a page to fetch."""
        return self.item.url is not None and not self.key.startswith("urn:")

    @property
    def is_whole(self) -> bool:
        """Whether its own text can stand for the article."""
        return not self.is_linked or item_text.is_whole(self.item.html)


def of(
    items: Iterable[FeedItem], stored: StoredSource, seen_at: datetime, waited_minutes: float | None
) -> tuple[list[Entry], list[FeedItem]]:
    """The entries that lead to an article, each once, and those that lead nowhere."""
    found: dict[EntryId, Entry] = {}
    lost: list[FeedItem] = []
    for item in items:
        guid_hash = hashlib.sha256(item.guid.encode("utf-8", "replace")).digest()
        key = _key(item, guid_hash, stored.source.name)
        if key is None:
            lost.append(item)
            continue
        judged = judge(item.published, seen_at=seen_at, waited_minutes=waited_minutes, learned=stored.clock)
        entry = Entry(stored.source_id, item, guid_hash, key, judged)
        found[entry.id] = entry
    return list(found.values()), lost


def _key(item: FeedItem, guid_hash: bytes, source_name: str) -> str | None:
    if item.url:
        return url_key(item.url)
    return f"urn:dateline:{source_name}:{guid_hash.hex()[:32]}" if item.html else None


def stated(entry: Entry) -> dict[str, Any]:
    """What tells it from others, and whether it is stated as before; its texts are not read for that."""
    return {
        "source_id": entry.source_id,
        "guid_hash": entry.guid_hash,
        "url_key": entry.key,
        "stated_hash": entry.item.stated_hash,
    }


def row(entry: Entry, waited_minutes: float | None) -> dict[str, Any]:
    """As it is remembered; its texts are read."""
    published = entry.item.published
    is_exact = published is not None and published.precision in {DatePrecision.INSTANT, DatePrecision.MINUTE}
    learns = is_exact and waited_minutes is not None and waited_minutes <= MOST_WAITED
    corrected = entry.judged.dated.clock_version if entry.judged.dated else None
    return stated(entry) | {
        "item_hash": item_text.said_hash(entry.item, entry.key),
        "claimed_at": entry.judged.claimed_at if is_exact else None,
        "date_rule": entry.judged.rule,
        "clock_version": corrected,
        "waited_minutes": waited_minutes if learns else None,
    }


def hints(entry: Entry, stored: StoredSource, language_code: str | None) -> Hints:
    """What is known of the article from outside it."""
    item = entry.item
    return Hints(
        title=item.title,
        authors=item.authors,
        published=entry.judged.dated,
        summary_html=item.html,
        language_code=item.language_code or language_code or stored.source.language_code,
        url=item.url,
    )


def capture(entry: Entry, stored: StoredSource, language_code: str | None, at: datetime) -> FetchRow:
    """The entry's own text as a capture: it speaks for the poll that showed it."""
    return FetchRow(
        source_id=stored.source_id,
        kind=CaptureKind.ITEM,
        requested_url=entry.item.url or entry.key,
        final_url=entry.item.url,
        fetched_at=at,
        observed_at=at,
        outcome=Outcome.FETCHED,
        headers={"content-type": "text/html; charset=utf-8"},
        body=item_text.document(entry.item, entry.item.language_code or language_code),
    )
