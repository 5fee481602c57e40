"""Typed edits follow the versions: a late capture slots in, better code is no edit, a repeat changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from etl.warehouse import edits
from etl.warehouse.connect import Warehouse
from tests.warehouse.factory import make_run, make_source, store

CLOCK = count()


def july(day: int, hour: int = 0) -> datetime:
    return datetime(2022, 7, day, hour, tzinfo=UTC)


def settle(db: Warehouse, run: int) -> int:
    return edits.settle(db, run_id=run, clock=lambda: july(10) + timedelta(minutes=next(CLOCK)))


def ask(db: Warehouse, question: str) -> list[Any]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


KILLED = "SELECT number_before, number_after, changed_at FROM mart.edit WHERE measure = 'killed' ORDER BY changed_at"


def test_where_the_number_killed_changed(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for hour, text in ((8, "Six were killed."), (12, "Eight were killed."), (18, "Six were killed.")):
        store(db, run, source, text, observed_at=july(3, hour), at=july(3, hour))
    store(db, run, source, "Market opens.", keys=("https://courier.example/2",), at=july(3))
    assert settle(db, run) == 2
    assert ask(db, KILLED) == [(6, 8, july(3, 12)), (8, 6, july(3, 18))]
    assert ask(db, "SELECT count(*) FROM ops.edit_due") == [(0,)]


def test_a_late_capture_parts_a_step_and_the_past_stays_known(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for hour, text in ((8, "Six were killed."), (12, "Eight were killed.")):
        store(db, run, source, text, observed_at=july(3, hour), at=july(3, hour))
    settle(db, run)
    store(db, run, source, "Seven were killed.", observed_at=july(3, 10), at=july(9))
    settle(db, run)
    assert ask(db, KILLED) == [(6, 7, july(3, 10)), (7, 8, july(3, 12))]
    assert ask(db, "SELECT number_before, number_after FROM news.edit WHERE NOT upper_inf(recorded)") == [(6, 8)]


def test_better_code_is_not_a_publishers_edit(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "Six were killed.", observed_at=july(3, 8), at=july(3, 8))
    store(db, run, source, "Eight were killed.", observed_at=july(3, 12), at=july(3, 12))
    with db.connection.cursor() as cursor:
        cursor.execute("UPDATE news.content SET code_version = 'better' WHERE body LIKE 'Eight%'")
    assert settle(db, run) == 0


def test_a_repeat_changes_nothing(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for _ in range(2):
        for hour, text in ((8, "Six were killed."), (12, "Eight were killed.")):
            store(db, run, source, text, observed_at=july(3, hour), at=july(3, hour))
        settle(db, run)
        with db.connection.cursor() as cursor:  # as if a run had been killed before it took the list
            cursor.execute("INSERT INTO ops.edit_due SELECT article_id FROM news.article ON CONFLICT DO NOTHING")
        before = ask(db, "SELECT xmin::text, e::text FROM news.edit e ORDER BY 2")
        assert settle(db, run) == 0
        assert ask(db, "SELECT xmin::text, e::text FROM news.edit e ORDER BY 2") == before
    assert len(before) == 1
