"""A memory-mapped lexicon file goes in; the places a name may stand for come out, in microseconds.

The file is written by `etl.geo.compile`. Nothing of it is read until it is looked up, and every process that maps it
shares the same pages: a worker adds a few megabytes, not the 400 a dict of the gazetteer takes. A look-up finds the
name's 64-bit hash by bisection and then compares the name itself, so two names with one hash are never confused.
"""

from __future__ import annotations

import json
import mmap
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import xxhash

from etl.errors import GazetteerMissing
from etl.geo.fold import fold
from etl.records import NameKind

LAYOUT = 5  # raise it when the file's layout or `fold` changes; belongs in the file's name
MAGIC = b"dateline lexicon %d\n" % LAYOUT
KINDS = (NameKind.PRIMARY, NameKind.ALIAS, NameKind.ABBREVIATION, NameKind.DEMONYM)  # their numbers in the file
_EXACT = "="  # begins the key of an abbreviation, which keeps its spelling: "Ore." is not "ore"
_UNIT = "#"  # begins the key of a country or admin-1 code
_START = "~"  # begins the key of the first two characters of names that stand in texts without spaces
_CACHE = 20_000


class Level(IntEnum):
    """What a place is, as far as choosing between namesakes goes."""

    TOWN = 0
    ADMIN2 = 1
    ADMIN1 = 2
    COUNTRY = 3
    REGION = 4  # informal region, continent, sea, river: no part of the hierarchy


# By names of their own: before Python 3.12 each `Level.TOWN` costs 0.3 µs, and every candidate is asked.
TOWN, ADMIN2, ADMIN1, COUNTRY, REGION = Level


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as the lexicon knows it."""

    place_id: int
    name: str
    level: Level
    feature_class: str
    feature_code: str
    country: str  # "" where there is none
    admin1: str
    admin2: str
    lat: float
    lon: float
    population: int
    radius_km: float


class Gazetteer(Protocol):
    """What recognising and resolving ask of a gazetteer."""

    @property
    def version(self) -> str:
        """Which gazetteer this is."""

    def find(self, key: str) -> tuple[tuple[int, NameKind], ...]:
        """Handles of the places a key stands for, each with the kind of name it is."""

    def entry(self, handle: int) -> Entry:
        """The place behind a handle."""

    def in_use(self, key: str, handle: int) -> tuple[date, date] | None:
        """First and last day on which the key was a name of the place; None where nothing limits it."""


def key_of(name: str, kind: NameKind) -> str:
    """The key a name is found by: folded, but an abbreviation as written."""
    return _EXACT + name if kind is NameKind.ABBREVIATION else fold(name)


def unit_key(country: str, admin1: str = "") -> str:
    """The key a country, or its first-level unit, is found by."""
    return f"{_UNIT}{country}.{admin1}" if admin1 else f"{_UNIT}{country}"


def start_key(name: str) -> str:
    """The key that tells whether any name begins with the same two characters."""
    return _START + fold(name[:2])


def first_word_key(name: str) -> str:
    """The key that tells whether any name in a spaced script without capitals begins with the same word."""
    return _START + fold(name).split(" ", 1)[0]


def hash_of(key: str) -> int:
    """64-bit hash of a key."""
    return xxhash.xxh3_64_intdigest(key.encode())


class Lexicon:
    """A compiled gazetteer, memory-mapped; usable as a context manager. Looks up, never changes."""

    def __init__(self, data: mmap.mmap) -> None:
        start = len(MAGIC)
        size = int.from_bytes(data[start : start + 8], "little")
        header = json.loads(data[start + 8 : start + 8 + size])
        self.version: str = header["version"]
        self.places: int = header["places"]
        self.names: int = header["names"]
        self._features: list[tuple[str, str, int]] = [tuple(f) for f in header["features"]]
        self._data = data
        self._view = memoryview(data)
        self._column = {name: self._view[at : at + length].cast(code) for name, code, at, length in header["columns"]}
        self._hash = self._column["name_hash"]
        self._at, self._first = self._column["name_at"], self._column["name_first"]
        self._posting, self._text = self._column["posting"], self._column["text"]
        self._dated = self._column["dated_hash"]
        self.find = lru_cache(_CACHE)(self._find)  # texts repeat their names; bounded
        self.entry = lru_cache(_CACHE)(self._entry)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Map a compiled file. Raises GazetteerMissing when it is absent, damaged or of another layout."""
        try:
            with path.open("rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # ValueError: an empty file cannot be mapped
            raise GazetteerMissing(str(path), "Compile it again.") from None
        if data[: len(MAGIC)] != MAGIC:
            raise GazetteerMissing(str(path), "It is no lexicon of this version: compile it again.")
        return cls(data)

    def close(self) -> None:
        """Unmap the file."""
        for column in self._column.values():
            column.release()
        self._view.release()
        self._data.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _find(self, key: str) -> tuple[tuple[int, NameKind], ...]:
        """Handles of the places a key stands for, each with the kind of name it is."""
        text = key.encode()
        wanted = hash_of(key)
        at = bisect_left(self._hash, wanted)
        while at < self.names and self._hash[at] == wanted:
            if self._text[self._at[at] : self._at[at + 1]] == text:
                postings = self._posting[self._first[at] : self._first[at + 1]]
                return tuple((p >> 2, KINDS[p & 3]) for p in postings)
            at += 1
        return ()

    def _entry(self, handle: int) -> Entry:
        """The place behind a handle. Raises IndexError for a handle that is none."""
        column = self._column
        feature_class, feature_code, level = self._features[column["feature"][handle]]
        return Entry(
            place_id=column["place_id"][handle],
            name=self._string(column["place_name"][handle]),
            level=Level(level),
            feature_class=feature_class,
            feature_code=feature_code,
            country=self._string(column["country"][handle]),
            admin1=self._string(column["admin1"][handle]),
            admin2=self._string(column["admin2"][handle]),
            lat=column["lat"][handle],
            lon=column["lon"][handle],
            population=column["population"][handle],
            radius_km=column["radius_km"][handle],
        )

    def in_use(self, key: str, handle: int) -> tuple[date, date] | None:
        """First and last day on which the key was a name of the place; None where nothing limits it."""
        wanted = hash_of(key)
        at = bisect_left(self._dated, wanted)
        while at < len(self._dated) and self._dated[at] == wanted:
            if self._column["dated_handle"][at] == handle:
                first, last = self._column["dated_from"][at], self._column["dated_to"][at]
                return date.fromordinal(first), date.fromordinal(last)
            at += 1
        return None

    def _string(self, number: int) -> str:
        at = self._column["string_at"]
        return str(self._column["string_text"][at[number] : at[number + 1]], "utf-8")
