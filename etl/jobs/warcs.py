"""WARC files and an interval in; their pages as captures that wait for extraction, each file resumed where it stopped.

A batch of records, what it queues and how far the file was read are one transaction, so a killed reader repeats none
of it. A file gzipped as a whole has no places to go on from and is read from its start again; that writes nothing new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from etl.dedup.canonical import url_key
from etl.errors import Reason, Stage
from etl.jobs import own_archives, payload
from etl.jobs.job import Job
from etl.jobs.window import instants
from etl.records import CaptureKind, Counts, Hints, Outcome, Rejected, WarcMark, WarcRecord
from etl.sources import warc
from etl.warehouse import archives, captures, runs, work
from etl.warehouse.archives import Progress
from etl.warehouse.sources import StoredSource

_BATCH = 50
_BATCH_BYTES = 16_000_000

Read = WarcRecord | Rejected | WarcMark


@dataclass(frozen=True, slots=True)
class _Task:
    job: Job
    stored: StoredSource
    start: date
    end: date
    own: Mapping[str, int] | None = None  # sources by name, where the archive is an export of our own

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The interval as instants, UTC."""
        return instants(self.start, self.end)


def read(job: Job, stored: StoredSource, location: Path, start: date, end: date) -> Counts:
    """Read what the files hold of the days from `start` up to, not including, `end`."""
    home = location if location.is_dir() else location.parent
    try:
        task = _Task(job, stored, start, end, own_archives.sources_of(job, home))
        paths = warc.files(location, *task.span)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        return _broken(_Task(job, stored, start, end), location.name, f"cannot be read: {why or error}")
    held = archives.read(job.db, stored.source_id, start, end)
    total = Counts()
    for path in paths:
        total += _file(task, path, name_of(path, home), held)
    return total


def begun(job: Job, stored: StoredSource, start: date, end: date) -> str:
    """Which files an earlier reader was stopped in, in words; empty if none."""
    held = archives.read(job.db, stored.source_id, start, end)
    places = [f"{p.name} at byte {p.next_offset:,}" for p in held.values() if p.next_offset and not p.is_done]
    return f"; gone on with inside {', '.join(places[:3])}{' …' if len(places) > 3 else ''}" if places else ""


def name_of(path: Path, home: Path) -> str:
    """What a file goes by: relative to the archive; a list may lead elsewhere."""
    return (
        path.resolve().relative_to(home.resolve()).as_posix()
        if path.resolve().is_relative_to(home.resolve())
        else str(path)
    )


def _file(task: _Task, path: Path, name: str, held: dict[str, Progress]) -> Counts:
    try:
        seen = path.stat()
    except OSError as error:
        return _broken(task, name, f"cannot be read: {error.strerror or error}")
    mark = f"{seen.st_size}:{seen.st_mtime_ns}"
    done = held.get(name)
    if done is None or done.mark != mark:
        done = Progress(name=name, mark=mark)
    total = Counts()
    if done.is_done:
        return total
    for some in _batches(warc.read(path, *task.span, offset=done.next_offset, is_own=task.own is not None)):
        done, counts = _store(task, done, some)
        total += counts
    return total


def _batches(found: Iterator[Read]) -> Iterator[list[Read]]:
    some: list[Read] = []
    size = 0
    for one in found:
        some.append(one)
        size += len(one.body) if isinstance(one, WarcRecord) else 0
        if len(some) >= _BATCH or size >= _BATCH_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _store(task: _Task, done: Progress, some: Sequence[Read]) -> tuple[Progress, Counts]:
    """Keep a batch: bytes, what is new of it queued, and how far the file was read."""
    job, source_id = task.job, task.stored.source_id
    at = job.clock()
    label = f"warc:{task.stored.source.name}/{done.name}"
    keyed = [(r, r.own.article_key if r.own else url_key(r.url)) for r in some if isinstance(r, WarcRecord)]
    pages = [(r, key) for r, key in keyed if key is not None]
    broken = [
        Rejected(Stage.FETCH, r.reason, f"{label}#{r.key}"[:500], r.detail) for r in some if isinstance(r, Rejected)
    ]
    broken += [
        Rejected(Stage.FETCH, Reason.BAD_ITEM, _item(label, r), f"no address: {r.url[:200]!r}")
        for r, k in keyed
        if k is None
    ]
    rows = [_row(_source_of(task, r), r, at) for r, _ in pages]
    done = _further(done, some, len(pages))
    with job.db.transaction():
        fetch_ids = captures.keep(job.db, job.run_id, rows, at)
        marks = [(key, row.blob_hash or b"", row.observed_at) for (_, key), row in zip(pages, rows, strict=True)]
        known = captures.known(job.db, marks)
        fresh = [(r, key, n) for (r, key), n, m in zip(pages, fetch_ids, marks, strict=True) if m not in known]
        waiting = [payload.to_extract(n, key, _source_of(task, r), _hints(r)) for r, key, n in fresh]
        work.queue(job.db, job.run_id, waiting, at)
        own_archives.restore_seen(job, task.own or {}, [r for r, _ in pages])
        kept = [
            (_item(label, r), source_id, "unchanged" if m in known else "truncated" if r.is_truncated else "new")
            for (r, _), m in zip(pages, marks, strict=True)
        ]
        archives.keep(job.db, done, source_id=source_id, start=task.start, end=task.end, run_id=job.run_id, at=at)
        return done, runs.note(
            job.db, job.run_id, Stage.FETCH, kept=kept, rejected=[(b, source_id) for b in broken], at=at
        )


def _item(label: str, record: WarcRecord) -> str:
    return f"{label}#{record.record_id}"[:500]


def _further(done: Progress, some: Sequence[Read], pages: int) -> Progress:
    """How far the file is read with this batch; where its reader cannot tell, nothing was gained."""
    last = next((r for r in reversed(some) if not isinstance(r, Rejected)), None)
    return replace(
        done,
        records=done.records + pages,
        next_offset=last.next_offset if last is not None and last.next_offset is not None else done.next_offset,
        is_done=isinstance(last, WarcMark) and last.is_end,
    )


def _row(source_id: int, record: WarcRecord, at: datetime) -> captures.FetchRow:
    """An archived page speaks for the moment it was archived."""
    return captures.FetchRow(
        source_id=source_id,
        kind=record.own.kind if record.own else CaptureKind.PAGE,
        requested_url=record.own.requested_url if record.own else record.url,
        final_url=record.own.final_url if record.own else record.url,
        fetched_at=at,
        observed_at=record.observed_at,
        outcome=Outcome.FETCHED,
        status=record.own.status if record.own else record.status,
        headers=dict(record.headers),
        body=record.body,
    )


def _source_of(task: _Task, record: WarcRecord) -> int:
    """The source a capture of our own came from; the archive itself for any other."""
    return (task.own or {}).get(record.own.source if record.own else "", task.stored.source_id)


def _hints(record: WarcRecord) -> dict[str, Any]:
    return dict(record.own.hints) if record.own else payload.pack(Hints(url=record.url))


def _broken(task: _Task, name: str, detail: str) -> Counts:
    key = f"warc:{task.stored.source.name}/{name}"[:500]
    rejected = [(Rejected(Stage.FETCH, Reason.BAD_FILE, key, detail), task.stored.source_id)]
    return runs.note(task.job.db, task.job.run_id, Stage.FETCH, rejected=rejected, at=task.job.clock())
