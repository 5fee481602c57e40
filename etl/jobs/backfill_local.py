"""Local archives and the days to be read of them in; files, bytes and pages they will cost out, by looking at names.

How many pages a WARC file has is taken from what bytes of that archive gave before; of one never read, from the
beginning of one of its files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from etl.jobs import json_lines
from etl.jobs.warcs import name_of
from etl.jobs.window import instants
from etl.records import FileDay, Rejected, SourceKind, WarcRecord
from etl.settings import Settings
from etl.sources import files, warc
from etl.sources.json_lines import lines_of_days
from etl.sources.warc_files import may_hold
from etl.warehouse import backfills
from etl.warehouse.backfills import SourceDay
from etl.warehouse.connect import Warehouse

_EVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_SAMPLE = 300  # pages and words of the reader


@dataclass(slots=True)
class Local:
    """What local archives will cost, by source id."""

    files: dict[int, int] = field(default_factory=dict)
    bytes: dict[int, int] = field(default_factory=dict)
    pages: dict[int, int | None] = field(default_factory=dict)
    by: dict[int, str] = field(default_factory=dict)  # what tells the pages
    missing: list[tuple[str, str]] = field(default_factory=list)  # what is not there, and why


def look(db: Warehouse, settings: Settings, known: Sequence[Any], to_do: Mapping[int, Sequence[SourceDay]]) -> Local:
    """Look at the archives that have days to do."""
    found = Local()
    for source in known:
        days = sorted(f.day for f in to_do.get(source.source_id, ()))
        place = settings.sources_file.parent / source.url
        if not days or source.kind not in {SourceKind.WARC, SourceKind.FILES}:
            continue
        if not place.exists():
            found.missing.append((source.source_name, f"there is no {place}"))
        elif source.kind == SourceKind.WARC:
            _warcs(db, source, place, days, found)
        else:
            _files(db, source, place, days, found)
    return found


def _files(db: Warehouse, source: Any, place: Path, days: Sequence[date], found: Local) -> None:
    """Documents by their metadata; lines by reading them, which costs little beside having them."""
    sizes = [s for d, s in files.days(place, days[0], days[-1] + timedelta(days=1)) if d in set(days)]
    done = _done(db, source.source_id, days[0], days[-1] + timedelta(days=1))
    count, size, pages = len(sizes), sum(sizes), len(sizes)
    of_lines = files.of_lines(place)
    for path in of_lines:
        try:
            name, mark = name_of(path, place if place.is_dir() else place.parent), json_lines.mark_of(path)
            told = files.day_of(path)
            day = told if isinstance(told, FileDay) else None
            readings = [d for d in days if (name, mark, d) not in done and _may_be_of(told, d)]
            held = lines_of_days(path, day, source.time_zone) if readings else {}
            size += path.stat().st_size * len(readings)
        except OSError as error:
            found.missing.append((source.source_name, f"{path.name} cannot be read: {error.strerror or error}"))
            continue
        count += bool(readings)
        pages += sum(held.get(d, 0) for d in readings)
    found.files[source.source_id], found.bytes[source.source_id] = count, size
    found.pages[source.source_id], found.by[source.source_id] = pages, "its lines" if of_lines else "its metadata"


def _may_be_of(told: FileDay | Rejected | None, asked: date) -> bool:
    return told is None or (isinstance(told, FileDay) and told.on == asked)


def _warcs(db: Warehouse, source: Any, place: Path, days: Sequence[date], found: Local) -> None:
    """Each day reads the files that may hold it; one that does not say its time is read for every day."""
    home = place if place.is_dir() else place.parent
    span = instants(days[0], days[-1] + timedelta(days=1))
    done = _done(db, source.source_id, days[0], days[-1] + timedelta(days=1))
    readings: list[tuple[Path, int]] = []
    for path in warc.files(place, *span):
        try:
            seen = path.stat()
        except OSError as error:
            found.missing.append((source.source_name, f"{path.name} cannot be read: {error.strerror or error}"))
            continue
        name, mark = name_of(path, home), f"{seen.st_size}:{seen.st_mtime_ns}"
        is_named = place.is_file() and path == place  # named by hand it is read whatever its name says
        readings += [
            (path, seen.st_size)
            for day in days
            if (is_named or may_hold(path.name, *instants(day, day + timedelta(days=1))))
            and (name, mark, day) not in done
        ]
    sizes = dict(readings)
    total = sum(size for _, size in readings)
    found.files[source.source_id], found.bytes[source.source_id] = len(sizes), total
    if source.pages_a_byte is not None:
        pages, by = round(total * source.pages_a_byte), "its files read before"
    else:
        ratio = next((r for path in sizes if (r := _pages_a_byte(path)) is not None), None)
        pages = round(sum(sizes.values()) * ratio) if ratio is not None else None
        by = "the start of a file" if ratio is not None else "unknown until read once"
    found.pages[source.source_id], found.by[source.source_id] = pages if sizes else 0, by if sizes else ""


def _done(db: Warehouse, source_id: int, start: date, end: date) -> set[tuple[str, str, date]]:
    return {
        (r.file_name, r.file_mark, r.start_on + timedelta(days=n))
        for r in backfills.files_read(db, start, end)
        if r.source_id == source_id
        for n in range((r.end_on - r.start_on).days)
    }


def _pages_a_byte(path: Path) -> float | None:
    """Pages in a byte of a file as it lies on disk; None where its reader cannot tell places."""
    pages, at = 0, None
    for one in islice(warc.read(path, *_EVER), _SAMPLE):
        pages += isinstance(one, WarcRecord)
        if not isinstance(one, Rejected) and one.next_offset is not None:
            at = one.next_offset
    return pages / at if at else None
