"""What claiming a batch costs must not grow with what waits: rows looked at, as the database counts them."""

from __future__ import annotations

from typing import Any

import pytest

from etl.errors import Stage
from etl.warehouse import queries, work
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source

SOURCES = 8


@pytest.mark.parametrize("is_even", [True, False], ids=["every source", "nearly all of one source"])
@pytest.mark.parametrize("stage", [Stage.FETCH, Stage.EXTRACT])
def test_a_longer_queue_costs_no_more(db: Warehouse, stage: Stage, is_even: bool) -> None:
    run_id = make_run(db)
    source_ids = [make_source(db, f"s{n}") for n in range(SOURCES)]
    looked_at = []
    for n in (500, 8_000):
        of = [source_ids[i % SOURCES if is_even or i % 10 == 0 else 0] for i in range(n)]
        rows = [{"stage": stage, "item_key": f"page:{n}:{i}", "source_id": of[i]} for i in range(n)]
        work.queue(db, run_id, rows, NOW)
        db.connection.commit()
        looked_at.append(_looked_at(db, run_id, stage, source_ids if stage is Stage.FETCH else None))
    few, many = looked_at
    assert many < 1.5 * few, "rows looked at, with 500 and with 8,500 waiting"


def _looked_at(db: Warehouse, run_id: int, stage: Stage, sources: list[int] | None) -> float:
    stated = {"stage": stage, "sources": sources, "pattern": "", "in_hand": [], "run_id": run_id}
    with db.connection.cursor() as cursor:
        cursor.execute("ANALYZE ops.work")
        cursor.execute(
            "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + queries.sql("claim_work"),
            stated | {"owner": "test", "limit": 50, "lease_s": 300},
        )
        [(plan,)] = cursor.fetchall()
        assert plan[0]["Plan"]["Actual Rows"] == 50
    db.connection.rollback()
    return _rows(plan[0]["Plan"])


def _rows(node: dict[str, Any]) -> float:
    found = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return float(found * node["Actual Loops"]) + sum(_rows(child) for child in node.get("Plans", ()))
