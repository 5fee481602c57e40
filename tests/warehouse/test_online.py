"""Migrating a warehouse that others are using: they wait two seconds at most, and a failure leaves what was."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from etl.errors import MigrationError
from etl.settings import ROOT
from etl.warehouse import migrate, online
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source

Add = Callable[[str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "sql", tmp_path / "sql")


@pytest.fixture
def add(folder: Path) -> Add:
    """Adds one more migration to the copy of sql/; answers the copy."""

    def write(text: str) -> Path:
        (folder / "migrations" / f"{len(migrate.read()) + 1:04}_one_more.sql").write_text(text)
        return folder

    return write


def ask(db: Warehouse, question: str) -> list[tuple[object, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def reading(url: str, table: str, seconds: float) -> Iterator[None]:
    """Somebody reads a table in a transaction that stays open."""
    with connect(url, name="reader") as db:

        def hold() -> None:
            with db.transaction():
                ask(db, f"SELECT count(*) FROM {table}")
                held.set()
                over.wait(seconds)

        held, over = threading.Event(), threading.Event()
        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        yield
        over.set()
        thread.join()


def test_a_migration_gives_way_to_those_who_work_and_comes_through(
    db: Warehouse, database_url: str, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(online, "LOCK_WAIT_MS", 300)
    told: list[str] = []
    waits: list[float] = []
    over = threading.Event()

    def write() -> None:  # as a worker would, over and over
        with connect(database_url, name="worker") as worker:
            while not over.is_set():
                began = time.monotonic()
                ask(worker, "INSERT INTO ops.edit_due SELECT 1 WHERE false")
                waits.append(time.monotonic() - began)
                time.sleep(0.02)

    worker = threading.Thread(target=write)
    with reading(database_url, "ops.edit_due", 1.5):
        worker.start()
        try:
            folder = add("ALTER TABLE ops.edit_due ADD note text; COMMENT ON COLUMN ops.edit_due.note IS 'A note';")
            assert migrate.migrate(db, today=NOW.date(), folder=folder, tell=told.append) == 1
        finally:
            over.set()
            worker.join()
    assert any("gives way" in line for line in told)
    assert max(waits) < 1.2, "nobody waits behind it for longer than it waits itself"
    assert ask(db, "SELECT note FROM ops.edit_due") == []


def test_one_that_never_gets_its_lock_says_so_and_leaves_what_was(
    db: Warehouse, database_url: str, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(online, "LOCK_WAIT_MS", 100)
    folder = add("CREATE TABLE ops.half (n int); DROP TABLE ops.edit_due;")
    with (
        reading(database_url, "ops.edit_due", 20),
        pytest.raises(MigrationError, match=r"Others held a lock it needs.*Nothing was changed"),
    ):
        migrate.migrate(db, today=NOW.date(), folder=folder, patience_s=0.3)
    assert ask(db, "SELECT to_regclass('ops.half'), to_regclass('ops.edit_due')::text") == [(None, "ops.edit_due")]
    assert migrate.pending(db, folder / "migrations") == 1


def test_views_give_way_too(db: Warehouse, database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "LOCK_WAIT_MS", 100)
    view = max((folder / "views").glob("*.sql"))
    view.write_text(view.read_text() + "\n-- told otherwise")
    told: list[str] = []
    with reading(database_url, "mart.article", 0.6):
        migrate.migrate(db, today=NOW.date(), folder=folder, tell=told.append)
    assert any("gives way" in line for line in told)
    assert ask(db, "SELECT count(*) FROM mart.article") == [(0,)]


INDEX = """-- online
-- Sources are looked up by outlet; a name; a semicolon.
CREATE INDEX CONCURRENTLY IF NOT EXISTS source_by_outlet ON ops.source (outlet);
COMMENT ON INDEX ops.source_by_outlet IS 'One; two';
"""


def test_an_index_is_built_while_others_write(db: Warehouse, database_url: str, add: Add) -> None:
    make_source(db)
    with connect(database_url, name="writer") as writer:
        done: list[int] = []
        with writer.transaction():
            make_run(writer)
            ask(writer, "UPDATE ops.source SET tier = 1")  # an open write: a plain CREATE INDEX would wait for it
            thread = threading.Thread(
                target=lambda: done.append(migrate.migrate(db, today=NOW.date(), folder=add(INDEX)))
            )
            thread.start()
            time.sleep(0.3)
            with connect(database_url, name="another") as another:
                ask(another, "SET lock_timeout = '500ms'")
                ask(another, "INSERT INTO ops.host_state (host) VALUES ('a.example')")
        thread.join()
    assert done == [1]
    assert ask(db, "SELECT obj_description('ops.source_by_outlet'::regclass)") == [("One; two",)]
    assert migrate.pending(db, add(INDEX) / "migrations") == 0


UNIQUE = "-- online\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS source_tier ON ops.source (tier);\n"


def test_an_index_that_failed_leaves_nothing_and_is_built_when_the_rows_allow(db: Warehouse, add: Add) -> None:
    make_source(db, "courier")
    make_source(db, "herald")
    folder = add(UNIQUE)
    with pytest.raises(MigrationError, match="could not create unique index"):
        migrate.migrate(db, today=NOW.date(), folder=folder)
    assert ask(db, "SELECT to_regclass('ops.source_tier')") == [(None,)]
    ask(db, "UPDATE ops.source SET tier = source_id")
    assert migrate.migrate(db, today=NOW.date(), folder=folder) == 1


def test_an_index_half_built_by_one_that_was_killed_is_built_again(db: Warehouse, add: Add) -> None:
    make_source(db, "courier")
    make_source(db, "herald")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        ask(db, UNIQUE)
    assert ask(db, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ops.source_tier'::regclass") == [(False,)]
    ask(db, "UPDATE ops.source SET tier = source_id")
    assert migrate.migrate(db, today=NOW.date(), folder=add(UNIQUE)) == 1
    assert ask(db, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ops.source_tier'::regclass") == [(True,)]


@pytest.mark.parametrize("text", ["-- online\nDROP TABLE ops.work;", "-- online\nUPDATE ops.source SET tier = 1;"])
def test_online_is_only_what_may_be_repeated(db: Warehouse, add: Add, text: str) -> None:
    with pytest.raises(MigrationError, match="Online it can only"):
        migrate.migrate(db, today=NOW.date(), folder=add(text))
    assert ask(db, "SELECT to_regclass('ops.work')::text") == [("ops.work",)]


def test_a_second_migrator_waits_outside_so_that_the_index_can_be_built(
    db: Warehouse, database_url: str, add: Add
) -> None:
    folder = add(INDEX)
    applied: list[int] = []
    told: list[str] = []
    with db.transaction():
        ask(db, "SELECT pg_advisory_lock(hashtext('dateline.migrate'))")

    def run() -> None:
        with connect(database_url) as other:
            applied.append(migrate.migrate(other, today=NOW.date(), folder=folder, tell=told.append))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    ask(db, "SELECT pg_advisory_unlock(hashtext('dateline.migrate'))")
    for thread in threads:
        thread.join()
    assert sorted(applied) == [0, 1]
    assert told.count("another migration is under way; waiting for it") == 2
