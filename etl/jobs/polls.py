"""Answers of feeds in; what is new in them queued as pages to fetch, and what polling learned of the source written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from etl.dedup.canonical import url_key
from etl.errors import Reason, Stage
from etl.jobs import payload
from etl.jobs.job import Job
from etl.records import Counts, Feed, FeedItem, Fetched, Hints, Outcome, Rejected
from etl.sources import feeds
from etl.warehouse import runs, work
from etl.warehouse.sources import StoredSource, pause_minutes

_WEIGHTS = {  # how much a failure counts towards giving a feed up; temporary ones least
    Reason.TIMED_OUT: 0.25,
    Reason.UNREACHABLE: 0.25,
    Reason.DNS_FAILED: 0.25,
    Reason.RATE_LIMITED: 0.25,
    Reason.SERVER_ERROR: 0.5,
    Reason.BROKEN_FEED: 0.5,
}


@dataclass(frozen=True)
class _Poll:
    """One answer and what it means."""

    item: work.Item
    stored: StoredSource
    fetched: Fetched
    feed: Feed | None = None
    rejected: Rejected | None = None
    unusable: tuple[Rejected, ...] = ()  # entries without a usable link
    entries: dict[bytes, FeedItem] = field(default_factory=dict)  # by hash of the id, those with a usable link

    @property
    def is_same(self) -> bool:
        """Whether the feed is as it was."""
        return self.fetched.outcome is Outcome.NOT_MODIFIED or (self.feed is None and self.rejected is None)


def settle(
    job: Job, holder: work.Holder, known: dict[int, StoredSource], answers: Sequence[tuple[work.Item, Fetched]]
) -> Counts:
    """Interpret what feeds answered; the tally of the polls and of entries that could not be used."""
    if not answers:
        return Counts()
    polls = [_read(item, known[item.source_id], fetched) for item, fetched in answers]
    at = job.clock()
    with job.db.transaction():
        held = holder.held([p.item for p in polls])
        polls = [p for p in polls if p.item.work_id in held]
        fresh = _fresh(job, polls)
        work.queue(job.db, job.run_id, [row for p in polls for row in _pages(p, fresh)], at)
        job.db.run("keep_sightings", keys=sorted({k for p in polls for e in p.entries.values() if (k := _key(e))}))
        job.db.run("note_polls", rows=[_learned(p, fresh) for p in polls], at=at)
        unusable = [(r, p.item.source_id) for p in polls for r in p.unusable]
        total = runs.note(job.db, job.run_id, Stage.FETCH, rejected=[_named(r, known, s) for r, s in unusable], at=at)
        return total + holder.finish([work.Done(p.item, p.rejected, _detail(p, fresh)) for p in polls])


def _read(item: work.Item, stored: StoredSource, fetched: Fetched) -> _Poll:
    if fetched.outcome is Outcome.FAILED:
        reason = fetched.reason or Reason.CLIENT_ERROR
        return _Poll(item, stored, fetched, rejected=Rejected(Stage.FETCH, reason, item.key, fetched.detail))
    body = fetched.body
    if body is None or (hashlib.sha256(body).digest() == stored.blob_hash and not stored.failure_weight):
        return _Poll(item, stored, fetched)
    zone = stored.source.time_zone
    parsed = feeds.parse(body, url=fetched.final_url, headers=fetched.headers, fetched_at=fetched.at, time_zone=zone)
    if isinstance(parsed, Rejected):
        return _Poll(item, stored, fetched, rejected=Rejected(Stage.FETCH, parsed.reason, item.key, parsed.detail))
    entries = {_guid_hash(e): e for e in parsed.items if _key(e)}
    unlinked = [
        Rejected(Stage.FETCH, Reason.BAD_ITEM, e.guid, "no link to a page") for e in parsed.items if not _key(e)
    ]
    return _Poll(item, stored, fetched, feed=parsed, entries=entries, unusable=(*parsed.rejected, *unlinked))


def _guid_hash(entry: FeedItem) -> bytes:
    return hashlib.sha256(entry.guid.encode("utf-8", "replace")).digest()


def _key(entry: FeedItem) -> str | None:
    return url_key(entry.url) if entry.url else None


def _fresh(job: Job, polls: Sequence[_Poll]) -> set[tuple[int, bytes]]:
    """Which entries are new or changed, as (source, hash of the id)."""
    rows = [
        {"source_id": p.item.source_id, "guid_hash": h, "item_hash": e.item_hash, "url_key": _key(e)}
        for p in polls
        for h, e in p.entries.items()
    ]
    if not rows:
        return set()
    return {(r.source_id, bytes(r.guid_hash)) for r in job.db.rows("new_items", rows=rows, at=job.clock())}


def _pages(poll: _Poll, fresh: set[tuple[int, bytes]]) -> list[dict[str, Any]]:
    """The pages to fetch: one a canonical address, however many entries lead to it."""
    return [
        {
            "stage": Stage.FETCH,
            "item_key": f"page:{_key(e)}",
            "source_id": poll.item.source_id,
            "payload": {"kind": "page", "url": e.url, "article_key": _key(e), "hints": payload.pack(_hints(e, poll))},
        }
        for h, e in poll.entries.items()
        if (poll.item.source_id, h) in fresh
    ]


def _hints(entry: FeedItem, poll: _Poll) -> Hints:
    return Hints(
        title=entry.title,
        authors=entry.authors,
        published=entry.published,
        summary_html=entry.html,
        language_code=(poll.feed.language_code if poll.feed else None) or poll.stored.source.language_code,
        url=entry.url,
    )


def _learned(poll: _Poll, fresh: set[tuple[int, bytes]]) -> dict[str, Any]:
    fetched, source = poll.fetched, poll.stored.source
    is_success = poll.rejected is None
    reason = poll.rejected.reason if poll.rejected else None
    weight = 0.0 if reason is None else _WEIGHTS.get(reason, 1.0)
    new = sum((poll.item.source_id, h) in fresh for h in poll.entries)
    ttl = poll.feed.ttl_minutes if poll.feed else None
    pause = pause_minutes(source, ttl, 0 if is_success else poll.stored.failure_weight + weight)
    return {
        "source_id": poll.item.source_id,
        "is_success": is_success,
        "is_unmodified": fetched.outcome is Outcome.NOT_MODIFIED,
        "etag": fetched.headers.get("etag"),
        "last_modified": fetched.headers.get("last-modified"),
        "blob_hash": hashlib.sha256(fetched.body).digest() if fetched.body is not None and is_success else None,
        "new": new,
        "pause_minutes": max(pause, (fetched.retry_after_s or 0) // 60),
        "weight": weight,
        "moved_to": fetched.moved_to,
        "is_gone": reason is Reason.GONE,
    }


def _named(rejected: Rejected, known: dict[int, StoredSource], source_id: int) -> tuple[Rejected, int]:
    key = f"item:{known[source_id].source.name}:{rejected.key}"[:500]
    return Rejected(Stage.FETCH, rejected.reason, key, rejected.detail), source_id


def _detail(poll: _Poll, fresh: set[tuple[int, bytes]]) -> str:
    if poll.is_same:
        return "unchanged"
    new = sum((poll.item.source_id, h) in fresh for h in poll.entries)
    return f"{len(poll.entries)} entries, {new} new or changed"
