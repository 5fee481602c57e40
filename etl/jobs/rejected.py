"""Items turned away in; tried again with today's code from the bytes that are held, and what became of them out.

Nothing is asked of the network. A run of its own owns the tries: each ends in its ledger as kept or rejected, and what
earlier runs said of them stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etl.dedup.canonical import url_key
from etl.errors import Stage
from etl.jobs import payload
from etl.jobs.check import check
from etl.jobs.deduplicate import deduplicate
from etl.jobs.extract import extract
from etl.jobs.geotag import geotag
from etl.jobs.job import Clock, Job, begin, resume, utc_now
from etl.settings import Settings
from etl.warehouse import rejections, runs, work
from etl.warehouse.connect import connect
from etl.warehouse.rejections import Turned, Wanted

JOB = "rejected_retry"
_BATCH = 1_000

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What became of a retry."""

    run_id: int | None  # None if there was nothing to try
    tried: int = 0
    kept: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)  # again, by reason
    cannot: Mapping[str, int] = field(default_factory=dict)  # not tried, by why


def retry(settings: Settings, wanted: Wanted, *, clock: Clock = utc_now, tell: Tell = lambda _: None) -> Retried:
    """Try again whatever is wanted and can be. Raises ChecksFailed as any run does."""
    with connect(settings.database_url or "", name="rejected") as db:
        found = rejections.still(db, wanted)
    cannot = Counter(why for t in found if (why := t.cannot))
    waiting = [row for t in found if t.cannot is None and (row := _to_queue(t)) is not None]
    if not waiting:
        return Retried(run_id=None, cannot=cannot)
    with begin(settings, JOB, f"dateline__{clock().isoformat()}", clock=clock) as job:
        run_id = job.run_id
    with resume(settings, run_id, clock=clock) as job:
        tell(f"{len(waiting):,} to try again")
        _queue(job, waiting)
        for stage, do in ((Stage.EXTRACT, extract), (Stage.DEDUPLICATE, deduplicate), (Stage.GEOTAG, geotag)):
            tell(f"{stage}: {do(job).summary['seen']:,}")
        check(job, is_counted=False)
        return _retried(job, waiting, cannot)


def _queue(job: Job, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        work.queue(job.db, job.run_id, rows[start : start + _BATCH], job.clock())


def _to_queue(turned: Turned) -> dict[str, Any] | None:
    """As it waits again. What its feed entry carried was read when the page was first turned away."""
    if turned.source_id is None:
        return None
    if turned.stage is not Stage.EXTRACT:
        return {"stage": turned.stage, "item_key": turned.key, "source_id": turned.source_id}
    stated = {k: v for k, v in (turned.payload or {}).items() if k != "item_fetch_id"}
    key = stated.get("article_key") or url_key(turned.url or "")
    if turned.fetch_id is None or key is None:
        return None
    return payload.to_extract(turned.fetch_id, key, turned.source_id, stated.get("hints", {}))


def _retried(job: Job, waiting: Sequence[dict[str, Any]], cannot: Mapping[str, int]) -> Retried:
    """The tally of what was tried; what else waited and was taken up along with it is the run's, but not told here."""
    keys = [f"{row['stage']} {row['item_key']}" for row in waiting]
    ended = runs.ended(job.db, job.run_id, keys)
    return Retried(
        run_id=job.run_id,
        tried=len(keys),
        kept=sum(r.state == "kept" for r in ended),
        rejected=Counter(r.reason for r in ended if r.state == "rejected"),
        cannot=cannot,
    )
