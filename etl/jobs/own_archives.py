"""A folder that our own export wrote, as an archive: its sources known here, and the feeds that showed its articles.

Each capture goes back to the source it came from. A source that the registry lacks is entered as it was, and disabled:
nothing is polled because an archive was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from etl.jobs.job import Job
from etl.records import Source, SourceKind, WarcRecord
from etl.sources import captures_in
from etl.warehouse import sources

_FIELDS = {f.name for f in fields(Source)}


def sources_of(job: Job, home: Path) -> dict[str, int] | None:
    """The sources of an archive of our own, by name; None for any other folder. Raises ValueError if it is spoilt."""
    told = captures_in.manifest(home)
    if told is None:
        return None
    named = [_source(one) for one in told["sources"]]
    held = {s.source.name for s in sources.stored(job.db)}
    fresh = [replace(s, is_enabled=False) for s in named if s.name not in held]
    if fresh:
        with job.db.transaction():
            sources.synchronise(job.db, fresh, at=job.clock(), is_whole=False)
    wanted = {s.name for s in named}
    return {s.source.name: s.source_id for s in sources.stored(job.db) if s.source.name in wanted}


def _source(told: Any) -> Source:
    try:
        values = {name: value for name, value in told.items() if name in _FIELDS}
        return Source(**{**values, "kind": SourceKind(values["kind"])})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{captures_in.MANIFEST} describes a source that cannot be meant: {error}") from error


def restore_seen(job: Job, known: Mapping[str, int], records: Sequence[WarcRecord]) -> None:
    """Note which feeds showed these captures' articles, as it was; extraction makes sightings of it."""
    rows = [
        {
            "source_id": known[seen.source],
            "guid_hash": f"\\x{seen.guid_hash}",
            "url_key": record.own.article_key,
            "first_seen_at": seen.first_at,
            "last_seen_at": seen.last_at,
        }
        for record in records
        if record.own
        for seen in record.own.seen
        if seen.source in known
    ]
    if rows:
        job.db.run("restore_feed_items", rows=rows)
