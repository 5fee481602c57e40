"""A run in hand: the warehouse, the clock and the settings that every stage gets.

A run's first task begins it, the others resume it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from etl.errors import SettingError, Stage
from etl.settings import Settings
from etl.warehouse import leases, runs
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.work import Holder

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Job:
    """What a stage works with."""

    db: Warehouse
    run_id: int
    settings: Settings
    clock: Clock = utc_now

    @property
    def interval(self) -> tuple[datetime, datetime]:
        """The window this run answers for. Raises SettingError if it has none."""
        row = self.db.one("run_interval", run_id=self.run_id)
        if row is None or row.start is None:
            raise SettingError(f"run {self.run_id}", "It has no data interval; give `start` and `end`.")
        return row.start, row.end

    @contextmanager
    def holder(self, stage: Stage, part: str = "") -> Iterator[Holder]:
        """Claims items for a stage of this run; tasks side by side differ in `part`.

        What it claims stays its own for the block, however long that takes: work taken from one who is only slow is
        done twice, and thrown away as poison when it was taken too often.
        """
        holder = Holder(self.db, self.run_id, stage, part, self.settings.lease_s)
        with leases.kept(_url(self.settings), holder):
            yield holder


@contextmanager
def begin(
    settings: Settings,
    name: str,
    external_id: str,
    *,
    interval: tuple[datetime, datetime] | None = None,
    clock: Clock = utc_now,
) -> Iterator[Job]:
    """Begin a run, or find it if this is a repeat."""
    with connect(_url(settings), name=name) as db:
        run_id = runs.begin(db, name, external_id, interval=interval, code_version=settings.code_version, at=clock())
        yield Job(db, run_id, settings, clock)


@contextmanager
def resume(settings: Settings, run_id: int, *, clock: Clock = utc_now) -> Iterator[Job]:
    """Take up a run that an earlier task began."""
    with connect(_url(settings), name=f"run {run_id}") as db:
        yield Job(db, run_id, settings, clock)


def _url(settings: Settings) -> str:
    if settings.database_url is None:
        raise SettingError(
            "DATELINE_DATABASE_URL", "It is set by `dateline up` and `make demo`; jobs never start a server."
        )
    return settings.database_url
