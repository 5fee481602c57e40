"""A named query goes in; its rows come out as a stream of bytes or lines, whatever their number, from one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import psycopg2

from etl.errors import QuestionRefused
from etl.warehouse import queries
from etl.warehouse.connect import Warehouse

_LINES = 2000  # rows a round trip


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an answer."""

    name: str
    type: str  # Postgres' own name for it


@contextmanager
def snapshot(db: Warehouse) -> Iterator[None]:
    """Everything read inside is of one moment, in UTC, and may take its time; nothing can be written."""
    try:
        db.connection.set_session(isolation_level="REPEATABLE READ", readonly=True, autocommit=False)
        db.run("export_session")
        yield
    except psycopg2.Error as error:
        raise QuestionRefused(str(error).strip()) from error
    finally:
        if not db.connection.closed:
            db.connection.rollback()
            db.connection.set_session(isolation_level="default", readonly="default", autocommit=True)


def fields(db: Warehouse, query: str, params: Mapping[str, Any]) -> list[Field]:
    """The columns a query answers with."""
    with db.connection.cursor() as cursor:
        cursor.execute(_text(cursor, query, params) + " LIMIT 0")
        columns = cursor.description or ()
        names = db.rows("type_names", oids=[column.type_code for column in columns])
        types = {row.oid: row.type for row in names}
        return [Field(column.name, types[column.type_code]) for column in columns]


def copy_csv(db: Warehouse, query: str, params: Mapping[str, Any], out: IO[bytes], *, header: bool = True) -> int:
    """Write the rows of a query to a binary file as CSV; how many there were."""
    with db.connection.cursor() as cursor:
        text = _text(cursor, query, params)
        cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT csv, HEADER {str(header).lower()})", out)
        return int(cursor.rowcount)


def lines(db: Warehouse, query: str, params: Mapping[str, Any]) -> Iterator[str]:
    """The only column of a query's rows, one after another."""
    with db.connection.cursor(name="lines") as cursor:
        cursor.itersize = _LINES
        cursor.execute(_text(cursor, query, params))
        for row in cursor:
            yield row[0]


def _text(cursor: Any, query: str, params: Mapping[str, Any]) -> str:
    """The query with its parameters in it, for COPY takes none."""
    return str(cursor.mogrify(queries.sql(query).rstrip().rstrip(";"), dict(params)).decode())
