"""Lines by outlet: noted in little room while one or two articles hold them, named as furniture from the third on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any

from etl.warehouse.connect import Warehouse

AT = datetime(2024, 6, 1, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
TABLES = ("news.furniture_line", "ops.line_seen")


def ask(db: Warehouse, question: str, **given: Any) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchall() if cursor.description else []


def learn(
    db: Warehouse, articles: int | list[int], line: int = 7, outlet: str = "Courier", *, at: datetime = AT
) -> list[int]:
    """Articles hold a line; answers those of which it has become furniture."""
    held = [articles] if isinstance(articles, int) else articles
    rows = [{"outlet": outlet, "line_hash": line, "article_id": a} for a in held]
    return [a for r in db.rows("learn_furniture", rows=rows, at=at) for a in r.article_ids]


def seen(db: Warehouse) -> list[tuple[Any, ...]]:
    return ask(db, "SELECT article_id, second_article_id FROM ops.line_seen ORDER BY 1, 2 NULLS FIRST")


def known(db: Warehouse) -> list[tuple[Any, ...]]:
    return ask(db, "SELECT * FROM news.furniture_line ORDER BY 1, 2")


def everything(db: Warehouse) -> list[Any]:
    """Every row with its row version: an update that changes nothing shows, too."""
    return [ask(db, f"SELECT t.xmin::text, t.ctid::text, t::text FROM {table} t ORDER BY 3") for table in TABLES]


def line_key(outlet: str, line: int) -> int:
    """What the warehouse knows a line by, as it did from the first."""
    return line ^ int.from_bytes(md5(outlet.encode(), usedforsecurity=False).digest()[:8], "big", signed=True)


def take_down(db: Warehouse, *articles: int) -> None:
    db.run("erase_beside", articles=list(articles))


def test_a_line_moves_to_furniture_with_its_third_article(db: Warehouse) -> None:
    assert learn(db, 1) == []
    assert (seen(db), known(db)) == ([(1, None)], [])
    assert learn(db, 2) == []
    assert (seen(db), known(db)) == ([(1, 2)], [])
    assert learn(db, 3, at=LATER) == [1, 2, 3]
    assert (seen(db), known(db)) == ([], [("Courier", 7, [1, 2, 3], LATER)])


def test_one_that_is_furniture_is_noted_no_more(db: Warehouse) -> None:
    learn(db, [1, 2, 3])
    before = everything(db)
    assert learn(db, [4, 5, 6, 7], at=LATER) == []
    assert everything(db) == before


def test_a_repeat_changes_nothing(db: Warehouse) -> None:
    learn(db, 1, line=1)
    learn(db, [1, 2], line=2)
    learn(db, [1, 2, 3], line=3)
    before = everything(db)
    for line, articles in ((1, 1), (2, 1), (2, 2), (2, [2, 1]), (3, 3)):
        assert learn(db, articles, line=line, at=LATER) == []
    assert everything(db) == before


def test_of_a_batch_the_first_by_id_follow_those_held_before(db: Warehouse) -> None:
    learn(db, 9)
    assert learn(db, [8, 5, 9, 2]) == [9, 2, 5]
    assert learn(db, [6, 4, 3, 1], line=8) == [1, 3, 4]
    assert seen(db) == []


def test_the_same_line_of_another_outlet_is_another(db: Warehouse) -> None:
    for article, outlet in enumerate(("Courier", "Echo", "Herald"), 1):
        assert learn(db, article, outlet=outlet) == []
    assert seen(db) == [(1, None), (2, None), (3, None)]
    learn(db, [11, 12], outlet="Echo")
    [found] = db.rows("find_furniture", rows=[{"outlet": o, "line_hash": 7} for o in ("Courier", "Echo", "Herald")])
    assert found == ("Echo", 7)


def test_a_key_is_the_same_for_ever(db: Warehouse) -> None:
    """Another key for a line would make it a line never seen."""
    for outlet, line in (("Courier", 7), ("Кур’єр", -(2**63)), ("", 2**63 - 1)):
        assert ask(db, "SELECT news.line_key(%(o)s, %(n)s)", o=outlet, n=line) == [(line_key(outlet, line),)]
    assert line_key("Courier", 7) == 5788763399505339146


def test_a_takedown_lets_go_of_lines_seen_and_leaves_them_to_others_that_hold_them(db: Warehouse) -> None:
    holders = ([1], [1, 2], [3, 1], [2, 3], [4], [1, 5], [7, 8, 9])
    for line, articles in enumerate(holders):
        for article in articles:  # one after another: the order is that of arrival
            learn(db, article, line=line)
    take_down(db, 1, 5)
    assert seen(db) == [(2, None), (2, 3), (3, None), (4, None)]
    assert known(db) == [("Courier", 6, [7, 8, 9], AT)]
    before = everything(db)
    take_down(db, 1, 5)
    assert everything(db) == before
    assert learn(db, [10, 11], line=1) == [2, 10, 11]  # as if the first had never come


def test_a_takedown_reads_little_of_what_was_seen(db: Warehouse) -> None:
    """Also where lines seen again have left their places, so that rows lie in no order."""
    ask(db, "INSERT INTO ops.line_seen SELECT hashint8extended(n, 1), n / 8 FROM generate_series(1, 400000) AS n")
    ask(db, "UPDATE ops.line_seen SET second_article_id = article_id + 9000 WHERE line_key %% 20 = 0")
    ask(db, "VACUUM ANALYZE ops.line_seen")
    [(pages,)] = ask(db, "SELECT pg_relation_size('ops.line_seen') / current_setting('block_size')::integer")
    ask(db, "SELECT pg_stat_force_next_flush()")
    count = "SELECT heap_blks_read + heap_blks_hit FROM pg_statio_user_tables WHERE relname = 'line_seen'"
    [(before,)] = ask(db, count)
    take_down(db, 31_000)
    ask(db, "SELECT pg_stat_force_next_flush()")
    [(after,)] = ask(db, count)
    assert ask(db, "SELECT count(*) FROM ops.line_seen WHERE 31000 IN (article_id, second_article_id)") == [(0,)]
    assert 0 < after - before < pages / 4
