"""Briefs of thirty words and more are found with their reports by the warehouse, and short traps are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.evaluate import dedup
from etl.warehouse.connect import Warehouse
from tests.dedup import briefs
from tests.dedup.briefs import brief, long_report
from tests.warehouse.test_copies import compare, copies, stock, text

FOUND = {"brief of 30": 0.65, "brief of 50": 0.87, "brief of 80": 0.95, "brief of 120": 0.97}
MERGED = {"neg_background": 0.01, "neg_fined": 0.01, "neg_forecast": 0.01, "neg_quoting": 0.01, "neg_roundup": 0.4}


def test_briefs_by_length(database_url: str, tmp_path: Path) -> None:
    """Measured .70, .89, .97, .99 of 560; before they were read whole .34, .69, .84, .90, and round-ups .81.

    A round-up here holds the whole of the shortest briefs: it is taken for their report where that was not met.
    """
    corpus = tmp_path / "briefs.jsonl"
    corpus.write_text("".join(json.dumps(line) + "\n" for line in briefs.corpus(280)), encoding="utf8")
    found = dedup.run(corpus, None, database_url=database_url)
    missed = {kind: share for kind, share in found["recall_by_kind"].items() if share < FOUND[kind]}
    wrong = {kind: share for kind, share in found["merged_by_kind"].items() if share > MERGED[kind]}
    assert (missed, wrong) == ({}, {})


@pytest.mark.parametrize("step", [1, -1])
def test_a_brief_belongs_to_its_report_and_not_to_the_roundup_that_holds_it(db: Warehouse, step: int) -> None:
    """Else each round-up would make one group of all it tells."""
    numbers = range(8, 14)
    items = "\n".join(brief("lead", n, 45) for n in numbers)
    texts = [text("roundup", items, outlet="digest", day=2)]
    for n in numbers:
        texts.append(text(f"report {n}", "\n".join(long_report(n)), outlet="agency", day=n / 100))
        texts.append(text(f"brief {n}", brief("lead", n, 45) + " More soon.", outlet="courier", day=1))
    run_id, contents = stock(db, texts)
    arriving = list(contents.values())[::step]
    for start in range(0, len(arriving), 4):
        compare(db, run_id, arriving[start : start + 4])
    assert copies(db, contents) == {f"brief {n}": f"report {n}" for n in numbers}


def test_a_brief_is_found_whichever_comes_first(db: Warehouse) -> None:
    texts = [text("brief", brief("trimmed", 3, 50), day=1), text("report", "\n".join(long_report(3)), outlet="agency")]
    run_id, contents = stock(db, texts)
    for content in contents.values():
        compare(db, run_id, [content])
    assert copies(db, contents) == {"brief": "report"}
