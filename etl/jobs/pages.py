"""Answers of pages in; captures queued for extraction, and when each page is asked again written.

A page that is as it was is no work: 304 or the same bytes. One that cannot be had gives way to the text its feed
entry carried, if that was kept. A failure that may pass is given back for later, then asked again with the refetches.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from etl.errors import Reason, Stage
from etl.jobs import payload
from etl.jobs.job import Job
from etl.records import Counts, Fetched, Outcome, Rejected
from etl.sources.schedule import next_refetch
from etl.warehouse import work

_PASSING = frozenset(
    {Reason.TIMED_OUT, Reason.UNREACHABLE, Reason.DNS_FAILED, Reason.SERVER_ERROR, Reason.RATE_LIMITED}
)
_OVER = frozenset({Reason.NOT_FOUND, Reason.GONE})
_RETRY_PAUSE_S = 900


@dataclass(frozen=True, slots=True)
class _Page:
    """One answer of a page."""

    item: work.Item
    fetched: Fetched
    fetch_id: int

    @property
    def key(self) -> str:
        """The article it leads to."""
        return str(self.item.payload["article_key"])

    @property
    def is_again(self) -> bool:
        """Whether it is asked only to see if it changed."""
        return bool(self.item.payload.get("is_again"))

    @property
    def is_passing(self) -> bool:
        """Whether it failed in a way that may pass within the hour. A refetch simply waits for its next time."""
        return self.fetched.reason in _PASSING and not self.is_again and self.item.attempts < work.MAX_ATTEMPTS

    @property
    def blob_hash(self) -> bytes | None:
        """sha256 of the body."""
        return (
            hashlib.sha256(self.fetched.body).digest()
            if self.fetched.outcome is Outcome.FETCHED and self.fetched.body is not None
            else None
        )


def settle(job: Job, holder: work.Holder, answers: Sequence[tuple[work.Item, Fetched, int]]) -> Counts:
    """Say what each answer means; the tally."""
    if not answers:
        return Counts()
    pages = [_Page(*answer) for answer in answers]
    at = job.clock()
    with job.db.transaction():
        held = holder.held([p.item for p in pages])
        mine = [p for p in pages if p.item.work_id in held and not p.is_passing]
        before = {r.article_key: r for r in job.db.rows("find_pages", keys=sorted({p.key for p in mine}))}
        work.queue(job.db, job.run_id, [row for p in mine if (row := _to_extract(p, before))], at)
        _learn(job, mine, before, at)
        total = holder.finish([work.Done(p.item, _turned_away(p), _detail(p, before)) for p in mine])
    for p in pages:
        if p.is_passing:
            pause_s = max(p.fetched.retry_after_s or 0, _RETRY_PAUSE_S)
            total += holder.release([p.item], pause_s=pause_s, detail=f"{p.fetched.reason}: {p.fetched.detail}")
    return total


def _is_same(page: _Page, before: Mapping[str, Any]) -> bool:
    """Whether it is as it was when last read."""
    if page.fetched.outcome is Outcome.NOT_MODIFIED:
        return True
    held = before.get(page.key)
    return (
        page.blob_hash is not None
        and held is not None
        and held.blob_hash is not None
        and bytes(held.blob_hash) == page.blob_hash
    )


def _to_extract(page: _Page, before: Mapping[str, Any]) -> dict[str, Any] | None:
    """The capture to read: the page, or the entry's own text where the page cannot be had."""
    stated = page.item.payload
    hints, text_id = stated.get("hints", {}), stated.get("item_fetch_id")
    if page.fetched.outcome is not Outcome.FAILED:
        more = {"item_fetch_id": text_id} if text_id is not None else {}
        return (
            None
            if _is_same(page, before)
            else payload.to_extract(page.fetch_id, page.key, page.item.source_id, hints, **more)
        )
    return payload.to_extract(text_id, page.key, page.item.source_id, hints) if text_id is not None else None


def _learn(job: Job, pages: Sequence[_Page], before: Mapping[str, Any], at: datetime) -> None:
    gone = sorted({p.key for p in pages if p.fetched.reason in _OVER})
    if gone:
        job.db.run("bury_pages", keys=gone, at=at)
    rows = [_row(p, before.get(p.key), job) for p in pages if _is_to_be_asked_again(p)]
    if rows:
        job.db.run("learn_pages", rows=rows)


def _is_to_be_asked_again(page: _Page) -> bool:
    reason = page.fetched.reason
    return reason is None or reason in _PASSING or (page.is_again and reason not in _OVER)


def _row(page: _Page, held: Any, job: Job) -> dict[str, Any]:
    fetched, stated = page.fetched, page.item.payload
    first = held.first_fetched_at if held is not None else fetched.at
    hints = replace(payload.unpack(stated.get("hints", {})), summary_html=None)
    return {
        "article_key": page.key,
        "source_id": page.item.source_id,
        "url": stated["url"],
        "hints": payload.pack(hints),
        "etag": fetched.headers.get("etag"),
        "last_modified": fetched.headers.get("last-modified"),
        "blob_hash": page.blob_hash,
        "fetched_at": fetched.at,
        "next_fetch_at": None if stated.get("covered_on") else next_refetch(first, fetched.at, job.settings.refetch),
    }


def _turned_away(page: _Page) -> Rejected | None:
    if page.fetched.outcome is not Outcome.FAILED:
        return None
    reason = page.fetched.reason or Reason.CLIENT_ERROR
    return Rejected(Stage.FETCH, reason, page.item.key, page.fetched.detail)


def _detail(page: _Page, before: Mapping[str, Any]) -> str | None:
    if page.fetched.outcome is Outcome.FAILED:
        return None
    return "unchanged" if _is_same(page, before) else "asked again: changed" if page.is_again else None
