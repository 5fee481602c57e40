"""The gazetteer in Postgres: rows in by COPY and swapped in atomically, rows out for compiling the look-up file."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from etl.records import NameKind, Place, PlaceName
from etl.warehouse import queries
from etl.warehouse.connect import Warehouse

_CHUNK = 250_000  # rows a COPY, so that progress shows and memory stays bounded
_PLACE = attrgetter(*(f.name for f in fields(Place)))
_NAME = attrgetter(*(f.name for f in fields(PlaceName)))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A gazetteer as held."""

    gazetteer_id: int
    version: str
    places: int
    names: int


def current(db: Warehouse) -> Loaded | None:
    """The gazetteer in use, if any."""
    row = db.one("current_gazetteer")
    return Loaded(row.gazetteer_id, row.version, row.places, row.names) if row else None


def history(db: Warehouse) -> list[Any]:
    """Every gazetteer there was, the latest first: version, places, names, loaded_at, is_current."""
    return db.rows("gazetteers")


def load(
    db: Warehouse,
    version: str,
    places: Iterable[Place],
    names: Iterable[PlaceName],
    *,
    at: datetime,
    tell: Callable[[str, int], None] = lambda _what, _n: None,
) -> Loaded:
    """Load a gazetteer and make it current, in one transaction; readers see the old one until then."""
    with db.transaction():
        db.run("lock_gazetteer")
        db.run("stage_gazetteer")
        _copy(db, "copy_places", map(_PLACE, places), lambda n: tell("places", n))
        _copy(
            db,
            "copy_names",
            map(_NAME, names),
            lambda n: tell("names", n),
        )
        gazetteer_id = db.value("begin_gazetteer", version=version, at=at)
        db.run("swap_places", gazetteer_id=gazetteer_id)
    db.run("analyze_gazetteer")
    loaded = current(db)
    assert loaded is not None  # noqa: S101 - we have just made it
    return loaded


def _copy(db: Warehouse, name: str, rows: Iterator[tuple[Any, ...]], tell: Callable[[int], None]) -> None:
    done = 0
    with db.connection.cursor() as cursor:
        while chunk := list(islice(rows, _CHUNK)):
            buffer = io.StringIO()
            csv.writer(buffer).writerows(chunk)  # None becomes an empty field, which COPY reads as null
            buffer.seek(0)
            cursor.copy_expert(queries.sql(name), buffer)
            done += len(chunk)
            tell(done)


def read_places(db: Warehouse) -> Iterator[Place]:
    """Every place of the current gazetteer, by id."""
    for r in _read(db, "read_places"):
        yield Place(
            place_id=int(r[0]),
            name=r[1],
            feature_class=r[2],
            feature_code=r[3],
            country_code=r[4] or None,
            admin1_code=r[5] or None,
            admin2_code=r[6] or None,
            lat=float(r[7]),
            lon=float(r[8]),
            population=int(r[9]),
            radius_km=float(r[10]),
        )


def read_names(db: Warehouse) -> Iterator[PlaceName]:
    """Every name of the current gazetteer, by place."""
    for r in _read(db, "read_names"):
        yield PlaceName(
            place_id=int(r[0]),
            name=r[1],
            kind=NameKind(r[2]),
            language_code=r[3] or None,
            valid_from=date.fromisoformat(r[4]) if r[4] else None,
            valid_to=date.fromisoformat(r[5]) if r[5] else None,
        )


def _read(db: Warehouse, name: str) -> Iterator[list[str]]:
    with tempfile.TemporaryFile("w+", encoding="utf8", newline="") as spool, db.connection.cursor() as cursor:
        cursor.copy_expert(queries.sql(name), spool)
        spool.seek(0)
        yield from csv.reader(spool)
