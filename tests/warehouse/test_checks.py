"""Each check finds what it is there for, names the rows, and looks at one run's rows, whatever history there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from etl.warehouse import checks
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source, store

OTHER = 2  # a run that touched nothing of the first


@pytest.fixture
def held(db: Warehouse) -> Warehouse:
    """Three articles, covered, of one finished run; the second a copy of the first, both one story."""
    run_id, source_id = make_run(db), make_source(db)
    for n in (1, 2, 3):
        store(db, run_id, source_id, f"The bridge {n} at Kyiv is closed.", keys=(f"https://courier.example/{n}",))
    make_run(db, "another", at=NOW + timedelta(hours=1))
    ask(db, "INSERT INTO ops.coverage_day (source_id, covered_on, verdict) SELECT source_id, covered_on, 'covered' "
            "FROM ops.fetch GROUP BY 1, 2")  # fmt: skip
    ask(db, "INSERT INTO news.story (created_at) VALUES (now()), (now())")
    ask(db, "UPDATE news.story SET closed_at = now() WHERE story_id = 2")
    ask(db, "INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current) VALUES ('t', 0, 0, now(), true)")
    for n in (1, 2):
        ask(db, f"INSERT INTO news.story_article VALUES (1, {n}, 1, tstzrange('{NOW}', NULL))")
    copy(db, 2, 1)
    ask(
        db,
        f"""INSERT INTO news.tagging (content_id, tagger, gazetteer_id, run_id, recorded)
        SELECT n, 't', 1, 1, tstzrange('{NOW}', NULL) FROM generate_series(1, 3) n;
        INSERT INTO news.mention (tagging_id, field, start_offset, end_offset, surface, role, confidence, method)
        SELECT n, 'body', 16, 20, 'Kyiv', 'event', 0.5, 't' FROM generate_series(1, 3) n""",
    )
    ask(db, f"UPDATE ops.run SET finished_at = '{NOW}'")
    return db


def copy(db: Warehouse, copied: int, origin: int) -> None:
    since = f"tstzrange('{NOW}', NULL)"
    ask(db, f"INSERT INTO news.copy_of SELECT {copied}, {origin}, {origin}, 'exact', 1, 't', 1, {since}")


def ask(db: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def found(db: Warehouse, name: str, run_id: int | None) -> checks.Finding:
    return checks.look_at(db, next(c for c in checks.catalogue() if c.name == name), run_id)


def test_a_sound_warehouse_passes(held: Warehouse) -> None:
    failing = {f.check.name: f.sample for f in checks.look(held) if f.offending}
    assert {name for name in failing if name != "reports_are_current"} == set()


def twice(table: str, columns: str) -> str:
    """Makes rows of the second text hold a second time, on a day they hold anyway."""
    return (
        f"ALTER TABLE news.{table} DISABLE TRIGGER USER; INSERT INTO news.{table} ({columns}, recorded) "
        f"SELECT {columns}, '[2022-07-07, 2022-07-08)' FROM news.{table} WHERE content_id = 2"
    )


DAMAGE = [
    ("articles_have_a_version", "DELETE FROM news.version WHERE article_id = 1", "article_id", 1),
    ("contents_are_tagged", "DELETE FROM news.mention; DELETE FROM news.tagging", "content_id", 1),
    ("dates_are_sane", "UPDATE news.content SET published_at = '1970-01-01' WHERE content_id = 2", "content_id", 2),
    ("mentions_match_text", "UPDATE news.mention SET surface = 'Lviv' WHERE mention_id = 3", "mention_id", 3),
    ("mentions_match_text", "UPDATE news.mention SET end_offset = 900 WHERE mention_id = 1", "mention_id", 1),
    ("versions_agree_with_observations", "DELETE FROM news.version WHERE article_id = 2", "article_id", 2),
    (
        "versions_agree_with_observations",
        "UPDATE news.version SET observed = tstzrange(lower(observed) + interval '1 s', NULL) WHERE article_id = 3",
        "article_id",
        3,
    ),
    *(
        ("one_row_at_a_time", twice(table, columns), "content_id", 2)
        for table, columns in (
            ("observed_content", "article_id, observed_at, blob_hash, content_id"),
            ("version", "article_id, content_id, observed"),
            ("tagging", "content_id, tagger, gazetteer_id, run_id"),
        )
    ),
    (
        "copies_lead_to_originals",
        "INSERT INTO news.copy_of SELECT 1, 3, 3, 'exact', 1, 't', 1, tstzrange(now(), NULL)",
        "origin_article_id",
        1,
    ),
    (
        "copies_lead_to_originals",
        "INSERT INTO news.copy_of SELECT 1, 2, 2, 'exact', 1, 't', 1, tstzrange(now(), NULL)",
        "copy_article_id",
        1,
    ),
    (
        "stories_have_articles",
        "UPDATE news.story_article SET recorded = tstzrange(lower(recorded), '2022-07-06 09:30+00')",
        "story_id",
        1,
    ),
    ("stories_have_articles", "UPDATE news.story SET closed_at = now()", "story_id", 1),
    (
        "what_was_taken_down_is_gone",
        "INSERT INTO ops.tombstone (tombstone_key, removed_at, reason, article_id) VALUES ('url:x', now(), 'asked', 3)",
        "article_id",
        3,
    ),
    (
        "what_was_taken_down_is_gone",
        "INSERT INTO ops.tombstone VALUES ('url:https://courier.example/2', '2022-01-01', 'asked')",
        "article_id",
        2,
    ),
    ("coverage_names_what_is_missing", "DELETE FROM ops.coverage_day", "source_name", "courier"),
    ("source_days_are_whole", "UPDATE ops.coverage_day SET verdict = 'failed'", "source_name", "courier"),
    ("source_days_are_whole", "UPDATE ops.coverage_day SET expected = 9", "source_name", "courier"),
    ("bodies_are_held", "DELETE FROM raw.blob", "fetch_id", 1),
    (
        "ledger_balances",
        "INSERT INTO ops.ledger (run_id, stage, item_key, state, at) SELECT 1, 'geotag', 'content:1', 'claimed', now()",
        "item_key",
        "content:1",
    ),
    ("partitions_are_ahead", "DROP TABLE raw.blob_2022_08", "missing", "raw.blob_2022_08"),
]


@pytest.mark.parametrize(("name", "damage", "column", "value"), DAMAGE, ids=lambda v: str(v)[:30])
def test_what_is_wrong_is_found_and_named(held: Warehouse, name: str, damage: str, column: str, value: object) -> None:
    assert found(held, name, 1).offending == found(held, name, None).offending == 0
    ask(held, damage)
    for run_id in (1, None):
        finding = found(held, name, run_id)
        assert value in {row[column] for row in finding.sample}, (run_id, finding.sample)
    if name != "partitions_are_ahead":
        assert found(held, name, OTHER).offending == 0, "another run is not to blame"


def test_what_was_let_go_of_by_rule_is_not_missing(held: Warehouse) -> None:
    ask(held, "UPDATE raw.blob_key SET retired_at = now(), retired_rule = 'page=1d'; DELETE FROM raw.blob")
    assert found(held, "bodies_are_held", 1).offending == 0
    assert ask(held, "SELECT body_retired_at IS NOT NULL FROM mart.provenance") == [(True,)] * 3


def test_many_rows_are_counted_and_the_first_are_kept(held: Warehouse) -> None:
    ask(
        held,
        "INSERT INTO ops.ledger (run_id, stage, item_key, state, at) "
        "SELECT 1, 'fetch', 'page:' || n, 'claimed', now() FROM generate_series(1, 12345) n",
    )
    finding = found(held, "ledger_balances", 1)
    assert (finding.offending, len(finding.sample)) == (12345, 20)


def scans(plan: Any) -> Iterator[str]:
    if plan.get("Node Type") == "Seq Scan":
        yield str(plan["Relation Name"])
    for part in plan.get("Plans", ()):
        yield from scans(part)


LARGE = {"article", "content", "version", "tagging", "fetch", "ledger"}
HISTORY = """
INSERT INTO ops.run (job, external_id, code_version, started_at)
SELECT 'news_ingest', 'past ' || n, '0', '2021-01-01' FROM generate_series(1, 300) n;
INSERT INTO ops.fetch (run_id, source_id, kind, requested_url, fetched_at, observed_at, outcome, reason, duration_ms,
                       covered_on)
SELECT n / 10 + 3, 1, 'page', 'x', '2021-01-01', '2021-01-01', 'failed', 'gone', 1, '2021-01-01'
FROM generate_series(1, 2990) n;
INSERT INTO ops.ledger (run_id, stage, item_key, state, at)
SELECT n / 10 + 3, 'fetch', 'page:' || n, 'kept', '2021-01-01' FROM generate_series(1, 2990) n;
INSERT INTO news.article (source_id, first_observed_at, run_id, created_at)
SELECT 1, '2021-01-01', n / 10 + 3, '2021-01-01' FROM generate_series(1, 2990) n;
INSERT INTO news.content (article_id, content_hash, body, authors, extractor, code_version, run_id, created_at)
SELECT article_id, sha256(article_id::text::bytea), repeat('word ', 300), '{}', 't', '0', 3, '2021-01-01'
FROM news.article WHERE article_id > 3;
INSERT INTO news.version (article_id, content_id, observed, recorded)
SELECT article_id, content_id, tstzrange('2021-01-01', NULL), tstzrange('2021-01-01', NULL)
FROM news.content WHERE content_id > 3;
INSERT INTO news.tagging (content_id, tagger, gazetteer_id, run_id, recorded)
SELECT content_id, 't', 1, 3, tstzrange('2021-01-01', NULL) FROM news.content WHERE content_id > 3;
ANALYZE;
"""


def test_the_cost_of_a_run_s_checks_does_not_grow_with_history(held: Warehouse) -> None:
    """No check of one run reads a large table from end to end; history is 3,000 articles of other runs."""
    ask(held, HISTORY)
    read: dict[str, set[str]] = {}
    for check in checks.catalogue():
        with held.connection.cursor() as cursor:
            cursor.execute("EXPLAIN (FORMAT JSON) " + check.sql, {"run_id": 1})
            [(plan,)] = cursor.fetchall()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            if whole := LARGE & set(scans(plan[0]["Plan"])):
                read[check.name] = whole
    assert read == {}
