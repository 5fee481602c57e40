"""The registry in Postgres: entries go in; sources with what is known of them, and what is due, come out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.records import Source, SourceKind
from etl.sources.clock import Learned
from etl.sources.standing import Standing
from etl.warehouse import standings
from etl.warehouse.connect import Warehouse


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source with what polling learned of it."""

    source_id: int
    source: Source
    standing: Standing
    next_poll_at: datetime | None
    clock: Learned  # what is to be added to the times it claims
    opt_outs_read_at: datetime | None

    @property
    def last_polled_at(self) -> datetime | None:
        """When it was last asked; None if never."""
        return self.standing.last_polled_at


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


def stored(db: Warehouse, source_ids: Sequence[int] | None = None) -> list[StoredSource]:
    """These sources, or all, by name."""
    wanted = list(source_ids) if source_ids is not None else None
    return [_stored(row) for row in db.rows("list_sources", source_ids=wanted)]


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
        standing=standings.of_row(r),
        next_poll_at=r.next_poll_at if r.last_polled_at else None,
        clock=Learned(r.offset_minutes or 0, r.clock_version),
        opt_outs_read_at=r.opt_outs_read_at,
    )


def queue_due(db: Warehouse, run_id: int, *, names: Sequence[str] | None, is_forced: bool, at: datetime) -> int:
    """Queue a poll for each source that is due; answers how many were added."""
    return db.run(
        "queue_due", run_id=run_id, names=list(names) if names is not None else None, is_forced=is_forced, at=at
    )


def queue_refetches(db: Warehouse, run_id: int, *, names: Sequence[str] | None, most: int, at: datetime) -> int:
    """Queue pages that are due to be asked again, at most so many a source; answers how many were added."""
    wanted = list(names) if names is not None else None
    return db.run("queue_refetches", run_id=run_id, names=wanted, most=most, at=at)


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
