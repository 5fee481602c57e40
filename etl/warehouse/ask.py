"""A question in SQL goes in; its rows go out as a table, CSV or JSON Lines, read in chunks and never written back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, TextIO

import psycopg2
from rich.console import Console
from rich.table import Table

from etl.errors import QuestionRefused
from etl.warehouse.connect import Warehouse

FORMATS = ("table", "csv", "json")
_CHUNK = 1000
_TABLE_ROWS = 1000  # a terminal table longer than this helps nobody; csv and json have no limit


def ask(db: Warehouse, sql: str, *, form: str, out: TextIO, timeout_s: int = 60) -> int:
    """Answer a question; how many rows there were. Raises QuestionRefused with the server's own words."""
    try:
        db.connection.autocommit = False
        db.connection.set_session(readonly=True)
        db.run("limit_time", milliseconds=timeout_s * 1000)
        with db.connection.cursor() as cursor:
            cursor.execute(sql)
            if cursor.description is None:
                return 0
            names = [column.name for column in cursor.description]
            return _WRITERS[form](names, _chunks(cursor), out)
    except psycopg2.Error as error:
        raise QuestionRefused(str(error).strip()) from error
    finally:
        db.connection.rollback()


def _chunks(cursor: Any) -> Iterator[Sequence[Sequence[Any]]]:
    while rows := cursor.fetchmany(_CHUNK):
        yield rows


def _csv(names: Sequence[str], chunks: Iterator[Sequence[Sequence[Any]]], out: TextIO) -> int:
    writer = csv.writer(out)
    writer.writerow(names)
    n = 0
    for rows in chunks:
        writer.writerows([_text(cell) for cell in row] for row in rows)
        n += len(rows)
    return n


def _json(names: Sequence[str], chunks: Iterator[Sequence[Sequence[Any]]], out: TextIO) -> int:
    n = 0
    for rows in chunks:
        records = (dict(zip(names, row, strict=True)) for row in rows)
        out.writelines(json.dumps(r, default=_text, ensure_ascii=False) + "\n" for r in records)
        n += len(rows)
    return n


def _table(names: Sequence[str], chunks: Iterator[Sequence[Sequence[Any]]], out: TextIO) -> int:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    n = 0
    for rows in chunks:
        for row in rows[: max(0, _TABLE_ROWS - n)]:
            table.add_row(*(_text(cell) for cell in row))
        n += len(rows)
    console = Console(file=out, markup=False, highlight=False, width=None if out.isatty() else 200)
    console.print(table)
    more = f", the first {_TABLE_ROWS:,} shown" if n > _TABLE_ROWS else ""
    console.print(f"({n:,} row{'' if n == 1 else 's'}{more})")
    return n


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case datetime() | date():
            return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
        case memoryview() | bytes():
            return "\\x" + bytes(cell).hex()
        case dict() | list():
            return json.dumps(cell, default=_text, ensure_ascii=False)
    return str(cell)


_WRITERS = {"table": _table, "csv": _csv, "json": _json}
