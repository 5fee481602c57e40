"""Runs and their accounts: a job's name goes in, a run id comes out; later its counts, coverage and checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from etl.errors import Stage
from etl.records import Counts, Rejected
from etl.warehouse.connect import Warehouse


def begin(
    db: Warehouse,
    job: str,
    external_id: str,
    *,
    interval: tuple[datetime, datetime] | None,
    code_version: str,
    at: datetime,
) -> int:
    """The run of this job and external id, made the first time."""
    start, end = interval or (None, None)
    run_id: int = db.value(
        "begin_run",
        job=job,
        external_id=external_id,
        start=start,
        end=end,
        code_version=code_version,
        at=at,
    )
    return run_id


def note(
    db: Warehouse,
    run_id: int,
    stage: Stage,
    *,
    kept: Sequence[tuple[str, int, str]] = (),
    rejected: Sequence[tuple[Rejected, int]] = (),
    at: datetime,
) -> Counts:
    """Account for items that never waited in a queue: kept (key, source, detail), rejected (why, source)."""
    rows: list[dict[str, Any]] = [
        {"item_key": key, "source_id": source_id, "state": "kept", "detail": detail or None}
        for key, source_id, detail in kept
    ]
    rows += [
        {
            "item_key": r.key,
            "source_id": source_id,
            "state": "rejected",
            "reason": r.reason,
            "detail": r.detail or None,
        }
        for r, source_id in rejected
    ]
    if rows:
        db.run("note_items", run_id=run_id, stage=stage, rows=rows, at=at)
    return Counts.of(kept=len(kept), rejected=[r for r, _ in rejected])


def counts(db: Warehouse, run_id: int) -> dict[Stage, Counts]:
    """The ledger of a run, per stage. Items still in work are seen, but neither kept nor rejected."""
    found: dict[Stage, Counts] = {}
    for row in db.rows("stage_counts", run_id=run_id):
        one = Counts(
            seen=row.n,
            kept=row.n if row.state == "kept" else 0,
            released=row.n if row.state == "released" else 0,
            rejected={row.reason: row.n} if row.state == "rejected" else {},
        )
        stage = Stage(row.stage)
        found[stage] = found.get(stage, Counts()) + one
    return {stage: found[stage] for stage in Stage if stage in found}


def ended(db: Warehouse, run_id: int, keys: Sequence[str]) -> list[Any]:
    """How these items, each named as its stage, a space and its key, ended in a run."""
    return db.rows("items_ended", run_id=run_id, keys=list(keys))
