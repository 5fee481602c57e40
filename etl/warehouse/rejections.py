"""What was turned away out of Postgres: items not had since, each with what a second try needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from etl.errors import Reason, Stage
from etl.warehouse.connect import Warehouse

_EVER = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rejections are meant; all where nothing is said."""

    reason: Reason | None = None
    stage: Stage | None = None
    source: str | None = None
    since: datetime = _EVER
    item_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One item turned away, as its latest try says."""

    stage: Stage
    key: str
    reason: str
    detail: str | None
    at: datetime
    run_id: int
    job: str
    source_id: int | None
    source_name: str | None
    fetch_id: int | None = None  # of a capture
    url: str | None = None
    observed_at: datetime | None = None
    media_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    has_bytes: bool = False  # of a capture: its body is held
    has_content: bool = False
    is_waiting: bool = False  # for another try already
    payload: dict[str, Any] | None = field(default=None)

    @property
    def cannot(self) -> str | None:
        """Why it cannot be tried again from what is held; None if it can."""
        if self.is_waiting:
            return "it waits already"
        if self.reason == Reason.TOMBSTONED:
            return "it was taken down"
        if self.stage is Stage.EXTRACT:
            return None if self.has_bytes else "its bytes are not held"
        if self.stage in {Stage.DEDUPLICATE, Stage.GEOTAG}:
            return None if self.has_content else "its text is not held"
        if self.has_bytes:
            return "it is a broken line: mend its file, then `backfill run --rerun all` reads it again"
        return "nothing of it was received: a poll, or `backfill run --rerun failed`, asks again"


def still(db: Warehouse, wanted: Wanted, *, limit: int | None = None) -> list[Turned]:
    """Items turned away and not had since, newest first."""
    rows = db.rows(
        "rejections_open",
        reason=wanted.reason,
        stage=wanted.stage,
        source=wanted.source,
        since=wanted.since,
        item_key=wanted.item_key,
        limit=limit,
    )
    return [_turned(r) for r in rows]


def tries(db: Warehouse, item_key: str) -> list[Any]:
    """Every try of an item, oldest first."""
    return db.rows("rejection_tries", item_key=item_key)


def _turned(r: Any) -> Turned:
    return Turned(
        stage=Stage(r.stage),
        key=r.item_key,
        reason=r.reason,
        detail=r.detail,
        at=r.at,
        run_id=r.run_id,
        job=r.job,
        source_id=r.source_id,
        source_name=r.source_name,
        fetch_id=r.fetch_id,
        url=r.requested_url,
        observed_at=r.observed_at,
        media_type=r.media_type,
        size=r.size,
        sha256=r.sha256,
        has_bytes=r.has_bytes,
        has_content=r.has_content,
        is_waiting=r.is_waiting,
        payload=r.payload,
    )
