"""Two sessions at once try to make two rows hold at one time: the second waits for the first, and is refused."""

from __future__ import annotations

import threading
import time

import psycopg2.errors
import pytest

from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source, store

AGAIN = {  # a second row for what is held already, from some time on to another
    "observed_content": "INSERT INTO news.observed_content SELECT article_id, observed_at, blob_hash, content_id, "
    "tstzrange(%s, %s) FROM news.observation JOIN news.content USING (article_id)",
    "version": "INSERT INTO news.version (article_id, content_id, observed, recorded) SELECT article_id, content_id, "
    "tstzrange('2022-07-04', NULL), tstzrange(%s, %s) FROM news.content",
    "tagging": "INSERT INTO news.tagging (content_id, tagger, gazetteer_id, run_id, recorded) SELECT content_id, 't', "
    "1, 1, tstzrange(%s, %s) FROM news.content",
}
FIRST = ("2022-07-10", "2022-07-12")
OVERLAPS = [("2022-07-11", None), ("2022-07-11", "2022-07-14"), ("2022-07-09", "2022-07-11"), FIRST]
Refused = (psycopg2.errors.ExclusionViolation, psycopg2.errors.UniqueViolation)  # open taggings are unique, too

pytestmark = pytest.mark.parametrize("table", AGAIN)


@pytest.fixture
def held(db: Warehouse) -> Warehouse:
    """An article with one observation, of which nothing is said yet."""
    store(db, make_run(db), make_source(db), "The bridge at Kyiv is closed.")
    ask(db, "DELETE FROM news.version; DELETE FROM news.observed_content")
    ask(db, "INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current) VALUES ('t', 0, 0, now(), true)")
    return db


def ask(db: Warehouse, question: str, values: tuple[str | None, ...] = ()) -> list[tuple[object, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return cursor.fetchall() if cursor.description else []


def counted(db: Warehouse, table: str) -> object:
    return ask(db, f"SELECT count(*) FROM news.{table}")[0][0]


@pytest.mark.parametrize("span", OVERLAPS, ids=str)
def test_a_second_session_waits_and_is_refused(
    held: Warehouse, database_url: str, table: str, span: tuple[str, str | None]
) -> None:
    refused: list[str] = []

    def second() -> None:
        with connect(database_url) as other:
            try:
                ask(other, AGAIN[table], span)
            except Refused as error:
                refused.append(str(error))

    thread = threading.Thread(target=second)
    with held.transaction():
        ask(held, AGAIN[table], FIRST)
        thread.start()
        time.sleep(0.3)
        assert thread.is_alive(), "it does not yet know whether the first will stay"
    thread.join()
    assert len(refused) == 1
    assert refused[0].startswith(f"news.{table} holds two rows for one time: (")
    assert counted(held, table) == 1


def test_the_second_goes_on_where_the_first_is_undone(held: Warehouse, database_url: str, table: str) -> None:
    with connect(database_url) as other:
        with pytest.raises(psycopg2.errors.DivisionByZero), held.transaction():
            ask(held, AGAIN[table] + "; SELECT 1 / 0", FIRST)
        ask(other, AGAIN[table], OVERLAPS[0])
    assert counted(held, table) == 1


def test_one_statement_may_close_and_open_but_not_make_two(held: Warehouse, table: str) -> None:
    ask(held, AGAIN[table], FIRST)
    ask(held, AGAIN[table], ("2022-07-12", None))  # where the first ends
    for wider in ("'2022-07-13'", "NULL"):
        with pytest.raises(Refused):
            ask(
                held,
                f"UPDATE news.{table} SET recorded = tstzrange(lower(recorded), {wider}) WHERE NOT upper_inf(recorded)",
            )
    with pytest.raises(Refused):
        ask(held, AGAIN[table], (NOW.isoformat(), None))
    assert counted(held, table) == 2


def test_a_snapshot_that_would_miss_the_other_is_refused(held: Warehouse, table: str) -> None:
    held.connection.set_session(isolation_level="REPEATABLE READ", autocommit=True)
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="is written at read committed"):
        ask(held, AGAIN[table], FIRST)
