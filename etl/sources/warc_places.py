"""A WARC file goes in; the places at which a record certainly begins come out: to read from, and to go on at.

Theory. In a plain file a record begins with the line `WARC/1.0`; in one that holds each record in a gzip
member of its own, where a member begins that unpacks to that. Either can be told from any place in the file, by a
search that reads it as it lies on disk. In a file gzipped as a whole, and in other compressions, there are no such
places, and what is broken ends the reading. Which of them a file is, is told by its first member: does it end with
its first record?
"""

from __future__ import annotations

import mmap
import re
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

_GZIP = b"\x1f\x8b\x08"
_RECORD = b"WARC/"
_LINE = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n")  # anywhere: a record cut short has no line end before the next
_LENGTH = re.compile(rb"\r?\nContent-Length:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_MAX_HEAD = 65_536
_PIECE = 65_536


class Places:
    """An open WARC file. Raises OSError where it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("rb")
        self.size = self._file.seek(0, 2)
        self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else b""
        self.is_gzip = self._bytes[:2] == _GZIP[:2]
        self.is_seekable = self._bytes[:5] == _RECORD or (self.is_gzip and self._is_one_record(0))
        if not self.is_gzip and _LINE.search(self._bytes[:_MAX_HEAD]):
            self.is_seekable = True

    def __enter__(self) -> Places:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(self._bytes, mmap.mmap):
            self._bytes.close()
        self._file.close()

    @property
    def end(self) -> int | None:
        """The place after the last record."""
        return self.known(self.size)

    def known(self, offset: int) -> int | None:
        """The offset, if reading can go on there."""
        return offset if self.is_seekable else None

    def begins(self, offset: int, record_id: str | None) -> int | None:
        """The offset, if the record of this id begins there; else members hold several, and no place is sure."""
        if self.is_gzip and self.is_seekable and record_id:
            head = self._head(offset, 4_096, 16_384)
            end = _HEAD_END.search(head)
            self.is_seekable = record_id.encode("utf-8", "replace") in head[: end.start() if end else None]
        return self.known(offset)

    def at(self, offset: int) -> BinaryIO:
        """The file, to be read from this place."""
        self._file.seek(offset)
        return self._file

    def after(self, offset: int) -> int | None:
        """The first place behind this one where a record begins; None if there is none, or no telling."""
        if not self.is_seekable:
            return None
        return self._member_after(offset + 1) if self.is_gzip else self._line_after(offset + 1)

    def has_swallowed(self, body: bytes) -> bool:
        """Whether a record's body holds the beginning of another, so that its stated length is wrong."""
        return bool(_LINE.search(body))

    def _line_after(self, at: int) -> int | None:
        found = _LINE.search(self._bytes, at)
        return found.start() if found else None

    def _member_after(self, at: int) -> int | None:
        while (at := self._bytes.find(_GZIP, at)) >= 0:
            if self._head(at).startswith(_RECORD):
                return at
            at += 1
        return None

    def _head(self, at: int, packed: int = 512, unpacked: int = 16) -> bytes:
        try:
            return zlib.decompressobj(wbits=31).decompress(self._bytes[at : at + packed], unpacked)
        except zlib.error:
            return b""

    def _is_one_record(self, at: int) -> bool:
        """Whether the gzip member at a place ends with its first record, unpacked no further than that."""
        reader = zlib.decompressobj(wbits=31)
        head, size, expected = b"", 0, None
        while at < self.size and not reader.eof:
            packed = reader.unconsumed_tail or self._bytes[at : at + _PIECE]
            at += 0 if reader.unconsumed_tail else len(packed)
            try:
                piece = reader.decompress(packed, _PIECE)
            except zlib.error:
                return True  # broken, not joined: the places of the others can be told
            size += len(piece)
            if expected is None:
                head += piece
                expected = _length(head)
            if expected is not None and size > expected:
                return False
        return True


def _length(head: bytes) -> int | None:
    """How long the record beginning with this is at most, blank lines after it included; None if not known yet."""
    end = _HEAD_END.search(head)
    if end is None:
        return 0 if len(head) > _MAX_HEAD else None
    stated = _LENGTH.search(head, 0, end.end())
    return end.end() + (int(stated.group(1)) if stated else 0) + 8
