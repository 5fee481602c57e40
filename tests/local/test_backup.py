"""A backup brought back on an empty machine is the same warehouse: same digest, same bytes, same rights."""

from __future__ import annotations

import gzip
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from etl.errors import BackupError
from etl.local import backup as backups
from etl.local.postgres import Server
from etl.warehouse import digest, scratch
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.migrate import migrate
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source, store

TABLES = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('raw', 'news', 'geo', 'ops') AND c.relkind = 'r' ORDER BY 1
"""


@pytest.fixture
def machine(tmp_path: Path, key: str) -> Iterator[Server]:
    """An empty machine: a server of its own that never ran."""
    server = Server(tmp_path / "elsewhere", key, port=0, options={"fsync": "off", "shared_buffers": "16MB"})
    with server.lease():
        yield server
    server.destroy()


@pytest.fixture
def full(db: Warehouse) -> Warehouse:
    """A warehouse with a few articles and their bytes."""
    run_id, source_id = make_run(db), make_source(db)
    for n in range(20):
        store(db, run_id, source_id, f"Bridge {n} is closed, says Олена.", keys=(f"https://courier.example/{n}",))
    return db


def ask(db: Warehouse, question: str) -> list[tuple[object, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def everything(db: Warehouse) -> dict[object, list[tuple[object, ...]]]:
    return {name: sorted(ask(db, f"SELECT t::text FROM {name} t")) for (name,) in ask(db, TABLES)}


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
def test_what_comes_back_is_what_was(
    full: Warehouse, database_url: str, machine: Server, tmp_path: Path, is_folder: bool
) -> None:
    told: list[str] = []
    target = tmp_path / "news.backup"
    assert backups.backup(database_url, target, is_folder=is_folder, tell=told.append) > 1000
    assert "  news.article" in told
    backups.restore(machine.url(), target)
    with connect(machine.url()) as there:
        assert migrate(there, today=NOW.date()) == 0
        assert digest.digest(there) == digest.digest(full)
        assert everything(there) == everything(full), "to the last row and body"
    with connect(machine.url(role="dateline_analyst")) as analyst:
        assert ask(analyst, "SELECT count(*) FROM mart.article") == [(20,)]
    with connect(machine.url(role="dateline_loader")) as loader:  # ids go on where they were
        run_id = make_run(loader, "after")
        store(loader, run_id, 1, "Another bridge.", keys=("https://courier.example/new",))


def test_it_is_of_one_moment_whoever_writes(
    full: Warehouse, database_url: str, machine: Server, tmp_path: Path
) -> None:
    over = threading.Event()

    def write() -> None:
        with connect(database_url) as writer:
            n = 0
            while not over.is_set():
                n += 1
                store(writer, 1, 1, f"Text {n}.", keys=(f"https://courier.example/during/{n}",))
                time.sleep(0.01)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        backups.backup(database_url, tmp_path / "b")
    finally:
        over.set()
        thread.join()
    backups.restore(machine.url(), tmp_path / "b")
    with connect(machine.url()) as there:
        assert ask(there, "SELECT count(*) FROM news.article") == ask(there, "SELECT count(*) FROM news.version")
        assert ask(there, "SELECT count(*) FROM raw.blob") == ask(there, "SELECT count(*) FROM raw.blob_key")


def test_a_database_with_anything_in_it_is_refused(full: Warehouse, database_url: str, tmp_path: Path) -> None:
    backups.backup(database_url, tmp_path / "b")
    before = digest.digest(full)
    with pytest.raises(BackupError, match=r"is not empty, it has \d+ tables\. Set DATELINE_HOME to a new folder"):
        backups.restore(database_url, tmp_path / "b")
    assert digest.digest(full) == before


def test_a_restore_that_fails_leaves_an_empty_database(
    full: Warehouse, database_url: str, postgres: Server, tmp_path: Path
) -> None:
    whole = tmp_path / "b"
    backups.backup(database_url, whole)
    cut = tmp_path / "cut"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 9 // 10])
    with connect(postgres.url()) as server:
        scratch.create(server, "restored")
        try:
            url = scratch.at_database(postgres.url(), "restored")
            with pytest.raises(BackupError):
                backups.restore(url, cut)
            with connect(url) as db:
                assert db.value("count_relations") == 0
            backups.restore(url, whole)
        finally:
            scratch.drop(server, "restored")


def test_what_is_no_backup_is_said_in_one_sentence(database_url: str, postgres: Server, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Not a backup")
    with pytest.raises(BackupError, match=r"notes\.txt\. input file does not appear to be a valid archive"):
        backups.restore(database_url, text)
    other = tmp_path / "other"
    login, env = backups._login(postgres.url("dateline_airflow"))
    backups._run("pg_dump", login, "--format=custom", f"--file={other}", env=env)
    with pytest.raises(BackupError, match="no backup of a Dateline warehouse"):
        backups.restore(database_url, other)


def test_one_of_a_newer_dateline_is_refused_before_anything_is_done(
    db: Warehouse, database_url: str, machine: Server, tmp_path: Path
) -> None:
    ask(db, f"INSERT INTO public.dateline_migration (number, name, checksum) VALUES (99, 'later', '{'0' * 64}')")
    backups.backup(database_url, tmp_path / "b")
    with pytest.raises(BackupError, match="migration 0099 is not of this checkout"):
        backups.restore(machine.url(), tmp_path / "b")
    with connect(machine.url()) as there:
        assert there.value("count_relations") == 0


def test_no_secret_is_in_it_nor_on_a_command_line(
    full: Warehouse, database_url: str, postgres: Server, tmp_path: Path
) -> None:
    assert full
    seen: list[str] = []

    def watch(_: str) -> None:
        seen.extend(" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"]))

    backups.backup(database_url, tmp_path / "b", is_folder=True, tell=watch)
    password = re.search(r":([^:@]+)@", database_url)
    assert password
    assert any("pg_dump" in line for line in seen)
    assert not [line for line in seen if password[1] in line]
    bytes_ = b"".join(gzip.decompress(f.read_bytes()) for f in (tmp_path / "b").glob("*.dat.gz"))
    assert b"Bridge" in bytes_
    assert password[1].encode() not in bytes_
    listing = backups._run("pg_restore", "--file=-", "--schema-only", str(tmp_path / "b"))
    assert "CREATE ROLE" not in listing
    assert "PASSWORD" not in listing


def test_a_name_that_is_taken_is_left_alone(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(BackupError, match="It is there already"):
        backups.backup(database_url, tmp_path / "b")
    assert (tmp_path / "b").read_text() == "mine"
    with pytest.raises(BackupError, match="There is no folder"):
        backups.backup(database_url, tmp_path / "nowhere" / "b")
    assert [p.name for p in tmp_path.iterdir() if "partial" in p.name] == []
