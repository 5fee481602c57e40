"""A database address goes in; a `Warehouse` comes out: one connection, named queries, explicit transactions.

Rows travel in batches: a query with a `rows` parameter takes a list of dicts as one JSON document and types it
with `json_to_recordset`, so a batch is one statement and one round trip, whatever its size. Each row carries its
position as `n`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import psycopg2
import psycopg2.extensions
from psycopg2.extras import NamedTupleCursor

from etl.errors import DatabaseTooOld, DatabaseUnreachable
from etl.warehouse import queries

OLDEST_SERVER = 150000  # range functions and MERGE as used in sql/
_SECRET = re.compile(r"(://[^:/@]*:)[^@]*@")


def redact(url: str) -> str:
    """The address without its password, for messages."""
    return _SECRET.sub(r"\1***@", url)


class Warehouse:
    """One connection. Outside `transaction()` each query commits by itself."""

    def __init__(self, connection: psycopg2.extensions.connection) -> None:
        self.connection = connection
        connection.autocommit = True

    def rows(self, name: str, /, **params: Any) -> list[Any]:
        """Run a named query; its rows as named tuples."""
        with self.connection.cursor(cursor_factory=NamedTupleCursor) as cursor:
            cursor.execute(queries.sql(name), _adapted(params))
            return cursor.fetchall() if cursor.description else []

    def one(self, name: str, /, **params: Any) -> Any:
        """The only row of a query, or None."""
        found = self.rows(name, **params)
        return found[0] if found else None

    def value(self, name: str, /, **params: Any) -> Any:
        """The first column of the only row, or None."""
        found = self.one(name, **params)
        return found[0] if found else None

    def run(self, name: str, /, **params: Any) -> int:
        """Run a named query for its effect; how many rows it touched."""
        with self.connection.cursor() as cursor:
            cursor.execute(queries.sql(name), _adapted(params))
            return cursor.rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All queries inside commit together, or not at all; a block inside another is part of it."""
        if not self.connection.autocommit:
            yield
            return
        self.connection.autocommit = False
        try:
            with self.connection:
                yield
        finally:
            self.connection.autocommit = True

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()


def _adapted(params: Mapping[str, Any]) -> dict[str, Any]:
    adapted = dict(params)
    if "rows" in adapted:
        numbered = [{**row, "n": n} for n, row in enumerate(adapted["rows"])]
        adapted["rows"] = json.dumps(numbered, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return adapted


def _plain(value: object) -> object:
    match value:
        case bytes():
            return "\\x" + value.hex()
        case datetime() | date():
            return value.isoformat()
        case frozenset() | tuple() | set():
            return list(value)
        case Mapping():
            return dict(value)
    raise TypeError(f"cannot be sent to the warehouse: {type(value).__name__}")


@contextmanager
def connect(url: str, *, name: str = "dateline", role: str | None = None, timeout_s: int = 10) -> Iterator[Warehouse]:
    """Open a connection for the block. Raises DatabaseUnreachable or DatabaseTooOld, naming the address.

    Nothing is compiled (`jit`): queries here run for less time than compiling them takes, however they are estimated.
    """
    try:
        connection = psycopg2.connect(
            url,
            application_name=name,
            connect_timeout=timeout_s,
            options="-c timezone=UTC -c jit=off" + (f" -c role={role}" if role else ""),
        )
    except psycopg2.OperationalError as error:
        why = str(error).strip().splitlines()[-1]
        raise DatabaseUnreachable(redact(url), f"{why}. Check DATELINE_DATABASE_URL and the server.") from error
    try:
        if connection.server_version < OLDEST_SERVER:
            raise DatabaseTooOld(redact(url), f"PostgreSQL {OLDEST_SERVER // 10000} or newer is needed.")
        yield Warehouse(connection)
    finally:
        connection.close()


def array(values: Iterable[object]) -> str:
    """Numbers as the text of a Postgres array."""
    return "{" + ",".join(map(str, values)) + "}"
