"""The queue: a `Holder` (one task of one run) claims items in batches, then finishes or releases them.

An item is done by the run that finishes it. A holder that dies loses its items when the lease runs out; a retry of the
same task takes them back at once. What a holder no longer holds when it commits is left to whoever took it over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.errors import Reason, Stage
from etl.records import Counts, Rejected
from etl.warehouse.connect import Warehouse

MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One claimed item."""

    work_id: int
    key: str
    source_id: int
    payload: dict[str, Any]
    attempts: int  # this one included


@dataclass(frozen=True, slots=True)
class Done:
    """How one item ended: `rejected` None means kept."""

    item: Item
    rejected: Rejected | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Holder:
    """Who claims: a stage of a run, told apart from other tasks of it by `part`."""

    db: Warehouse
    run_id: int
    stage: Stage
    part: str = ""
    lease_s: float = 300

    @property
    def owner(self) -> str:
        """The name leases are held under; the same for a task's retry."""
        return f"{self.run_id}/{self.stage}/{self.part}"

    @contextmanager
    def claim(
        self,
        limit: int,
        *,
        sources: Sequence[int] | None = None,
        pattern: str = "",
        in_hand: Collection[int] = (),
    ) -> Iterator[list[Item]]:
        """Hold a batch for the block; whatever the block did not end is given back if it fails.

        What this owner holds already is taken up again, as by a task's retry, but for what it says is in hand.
        """
        rows = self.db.rows(
            "claim_work",
            stage=self.stage,
            sources=list(sources) if sources is not None else None,
            pattern=pattern,
            in_hand=list(in_hand),
            owner=self.owner,
            run_id=self.run_id,
            limit=limit,
            lease_s=self.lease_s,
        )
        items = [Item(r.work_id, r.item_key, r.source_id, r.payload, r.attempts) for r in rows]
        try:
            yield items
        except BaseException:  # Ctrl-C included: the items go back, the error goes on
            if not self.db.connection.closed:
                self.release(items, detail="interrupted")
            raise

    def held(self, items: Iterable[Item]) -> set[int]:
        """Which items are still ours; they stay locked until the transaction ends."""
        ids = sorted(item.work_id for item in items)
        return {r.work_id for r in self.db.rows("hold_work", work_ids=ids, owner=self.owner, run_id=self.run_id)}

    def finish(self, done: Sequence[Done]) -> Counts:
        """End items; to be called in the transaction that writes their results."""
        rows = [
            {
                "work_id": d.item.work_id,
                "state": "rejected" if d.rejected else "kept",
                "reason": d.rejected.reason if d.rejected else None,
                "detail": (d.rejected.detail if d.rejected else d.detail) or None,
            }
            for d in done
        ]
        self.db.run("finish_work", rows=rows, run_id=self.run_id)
        rejected = [d.rejected for d in done if d.rejected]
        return Counts.of(kept=len(done) - len(rejected), rejected=rejected)

    def release(self, items: Sequence[Item], *, pause_s: float = 0, detail: str = "") -> Counts:
        """Give items back, to be taken again after a pause."""
        rows = [{"work_id": i.work_id, "pause_s": pause_s, "detail": detail} for i in items]
        self.db.run("release_work", rows=rows, owner=self.owner, run_id=self.run_id)
        return Counts.of(released=len(items))


def poisoned(stage: Stage, items: Iterable[Item]) -> list[Done]:
    """Items that were tried too often: something in them breaks the worker."""
    return [
        Done(i, Rejected(stage, Reason.POISON, i.key, f"given up after {MAX_ATTEMPTS} attempts"))
        for i in items
        if i.attempts > MAX_ATTEMPTS
    ]


def queue(db: Warehouse, run_id: int, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    """Queue items (stage, item_key, source_id, payload); one already waiting stays as it is."""
    if rows:
        db.run("queue_work", run_id=run_id, rows=rows, at=at)
