"""History's days to and from Postgres: which are missing, who works on one, and what backfills gave so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import psycopg2

from etl.errors import DatabaseUnreachable
from etl.warehouse.connect import Warehouse

# The server may come back, and what was not committed is done again.
PASSING = (DatabaseUnreachable, psycopg2.OperationalError, psycopg2.InterfaceError)


class DayState(StrEnum):
    """What was had of one archive's day."""

    HAD = "had"  # read to its end
    OWED = "owed"  # begun: an archive or pages still wait
    FAILED = "failed"
    MISSING = "missing"  # never read to its end


@dataclass(frozen=True, slots=True)
class SourceDay:
    """An archive and a day."""

    source_id: int
    source_name: str
    day: date
    state: DayState
    expected: int | None  # pages its archive says it has; None where it did not say
    fetched: int
    owed: int
    run_id: int | None  # that read it last
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """What a page of an archive gives and takes, in the mean."""

    articles_a_page: float
    mentions_an_article: float
    bytes_an_article: float  # of disk, indexes and bodies included
    seconds_a_page: float  # of one worker
    pages: int = 0  # that say so


def days(db: Warehouse, start: date, end: date, *, names: Sequence[str] | None = None) -> list[SourceDay]:
    """Each archive in use and each day from `start` up to, not including, `end`."""
    wanted = list(names) if names is not None else None
    return [
        SourceDay(
            source_id=r.source_id,
            source_name=r.source_name,
            day=r.covered_on,
            state=DayState(r.state),
            expected=r.expected,
            fetched=r.fetched,
            owed=r.owed,
            run_id=r.run_id,
            failure=r.failure,
        )
        for r in db.rows("backfill_days", start=start, end=end, names=wanted)
    ]


@contextmanager
def taken(db: Warehouse, day: date) -> Iterator[bool]:
    """Whether this connection has the day to itself for the block; a dead process gives its days back."""
    is_ours = bool(db.value("lock_backfill_day", day=day))
    try:
        yield is_ours
    finally:
        if is_ours and not db.connection.closed:
            db.value("unlock_backfill_day", day=day)


def end_cut_off(db: Warehouse, start: datetime, end: datetime, *, at: datetime) -> None:
    """End the runs for an interval that died, so that what they held is free at once."""
    db.run("end_backfills_cut_off", start=start, end=end, at=at)


def runs(db: Warehouse, start: datetime, end: datetime, *, since: datetime) -> list[Any]:
    """Runs for days of an interval begun `since`, or still at work, with what each has done."""
    return db.rows("backfill_runs", start=start, end=end, since=since)


def run_number(db: Warehouse, start: datetime) -> int:
    """Tells the next run for a day from those before."""
    return int(db.value("backfill_run_number", start=start)) + 1


def note_failure(db: Warehouse, run_id: int, error: BaseException) -> None:
    """Keep why a run did not end well, if the server can still be told."""
    with suppress(*PASSING):
        db.run("note_failure", run_id=run_id, failure=f"{type(error).__name__}: {' '.join(str(error).split())}"[:500])


def sources(db: Warehouse, names: Sequence[str] | None) -> list[Any]:
    """Sources, whether they have a past or not, with what past backfills of each gave."""
    return db.rows("backfill_sources", names=list(names) if names is not None else None)


def files_read(db: Warehouse, start: date, end: date) -> list[Any]:
    """Files of archives that were read to their end for days of an interval."""
    return db.rows("backfill_files_read", start=start, end=end)


def hosts(db: Warehouse, names: Sequence[str]) -> list[Any]:
    """What is known of hosts."""
    return db.rows("backfill_hosts", hosts=list(names))


def yield_so_far(db: Warehouse) -> Yield | None:
    """What archives gave this warehouse so far; None if nothing yet."""
    r = db.one("backfill_yield")
    told = r and (r.articles_a_page, r.mentions_an_article, r.bytes_an_article, r.seconds_a_page)
    if not told or None in told:
        return None
    return Yield(
        articles_a_page=r.articles_a_page,
        mentions_an_article=r.mentions_an_article,
        bytes_an_article=r.bytes_an_article,
        seconds_a_page=r.seconds_a_page,
        pages=int(r.pages),
    )


def bounds(db: Warehouse) -> tuple[date, date] | None:
    """The first day backfills were asked for, and the day after the last."""
    r = db.one("backfill_bounds")
    return (r.first_on, r.end_on) if r and r.first_on else None
