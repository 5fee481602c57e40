"""A throwaway database on a given server: for measuring and for tests. Made, migrated, used, dropped."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit, urlunsplit

import psycopg2.errors
from psycopg2 import sql

from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.migrate import migrate


def at_database(url: str, database: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def database(url: str, *, template: str | None = None) -> Iterator[str]:
    """The address of a new database for the block: a copy of `template`, or migrated from nothing."""
    name = f"scratch_{secrets.token_hex(6)}"
    with connect(url, name="scratch") as server:
        create(server, name, template)
        try:
            if template is None:
                with connect(at_database(url, name)) as db:
                    migrate(db, today=date(2022, 7, 1))
            yield at_database(url, name)
        finally:
            drop(server, name)


def create(server: Warehouse, name: str, template: str | None = None) -> None:
    """Make a database, as a copy of `template` if one is given."""
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        statement += sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(template))
    with server.connection.cursor() as cursor:
        cursor.execute(statement)


def drop(server: Warehouse, name: str) -> None:
    """Remove a database, whoever is connected to it.

    The plain form sends autovacuum away, which the forced one may not; the forced one ends our own connections.
    """
    plain = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with server.connection.cursor() as cursor:
        try:
            cursor.execute(plain + sql.SQL(" WITH (FORCE)"))
        except psycopg2.errors.InsufficientPrivilege:
            cursor.execute(plain)
