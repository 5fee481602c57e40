"""Which article a capture belongs to: any key that leads to it, and never two for one."""

from __future__ import annotations

import threading

from etl.errors import Reason
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source, store

PAGE, AMP, OTHER = "https://courier.example/1", "https://courier.example/amp/1", "https://courier.example/2"


def count(db: Warehouse, table: str) -> int:
    with db.connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        [(n,)] = cursor.fetchall()
        return int(n)


def test_an_alias_leads_to_the_article_it_was_learned_with(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "the bridge is closed", keys=(PAGE, AMP))
    store(db, run, source, "the bridge is open", keys=(AMP,))
    store(db, run, source, "the market is open", keys=(OTHER,))
    assert count(db, "news.article") == 2
    assert count(db, "news.article_key") == 3


def test_a_key_never_moves_to_another_article(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "the bridge is closed", keys=(PAGE,))
    store(db, run, source, "the market is open", keys=(OTHER,))
    store(db, run, source, "the market is open at noon", keys=(OTHER, PAGE))  # claims both
    assert count(db, "news.article") == 2
    first = {r.article_key: r.article_id for r in db.rows("find_articles", keys=[PAGE, OTHER])}
    assert first[PAGE] != first[OTHER]


def test_what_was_removed_for_good_stays_out(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    with db.connection.cursor() as cursor:
        cursor.execute("INSERT INTO ops.tombstone VALUES (%s, %s, 'court order')", (f"url:{OTHER}", NOW))
    stored = store(db, run, source, "the bridge is closed", keys=(PAGE, OTHER))  # the page says it is the other one
    assert [r.reason for r in stored.rejected.values()] == [Reason.TOMBSTONED]
    assert count(db, "news.article") == 0


def test_loaders_side_by_side_make_one_article(db: Warehouse, database_url: str) -> None:
    run, source = make_run(db), make_source(db)

    def load(keys: tuple[str, ...]) -> None:
        with connect(database_url) as own:
            store(own, run, source, "the bridge is closed", keys=keys)

    threads = [threading.Thread(target=load, args=(keys,)) for keys in [(PAGE, AMP), (AMP, PAGE), (PAGE,), (AMP, PAGE)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(db, "news.article") == 1
    assert count(db, "news.content") == 1


def test_a_body_is_stored_once(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "the bridge is closed", keys=(PAGE,))
    store(db, run, source, "the bridge is closed", keys=(OTHER,))
    assert count(db, "raw.blob") == count(db, "raw.blob_key") == 1
    assert count(db, "ops.fetch") == 2
