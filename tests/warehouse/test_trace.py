"""Every kind of row leads back to its run, code, gazetteer, rule, capture and bytes: one query."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from etl.warehouse import trace
from etl.warehouse.connect import Warehouse
from tests.warehouse.factory import make_run, make_source, store
from tests.warehouse.test_as_of import ask, july, tag

PAGE, AMP = "https://courier.example/1", "https://courier.example/amp/1"


@pytest.fixture
def history(db: Warehouse) -> Warehouse:
    """Two articles, one edited, tagged, copied and told in a story; each step by a run of its own."""
    fetched, tagged, compared = (make_run(db, name) for name in ("fetch run", "tag run", "compare run"))
    source, other = make_source(db), make_source(db, "beacon")
    store(db, fetched, source, "six killed", keys=(PAGE,), observed_at=july(3, 8), at=july(3, 9))
    store(db, fetched, source, "eight killed", keys=(PAGE,), observed_at=july(3, 12), at=july(3, 13))
    store(db, fetched, other, "it copies", keys=("https://beacon.example/1",), observed_at=july(3, 14), at=july(3, 14))
    tag(db, tagged, "eight killed", "Lyman", at=july(4))
    ask(
        db,
        "INSERT INTO news.copy_of VALUES (2, 1, 1, 'near', 0.9, 'shingles', %s, tstzrange(%s, NULL))",
        compared,
        july(4),
    )
    ask(db, "INSERT INTO news.story (created_at) VALUES (now())")
    ask(db, "INSERT INTO news.story_article SELECT 1, a, %s, tstzrange(%s, NULL) FROM generate_series(1, 2) a",
        compared, july(4))  # fmt: skip
    ask(db, "INSERT INTO news.edit (article_id, from_content_id, to_content_id, changed_at, ordinal, kind, field, "
        "before_text, before_start, before_end, about, run_id, recorded) "
        "VALUES (1, 1, 2, now(), 1, 'number', 'body', 'six', 0, 3, '{}', %s, tstzrange(%s, NULL))",
        compared, july(4))  # fmt: skip
    return db


SIX, EIGHT, COPY = "six killed", "eight killed", "it copies"
CASES = [  # kind, id, and of each line: part, made by, rule, run, the bytes it leads to
    ("article", 1, [("text", "test 1", None, "fetch run", EIGHT), ("places", "tagger 1", None, "tag run", EIGHT)]),
    ("content", 1, [("text", "test 1", None, "fetch run", SIX)]),
    ("version", 1, [("text", "test 1", None, "fetch run", SIX)]),
    ("mention", 1, [("mention", "tagger 1", "test", "tag run", EIGHT)]),
    ("edit", 1, [(p, "edits", "number", "compare run", text) for p, text in (("before", SIX), ("after", EIGHT))]),
    ("copy", 2, [(p, "copies", "shingles", "compare run", text) for p, text in (("origin", EIGHT), ("copy", COPY))]),
    ("story", 1, [("article", "stories", None, "compare run", text) for text in (EIGHT, COPY)]),
]


@pytest.mark.parametrize(("kind", "row_id", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_each_kind_of_row_leads_to_its_bytes(history: Warehouse, kind: str, row_id: int, wanted: list[Any]) -> None:
    lines = trace.trace(history, kind, row_id)
    assert [(t["part"], t["made_by"], t["rule"], t["run"]) for t in lines] == [w[:4] for w in wanted]
    for line, (*_, text) in zip(lines, wanted, strict=True):
        assert (line["sha256"], line["bytes"]) == (hashlib.sha256(text.encode()).hexdigest(), "held")
        assert (line["fetch_run"], line["text_run"], line["code_version"]) == ("fetch run", "fetch run", "0")
        assert line["requested_url"] == PAGE
        received = trace.received(history, line["fetch_id"])
        assert received == trace.Bytes(text.encode(), True)
    assert ("g1" in {t["gazetteer"] for t in lines}) is any(w[1] == "tagger 1" for w in wanted)


def test_a_merge_leads_to_the_capture_of_the_main_one(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for keys, hour in (((PAGE,), 8), ((AMP,), 9), ((AMP, PAGE), 10)):
        store(db, run, source, "six killed", keys=keys, observed_at=july(3, hour), at=july(3, hour))
    [line] = trace.trace(db, "merge", 2)
    assert (line["article_id"], line["rule"], line["observed_at"]) == (1, "one capture's keys lead to both", july(3, 8))
    assert trace.trace(db, "article", 2) == []
    assert trace.removed(db, 2).into_article_id == 1


def test_one_row_is_found_without_reading_the_others(history: Warehouse) -> None:
    ask(history, "SET enable_seqscan = off")
    for kind in trace.KINDS:
        plan = "\n".join(
            p for (p,) in ask(history, "EXPLAIN SELECT * FROM mart.trace WHERE kind = %s AND id = 1", kind)
        )
        assert re.findall(r"Seq Scan on (?:version|content|mention|tagging|edit|copy_of|story_article)\b", plan) == []
