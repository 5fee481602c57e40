"""Migrations: forward only, one transaction each, once each, whoever else migrates."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.errors import MigrationError
from etl.local.postgres import Server
from etl.settings import ROOT
from etl.warehouse import migrate, scratch
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW


@pytest.fixture
def empty(postgres: Server) -> Iterator[str]:
    """The address of a database that was never migrated."""
    with connect(postgres.url()) as server:
        scratch.create(server, "never_migrated")
        yield scratch.at_database(postgres.url(), "never_migrated")
        scratch.drop(server, "never_migrated")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of sql/ to spoil."""
    return shutil.copytree(ROOT / "sql", tmp_path / "sql")


def test_a_fresh_database_gets_everything_and_a_repeat_nothing(empty: str) -> None:
    with connect(empty) as db:
        told: list[str] = []
        assert migrate.migrate(db, today=NOW.date(), tell=told.append) == len(migrate.read())
        assert [t for t in told if t.startswith("migration ")] == [
            f"migration {m.number:04} {m.name.replace('_', ' ')}" for m in migrate.read()
        ]
        assert migrate.migrate(db, today=NOW.date()) == 0
        assert migrate.pending(db) == 0


def test_a_changed_migration_is_refused(db: Warehouse, folder: Path) -> None:
    first = next((folder / "migrations").glob("0001*"))
    first.write_text(first.read_text() + "\n-- a late thought")
    with pytest.raises(MigrationError, match="changed after it was applied"):
        migrate.migrate(db, today=NOW.date(), folder=folder)


def test_a_failed_migration_leaves_the_database_as_it_was(db: Warehouse, folder: Path) -> None:
    number = len(migrate.read()) + 1
    broken = folder / "migrations" / f"{number:04}_half_done.sql"
    broken.write_text("CREATE TABLE ops.half_done (id int); SELECT 1 / 0;")
    with pytest.raises(MigrationError, match=r"half_done.*division by zero.*Nothing was changed"):
        migrate.migrate(db, today=NOW.date(), folder=folder)
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('ops.half_done')")
        assert cursor.fetchone() == (None,)


def test_a_database_newer_than_the_checkout_is_refused(db: Warehouse, folder: Path) -> None:
    max((folder / "migrations").glob("*.sql")).unlink()
    with pytest.raises(MigrationError, match="newer than this checkout"):
        migrate.migrate(db, today=NOW.date(), folder=folder)


def test_migrators_side_by_side_apply_each_once(empty: str) -> None:
    applied: list[int] = []

    def run() -> None:
        with connect(empty) as db:
            applied.append(migrate.migrate(db, today=NOW.date()))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [0, 0, len(migrate.read())]


@pytest.mark.parametrize("name", ["2_short.sql", "0099_gap.sql", "0001_double.sql"])
def test_badly_numbered_files_are_refused(folder: Path, name: str) -> None:
    (folder / "migrations" / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError):
        migrate.read(folder / "migrations")
