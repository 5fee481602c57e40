"""How a migration is run: the statements of one file in; a database that has them all, or is as it was, out.

A file is one transaction that never waits long for a lock, for while it waited everybody else would wait behind it: it
gives way after two seconds and tries again. A file that begins with `-- online` is for what would stall a loaded
warehouse even so: its statements, each of which may be repeated, run one by one outside a transaction. An index that
was left half built, by a kill or an error, is dropped and built again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import psycopg2.errors
from psycopg2 import sql

from etl.errors import MigrationError
from etl.warehouse.connect import Warehouse

Tell = Callable[[str], None]

LOCK_WAIT_MS = 2000  # what others may have to wait behind us
PATIENCE_S = 300.0  # until we give up
_LONGEST_PAUSE_S = 8.0

_STATEMENT = re.compile(r"(?:'(?:[^']|'')*'|--[^\n]*|[^;'])+")
_REPEATABLE = re.compile(
    r"CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS|DROP INDEX CONCURRENTLY IF EXISTS|COMMENT ON"
    r"|ALTER TABLE \S+ VALIDATE CONSTRAINT|ANALYZE",
    re.IGNORECASE,
)
_INDEX = re.compile(
    r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+)\s+ON\s+(\w+)\.", re.IGNORECASE
)  # an index is made in its table's schema


def is_online(text: str) -> bool:
    """Whether a migration declares itself online."""
    return text.startswith("-- online")


def statements(text: str, name: str) -> list[str]:
    """The statements of an online file. Raises MigrationError for one that could not be repeated."""
    bare = (re.sub(r"^(\s*--[^\n]*(\n|$))+", "", part).strip() for part in _STATEMENT.findall(text))
    found = [part for part in bare if part]
    for statement in found:
        if not _REPEATABLE.match(statement):
            raise MigrationError(
                name, f"Online it can only build or drop indexes, comment and validate, not `{statement[:40]}`."
            )
    return found


def step(db: Warehouse, text: str, name: str, *, tell: Tell = lambda _: None) -> None:
    """Run an online file. Raises psycopg2.Error for what failed; what stands before it stays, and does no harm."""
    for statement in statements(text, name):
        index = _INDEX.match(statement)
        if index:
            _drop_invalid(db, index[2], index[1])
            tell(f"  building {index[1]}, the tables stay open")
        try:
            with db.connection.cursor() as cursor:
                cursor.execute(statement)
        except BaseException:  # Ctrl-C included: half an index costs every insert and answers nothing
            if index and not db.connection.closed:
                _drop_invalid(db, index[2], index[1])
            raise


def patiently(
    db: Warehouse, act: Callable[[], None], *, patience_s: float = PATIENCE_S, tell: Tell = lambda _: None
) -> None:
    """Do something in a transaction; where a lock cannot be had soon, undo it all and try again."""
    pause_s, deadline = 0.5, time.monotonic() + patience_s
    while True:
        try:
            with db.transaction():
                db.run("limit_lock_wait", milliseconds=LOCK_WAIT_MS)
                act()
            return
        except (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected):
            if time.monotonic() + pause_s > deadline:
                raise
            tell(f"  others hold a lock it needs: it gives way, and tries again in {pause_s:g} s")
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _drop_invalid(db: Warehouse, schema: str, index: str) -> None:
    if db.value("is_invalid_index", schema=schema, index=index):
        with db.connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(schema, index)))
