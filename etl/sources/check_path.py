"""A path on this machine goes in; what lies there comes out: WARC files, a list of them, dated files, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from etl.errors import Reason, Stage
from etl.records import (
    BrokenLine,
    Dated,
    DatedFile,
    DateOrigin,
    DatePrecision,
    FeedItem,
    JsonLine,
    LineMark,
    Rejected,
    SourceKind,
    WarcMark,
    WarcRecord,
)
from etl.sources import files, json_lines, warc
from etl.sources.examined import SHOWN, Examined

_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_LOOKED_AT = 200  # documents, records or broken ones read to say what is there
_SUFFIXES = (".warc", ".warc.gz")


def examine_path(path: Path) -> Examined:
    """Say what a path holds, from its first documents."""
    if not path.exists():
        return Examined(url=str(path), what="it cannot be read", problem="no such file or folder")
    is_of_warc = path.is_dir() and any(p.name.endswith(_SUFFIXES) for p in path.rglob("*.warc*"))
    if path.name.endswith(json_lines.SUFFIXES) or (path.is_dir() and not is_of_warc):
        return _of_files(path)
    try:
        found = warc.files(path, _FIRST, _LAST)
    except OSError as error:
        return Examined(url=str(path), what="it cannot be read", problem=str(error.strerror or error))
    if not path.is_dir() and found[:1] != [path] and not any(p.name.endswith(_SUFFIXES) for p in found):
        problem = "neither a .warc, .warc.gz, .jsonl or .jsonl.gz file, nor a list of WARC files, nor a folder"
        return Examined(url=str(path), what="it cannot be read", problem=problem)
    return _of_warc(path, found)


def _of_warc(path: Path, found: list[Path]) -> Examined:
    missing = [p.name for p in found if not p.exists()]
    here = [p for p in found if p.exists()]
    read = list(islice(_sample(here), _LOOKED_AT))
    pages = [r for r in read if isinstance(r, WarcRecord)]
    broken = [r for r in read if isinstance(r, Rejected)]
    notes = [f"{len(found):,} files, {sum(p.stat().st_size for p in here):,} bytes; read for this: the first pages"]
    notes += [f"missing: {', '.join(missing[:SHOWN])}{' and more' if len(missing) > SHOWN else ''}"] if missing else []
    notes += [f"broken: {r.key}: {r.detail}" for r in broken[:SHOWN]]
    if any(r.next_offset is None for r in pages):
        notes.append("gzipped as a whole: a reading that is stopped begins again at the file's start")
    return Examined(
        url=str(path),
        what="WARC files" if len(found) != 1 else "a WARC file",
        kind=SourceKind.WARC if pages else None,
        problem=None if pages else "no page was found in it",
        items=tuple(map(_item, pages)),
        unusable=len(broken),
        notes=tuple(notes),
    )


def _sample(paths: Iterable[Path]) -> Iterator[WarcRecord | Rejected]:
    for path in paths:
        yield from (r for r in warc.read(path, _FIRST, _LAST) if not isinstance(r, WarcMark))


def _item(record: WarcRecord) -> FeedItem:
    observed = Dated(record.observed_at, DatePrecision.INSTANT, DateOrigin.CURATED)
    return FeedItem(guid=record.record_id, url=record.url, title=None, published=observed)


def _of_files(path: Path) -> Examined:
    read = list(islice(files.read(path, date.min, date.max), _LOOKED_AT))
    documents = [d for d in read if isinstance(d, DatedFile)]
    of_lines = files.of_lines(path)
    lines = list(islice(_lines(of_lines), _LOOKED_AT))
    broken = [r for r in [*read, *lines] if isinstance(r, Rejected)]
    items = [FeedItem(guid=d.key, url=None, title=d.hints.title, published=d.hints.published) for d in documents]
    items += [i for i in lines if isinstance(i, FeedItem)]
    notes = [f"broken: {r.key}: {r.detail}" for r in broken[:SHOWN]]
    if of_lines:
        size = sum(p.stat().st_size for p in of_lines)
        notes.insert(0, f"JSON Lines: {len(of_lines):,} files, {size:,} bytes; read for this: the first lines")
        notes.insert(1, f"whose day each file's lines are: {', '.join(_day_told(p) for p in of_lines[:SHOWN])}")
    return Examined(
        url=str(path),
        what="a folder of dated files" if path.is_dir() else "a file of JSON Lines",
        kind=SourceKind.FILES if items else None,
        problem=None if items else "no document with its metadata beside it was found, nor JSON Lines",
        items=tuple(items),
        unusable=len(broken),
        notes=tuple(notes),
    )


def _day_told(path: Path) -> str:
    day = files.day_of(path)
    return f"{path.name} {'?' if isinstance(day, Rejected) else day.on if day else 'as each was published'}"


def _lines(paths: Iterable[Path]) -> Iterator[FeedItem | Rejected]:
    """Articles and broken lines of files, as they would be read for all days."""
    for path in paths:
        day = files.day_of(path)
        if isinstance(day, Rejected):
            yield day
            continue
        for one in json_lines.read(path, date.min, date.max, day=day):
            key = "" if isinstance(one, LineMark) else f"{path.name}#{one.number}"
            if isinstance(one, BrokenLine):
                yield Rejected(Stage.FETCH, Reason.BAD_FILE, key, one.detail)
            elif isinstance(one, JsonLine):
                yield FeedItem(
                    guid=one.name or key, url=one.hints.url, title=one.hints.title, published=one.hints.published
                )
