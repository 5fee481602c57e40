"""An archive and an interval in; what it has of these days accounted for, and what is new of it queued.

Dated files are read here; JSON Lines, WARC files and the past of sitemaps each have a module.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path

from etl.dedup.canonical import url_key
from etl.errors import Stage
from etl.jobs import json_lines, past, payload, warcs
from etl.jobs.job import Job
from etl.records import CaptureKind, Counts, DatedFile, Outcome, Rejected, SourceKind
from etl.sources import files
from etl.warehouse import captures, runs, work
from etl.warehouse.sources import StoredSource

_BATCH = 100


def read(job: Job, holder: work.Holder, item: work.Item, stored: StoredSource, get: past.Get) -> Counts:
    """Read what the archive has of the item's interval, then end the item itself; `get` asks the network."""
    start, end = (date.fromisoformat(item.payload[k]) for k in ("start", "end"))
    place = job.settings.sources_file.parent / stored.source.url
    told = ""
    match stored.source.kind:
        case SourceKind.SITEMAP:
            total = past.read(job, stored, get, start, end)
        case SourceKind.WARC:
            told = warcs.begun(job, stored, start, end)
            total = warcs.read(job, stored, place, start, end)
        case _:
            told = warcs.begun(job, stored, start, end)
            total = _files(job, stored, place, start, end) + json_lines.read(job, stored, place, start, end)
    with job.db.transaction():
        held = holder.held([item])
        detail = f"{total.seen} items of {start} to {end}{told}"
        return total + holder.finish([work.Done(item, None, detail)] if item.work_id in held else [])


def _files(job: Job, stored: StoredSource, folder: Path, start: date, end: date) -> Counts:
    found = files.read(folder, start, end)
    total = Counts()
    while some := list(islice(found, _BATCH)):
        total += _store(job, stored, some)
    return total


def _store(job: Job, stored: StoredSource, found: Sequence[DatedFile | Rejected]) -> Counts:
    name, source_id = stored.source.name, stored.source_id
    documents = [f for f in found if isinstance(f, DatedFile)]
    broken = [
        (Rejected(Stage.FETCH, f.reason, f"file:{name}/{f.key}", f.detail), source_id)
        for f in found
        if isinstance(f, Rejected)
    ]
    at = job.clock()
    rows = [_row(job, stored, f) for f in documents]
    with job.db.transaction():
        fetch_ids = captures.keep(job.db, job.run_id, rows, at)
        same = captures.known(
            job.db, [(_key(name, f), _hash(r), r.observed_at) for f, r in zip(documents, rows, strict=True)]
        )
        is_known = [(_key(name, f), _hash(r), r.observed_at) in same for f, r in zip(documents, rows, strict=True)]
        kept = [
            (f"file:{name}/{f.key}", source_id, "unchanged" if old else "new")
            for f, old in zip(documents, is_known, strict=True)
        ]
        fresh = [(f, n) for f, n, old in zip(documents, fetch_ids, is_known, strict=True) if not old]
        work.queue(job.db, job.run_id, [_to_extract(name, source_id, f, fetch_id) for f, fetch_id in fresh], at)
        return runs.note(job.db, job.run_id, Stage.FETCH, kept=kept, rejected=broken, at=at)


def _key(source_name: str, document: DatedFile) -> str:
    """The article a file is: its address where it had one, else a name of ours."""
    return (document.hints.url and url_key(document.hints.url)) or f"urn:dateline:{source_name}:{document.key}"


def _hash(row: captures.FetchRow) -> bytes:
    return row.blob_hash or b""


def _row(job: Job, stored: StoredSource, document: DatedFile) -> captures.FetchRow:
    """A dated file speaks for its own day, whenever it is read."""
    return captures.FetchRow(
        source_id=stored.source_id,
        kind=CaptureKind.FILE,
        requested_url=f"file:{stored.source.name}/{document.key}",
        final_url=document.hints.url,
        fetched_at=job.clock(),
        observed_at=datetime.combine(document.dated_on, time(), UTC),
        outcome=Outcome.FETCHED,
        headers={"content-type": document.media_type},
        body=document.body,
    )


def _to_extract(source_name: str, source_id: int, document: DatedFile, fetch_id: int) -> dict[str, object]:
    return payload.to_extract(fetch_id, _key(source_name, document), source_id, payload.pack(document.hints))
