"""Files of JSON Lines and an interval in; their articles as captures that wait for extraction, each file resumed.

A batch of lines, what it queues and how far the file was read are one transaction, so a killed reader repeats none of
it. A broken line's bytes are kept under the key it was turned away by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

from etl.dedup.canonical import url_key
from etl.errors import Reason, Stage
from etl.jobs import payload
from etl.jobs.job import Job
from etl.records import BrokenLine, CaptureKind, Counts, JsonLine, LineMark, Outcome, Rejected
from etl.sources import files, json_lines
from etl.warehouse import archives, captures, runs, work
from etl.warehouse.archives import Progress
from etl.warehouse.sources import StoredSource

_BATCH = 50
_BATCH_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class _Task:
    job: Job
    stored: StoredSource
    start: date
    end: date

    def key(self, name: str, number: int) -> str:
        """What a line goes by in accounts."""
        return f"file:{self.stored.source.name}/{name}" + (f"#{number}" if number else "")

    def article(self, name: str, line: JsonLine) -> str:
        """The article a line is: its address where it had one, else a name of ours."""
        named = line.name or f"{name}#{line.number}"
        return (line.hints.url and url_key(line.hints.url)) or f"urn:dateline:{self.stored.source.name}:{named}"


def read(job: Job, stored: StoredSource, location: Path, start: date, end: date) -> Counts:
    """Read what the files hold of the days from `start` up to, not including, `end`."""
    task = _Task(job, stored, start, end)
    home = location if location.is_dir() else location.parent
    held = archives.read(job.db, stored.source_id, start, end)
    total = Counts()
    for path in files.of_lines(location):
        total += _file(task, path, path.resolve().relative_to(home.resolve()).as_posix(), held)
    return total


def mark_of(path: Path) -> str:
    """Tells a file from what it was before, and from one dated otherwise. Raises OSError where it is not there."""
    seen, beside = path.stat(), files.metadata_of(path)
    mark = f"{seen.st_size}:{seen.st_mtime_ns}"
    return f"{mark}:{beside.stat().st_mtime_ns}" if beside.exists() else mark


def _file(task: _Task, path: Path, name: str, held: dict[str, Progress]) -> Counts:
    try:
        mark, day = mark_of(path), files.day_of(path)
    except OSError as error:
        return _broken(task, name, f"cannot be read: {error.strerror or error}")
    if isinstance(day, Rejected):
        return _broken(task, name, day.detail)
    done = held.get(name)
    if done is None or done.mark != mark:
        done = Progress(name=name, mark=mark)
    total = Counts()
    if done.is_done or (day and not task.start <= day.on < task.end):
        return total
    lines = json_lines.read(
        path,
        task.start,
        task.end,
        day=day,
        time_zone=task.stored.source.time_zone,
        offset=done.next_offset,
    )
    for some in _batches(lines):
        done, counts = _store(task, done, some)
        total += counts
    return total


def _batches(found: Iterator[json_lines.Read]) -> Iterator[list[json_lines.Read]]:
    some: list[json_lines.Read] = []
    size = 0
    for one in found:
        some.append(one)
        size += 0 if isinstance(one, LineMark) else len(one.body)
        if len(some) >= _BATCH or size >= _BATCH_BYTES or isinstance(one, LineMark):
            yield some
            some, size = [], 0
    if some:
        yield some


def _store(task: _Task, done: Progress, some: Sequence[json_lines.Read]) -> tuple[Progress, Counts]:
    """Keep a batch: bytes, what is new of it queued, and how far the file was read."""
    job, source_id, at = task.job, task.stored.source_id, task.job.clock()
    lines = [one for one in some if isinstance(one, JsonLine)]
    broken = [one for one in some if isinstance(one, BrokenLine)]
    rows = [_row(task, done.name, line, at) for line in lines]
    marks = [
        (task.article(done.name, line), row.blob_hash or b"", row.observed_at)
        for line, row in zip(lines, rows, strict=True)
    ]
    done = replace(done, records=done.records + len(lines), next_offset=some[-1].next_offset, is_done=_is_end(some))
    with job.db.transaction():
        fetch_ids = captures.keep(job.db, job.run_id, rows, at)
        captures.keep(job.db, job.run_id, [_row(task, done.name, one, at) for one in broken if one.body], at)
        known = captures.known(job.db, marks)
        fresh = [(line, n, m[0]) for line, n, m in zip(lines, fetch_ids, marks, strict=True) if m not in known]
        work.queue(job.db, job.run_id, [_to_extract(source_id, *one) for one in fresh], at)
        kept = [
            (task.key(done.name, line.number), source_id, "unchanged" if m in known else "new")
            for line, m in zip(lines, marks, strict=True)
        ]
        away = [(_rejected(task, done.name, one), source_id) for one in broken]
        archives.keep(job.db, done, source_id=source_id, start=task.start, end=task.end, run_id=job.run_id, at=at)
        return done, runs.note(job.db, job.run_id, Stage.FETCH, kept=kept, rejected=away, at=at)


def _is_end(some: Sequence[json_lines.Read]) -> bool:
    last = some[-1]
    return isinstance(last, LineMark) and last.is_end


def _to_extract(source_id: int, line: JsonLine, fetch_id: int, key: str) -> dict[str, object]:
    return payload.to_extract(fetch_id, key, source_id, payload.pack(line.hints))


def _row(task: _Task, name: str, line: JsonLine | BrokenLine, at: datetime) -> captures.FetchRow:
    """A line speaks for the time it was published at or for its file's day; a broken one has only ours."""
    row = partial(
        captures.FetchRow,
        source_id=task.stored.source_id,
        kind=CaptureKind.FILE,
        requested_url=task.key(name, line.number),
        fetched_at=at,
        outcome=Outcome.FETCHED,
        body=line.body,
    )
    if isinstance(line, JsonLine):
        return row(observed_at=line.observed_at, final_url=line.hints.url, headers={"content-type": line.media_type})
    asked_for = datetime.combine(task.start, time(), UTC)
    return row(observed_at=asked_for, final_url=None, headers={"content-type": "application/jsonl"})


def _rejected(task: _Task, name: str, line: BrokenLine) -> Rejected:
    where = f"line {line.number:,}: " if line.number else ""
    return Rejected(Stage.FETCH, Reason.BAD_FILE, task.key(name, line.number), where + line.detail)


def _broken(task: _Task, name: str, detail: str) -> Counts:
    away = [(Rejected(Stage.FETCH, Reason.BAD_FILE, task.key(name, 0), detail), task.stored.source_id)]
    return runs.note(task.job.db, task.job.run_id, Stage.FETCH, rejected=away, at=task.job.clock())
