"""A sitemap and an interval in; the pages that belong to those days queued, each under its own day.

The root and the children that may hold the interval are read at each run, which costs a few requests; a page that was
had before is not asked for again, so a run that was killed, or is repeated, goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from etl.errors import Stage
from etl.jobs import entries, payload
from etl.jobs.job import Job
from etl.jobs.window import instants
from etl.records import CaptureKind, Counts, FeedItem, Fetched, Outcome, Rejected, Sitemap
from etl.sources import address_dates, sitemap_days, sitemaps
from etl.warehouse import captures, runs, work
from etl.warehouse.sources import StoredSource

Get = Callable[[str], Fetched]

_MOST_CHILDREN = 500  # of an index, an interval


@dataclass(frozen=True, slots=True)
class _Task:
    job: Job
    stored: StoredSource
    get: Get
    start: date
    end: date

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The interval as instants, UTC."""
        return instants(self.start, self.end)


def read(job: Job, stored: StoredSource, get: Get, start: date, end: date) -> Counts:
    """Queue the pages that a sitemap has for the days from `start` up to, not including, `end`."""
    task = _Task(job, stored, get, start, end)
    days: Counter[date] = Counter()
    root = _sitemap(task, stored.standing.moved_to_url or stored.source.url)
    if isinstance(root, Counts):
        return root
    total, is_whole = _take(task, root, days), True
    children = sitemap_days.children_for(root, *task.span)
    for child in children[:_MOST_CHILDREN]:
        found = _sitemap(task, child.url)
        is_whole = is_whole and not isinstance(found, Counts)
        total += found if isinstance(found, Counts) else _take(task, found, days)
    if is_whole and len(children) <= _MOST_CHILDREN:
        _expect(task, days)
    return total


def _sitemap(task: _Task, url: str) -> Sitemap | Counts:
    """Ask for a sitemap and keep its bytes; the tally where it cannot be read."""
    fetched = task.get(url)
    row = captures.FetchRow.of(fetched, task.stored.source_id, CaptureKind.FEED)
    with task.job.db.transaction():
        captures.keep(task.job.db, task.job.run_id, [row], task.job.clock())
    found: Sitemap | Rejected
    if fetched.outcome is not Outcome.FETCHED or fetched.body is None or fetched.reason:
        reason = fetched.reason
        found = Rejected(Stage.FETCH, reason, url, fetched.detail) if reason else Sitemap(url=url)
    else:
        zone = task.stored.source.time_zone
        found = sitemaps.parse(fetched.body, url=fetched.final_url, fetched_at=fetched.at, time_zone=zone)
    return _noted(task, url, found) if isinstance(found, Rejected) else found


def _noted(task: _Task, url: str, why: Rejected) -> Counts:
    key = f"sitemap:{task.stored.source.name}:{url}"[:1_000]
    rejected = [(Rejected(Stage.FETCH, why.reason, key, why.detail), task.stored.source_id)]
    return runs.note(task.job.db, task.job.run_id, Stage.FETCH, rejected=rejected, at=task.job.clock())


def _take(task: _Task, sitemap: Sitemap, days: Counter[date]) -> Counts:
    """Queue a sitemap's pages of the interval; those had before are accounted for and left."""
    job, stored, at = task.job, task.stored, task.job.clock()
    belongs = [item for item, _ in sitemap_days.items_of(sitemap, *task.span)]
    found, _ = entries.of(belongs, stored, at, None)
    day_of = {i.guid: _day(i, sitemap) for i in belongs}
    days.update(day_of[e.item.guid] for e in found)
    with job.db.transaction():
        rows = job.db.rows("find_pages", keys=sorted({e.key for e in found}))
        held = {r.article_key for r in rows if r.blob_hash is not None}
        fresh = [e for e in found if e.key not in held]
        work.queue(job.db, job.run_id, [_page(task, e, day_of[e.item.guid], sitemap) for e in fresh], at)
        kept = [(_key(task, e), stored.source_id, "held already") for e in found if e.key in held]
        return runs.note(job.db, job.run_id, Stage.FETCH, kept=kept, at=at)


def _day(item: FeedItem, sitemap: Sitemap) -> date:
    dated = sitemap_days.dated_by(item, address_dates.named_span(sitemap.url))
    return dated[0].at.astimezone(UTC).date() if dated else date.min


def _key(task: _Task, entry: entries.Entry) -> str:
    return f"past:{task.start}/{task.end}:{entry.key}"


def _page(task: _Task, entry: entries.Entry, day: date, sitemap: Sitemap) -> dict[str, Any]:
    return {
        "stage": Stage.FETCH,
        "item_key": _key(task, entry),
        "source_id": task.stored.source_id,
        "payload": {
            "kind": "page",
            "url": entry.item.url,
            "article_key": entry.key,
            "covered_on": day.isoformat(),
            "hints": payload.pack(entries.hints(entry, task.stored, sitemap.language_code)),
        },
    }


def _expect(task: _Task, days: Counter[date]) -> None:
    """How many pages the sitemap says each day has; that of a day without any is known too."""
    every = [task.start.fromordinal(n) for n in range(task.start.toordinal(), task.end.toordinal())]
    rows = [{"source_id": task.stored.source_id, "covered_on": d, "expected": days[d]} for d in every]
    with task.job.db.transaction():
        task.job.db.run("note_expected", rows=rows, run_id=task.job.run_id)
