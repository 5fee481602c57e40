"""Versions follow from observations alone, on two clocks: what the publisher showed, and what we held."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.warehouse.connect import Warehouse
from tests.warehouse.factory import make_run, make_source, store


def july(day: int, hour: int = 0) -> datetime:
    return datetime(2022, 7, day, hour, tzinfo=UTC)


def history(db: Warehouse, *, recorded_at: datetime | None = None) -> list[tuple[str, datetime]]:
    """What the article said and since when, as held now or as held at a time."""
    with db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.body, lower(v.observed) FROM news.version v JOIN news.content c USING (content_id) "
            "WHERE v.recorded @> %s::timestamptz ORDER BY v.observed",
            (recorded_at or july(30),),
        )
        return cursor.fetchall()


def test_an_edit_makes_a_version_and_a_return_another(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for hour, text in ((8, "six killed"), (12, "eight killed"), (18, "six killed")):
        store(db, run, source, text, observed_at=july(3, hour), at=july(3, hour))
    assert history(db) == [("six killed", july(3, 8)), ("eight killed", july(3, 12)), ("six killed", july(3, 18))]


def test_the_same_text_seen_again_is_one_version(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for hour in (8, 9, 10):
        store(db, run, source, "six killed", observed_at=july(3, hour), at=july(3, hour))
    assert history(db) == [("six killed", july(3, 8))]


def test_a_late_capture_slots_in_and_what_we_held_before_stays_known(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "six killed", observed_at=july(3, 8), at=july(3, 8))
    store(db, run, source, "eight killed", observed_at=july(3, 12), at=july(3, 12))
    store(db, run, source, "eight killed", observed_at=july(3, 10), at=july(20))
    assert history(db) == [("six killed", july(3, 8)), ("eight killed", july(3, 10))]
    assert history(db, recorded_at=july(4)) == [("six killed", july(3, 8)), ("eight killed", july(3, 12))]


def test_the_order_of_arrival_does_not_matter(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    captures = [(8, "a"), (12, "b"), (10, "b"), (18, "a"), (6, "c")]
    for n, (hour, text) in enumerate(captures):
        store(db, run, source, text, keys=("https://x.example/1",), observed_at=july(3, hour), at=july(4, n))
    forwards = history(db)
    for n, (hour, text) in enumerate(reversed(captures)):
        store(db, run, source, text, keys=("https://x.example/2",), observed_at=july(3, hour), at=july(5, n))
    assert history(db) == sorted(forwards * 2, key=lambda v: v[1])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=7).flatmap(
    lambda texts: st.tuples(st.just(texts), st.permutations(range(len(texts))))))  # fmt: skip
def test_any_order_of_captures_gives_the_same_versions(db: Warehouse, drawn: tuple[list[str], list[int]]) -> None:
    """The versions are the runs of equal text in observed order, trivia aside."""
    texts, order = drawn
    run, source = make_run(db), make_source(db)
    key = f"https://x.example/{secrets.token_hex(8)}"
    for turn, n in enumerate(order):
        text = f"text {texts[n]}\n\nUpdated {n + 1} minutes ago"
        store(db, run, source, text, keys=(key,), observed_at=july(3, n), at=july(4, turn))
    runs = [(f"text {t}\n\nUpdated {n + 1} minutes ago", july(3, n))
            for n, t in enumerate(texts) if n == 0 or texts[n - 1] != t]  # fmt: skip
    with db.connection.cursor() as cursor:
        cursor.execute("DELETE FROM ops.edit_due")
        cursor.execute(
            "SELECT c.body, lower(v.observed) FROM news.version v JOIN news.content c USING (content_id) "
            "WHERE v.article_id = (SELECT article_id FROM news.article_key WHERE article_key = %s) "
            "AND upper_inf(v.recorded) ORDER BY v.observed",
            (key,),
        )
        assert cursor.fetchall() == runs


def test_trivial_differences_make_no_version_but_their_text_is_kept(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for hour, text in ((8, "six killed\n\n3 comments"), (9, "six  killed\n\n12 comments"), (10, "eight killed")):
        store(db, run, source, text, observed_at=july(3, hour), at=july(3, hour))
    assert history(db) == [("six killed\n\n3 comments", july(3, 8)), ("eight killed", july(3, 10))]
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM news.content")
        assert cursor.fetchone() == (3,)


def test_a_repeat_changes_no_row(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "six killed", observed_at=july(3, 8), at=july(3, 8))
    before = db.value("data_digest")
    store(db, make_run(db, "manual__2"), source, "six killed", observed_at=july(3, 8), at=july(9))
    assert db.value("data_digest") == before
