"""The registry in Postgres, what is due of it, and what polling learned; hosts' politeness shared by all workers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from etl.records import Source, SourceKind, Validators
from etl.warehouse.connect import Warehouse


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source with what polling learned of it."""

    source_id: int
    source: Source
    validators: Validators
    blob_hash: bytes | None  # of the last body
    moved_to_url: str | None
    next_poll_at: datetime | None
    last_polled_at: datetime | None
    failure_weight: float
    is_gone: bool


def synchronise(db: Warehouse, sources: Iterable[Source], *, at: datetime, is_whole: bool = True) -> None:
    """Make the warehouse agree with the registry; with `is_whole`, sources not in it are disabled."""
    rows = [
        {
            "name": s.name,
            "kind": s.kind,
            "url": s.url,
            "outlet": s.outlet,
            "owner": s.owner,
            "country_code": s.country_code,
            "language_code": s.language_code,
            "home_region": s.home_region,
            "time_zone": s.time_zone,
            "tier": s.tier,
            "terms": s.terms,
            "link_selector": s.link_selector,
            "poll_minutes": s.poll_minutes,
            "has_archive": s.has_archive,
            "is_enabled": s.is_enabled,
            "allow_private": s.allow_private,
        }
        for s in sources
    ]
    db.run("synchronise_sources", rows=rows, is_whole=is_whole, at=at)


def stored(db: Warehouse) -> list[StoredSource]:
    """All sources, by name."""
    return [_stored(row) for row in db.rows("list_sources")]


def _stored(r: Any) -> StoredSource:
    source = Source(
        name=r.source_name,
        kind=SourceKind(r.kind),
        url=r.url,
        outlet=r.outlet,
        owner=r.owner,
        country_code=r.country_code,
        language_code=r.language_code,
        home_region=r.home_region,
        time_zone=r.time_zone,
        tier=r.tier,
        terms=r.terms,
        link_selector=r.link_selector,
        poll_minutes=r.poll_minutes,
        is_enabled=r.is_enabled,
        allow_private=r.is_private_allowed,
    )
    return StoredSource(
        source_id=r.source_id,
        source=source,
        validators=Validators(etag=r.etag, last_modified=r.last_modified),
        blob_hash=bytes(r.blob_hash) if r.blob_hash is not None else None,
        moved_to_url=r.moved_to_url,
        next_poll_at=r.next_poll_at if r.last_polled_at else None,
        last_polled_at=r.last_polled_at,
        failure_weight=float(r.failure_weight),
        is_gone=r.is_gone,
    )


def queue_due(db: Warehouse, run_id: int, *, names: Sequence[str] | None, is_forced: bool, at: datetime) -> int:
    """Queue a poll for each feed that is due; answers how many were added."""
    return db.run(
        "queue_due", run_id=run_id, names=list(names) if names is not None else None, is_forced=is_forced, at=at
    )


def span(start: datetime, end: datetime) -> str:
    """An interval as it stands in an archive item's key."""
    return f"{start.date().isoformat()}/{end.date().isoformat()}"


def queue_archives(
    db: Warehouse, run_id: int, start: datetime, end: datetime, *, names: Sequence[str] | None, at: datetime
) -> int:
    """Queue the reading of each archive for [start, end); answers how many were added."""
    return db.run(
        "queue_archives",
        run_id=run_id,
        start=start.date().isoformat(),
        end=end.date().isoformat(),
        names=list(names) if names is not None else None,
        at=at,
    )


def waiting(db: Warehouse, pattern: str, *, names: Sequence[str] | None, at: datetime) -> list[tuple[int, str]]:
    """Sources that have something to fetch now, with the address that tells their host."""
    rows = db.rows("waiting_fetches", pattern=pattern, names=list(names) if names is not None else None, at=at)
    return [(r.source_id, r.url) for r in rows]


def pause_minutes(source: Source, ttl_minutes: int | None, failure_weight: float) -> int:
    """When to ask next: the registry's pause, or longer if the feed asks or keeps failing; a day at most."""
    base = max(source.poll_minutes, ttl_minutes or 0)
    return int(min(base * (1 + failure_weight), timedelta(days=1).total_seconds() / 60))
