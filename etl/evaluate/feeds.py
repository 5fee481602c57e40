"""A folder of gzipped feeds goes in; what the pipeline's own reader makes of each comes out, one JSON line an entry."""

from __future__ import annotations

import gzip
import json
import resource
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar

from etl import collector
from etl.errors import CorpusError
from etl.records import Feed, Rejected
from etl.sources import feeds, judge
from etl.sources.feed_dates import from_stated
from etl.sources.reference import ReferenceEntry, default, reference
from etl.sources.stated import StatedEntry, StatedFeed

_BASE = "http://corpus.invalid/"
_READ_AT = datetime(2100, 1, 1, tzinfo=UTC)  # the corpus does not say when: no date is too far ahead
_Read = TypeVar("_Read")
_FIELDS = ("id", "link", "title", "published")


def run(folder: Path, predictions: TextIO | None = None, *, compare: bool = False) -> dict[str, Any]:
    """Read every `*.xml.gz` of the folder; how many entries came, how many files and entries were turned away.

    A line of `predictions` is `{file, id, link, title, published}`: id, link and title as the feed states them (its
    own `xml:base` applied), published in UTC; or `{file, rejected}` for a file given up. `compare` has feedparser
    read the files too: the share of entries in which each field is equal, and the ratio of processor seconds to
    feedparser as it comes.
    """
    paths = sorted(folder.glob("*.xml.gz"))
    if not paths:
        raise CorpusError(str(folder), "It holds no *.xml.gz file.")
    tally = _Tally()
    read: list[tuple[Path, list[dict[str, Any]]]] = []
    for path in paths:
        stated, parsed = tally.timed(path.name, _body(path))
        lines = list(_lines(path.name, stated, parsed)) if predictions or compare else []
        for line in lines if predictions else ():
            print(json.dumps(line, ensure_ascii=False), file=predictions)
        read.append((path, lines if compare else []))
    tally.end()
    for path, lines in read if compare else ():  # afterwards: two readers in turn would spoil each other's caches
        tally.compare(lines, _body(path))
    return tally.summary(len(paths))


@dataclass(slots=True)
class _Tally:
    """What is counted over the files."""

    reasons: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)  # files
    agreed: Counter[str] = field(default_factory=Counter)  # entries
    items: int = 0
    unusable: int = 0
    dated: int = 0
    seconds: float = 0.0
    default_seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    expected: int = 0  # entries feedparser finds

    def timed(self, name: str, body: bytes) -> tuple[feeds.Stated, Feed | Rejected]:
        """Read one file, and count."""
        seconds, (stated, parsed) = _timed(lambda: _read(body))
        self.seconds += seconds
        self.slowest = max(self.slowest, (seconds, name))
        if isinstance(parsed, Rejected):
            self.reasons[parsed.reason.value] += 1
        else:
            self.readers[stated.reader if isinstance(stated, StatedFeed) else "json"] += 1
            self.items += len(parsed.items)
            self.unusable += len(parsed.rejected)
            self.dated += sum(1 for item in parsed.items if item.published or item.updated)
        return stated, parsed

    def compare(self, lines: Sequence[dict[str, Any]], body: bytes) -> None:
        """Count agreement with feedparser; nothing agrees where the number of entries differs."""
        found = reference(body)
        self.default_seconds += _timed(lambda: default(body))[0]
        self.expected += len(found)
        if len(found) == len(lines):
            for line, entry in zip(lines, found, strict=True):
                self.agreed.update(name for name in _FIELDS if line.get(name) == _of(entry, name))

    def end(self) -> None:
        """Count what the judge's process cost: the system tells once it is gone."""
        before = _children()
        judge.shared().close()
        self.seconds += _children() - before

    def summary(self, files: int) -> dict[str, Any]:
        """For the command to print."""
        return {
            "items": self.items,
            "files": files,
            "rejected": self.reasons.total(),
            "rejected_by_reason": dict(self.reasons),
            "entries_rejected": self.unusable,
            "entries_dated": self.dated,
            "files_by_reader": dict(self.readers),
            "cpu_seconds": round(self.seconds, 3),
            "slowest": {"file": self.slowest[1], "cpu_seconds": round(self.slowest[0], 3)},
        } | (self._compared() if self.expected else {})

    def _compared(self) -> dict[str, Any]:
        return {
            "agreement": {name: round(self.agreed[name] / self.expected, 5) for name in _FIELDS},
            "feedparser_entries": self.expected,
            "feedparser_cpu_seconds": round(self.default_seconds, 2),
            "times_faster": round(self.default_seconds / self.seconds, 1),
        }


def _timed(read: Callable[[], _Read]) -> tuple[float, _Read]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    before = used.ru_utime + used.ru_stime
    made = read()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime - before, made


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _body(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusError(str(path), f"It is no gzip file: {error}") from error


def _read(body: bytes) -> tuple[feeds.Stated, Feed | Rejected]:
    with collector.paused():  # as `feeds.parse` does
        stated = feeds.stated_by(body)
        return stated, feeds.made_of(stated, url=_BASE, fetched_at=_READ_AT)


def _lines(file: str, stated: feeds.Stated, parsed: Feed | Rejected) -> Iterator[dict[str, Any]]:
    if isinstance(parsed, Rejected):
        yield {"file": file, "rejected": parsed.reason.value}
        return
    if isinstance(stated, StatedFeed):
        yield from ({"file": file} | _line(entry) for entry in stated.entries)
        return
    for item in parsed.items:
        at = item.published or item.updated
        published = at.at.isoformat() if at else None
        yield {"file": file, "id": item.guid, "link": item.url, "title": item.title, "published": published}


def _line(entry: StatedEntry) -> dict[str, Any]:
    dated = from_stated(entry.published or entry.updated, time_zone="UTC", fetched_at=_READ_AT)
    published = dated.at.isoformat() if dated else None
    return {"id": entry.guid, "link": entry.link, "title": entry.title, "published": published}


def _of(entry: ReferenceEntry, name: str) -> str | None:
    published = entry.published.isoformat() if entry.published else None
    return {"id": entry.guid, "link": entry.link, "title": entry.title, "published": published}[name]
