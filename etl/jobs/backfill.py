"""Days of history in; each is read, extracted, compared, tagged and checked as by `news_backfill`; how it ended out.

Every day is a run of its own, done by the same functions as the DAG's, so its accounts and its coverage are the same.
A process takes a day by a lock in Postgres and looks only then whether it is still to be done: several may work on
one interval at once, here or on other machines, and one that dies leaves its day to the next. What it had begun is
taken up where it stood: archives go on inside their files, and what was captured is not fetched again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from etl.errors import ChecksFailed, Stage
from etl.jobs.check import check
from etl.jobs.deduplicate import deduplicate
from etl.jobs.extract import extract
from etl.jobs.fetch import batches_due, fetch, queue_archives
from etl.jobs.geotag import geotag
from etl.jobs.job import Clock, Job, begin, resume, utc_now
from etl.jobs.window import instants
from etl.records import Counts
from etl.settings import Settings
from etl.warehouse import backfills
from etl.warehouse.backfills import DayState, SourceDay
from etl.warehouse.connect import Warehouse, connect

Tell = Callable[[str], None]
Sleep = Callable[[float], object]

JOB = "news_backfill"
_WAITS_S = (5.0, 15.0, 30.0, 60.0, 120.0)  # as long as a database takes to restart and recover


class Again(StrEnum):
    """Which days are read a second time."""

    NONE = "none"  # only what is missing, or was begun and not ended
    FAILED = "failed"  # and what failed
    ALL = "all"  # whatever was had


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done."""

    start: date
    end: date  # not included
    asked_at: datetime
    names: tuple[str, ...] | None = None  # of archives; all where None
    again: Again = Again.NONE
    is_backwards: bool = False  # the latest day first

    @property
    def days(self) -> list[date]:
        """The days in the order they are to be done."""
        every = [self.start + timedelta(days=n) for n in range((self.end - self.start).days)]
        return every[::-1] if self.is_backwards else every


@dataclass(frozen=True, slots=True)
class DayDone:
    """How one day ended."""

    day: date
    run_id: int
    counts: dict[Stage, Counts]
    failure: str | None = None


def run(
    settings: Settings, order: Order, *, clock: Clock = utc_now, tell: Tell = lambda _: None, sleep: Sleep = time.sleep
) -> Iterator[DayDone]:
    """Do the days that are due, one after another; those another process works on are left to it.

    A day whose checks fail is told and the next one begun; a database that went away is waited for. Anything else is
    raised, the day's run noting why.
    """
    for day in due_days(settings, order):
        if done := _insistently(settings, order, day, clock=clock, tell=tell, sleep=sleep):
            yield done


def due_days(settings: Settings, order: Order) -> list[date]:
    """The days on which there is something to do, in the order they are to be done."""
    with connect(settings.database_url or "", name="backfill") as db:
        found = backfills.days(db, order.start, order.end, names=order.names)
    wanted = {f.day for f in found if is_wanted(f, order.again)}
    return [day for day in order.days if day in wanted]


def due(db: Warehouse, order: Order, day: date) -> list[str]:
    """The archives that are to be read for a day, as things stand."""
    found = backfills.days(db, day, day + timedelta(days=1), names=order.names)
    if order.again is Again.ALL:
        since = {r.run_id for r in backfills.runs(db, *instants(day, day + timedelta(days=1)), since=order.asked_at)}
        return [f.source_name for f in found if f.run_id not in since or f.state is DayState.OWED]
    return [f.source_name for f in found if is_wanted(f, order.again)]


def is_wanted(found: SourceDay, again: Again) -> bool:
    """Whether an archive's day is to be read."""
    match found.state:
        case DayState.MISSING | DayState.OWED:
            return True
        case DayState.FAILED:
            return again is not Again.NONE
        case _:
            return again is Again.ALL


def _insistently(
    settings: Settings, order: Order, day: date, *, clock: Clock, tell: Tell, sleep: Sleep
) -> DayDone | None:
    """A day, tried again while the database is away; None if there was nothing to do."""
    for wait_s in (*_WAITS_S, None):
        try:
            return _taken(settings, order, day, clock)
        except backfills.PASSING as error:
            if wait_s is None or _is_of_ctrl_c(error):
                raise
            tell(f"{day}: {' '.join(str(error).split())}. Trying again in {wait_s:.0f} s.")
            sleep(wait_s)
    raise AssertionError("unreachable")


def _is_of_ctrl_c(error: BaseException | None) -> bool:
    """Whether it was met while clearing up after Ctrl-C, which is not to be tried again."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _taken(settings: Settings, order: Order, day: date, clock: Clock) -> DayDone | None:
    with connect(settings.database_url or "", name="backfill") as db, backfills.taken(db, day) as is_ours:
        names = due(db, order, day) if is_ours else []
        return _day(settings, db, day, names, clock) if names else None


def _day(settings: Settings, db: Warehouse, day: date, names: Sequence[str], clock: Clock) -> DayDone:
    interval = instants(day, day + timedelta(days=1))
    backfills.end_cut_off(db, *interval, at=clock())
    number = backfills.run_number(db, interval[0])
    with begin(settings, JOB, f"dateline__{day}__{number}", interval=interval, clock=clock) as job:
        run_id = job.run_id
    try:
        with resume(settings, run_id, clock=clock) as job:  # its connection tells others that the run is alive
            return DayDone(day, run_id, _stages(job, interval, names))
    except ChecksFailed as failed:
        return DayDone(day, run_id, {}, str(failed))
    except backfills.PASSING:  # no fault of the day: it is taken up as if cut off
        raise
    except Exception as error:  # whatever it was, the run says so; then it goes on up
        backfills.note_failure(db, run_id, error)
        raise


def _stages(job: Job, interval: tuple[datetime, datetime], names: Sequence[str]) -> dict[Stage, Counts]:
    counts = {Stage.FETCH: Counts()}
    queue_archives(job, *interval, names=names)
    for part, batch in enumerate(batches_due(job, names=names, archives_of=interval, most=1)):
        counts[Stage.FETCH] += fetch(job, batch, part=str(part), archives_of=interval)
    stages: dict[Stage, Callable[[Job], Counts]] = {
        Stage.EXTRACT: extract,
        Stage.DEDUPLICATE: deduplicate,
        Stage.GEOTAG: geotag,
    }
    for stage, do in stages.items():
        counts[stage] = do(job)
    check(job, is_backfill=True)
    return counts
