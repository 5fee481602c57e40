"""An interval goes in; the captures that articles rest on come out as WARC files, a day at a time, resumable.

A day is written beside its name and takes it when whole; one that is there with as many captures as the warehouse
holds of it is not written again. The manifest names each file with its hash and describes the sources, so that an
empty warehouse can read the folder back as an archive. Feeds' own bodies stay: what they stated of an article goes
with its capture.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from etl.errors import ExportRefused
from etl.records import CaptureKind, OwnCapture, Seen
from etl.sources import captures_in, captures_out
from etl.warehouse import captures, sources
from etl.warehouse.connect import Warehouse

_BATCH = 50
_FILE = 1_000_000_000  # bytes after which the next file begins
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written."""

    captures: int
    missing: int  # bodies that are not held any more
    files: tuple[dict[str, Any], ...]  # name, bytes, sha256


def write(
    db: Warehouse,
    folder: Path,
    since: date,
    until: date,
    *,
    names: Sequence[str] | None = None,
    tell: Tell = lambda _: None,
    most: int = _FILE,
) -> dict[date, Day]:
    """Write the captures observed from `since` to `until`, both included, of these sources or all; what each day has.

    Raises ExportRefused where the folder holds something else, or an export of other sources.
    """
    held = _begun(folder, names)
    start, end = (datetime.combine(d, time(), UTC) for d in (since, until + timedelta(days=1)))
    wanted = {r.day: r.captures for r in db.rows("own_capture_days", start=start, end=end, names=_listed(names))}
    done: dict[date, Day] = {}
    for day, expected in wanted.items():
        before = held.get(day.isoformat())
        if before and before["captures"] + before["missing"] == expected and _is_there(folder, before):
            done[day] = Day(before["captures"], before["missing"], tuple(before["files"]))
            tell(f"{day}: {expected:,} captures, written before")
            continue
        done[day] = _day(db, _Files(folder, day, most), day, names, tell)
        held[day.isoformat()] = asdict(done[day])
        _keep_manifest(db, folder, names, held)
    if not wanted:
        _keep_manifest(db, folder, names, held)
    return done


def _begun(folder: Path, names: Sequence[str] | None) -> dict[str, Any]:
    """The days that are there."""
    try:
        told = captures_in.manifest(folder)
    except ValueError as error:
        raise ExportRefused(str(folder), f"Its manifest cannot be read ({error}); name another folder.") from error
    if told is None:
        if folder.exists() and any(p for p in folder.iterdir() if not p.name.endswith(".growing")):
            raise ExportRefused(str(folder), "It holds something else; name a folder that does not exist yet.")
        folder.mkdir(parents=True, exist_ok=True)
        return {}
    if told.get("only") != _listed(names):
        raise ExportRefused(str(folder), "It holds the captures of other sources; name another folder.")
    return dict(told["days"])


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return sorted(names) if names else None


def _is_there(folder: Path, day: dict[str, Any]) -> bool:
    return all(
        (folder / f["name"]).is_file() and (folder / f["name"]).stat().st_size == f["bytes"] for f in day["files"]
    )


def _rows(db: Warehouse, day: date, names: Sequence[str] | None) -> Iterator[Any]:
    """What is known of a day's captures, an hour's at a time."""
    start = datetime.combine(day, time(), UTC)
    for hour in (start + timedelta(hours=n) for n in range(24)):
        yield from db.rows("own_captures", start=hour, end=hour + timedelta(hours=1), names=_listed(names))


def _day(db: Warehouse, out: _Files, day: date, names: Sequence[str] | None, tell: Tell) -> Day:
    rows = _rows(db, day, names)
    written = missing = 0
    while some := list(islice(rows, _BATCH)):
        for capture in _loaded(db, some):
            if capture is None:
                missing += 1
            else:
                out.add(captures_out.records(capture))
                written += 1
        tell(f"{day}: {written:,} captures")
    return Day(written, missing, tuple(out.close()))


def _loaded(db: Warehouse, rows: Sequence[Any]) -> Iterator[OwnCapture | None]:
    """The captures of these rows; None for one whose body is not held any more."""
    bodies = {c.fetch_id: c for c in captures.load(db, [r.fetch_id for r in rows])}
    for r in rows:
        body = bodies.get(r.fetch_id)
        if body is None:
            yield None
            continue
        yield OwnCapture(
            source=r.source_name,
            kind=CaptureKind(r.kind),
            requested_url=r.requested_url,
            final_url=r.final_url,
            article_key=r.article_key,
            observed_at=r.observed_at.astimezone(UTC),
            status=r.status,
            headers=body.headers,
            body=body.body,
            hints=_portable(r.hints),
            seen=tuple(
                Seen(source=s, guid_hash=g, first_at=datetime.fromisoformat(a), last_at=datetime.fromisoformat(b))
                for s, g, a, b in r.seen
            ),
        )


def _portable(hints: dict[str, Any]) -> dict[str, Any]:
    """Without the number of a learned clock, which means nothing elsewhere; the corrected and the claimed time stay."""
    published = hints.get("published")
    if not published:
        return hints
    return {**hints, "published": {k: v for k, v in published.items() if k != "clock_version"}}


class _Files:
    """The files of a day: each grows beside its name, the next begins when one is full."""

    def __init__(self, folder: Path, day: date, most: int) -> None:
        self._folder, self._day, self._most = folder, day, most
        self._out: IO[bytes] | None = None
        self._path = folder
        self._hash = hashlib.sha256()
        self._done: list[dict[str, Any]] = []

    def add(self, record: bytes) -> None:
        if self._out is None:
            self._path = self._folder / f"captures-{self._day:%Y%m%d}000000-{len(self._done):05}.warc.gz"
            self._out = _growing(self._path).open("wb")
            self._hash = hashlib.sha256()
        self._out.write(record)
        self._hash.update(record)
        if self._out.tell() >= self._most:
            self._end()

    def close(self) -> list[dict[str, Any]]:
        self._end()
        return self._done

    def _end(self) -> None:
        if self._out is None:
            return
        size = self._out.tell()
        self._out.close()
        self._out = None
        _growing(self._path).rename(self._path)
        self._done.append({"name": self._path.name, "bytes": size, "sha256": self._hash.hexdigest()})


def _growing(path: Path) -> Path:
    return path.with_name(f"{path.name}.growing")


def _keep_manifest(db: Warehouse, folder: Path, names: Sequence[str] | None, days: dict[str, Any]) -> None:
    described = [asdict(s.source) for s in sources.stored(db)]
    told = {"format": 1, "only": _listed(names), "sources": described, "days": days}
    path = folder / captures_in.MANIFEST
    _growing(path).write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True), encoding="utf8")
    _growing(path).rename(path)
