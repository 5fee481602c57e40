"""The queue: nothing lost, nothing done twice, whoever dies."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from etl.errors import Reason, Stage
from etl.records import Counts, Rejected
from etl.warehouse import runs, work
from etl.warehouse.connect import Warehouse
from etl.warehouse.work import Done, Holder, Item
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source

KEYS = ["capture:1", "capture:2", "capture:3"]


@pytest.fixture
def run(db: Warehouse) -> int:
    """A run with three items waiting for extraction."""
    run_id, source_id = make_run(db), make_source(db)
    rows = [{"stage": Stage.EXTRACT, "item_key": key, "source_id": source_id, "payload": {"n": key}} for key in KEYS]
    work.queue(db, run_id, rows, datetime.now(UTC))
    return run_id


class Deaths:
    """Claims of tries that die without a word: never ended, never given back."""

    def __init__(self) -> None:
        self._claims: list[AbstractContextManager[list[Item]]] = []

    def claim(self, holder: Holder, limit: int) -> list[Item]:
        self._claims.append(holder.claim(limit))
        return self._claims[-1].__enter__()


@pytest.fixture
def deaths() -> Deaths:
    return Deaths()


def holder(db: Warehouse, run_id: int, part: str = "", lease_s: float = 300) -> Holder:
    return Holder(db, run_id, Stage.EXTRACT, part, lease_s)


def test_every_item_ends_in_one_state_and_the_sums_balance(db: Warehouse, run: int) -> None:
    mine = holder(db, run)
    with mine.claim(2) as items:
        no_text = Rejected(Stage.EXTRACT, Reason.NO_TEXT, items[1].key, "a photo page")
        assert mine.finish([Done(items[0]), Done(items[1], no_text)]) == Counts(2, 1, 0, {"no_text": 1})
    counts = runs.counts(db, run)[Stage.EXTRACT]
    assert counts == Counts(2, 1, 0, {"no_text": 1})
    assert counts.balances
    with mine.claim(10) as rest:
        assert [i.key for i in rest] == KEYS[2:]
        assert not runs.counts(db, run)[Stage.EXTRACT].balances  # one is still in work


def test_two_holders_never_hold_the_same_item(db: Warehouse, run: int) -> None:
    with holder(db, run, "a").claim(2) as first, holder(db, run, "b").claim(10) as second:
        assert [i.key for i in first] == KEYS[:2]
        assert [i.key for i in second] == KEYS[2:]


def test_the_retry_of_a_task_takes_its_items_back_at_once(db: Warehouse, run: int, deaths: Deaths) -> None:
    deaths.claim(holder(db, run, "a"), 3)
    with holder(db, run, "b").claim(3) as others:
        assert others == []
    with holder(db, run, "a").claim(3) as again:
        assert [i.key for i in again] == KEYS
        assert {i.attempts for i in again} == {2}


def test_a_silent_holder_loses_its_items_to_a_later_run(db: Warehouse, run: int, deaths: Deaths) -> None:
    dead = holder(db, run, lease_s=0.01)
    held = deaths.claim(dead, 3)
    time.sleep(0.05)
    heir_run = make_run(db, "manual__2")
    heir = holder(db, heir_run, lease_s=0.01)
    with heir.claim(3) as items:
        assert [i.key for i in items] == KEYS
        with db.transaction():
            assert dead.held(held) == set()  # the dead one, were it to wake up, writes nothing
            heir.finish([Done(i) for i in items])
    assert runs.counts(db, run)[Stage.EXTRACT] == Counts(seen=3, released=3)
    assert runs.counts(db, heir_run)[Stage.EXTRACT] == Counts(seen=3, kept=3)


def test_a_running_run_keeps_its_own_queue_to_itself(db: Warehouse, run: int) -> None:
    other = make_run(db, "manual__2")
    with holder(db, other).claim(3) as items:
        assert items == []
    db.run("finish_run", run_id=run, at=NOW)
    with holder(db, other).claim(3) as left_over:
        assert [i.key for i in left_over] == KEYS


def test_an_interrupted_batch_is_given_back(db: Warehouse, run: int) -> None:
    with pytest.raises(KeyboardInterrupt), holder(db, run).claim(3):
        raise KeyboardInterrupt
    assert runs.counts(db, run)[Stage.EXTRACT] == Counts(seen=3, released=3)
    with holder(db, run).claim(3) as items:
        assert {i.attempts for i in items} == {1}  # an interruption is nobody's failure


def test_an_item_that_keeps_killing_its_worker_is_given_up(db: Warehouse, run: int, deaths: Deaths) -> None:
    for _ in range(work.MAX_ATTEMPTS):
        deaths.claim(holder(db, run), 1)
    with holder(db, run).claim(1) as items:
        [given_up] = work.poisoned(Stage.EXTRACT, items)
    assert given_up.rejected is not None
    assert given_up.rejected.reason is Reason.POISON


def test_what_waits_is_queued_once(db: Warehouse, run: int) -> None:
    source_id = make_source(db)
    work.queue(db, run, [{"stage": Stage.EXTRACT, "item_key": KEYS[0], "source_id": source_id}] * 2, NOW)
    assert [(r.stage, r.n) for r in db.rows("waiting_work")] == [("extract", 3)]
