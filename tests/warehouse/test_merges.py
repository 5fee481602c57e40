"""Two articles that prove to be one: ids stay, one line of versions, whichever came first; the past stays known."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import psycopg2
import pytest

from etl.errors import NotMerged
from etl.jobs.split import split
from etl.warehouse.connect import Warehouse, connect
from tests.warehouse.factory import make_run, make_source, store

PAGE, AMP, OTHER = "https://courier.example/1", "https://courier.example/amp/1", "https://courier.example/2"


def july(day: int, hour: int = 0) -> datetime:
    return datetime(2022, 7, day, hour, tzinfo=UTC)


def ask(db: Warehouse, question: str) -> list[Any]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def line(db: Warehouse) -> list[Any]:
    """What each article said and since when, in natural keys."""
    return ask(
        db,
        "SELECT (SELECT min(article_key) FROM news.article_key k"
        " WHERE k.article_id = ANY (news.articles_in(v.article_id))),"
        " c.body, lower(v.observed) FROM news.version v JOIN news.content c USING (content_id)"
        " WHERE upper_inf(v.recorded) ORDER BY 1, 3",
    )


CAPTURES = [
    ((PAGE,), "six killed", july(3, 8)),
    ((AMP,), "seven killed", july(3, 10)),
    ((OTHER,), "the market is open", july(3, 9)),
    ((AMP, PAGE), "eight killed", july(3, 12)),
]


def test_a_capture_that_leads_to_both_joins_them(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for n, (keys, text, at) in enumerate(CAPTURES):
        stored = store(db, run, source, text, keys=keys, observed_at=at, at=july(4, n))
    assert len(stored.new_contents) == 3  # the new one, and those to be compared again
    assert line(db) == [
        (PAGE, "six killed", july(3, 8)),
        (PAGE, "seven killed", july(3, 10)),
        (PAGE, "eight killed", july(3, 12)),
        (OTHER, "the market is open", july(3, 9)),
    ]
    assert ask(db, "SELECT count(*) FROM news.article") == [(3,)]
    assert ask(db, "SELECT url, versions FROM mart.article ORDER BY url") == [(PAGE, 3), (OTHER, 1)]
    assert ask(db, "SELECT article_key, rule FROM news.article_merge") == [(AMP, "one capture's keys lead to both")]
    held = ask(db, "SELECT count(*) FROM news.version WHERE recorded @> '2022-07-04 02:30Z'::timestamptz")
    assert held == [(3,)]  # three articles, as held before


def test_whichever_came_first(db: Warehouse) -> None:
    """Each order of the captures gives other ids and merges; the line of versions is the same."""
    run, source = make_run(db), make_source(db)
    for number, order in enumerate(itertools.permutations(CAPTURES)):
        for n, (keys, text, at) in enumerate(order):
            own = tuple(k.replace("courier", f"order{number}") for k in keys)
            store(db, run, source, text, keys=own, observed_at=at, at=july(4, n))
    lines: dict[str, list[Any]] = {}
    for key, text, at in line(db):
        order, _, path = key.removeprefix("https://").partition(".example/")
        lines.setdefault(order, []).append((path, text, at))
    assert len(lines) == 24
    assert len({tuple(told) for told in lines.values()}) == 1


def test_of_three_the_one_observed_first_speaks_for_all(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for n, (keys, hour) in enumerate(
        [((PAGE,), 9), ((AMP,), 8), ((OTHER,), 10), ((PAGE, AMP), 11), ((OTHER, AMP), 12)]
    ):
        store(db, run, source, f"text {hour}", keys=keys, observed_at=july(3, hour), at=july(4, n))
    ids = {r.article_key: r.article_id for r in db.rows("find_articles", keys=[PAGE, AMP, OTHER])}
    merges = ask(db, "SELECT from_article_id, into_article_id FROM news.article_merge WHERE upper_inf(recorded)")
    assert sorted(merges) == sorted([(ids[PAGE], ids[AMP]), (ids[OTHER], ids[AMP])])
    store(db, run, source, "text 7", keys=(OTHER,), observed_at=july(3, 7), at=july(5))  # a late capture
    merges = ask(db, "SELECT from_article_id, into_article_id FROM news.article_merge WHERE upper_inf(recorded)")
    assert sorted(merges) == sorted([(ids[PAGE], ids[OTHER]), (ids[AMP], ids[OTHER])])
    assert len(ask(db, "SELECT FROM news.article_merge WHERE NOT upper_inf(recorded)")) == 2  # history
    assert [text for _, text, _ in line(db)] == [f"text {h}" for h in (7, 8, 9, 10, 11, 12)]


def test_killed_before_it_commits_and_repeated_it_is_as_if_nothing_happened(db: Warehouse, database_url: str) -> None:
    run, source = make_run(db), make_source(db)
    for n, (keys, text, at) in enumerate(CAPTURES[:3]):
        store(db, run, source, text, keys=keys, observed_at=at, at=july(4, n))
    before = db.value("data_digest")
    keys, text, at = CAPTURES[3]
    with connect(database_url) as killed, pytest.raises(psycopg2.Error):
        store(_dying(killed, "forget_compared"), run, source, text, keys=keys, observed_at=at, at=july(4, 3))
    assert ask(db, "SELECT count(*) FROM news.article_merge") == [(0,)]
    store(db, run, source, text, keys=keys, observed_at=at, at=july(4, 3))
    joined = line(db)
    held = db.value("data_digest")
    assert held != before
    store(db, run, source, text, keys=keys, observed_at=at, at=july(9))
    assert db.value("data_digest") == held
    assert line(db) == joined


def test_a_wrong_merge_is_undone_for_good(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for n, (keys, text, at) in enumerate(CAPTURES):
        store(db, run, source, text, keys=keys, observed_at=at, at=july(4, n))
    [(wrong, main)] = ask(
        db, "SELECT from_article_id, into_article_id FROM news.article_merge WHERE upper_inf(recorded)"
    )
    now = split(db, wrong, "a page of its own", code_version="0", at=july(5))
    assert now == {main: main, wrong: wrong}
    apart = [
        (AMP, "seven killed", july(3, 10)),
        (PAGE, "six killed", july(3, 8)),
        (PAGE, "eight killed", july(3, 12)),
        (OTHER, "the market is open", july(3, 9)),
    ]
    assert sorted(line(db)) == sorted(apart)
    again = ask(db, "SELECT DISTINCT stage FROM ops.work WHERE item_key LIKE 'content:%'")
    assert again == [("deduplicate",)]
    for n, (keys, text, at) in enumerate(
        [*CAPTURES, ((AMP, PAGE), "nine killed", july(3, 14))]
    ):  # read again, and more
        store(db, run, source, text, keys=keys, observed_at=at, at=july(6, n))
    assert ask(db, "SELECT count(*) FROM news.article_merge WHERE upper_inf(recorded)") == [(0,)]
    assert [at for key, _, at in line(db) if key == AMP] == [july(3, 10)]
    assert ask(db, "SELECT count(*) FROM news.article_merge WHERE recorded @> '2022-07-04 12:00Z'::timestamptz") == [
        (1,)
    ]
    with pytest.raises(NotMerged):
        split(db, wrong, "again", code_version="0", at=july(7))


def test_who_spoke_for_a_group_may_be_split_from_it(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for n, keys in enumerate([(PAGE,), (AMP,), (OTHER,), (PAGE, AMP), (OTHER, AMP)]):
        store(db, run, source, f"text {n}", keys=keys, observed_at=july(3, n), at=july(4, n))
    ids = {r.article_key: r.article_id for r in db.rows("find_articles", keys=[PAGE, AMP, OTHER])}
    now = split(db, ids[PAGE], "another report", code_version="0", at=july(5))
    assert now == {ids[PAGE]: ids[PAGE], ids[AMP]: ids[AMP], ids[OTHER]: ids[AMP]}


def _dying(db: Warehouse, name: str) -> Warehouse:
    """The connection, ended by the server when a query comes."""

    def run_or_die(query: str, /, **params: Any) -> int:
        if query == name:
            with db.connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return Warehouse.run(db, query, **params)

    db.run = run_or_die  # type: ignore[method-assign]
    return db
