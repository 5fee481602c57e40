"""Captures in, articles out: worker processes with limits read the bytes, one transaction writes the batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etl.dedup.canonical import redirect_evidence, same_page_evidence, url_key
from etl.errors import Reason, Stage
from etl.extract import pool
from etl.jobs import payload
from etl.jobs.job import Job
from etl.records import Article, Capture, CaptureKind, Counts, Rejected
from etl.warehouse import articles, captures, work
from etl.warehouse.captures import StoredCapture

_BATCH = 50


def extract(job: Job, *, workers: int = 1) -> Counts:
    """Extract whatever waits; answers the tally."""
    total = Counts()
    with job.holder(Stage.EXTRACT) as holder, pool.crew(workers) as read:
        while True:
            with holder.claim(_BATCH) as items:
                if not items:
                    return total
                total += _batch(job, holder, items, read)


def _batch(job: Job, holder: work.Holder, items: Sequence[work.Item], read: pool.Extract) -> Counts:
    done = work.poisoned(Stage.EXTRACT, items)
    given_up = {d.item.work_id for d in done}
    item_of = {int(i.payload["fetch_id"]): i for i in items if i.work_id not in given_up}
    stored = captures.load(job.db, sorted(item_of))
    done += [_bodiless(i) for n, i in item_of.items() if n not in {c.fetch_id for c in stored}]
    asked = [as_read(c, item_of[c.fetch_id].payload.get("hints", {})) for c in stored]
    found: list[articles.Extracted] = []
    for capture, result in zip(stored, read(asked), strict=True):
        item = item_of[capture.fetch_id]
        if isinstance(result, Rejected):
            done.append(work.Done(item, Rejected(Stage.EXTRACT, result.reason, item.key, _told(result, capture))))
        else:
            found.append(articles.Extracted(capture=capture, article=result, keys=_keys(capture, result, item)))
    return _write(job, holder, item_of, found, done)


def _bodiless(item: work.Item) -> work.Done:
    """A capture whose bytes were taken down, before they were stored or since."""
    return work.Done(item, Rejected(Stage.EXTRACT, Reason.TOMBSTONED, item.key, "its bytes are not held"))


def as_read(stored: StoredCapture, hints: dict[str, Any]) -> Capture:
    """A capture as extraction is given it, with what was stated of it."""
    return Capture(
        kind=stored.kind,
        url=_page_url(stored),
        observed_at=stored.observed_at,
        media_type=stored.headers.get("content-type"),
        body=stored.body,
        hints=payload.unpack(hints),
        time_zone=stored.time_zone,
    )


def _page_url(stored: StoredCapture) -> str | None:
    """The address of the page; a file has none, nor has an entry without a link."""
    if stored.kind in {CaptureKind.FILE, CaptureKind.ITEM}:
        return stored.final_url if stored.kind is CaptureKind.ITEM else None
    return stored.final_url or stored.requested_url


def _told(rejected: Rejected, capture: StoredCapture) -> str:
    return " · ".join(filter(None, [capture.final_url or capture.requested_url, rejected.detail]))


def _keys(capture: StoredCapture, article: Article, item: work.Item) -> tuple[str, ...]:
    """The keys that lead to the article: as asked first, then what answered and what the page says of itself."""
    asked: str = item.payload["article_key"]
    if capture.kind in {CaptureKind.FILE, CaptureKind.ITEM}:
        return (asked,)
    page = capture.final_url or capture.requested_url
    if not redirect_evidence(capture.requested_url, page):  # a page for many says nothing of the one asked for
        return (asked,)
    named = [article.canonical_url, *article.alias_urls]
    aliases = [url_key(page), *(url_key(u) for u in named if u and same_page_evidence(page, u))]
    return tuple(dict.fromkeys([asked, *filter(None, aliases)]))


def _write(
    job: Job,
    holder: work.Holder,
    item_of: dict[int, work.Item],
    found: Sequence[articles.Extracted],
    done: list[work.Done],
) -> Counts:
    at = job.clock()
    with job.db.transaction():
        held = holder.held([d.item for d in done] + list(item_of.values()))
        found = [e for e in found if item_of[e.capture.fetch_id].work_id in held]
        stored = articles.keep(job.db, job.run_id, found, code_version=job.settings.code_version, at=at)
        done += [work.Done(item_of[e.capture.fetch_id], stored.rejected.get(e.capture.fetch_id)) for e in found]
        work.queue(
            job.db,
            job.run_id,
            [
                {"stage": stage, "item_key": f"content:{content_id}", "source_id": source_id}
                for content_id, source_id in stored.new_contents
                for stage in (Stage.DEDUPLICATE, Stage.GEOTAG)
            ],
            at,
        )
        told = held - {d.item.work_id for d in done if d.rejected and d.rejected.reason is Reason.TOMBSTONED}
        captures.keep_stated(job.db, {i: item.payload for i, item in item_of.items() if item.work_id in told})
        done = [d for d in done if d.item.work_id in held]
        work.queue(job.db, job.run_id, [row for d in done if (row := _instead(d))], at)
        return holder.finish(done)


def _instead(done: work.Done) -> dict[str, object] | None:
    """Where a page cannot be read as an article, the text that its feed entry carried is read in its place."""
    fetch_id = done.item.payload.get("item_fetch_id")
    if done.rejected is None or fetch_id is None:
        return None
    stated = done.item.payload
    return payload.to_extract(fetch_id, stated["article_key"], done.item.source_id, stated.get("hints", {}))
