"""What is wrong now goes in; what a channel has yet to be told, that it began or that it is over, comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from etl.warehouse.connect import Warehouse

Kind = Literal["check", "source", "run", "health"]
Channel = Literal["webhook", "mail"]

_AT_ONCE = 50  # alerts a message; the rest follow with the next


@dataclass(frozen=True, slots=True)
class Alert:
    """Something somebody should know of."""

    alert_key: str  # what it is about; one is open at a time
    kind: Kind
    title: str  # one line
    detail: str
    what_to_do: str
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert a channel has yet to be told of."""

    alert_id: int
    alert: Alert
    since: datetime
    over_at: datetime | None  # None while it lasts


def settle(db: Warehouse, seen: Sequence[Alert], kinds: Sequence[Kind], *, at: datetime) -> None:
    """Keep what is seen now; what of these kinds is open and not seen is over."""
    with db.transaction():
        db.run("lock_alerts")
        db.run("settle_alerts", rows=[asdict(a) for a in seen], kinds=list(kinds), at=at)


def waiting(db: Warehouse, channel: Channel, *, at: datetime) -> list[Notice]:
    """What a channel has yet to be told, the oldest first."""
    return [
        Notice(
            r.alert_id,
            Alert(r.alert_key, r.kind, r.title, r.detail, r.what_to_do, r.run_id),
            since=r.first_seen_at,
            over_at=r.resolved_at,
        )
        for r in db.rows("undelivered_alerts", channel=channel, at=at, limit=_AT_ONCE)
    ]


def note(db: Warehouse, channel: Channel, told: Sequence[Notice], *, failure: str | None, at: datetime) -> None:
    """Keep that a channel was told, or why not: then it is tried again."""
    rows = [{"alert_id": n.alert_id, "is_over": n.over_at is not None} for n in told]
    db.run("note_deliveries", channel=channel, rows=rows, failure=failure, at=at)


@contextmanager
def sending(db: Warehouse) -> Iterator[bool]:
    """Whether nobody else sends meanwhile, so that nobody is told twice."""
    is_ours = bool(db.value("lock_sending"))
    try:
        yield is_ours
    finally:
        if is_ours and not db.connection.closed:
            db.run("unlock_sending")
