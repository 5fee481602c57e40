"""Brings a database to the schema of this checkout: numbered migrations forward, then the views anew.

Each migration is one transaction and is remembered with its checksum; a changed one is refused, a failed one leaves
the database as it was, and none holds up those who work meanwhile (see online). One advisory lock keeps two migrators
apart.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg2
import psycopg2.errors

from etl.errors import MigrationError
from etl.settings import ROOT
from etl.warehouse import access, online
from etl.warehouse.connect import Warehouse

Tell = Callable[[str], None]

_TURN_S = 0.1  # between two looks whether the other migrator is done
_LONG_S = 2.0  # a migration that takes longer says so
_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """sha256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(folder: Path = ROOT / "sql" / "migrations") -> list[Migration]:
    """The migrations in order. Raises MigrationError on a gap, a double or a badly named file."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        named = _FILE.fullmatch(path.name)
        if not named:
            raise MigrationError(path.name, "Name it 0001_what_it_does.sql.")
        found.append(Migration(int(named[1]), named[2], path.read_text(encoding="utf8")))
    numbers = [m.number for m in found]
    if numbers != list(range(1, len(found) + 1)):
        raise MigrationError(str(folder), f"Numbers must run from 1 without gap or double, found {numbers}.")
    return found


def migrate(
    db: Warehouse,
    *,
    today: date,
    folder: Path = ROOT / "sql",
    tell: Tell = lambda _: None,
    patience_s: float = online.PATIENCE_S,
) -> int:
    """Apply what is missing and renew the views; answers how many migrations were applied."""
    wanted = read(folder / "migrations")
    with _alone(db, tell):
        db.run("create_migration_table")
        known = {row.number: row for row in db.rows("applied_migrations")}
        _refuse_strangers(wanted, known)
        missing = [m for m in wanted if m.number not in known]
        for migration in missing:
            _apply(db, migration, patience_s, tell)
        _renew_views(db, folder / "views", patience_s, tell, force=bool(missing))
        db.run("ensure_months", today=today)
        db.run("ensure_quarters", today=today)
        access.settle(db, tell=tell)
    return len(missing)


def pending(db: Warehouse, folder: Path = ROOT / "sql" / "migrations") -> int:
    """How many migrations a database still lacks; all of them if it was never migrated."""
    if db.value("has_migrations") is None:
        return len(read(folder))
    known = {row.number for row in db.rows("applied_migrations")}
    return sum(m.number not in known for m in read(folder))


def _refuse_strangers(wanted: list[Migration], known: dict[int, object]) -> None:
    ours = {m.number: m for m in wanted}
    for number, row in known.items():
        if number not in ours:
            raise MigrationError(f"{number:04}", "The database is newer than this checkout; update the checkout.")
        if ours[number].checksum != getattr(row, "checksum", None):
            raise MigrationError(
                f"{number:04}_{ours[number].name}",
                "It was changed after it was applied; add a new one instead.",
            )


@contextmanager
def _alone(db: Warehouse, tell: Tell) -> Iterator[None]:
    is_told = False
    while not db.value("lock_migrations"):
        if not is_told:
            tell("another migration is under way; waiting for it")
        is_told = True
        time.sleep(_TURN_S)
    try:
        yield
    finally:
        if not db.connection.closed:
            db.run("unlock_migrations")


def _apply(db: Warehouse, migration: Migration, patience_s: float, tell: Tell) -> None:
    """Run one migration and remember it; told before, and how long it took if that was long."""
    tell(f"migration {migration.number:04} {migration.name.replace('_', ' ')}")
    began = time.monotonic()
    name = f"{migration.number:04}_{migration.name}"

    def remember() -> None:
        db.run("remember_migration", number=migration.number, name=migration.name, checksum=migration.checksum)

    def run() -> None:
        with db.connection.cursor() as cursor:
            cursor.execute(migration.text)
        remember()

    try:
        if online.is_online(migration.text):
            online.step(db, migration.text, name, tell=tell)
            remember()
        else:
            online.patiently(db, run, patience_s=patience_s, tell=tell)
    except psycopg2.Error as error:
        raise MigrationError(name, _why(error, migration)) from error
    if (took_s := time.monotonic() - began) > _LONG_S:
        tell(f"  took {took_s:.0f} s")


def _why(error: psycopg2.Error, migration: Migration) -> str:
    said = str(error).strip().splitlines()[0]
    if online.is_online(migration.text):
        return f"{said}. What it had finished stays and does no harm; migrate again."
    if isinstance(error, psycopg2.errors.LockNotAvailable):
        return (
            "Others held a lock it needs all the while (`dateline maintain --dry-run` names them). Nothing was changed."
        )
    return f"{said}. Nothing was changed."


def _renew_views(db: Warehouse, folder: Path, patience_s: float, tell: Tell, *, force: bool) -> None:
    """The public interface is never versioned: it is dropped and made anew when its text changed."""
    texts = [path.read_text(encoding="utf8") for path in sorted(folder.glob("*.sql"))]
    checksum = hashlib.sha256("".join(texts).encode()).hexdigest()
    if not force and db.value("views_checksum") == checksum:
        return

    def renew() -> None:
        with db.connection.cursor() as cursor:
            db.run("drop_views")
            for text in texts:
                cursor.execute(text)
            db.run("remember_views", checksum=checksum)

    tell("views")
    try:
        online.patiently(db, renew, patience_s=patience_s, tell=tell)
    except psycopg2.Error as error:
        raise MigrationError("sql/views", f"{str(error).strip().splitlines()[0]}.") from error
