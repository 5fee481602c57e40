"""A WARC file and a half-open interval go in; its archived pages come out one by one, broken records as `Rejected`.

Pages are `response` records with an HTTP answer of status 2xx and HTML in it, whose WARC-Date lies in the interval.
Everything else is passed over and counted in a `WarcMark`. Each page says where the record after it begins, so a
reader that was stopped goes on there; a file that was gzipped as a whole has no such places, and says None.

Theory of what breaks. A crawler that dies leaves a last record cut short; a disk or a copy leaves bytes that are no
record; a length that is stated wrong swallows the neighbours. Each is one `Rejected` with its offset, and reading
goes on at the next place where a record certainly begins (see warc_places). A record that claims to be enormous is
not unpacked to get past it: the next one is searched for in the file as it lies on disk, so a bomb costs its packed
size. Not done: ARC files, records continued in another file, pages in `revisit` records (they hold no bytes).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import Reason, Stage
from etl.records import Rejected, WarcMark, WarcRecord
from etl.sources import captures_in
from etl.sources.warc_files import files
from etl.sources.warc_pages import NotAPage, page
from etl.sources.warc_places import Places

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord as Archived

__all__ = ["files", "read"]

MAX_BLOCK = 20_000_000  # bytes of one record as archived
_MARK_EVERY = 1_000  # records passed over without a word

Read = WarcRecord | Rejected | WarcMark


def read(path: Path, start: datetime, end: datetime, *, offset: int = 0, is_own: bool = False) -> Iterator[Read]:
    """Read the pages archived from `start` up to, not including, `end`, beginning with the record at `offset`.

    With `is_own`, what our export told of its captures is believed, and they come out as they were.

    The last thing said is a `WarcMark` with `is_end`, unless the file cannot be opened or not from that offset.
    """
    try:
        with Places(path) as places:
            if offset and not places.is_seekable:
                yield _bad(Reason.BAD_FILE, path, offset, "gzipped as a whole, it can only be read from its start")
            else:
                yield from _Reading(path, places, start.astimezone(UTC), end.astimezone(UTC), is_own).from_(offset)
    except OSError as error:
        yield Rejected(Stage.FETCH, Reason.BAD_FILE, path.name, f"cannot be read: {error.strerror or error}")


@dataclass(slots=True)
class _Reading:
    """One pass through a file."""

    path: Path
    places: Places
    start: datetime
    end: datetime
    is_own: bool = False
    told: tuple[str, Mapping[str, Any]] | None = None  # of the record that follows, by its id
    skipped: Counter[str] = field(default_factory=Counter)  # since the last mark
    last: int = -1  # where the record seen last begins; -1 before the first of a stretch
    resume: int | None = None  # where the next stretch begins
    is_told: bool = False  # the record seen last was turned away
    is_suspect: bool = False  # bytes before it may be no record

    def from_(self, offset: int) -> Iterator[Read]:
        """Stretch by stretch: each ends where something is broken, the next begins at the record after it."""
        self.resume = offset
        while self.resume is not None:
            yield from self._stretch(self.resume)
        yield WarcMark(next_offset=self.places.end, skipped=dict(self.skipped), is_end=True)

    def _stretch(self, begin: int) -> Iterator[Read]:
        held: WarcRecord | None = None  # a page waits until the next record shows where that one begins
        self.last, self.resume = -1, None
        try:
            for record in _records(self.places, begin):
                yield from self._before(record, begin, held)
                self.last, held = record.stream_pos, None
                one = self._one(record)
                self.is_told = isinstance(one, Rejected)
                if isinstance(one, WarcRecord):
                    held = one
                elif one is not None:
                    yield one
                    if self._is_lost(record, one):
                        return
        except OSError as error:
            yield from self._broken(begin, held, str(error))
            return
        if held is not None:
            yield replace(held, next_offset=self.places.end)

    def _before(self, record: Archived, begin: int, held: WarcRecord | None) -> Iterator[Read]:
        """What is to be said before a record."""
        if self.last < 0 and self.is_suspect:
            self.is_suspect = False
            yield _bad(Reason.BAD_RECORD, self.path, begin, "what stands before this record is none")
        if held is not None:
            yield replace(held, next_offset=self.places.begins(record.stream_pos, record.record_id))
        elif sum(self.skipped.values()) >= _MARK_EVERY:
            at = self.places.begins(record.stream_pos, record.record_id)
            yield WarcMark(next_offset=at, skipped=dict(self.skipped))
            self.skipped.clear()

    def _one(self, record: Archived) -> WarcRecord | Rejected | None:
        """The page of a record, what is wrong with it, or None for one passed over."""
        if record.content_length > MAX_BLOCK:
            return _bad(Reason.TOO_LARGE, self.path, self.last, f"a record of more than {MAX_BLOCK:,} bytes")
        try:
            made = self._own(record) if self.is_own else page(record, self.start, self.end)
        except NotAPage as why:
            self.skipped[str(why)] += 1
            return None
        if made is None:
            return None
        if isinstance(made, tuple):
            return _bad(made[0], self.path, self.last, made[1])
        return made

    def _own(self, record: Archived) -> WarcRecord | tuple[Reason, str] | None:
        """A capture of our own: first what is told of it, then it."""
        told, self.told = self.told, None
        if str(record.record_type) == "metadata":
            self.told = captures_in.told(record)
            return None
        if told is None or told[0] != record.record_id:
            return page(record, self.start, self.end)
        return captures_in.capture(record, told[1], self.start, self.end)

    def _is_lost(self, record: Archived, rejected: Rejected) -> bool:
        """Whether the place of the next record is in doubt; then it is searched for."""
        is_bomb = rejected.reason is Reason.TOO_LARGE and record.content_length > MAX_BLOCK
        if not is_bomb and "cut short" not in rejected.detail:
            return False
        self.resume = self.places.after(self.last)
        return True

    def _broken(self, begin: int, held: WarcRecord | None, why: str) -> Iterator[Read]:
        """Reading failed after the last record, or at once."""
        is_first = self.last < 0
        self.resume = self.places.after(begin if is_first else self.last)
        if held is not None and self.places.has_swallowed(held.body):
            yield _bad(Reason.BAD_RECORD, self.path, self.last, "its length is wrong: the next record begins inside")
            return
        if held is not None:
            yield replace(held, next_offset=self.resume)
        self.is_suspect = not is_first and not self.is_told and self.resume is not None
        if is_first or (not self.is_suspect and not self.is_told):
            yield _bad(Reason.BAD_RECORD, self.path, max(begin, self.last), why)


def _records(places: Places, begin: int) -> Iterator[Archived]:
    from fastwarc.warc import ArchiveIterator

    yield from ArchiveIterator(places.at(begin), parse_http=False)


def _bad(reason: Reason, path: Path, offset: int, detail: str) -> Rejected:
    return Rejected(Stage.FETCH, reason, f"{path.name}@{offset}", detail)
