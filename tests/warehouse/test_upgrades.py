"""A warehouse of every earlier version, with rows in it, comes to this one: what was there still is, and views answer.

`history/NNNN.sql` are rows as version NNNN had them; each database holds those of its own version and of all before.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from etl.local.postgres import Server
from etl.settings import ROOT
from etl.warehouse import checks, migrate, scratch
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.test_furniture import line_key

HISTORY = Path(__file__).parent / "history"
VERSIONS = [m.number for m in migrate.read()]
QUICK = {1, 7, VERSIONS[-2]}  # the others are asked by the slow tests
CHANGED = {  # columns that a migration gave another value, on purpose
    "ops.change": {"changed_at", "transaction_id"},
    "news.fingerprint": {"sketch"},
    "news.fingerprint_band": {"bucket"},
    "news.story_feature": {"terms"},  # half of each hash
}


def version(number: int) -> Any:
    return pytest.param(number, marks=() if number in QUICK else pytest.mark.slow)


@pytest.fixture(scope="module")
def past(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, str]]:
    """The name of a database of each version; the next is made from it, so rows pass through every migration."""
    names: dict[int, str] = {}
    with connect(postgres.url()) as server:
        for number in VERSIONS:
            name = f"past_{number:04}"
            scratch.create(server, name, names.get(number - 1))
            names[number] = name
            with connect(scratch.at_database(postgres.url(), name)) as db:
                migrate.migrate(db, today=NOW.date(), folder=as_of(number, tmp_path_factory.mktemp(name)))
                if (rows := HISTORY / f"{number:04}.sql").exists():
                    ask(db, rows.read_text(encoding="utf8"))
        yield names
        for name in names.values():
            scratch.drop(server, name)


def as_of(number: int, folder: Path) -> Path:
    """What sql/ was then, without views: those are only kept as they are now."""
    (folder / "migrations").mkdir()
    (folder / "views").mkdir()
    for path in sorted((ROOT / "sql" / "migrations").glob("*.sql"))[:number]:
        shutil.copy(path, folder / "migrations")
    return folder


def ask(db: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def tables(db: Warehouse) -> list[str]:
    """Tables, and what shows a table as it was."""
    found = ask(
        db,
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname IN ('raw', 'news', 'geo', 'ops') AND relkind IN ('r', 'p', 'v') AND NOT relispartition "
        "ORDER BY 1",
    )
    return [name for (name,) in found]


def rows(db: Warehouse, table: str) -> list[dict[str, Any]]:
    return [json.loads(text) for (text,) in ask(db, f"SELECT to_jsonb(t)::text FROM {table} t")]


@pytest.mark.parametrize("number", [version(n) for n in VERSIONS[:-1]])
def test_what_was_there_still_is(past: dict[int, str], postgres: Server, number: int) -> None:
    with scratch.database(postgres.url(), template=past[number]) as url, connect(url) as db:
        before = {table: rows(db, table) for table in tables(db)}
        assert any(before.values())
        assert migrate.migrate(db, today=NOW.date()) == len(VERSIONS) - number
        after = {table: rows(db, table) for table in tables(db)}
        for table, held in before.items():
            assert table in after, f"{table} is gone"
            for row in held:
                place, said = now_at(table, row)
                assert any(is_kept(place, said, now) for now in after[place]), (table, row)


def now_at(table: str, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where a row is now, and what it says there: a line that is no furniture is noted elsewhere, by a key."""
    if table != "news.furniture_line" or row["learned_at"]:
        return table, row
    first, second = [*row["article_ids"], None][:2]
    key = line_key(row["outlet"], row["line_hash"])
    return "ops.line_seen", {"line_key": key, "article_id": first, "second_article_id": second}


def is_kept(table: str, row: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether every column of a row that still exists says what it said."""
    common = row.keys() & now.keys() - CHANGED.get(table, set())
    return all(row[name] == now[name] for name in common)


def test_of_the_hashes_of_a_sketch_the_upper_half_stays_and_the_index_is_made_of_it(
    past: dict[int, str], postgres: Server
) -> None:
    with scratch.database(postgres.url(), template=past[20]) as url, connect(url) as db:
        migrate.migrate(db, today=NOW.date())
        assert ask(db, "SELECT sketch FROM news.fingerprint") == [([1, 2, 3],)] * 2
        ask(db, "SELECT news.ensure_bands('2022-07-04')")
        assert ask(db, "SELECT bucket, content_id FROM news.fingerprint_band ORDER BY 1, 2") == [
            (bucket, content) for bucket in (1, 2, 3) for content in (1, 2)
        ]


def test_lines_learned_while_they_are_moved_come_along(past: dict[int, str], postgres: Server) -> None:
    """A loader writes, and a takedown removes, what the migration has read already."""
    with (
        scratch.database(postgres.url(), template=past[21]) as url,
        connect(url) as db,
        connect(url) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        ask(db, "INSERT INTO news.furniture_line SELECT 'Echo', n, '{7,2}', NULL FROM generate_series(1, 3) AS n")
        with other.transaction():
            ask(
                other,
                "INSERT INTO news.furniture_line VALUES ('Echo', 4, '{9}', NULL), ('Echo', 5, '{8,9,7}', now());"
                "UPDATE news.furniture_line SET article_ids = '{7,2,9}', learned_at = now() WHERE line_hash = 1"
                " AND outlet = 'Echo';"
                "UPDATE news.furniture_line SET article_ids = '{7,8}' WHERE line_hash = 2;"
                "DELETE FROM news.furniture_line WHERE line_hash = 3;"
                "INSERT INTO ops.tombstone (tombstone_key, removed_at, reason, article_id)"
                " VALUES ('url:x', now(), 'x', 2)",
            )
            migrated = pool.submit(migrate.migrate, db, today=NOW.date())
            while not ask(
                other, "SELECT pid FROM pg_locks WHERE relation = 'news.furniture_line'::regclass AND NOT granted"
            ):
                assert not migrated.done()
        migrated.result()
        learned = "SELECT line_hash, article_ids FROM news.furniture_line WHERE outlet = 'Echo' ORDER BY 1"
        assert ask(db, learned) == [(1, [7, 2, 9]), (5, [8, 9, 7])]
        noted = "SELECT line_key, article_id, second_article_id FROM ops.line_seen WHERE article_id >= 7"
        assert set(ask(db, noted)) == {(line_key("Echo", 2), 7, 8), (line_key("Echo", 4), 9, None)}


@pytest.mark.parametrize("number", [version(n) for n in VERSIONS])
def test_views_answer_and_checks_pass_on_old_rows(past: dict[int, str], postgres: Server, number: int) -> None:
    with scratch.database(postgres.url(), template=past[number]) as url, connect(url) as db:
        migrate.migrate(db, today=NOW.date())
        for (name,) in ask(db, "SELECT viewname FROM pg_views WHERE schemaname = 'mart'"):
            ask(db, f"SELECT * FROM mart.{name}")
        if number >= 2:
            assert ask(db, "SELECT count(*) FROM mart.article") == [(2,)]
            failed = [(f.check.name, f.sample) for f in checks.look(db) if f.is_failure]
            assert failed == []
