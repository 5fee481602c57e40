"""Analysts' corrections of places: noted, ended, listed with their conflicts; and the contents each concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.records import Override, Place, TextField
from etl.warehouse.connect import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an analyst says of a name."""

    surface: str
    place_id: int | None  # None: no place
    note: str
    outlet: str | None = None
    language_code: str | None = None
    text_hash: bytes | None = None
    field: str | None = None
    start: int | None = None


def active(db: Warehouse) -> list[Override]:
    """The overrides that hold, by id."""
    return [_override(row) for row in db.rows("active_overrides")]


def add(db: Warehouse, correction: Correction, *, at: datetime) -> int:
    """Note a correction; its id, or that of the same one held already."""
    override_id: int = db.value(
        "add_override",
        surface=correction.surface,
        place_id=correction.place_id,
        text_hash=correction.text_hash,
        field=correction.field,
        start=correction.start,
        outlet=correction.outlet,
        language_code=correction.language_code,
        note=correction.note,
        at=at,
    )
    return override_id


def end(db: Warehouse, override_id: int, *, at: datetime) -> bool:
    """End a correction; whether it held."""
    return db.one("end_override", override_id=override_id, at=at) is not None


def conflicts(db: Warehouse) -> dict[int, str]:
    """Override → what is wrong with it."""
    return {r.override_id: r.conflict for r in db.rows("override_conflicts")}


def concerned(db: Warehouse, override_id: int) -> list[tuple[int, int]]:
    """Tagged contents that hold the name where the override looks: (content, source)."""
    return [(r.content_id, r.source_id) for r in db.rows("contents_of_override", override_id=override_id)]


def place_name(db: Warehouse, place_id: int) -> str | None:
    """The usual name of a place the warehouse has."""
    row = db.one("place_by_id", place_id=place_id)
    return row.name if row else None


def mention(db: Warehouse, mention_id: int) -> Any:
    """A mention as held, with the text it stands in; None if there is none."""
    return db.one("mention_found", mention_id=mention_id)


def candidates(db: Warehouse, mention_id: int) -> list[Any]:
    """What it could have been, the best first, with what spoke for each."""
    return db.rows("candidates_of", mention_id=mention_id)


def _override(row: Any) -> Override:
    place = None
    if row.place_id is not None:
        place = Place(
            place_id=row.place_id,
            name=row.name,
            feature_class=row.feature_class,
            feature_code=row.feature_code,
            country_code=row.country_code,
            admin1_code=row.admin1_code,
            admin2_code=row.admin2_code,
            lat=row.lat,
            lon=row.lon,
            population=row.population,
            radius_km=row.radius_km,
        )
    return Override(
        override_id=row.override_id,
        surface=row.surface,
        place=place,
        text_hash=bytes(row.text_hash) if row.text_hash is not None else None,
        field=TextField(row.field) if row.field else None,
        start=row.start_offset,
        outlet=row.outlet,
        language_code=row.language_code,
    )
