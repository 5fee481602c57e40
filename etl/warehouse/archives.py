"""How far archive files were read, to and from Postgres, so that a reader that was stopped goes on there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from etl.warehouse.connect import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one file was read for one interval."""

    name: str  # relative to the archive
    mark: str  # size and time of change
    next_offset: int = 0
    records: int = 0  # pages kept of it
    is_done: bool = False


def read(db: Warehouse, source_id: int, start: date, end: date) -> dict[str, Progress]:
    """The files of an archive that were read for an interval, by name."""
    rows = db.rows("archive_offsets", source_id=source_id, start=start, end=end)
    return {
        r.file_name: Progress(
            name=r.file_name, mark=r.file_mark, next_offset=r.next_offset, records=r.records, is_done=r.is_done
        )
        for r in rows
    }


def keep(db: Warehouse, done: Progress, *, source_id: int, start: date, end: date, run_id: int, at: datetime) -> None:
    """Note how far a file was read; to be called in the transaction that keeps what was read."""
    db.run(
        "keep_archive_offset",
        source_id=source_id,
        file_name=done.name,
        file_mark=done.mark,
        start=start,
        end=end,
        next_offset=done.next_offset,
        records=done.records,
        is_done=done.is_done,
        run_id=run_id,
        at=at,
    )
