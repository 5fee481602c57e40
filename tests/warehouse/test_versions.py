"""Versions follow from observations alone, on two clocks: what the publisher showed, and what we held."""

from __future__ import annotations

from datetime import UTC, datetime

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


def test_a_repeat_changes_no_row(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "six killed", observed_at=july(3, 8), at=july(3, 8))
    before = db.value("data_digest")
    store(db, make_run(db, "manual__2"), source, "six killed", observed_at=july(3, 8), at=july(9))
    assert db.value("data_digest") == before
