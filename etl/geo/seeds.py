"""The hand-kept tables under seeds/geo go in; typed rows come out, places named by a reference.

A reference is an ISO country code ("UA"), an admin-1 code ("US.TX") or a GeoNames id ("703448", ours negative).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.errors import GazetteerMissing
from etl.records import NameKind, Place

TABLES = (
    "country_points.csv",
    "admin1_points.csv",
    "regions.csv",
    "aliases.csv",
    "country_names.csv",
    "demonyms.csv",
    "stop_names.csv",
)


@dataclass(frozen=True, slots=True)
class SeedName:
    """A hand-kept name of a place."""

    place: str  # reference, see above
    name: str
    kind: NameKind
    language_code: str | None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Seeds:
    """Every hand-kept table, read."""

    points: dict[str, tuple[float, float]]  # country or admin-1 code → latitude, longitude
    regions: tuple[Place, ...]  # informal regions, seas, rivers
    names: tuple[SeedName, ...]
    stop_names: frozenset[str]  # never a name here, however a gazetteer has it


def read(folder: Path) -> Seeds:
    """Read the tables. Raises GazetteerMissing when one is absent or a row is wrong."""
    points = {row["country_code"]: _point(row) for row in _rows(folder / "country_points.csv")}
    points |= {row["code"]: _point(row) for row in _rows(folder / "admin1_points.csv")}
    return Seeds(
        points=points,
        regions=tuple(_region(row) for row in _rows(folder / "regions.csv")),
        names=(
            *(_name(row, NameKind(row["kind"])) for row in _rows(folder / "aliases.csv")),
            *(_name(row, NameKind(row["kind"])) for row in _rows(folder / "country_names.csv")),
            *(_name(row, NameKind.DEMONYM) for row in _rows(folder / "demonyms.csv")),
        ),
        stop_names=frozenset(row["name"] for row in _rows(folder / "stop_names.csv")),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise GazetteerMissing(str(path), "It is part of the checkout: restore it.")
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if None in row or None in row.values():
                raise GazetteerMissing(f"{path}, line {number}", "It has not as many fields as the header.")
            yield row


def _point(row: dict[str, str]) -> tuple[float, float]:
    return float(row["lat"]), float(row["lon"])


def _region(row: dict[str, str]) -> Place:
    lat, lon = _point(row)
    return Place(
        place_id=int(row["place_id"]),
        name=row["name"],
        feature_class=row["feature_class"],
        feature_code=row["feature_code"],
        country_code=row["country_code"] or None,
        admin1_code=row["admin1_code"] or None,
        admin2_code=None,
        lat=lat,
        lon=lon,
        population=0,
        radius_km=float(row["radius_km"]),
    )


def _name(row: dict[str, str], kind: NameKind) -> SeedName:
    return SeedName(
        row["place"],
        row["name"],
        kind,
        row["language_code"] or None,
        _day(row.get("valid_from")),
        _day(row.get("valid_to")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
