"""An item of a run and stage has one row in the ledger, found by its hash however many the run has."""

from __future__ import annotations

import json
from typing import Any

import psycopg2.errors
import pytest

from etl.errors import Stage
from etl.warehouse import queries, work
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source

FILL = """
INSERT INTO ops.ledger (run_id, stage, item_key, source_id, state, at)
SELECT run_id, 'extract', 'capture:' || n, source_id, 'kept', now()
FROM ops.run, ops.source, generate_series(1000, 20000) AS n
"""
OWN: dict[str, Any] = {"run_id": 1, "owner": "test", "at": NOW}
ASKED: dict[str, dict[str, Any]] = {
    "claim_work": {
        "stage": Stage.EXTRACT,
        "sources": None,
        "pattern": "",
        "in_hand": [],
        "limit": 20,
        "lease_s": 300,
    },
    "finish_work": {"rows": json.dumps([{"work_id": n, "state": "kept"} for n in range(1, 21)])},
    "release_work": {"rows": json.dumps([{"work_id": n, "pause_s": 0} for n in range(1, 21)])},
    "cancel_work": {"items": [f"capture:{n}" for n in range(20)], "keys": []},
    "note_items": {
        "stage": Stage.EXTRACT,
        "rows": json.dumps([{"item_key": f"capture:{n}", "state": "kept"} for n in range(20)]),
    },
}


def do(db: Warehouse, statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("name", ASKED)
def test_an_item_is_found_among_many_of_its_run(db: Warehouse, name: str) -> None:
    run_id, source_id = make_run(db), make_source(db)
    items = [{"stage": Stage.EXTRACT, "item_key": f"capture:{n}", "source_id": source_id} for n in range(20)]
    work.queue(db, run_id, items, NOW)
    if name != "claim_work":
        do(db, queries.sql("claim_work"), ASKED["claim_work"] | OWN)
    do(db, FILL)
    do(db, "ANALYZE ops.ledger")
    [(plan,)] = do(db, "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + queries.sql(name), ASKED[name] | OWN)
    assert max(_looked_at(plan[0]["Plan"]), default=0) < 200, plan
    if name in {"claim_work", "note_items"}:
        assert _arbiters(plan[0]["Plan"]) == [["ledger_by_item"]]


def _looked_at(node: dict[str, Any]) -> list[float]:
    """Rows each scan of the ledger looked at."""
    here = [(node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]]
    below = [n for child in node.get("Plans", ()) for n in _looked_at(child)]
    return (here if node.get("Relation Name") == "ledger" and "Scan" in node["Node Type"] else []) + below


def _arbiters(node: dict[str, Any]) -> list[list[str]]:
    here = [node["Conflict Arbiter Indexes"]] if "Conflict Arbiter Indexes" in node else []
    return here + [found for child in node.get("Plans", ()) for found in _arbiters(child)]


def test_an_item_of_a_run_and_stage_has_one_row(db: Warehouse) -> None:
    make_run(db)
    insert = "INSERT INTO ops.ledger (run_id, stage, item_key, state, at) VALUES (1, %s, 'content:1', 'kept', now())"
    do(db, insert, ["deduplicate"])
    do(db, insert, ["geotag"])
    with pytest.raises(psycopg2.errors.UniqueViolation, match="ledger_by_item"):
        do(db, insert, ["geotag"])


def test_the_hash_of_an_item_never_changes(db: Warehouse) -> None:
    """An index that was built with another would find nothing."""
    assert do(db, "SELECT ops.item_hash('fetch', 'page:https://courier.example/ж')") == [(-3099577760474920542,)]
