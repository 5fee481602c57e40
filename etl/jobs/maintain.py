"""The daily round: partitions ahead, bodies whose time is up, the change feed, statistics, health, and who is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from etl.jobs import alerts as notices
from etl.jobs.job import Job
from etl.warehouse import alerts, keeping
from etl.warehouse.alerts import Alert
from etl.warehouse.keeping import Sign

Tell = Callable[[str], None]

_FREE_GB = 2


def partitions(job: Job, *, is_dry: bool = False, tell: Tell = lambda _: None) -> int:
    """Make partitions three months ahead, and let go of the index of copies of times past; how many were missing."""
    made = keeping.partitions(job.db, today=job.clock().date(), is_dry=is_dry)
    tell(f"partitions    {_would('made', is_dry) + ', '.join(made) if made else 'there for three months ahead'}")
    gone = keeping.retire_bands(job.db, today=job.clock().date(), is_dry=is_dry)
    if gone:
        tell(f"index         {_would('let go of', is_dry)}{', '.join(gone)}: made again when needed")
    return len(made)


def retire(job: Job, *, is_dry: bool = False, tell: Tell = lambda _: None) -> int:
    """Let go of what is kept for a time only; how many bodies and rows."""
    rules, at = job.settings.retention, job.clock()
    gone = keeping.retire(job.db, rules, at=at, is_dry=is_dry)
    for r in gone:
        texts = f"; {r.texts} of them are read as texts, not to be derived again" if r.texts else ""
        tell(
            f"retention     {r.stored_month:%Y-%m}: {_would('let go of', is_dry)}"
            f"{r.bodies} bodies, {_mb(r.bytes)}{texts}"
        )
    if not gone:
        tell(f"retention     {'nothing is due' if rules else 'everything is kept for ever (DATELINE_RETENTION)'}")
    folded = 0 if is_dry else keeping.fold(job.db, rules, at=at)
    tell(f"change feed   {'is folded when it is no dry run' if is_dry else f'{folded} superseded rows folded'}")
    return folded + sum(int(r.bodies) for r in gone)


def analyze(job: Job, *, is_dry: bool = False, tell: Tell = lambda _: None) -> int:
    """Renew statistics that are stale; of how many tables."""
    renewed = keeping.analyze(job.db, is_dry=is_dry)
    tell(f"statistics    {_would('renewed: ', is_dry) + ', '.join(renewed) if renewed else 'fresh'}")
    return len(renewed)


def health(job: Job, *, is_dry: bool = False, tell: Tell = lambda _: None) -> int:
    """Look at the warehouse and the disk, and end the run; how much is not well."""
    at = job.clock()
    signs = [*keeping.health(job.db, at=at), _disk(job)]
    for sign in signs:
        tell(f"{sign.what:<13} {sign.seen}" + (f"\n              → {sign.what_to_do}" if sign.what_to_do else ""))
    ill = [s for s in signs if s.what_to_do]
    if not is_dry:
        seen = [
            Alert(f"health:{s.what}", "health", f"Not well: {s.what}", s.seen, s.what_to_do or "", job.run_id)
            for s in ill
        ]
        alerts.settle(job.db, seen, ("health",), at=at)
        job.db.run("finish_run", run_id=job.run_id, at=at)
    return len(ill)


def maintain(job: Job, *, is_dry: bool = False, tell: Tell = lambda _: None) -> int:
    """All of it, one after the other; how much is not well."""
    partitions(job, is_dry=is_dry, tell=tell)
    retire(job, is_dry=is_dry, tell=tell)
    analyze(job, is_dry=is_dry, tell=tell)
    ill = health(job, is_dry=is_dry, tell=tell)
    if not is_dry:
        tell(f"alerts        {notices.tell(job)} sent")
    return ill


def _disk(job: Job) -> Sign:
    home = job.settings.home
    free = shutil.disk_usage(next(p for p in (home, *home.parents) if p.exists())).free / 1e9
    is_short = free < _FREE_GB
    return Sign(
        "disk", f"{free:.0f} GB free for {home}", f"Free some space: {_FREE_GB} GB are needed." if is_short else None
    )


def _would(done: str, is_dry: bool) -> str:
    return f"would be {done} " if is_dry else f"{done} "


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
