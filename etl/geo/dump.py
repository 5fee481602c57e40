"""A folder with a GeoNames dump goes in; its rows come out as typed records, broken ones as lines to be told of.

The files are those of download.geonames.org/export/dump, as they are or zipped: nineteen (or four, or ten) columns
parted by tabs, no header, no quoting, UTF-8. GeoNames data is CC BY 4.0. Everything is streamed: allCountries has
twelve million rows.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, TypeVar

from etl.errors import GazetteerMissing

_PLACES = re.compile(r"(allCountries|cities\d+|[A-Z]{2})\.(txt|zip)")
_COUNTRIES, _ADMIN1, _ADMIN2, _NAMES = "countryInfo", "admin1CodesASCII", "admin2Codes", "alternateNamesV2"
_YEAR = re.compile(r"(\d{4})(?:-(\d{2})-(\d{2}))?")
_CHUNK = 1 << 20
_SHOWN = 5

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of places."""

    place_id: int
    name: str
    aliases: tuple[str, ...]
    lat: float
    lon: float
    feature_class: str
    feature_code: str
    country: str
    admin1: str
    admin2: str
    population: int


@dataclass(frozen=True, slots=True)
class Alias:
    """One line of alternateNamesV2."""

    place_id: int
    language: str  # ISO 639, or a pseudo-code: link, post, iata, abbr, …
    name: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A country or subdivision as the code tables have it."""

    place_id: int
    code: str  # UA, UA.14 or UA.14.1401
    name: str
    area_km2: float = 0.0
    population: int = 0


@dataclass(slots=True)
class Dump:
    """The files of one dump, and what could not be read of them."""

    tables: tuple[Path, ...]  # of places
    countries: Path
    admin1: Path
    admin2: Path | None
    names: Path | None
    broken: int = 0
    broken_lines: list[str] = field(default_factory=list)  # the first few, in words

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file read."""
        return (*self.tables, *(p for p in (self.countries, self.admin1, self.admin2, self.names) if p))

    def rows(self) -> Iterator[Row]:
        """The places of every table; a place in two tables comes twice."""
        for path in self.tables:
            yield from self._read(path, 19, _row)

    def units(self) -> Iterator[Unit]:
        """Countries, then first-level, then second-level units."""
        yield from self._read(self.countries, 17, _country)
        for path in filter(None, (self.admin1, self.admin2)):
            yield from self._read(path, 4, lambda f: Unit(int(f[3]), f[0], f[1]))

    def aliases(self) -> Iterator[Alias]:
        """Other names with their language and validity; none where the dump has no such file."""
        if self.names is not None:
            yield from self._read(self.names, 4, _alias)

    def _read(self, path: Path, columns: int, make: Callable[[list[str]], _Made]) -> Iterator[_Made]:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                fields = line.rstrip("\r\n").split("\t")
                if line.startswith("#") or fields == [""]:
                    continue
                try:
                    if len(fields) < columns:
                        raise ValueError(f"{len(fields)} columns, not {columns}")
                    made = make(fields)
                except ValueError as error:
                    self._note(f"{path.name}, line {number}: {error}")
                else:
                    yield made

    def _note(self, line: str) -> None:
        self.broken += 1
        if len(self.broken_lines) < _SHOWN:
            self.broken_lines.append(line)


def find(folder: Path) -> Dump:
    """The dump in a folder. Raises GazetteerMissing, saying which file is wanted."""
    if not folder.is_dir():
        raise GazetteerMissing(str(folder), "It is no folder.")
    tables = tuple(sorted(p for p in folder.iterdir() if _PLACES.fullmatch(p.name)))
    if not tables:
        raise GazetteerMissing(str(folder), "It has no table of places: allCountries.txt, cities500.txt or UA.txt.")
    return Dump(
        tables=tables,
        countries=_wanted(folder, _COUNTRIES),
        admin1=_wanted(folder, _ADMIN1),
        admin2=_optional(folder, _ADMIN2),
        names=_optional(folder, _NAMES),
    )


def digest(path: Path) -> bytes:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _optional(folder: Path, name: str) -> Path | None:
    return next((p for p in (folder / f"{name}.txt", folder / f"{name}.zip") if p.is_file()), None)


def _wanted(folder: Path, name: str) -> Path:
    found = _optional(folder, name)
    if found is None:
        raise GazetteerMissing(str(folder / f"{name}.txt"), "Fetch it from download.geonames.org/export/dump.")
    return found


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """The text of a table, unzipped on the way. What is no UTF-8 is replaced, so that one byte costs one letter."""
    if path.suffix != ".zip":
        with path.open(encoding="utf-8", errors="replace", newline="\n", buffering=_CHUNK) as text:
            yield text
        return
    try:
        with zipfile.ZipFile(path) as archive, archive.open(f"{path.stem}.txt") as member:
            yield io.TextIOWrapper(member, encoding="utf-8", errors="replace", newline="\n")
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise GazetteerMissing(str(path), f"It is damaged, or holds no {path.stem}.txt: {error}") from None


def _row(f: list[str]) -> Row:
    lat, lon = float(f[4]), float(f[5])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and f[1]):
        raise ValueError("no name, or a point that is not on Earth")
    return Row(
        place_id=int(f[0]),
        name=f[1],
        aliases=tuple(f[3].split(",")) if f[3] else (),
        lat=lat,
        lon=lon,
        feature_class=f[6],
        feature_code=f[7],
        country=f[8],
        admin1=f[10],
        admin2=f[11],
        population=int(f[14] or 0),
    )


def _country(f: list[str]) -> Unit:
    return Unit(int(f[16]), f[0], f[4], float(f[6] or 0), int(f[7] or 0))


def _alias(f: list[str]) -> Alias:
    since, until = [*f[8:10], "", ""][:2]
    return Alias(int(f[1]), f[2], f[3], _day(since, is_end=False), _day(until, is_end=True))


def _day(stated: str, *, is_end: bool) -> date | None:
    """The first or last day a stated year (or day) means; other wordings say nothing certain."""
    found = _YEAR.fullmatch(stated.strip())
    if not found:
        return None
    year, month, day = int(found[1]), found[2], found[3]
    if month is None:
        return date(year, 12, 31) if is_end else date(year, 1, 1)
    return date(year, int(month), int(day))
