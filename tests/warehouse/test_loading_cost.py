"""What keeping an observation costs does not grow with how many came at the same moment, as those of an archive do."""

from __future__ import annotations

from typing import Any

import pytest

from etl.warehouse.connect import Warehouse
from tests.warehouse.factory import make_run, make_source

PAST = """
INSERT INTO raw.blob_key SELECT sha256(int8send(n)), '2022-07-01', 1 FROM generate_series(1, 3000) AS n;
INSERT INTO ops.fetch (run_id, source_id, kind, requested_url, fetched_at, observed_at, outcome, blob_hash, duration_ms,
                       covered_on)
SELECT 1, 1, 'page', 'x', '2022-07-01', '2022-07-01', 'fetched', sha256(int8send(n)), 1, '2022-07-01'
FROM generate_series(1, 3000) AS n;
INSERT INTO news.article (source_id, first_observed_at, run_id, created_at)
SELECT 1, '2022-07-01', 1, '2022-07-01' FROM generate_series(1, 3000) AS n;
INSERT INTO news.content (article_id, content_hash, body, authors, extractor, code_version, run_id, created_at)
SELECT article_id, sha256(int8send(article_id)), 'text', '{}', 't', '0', 1, '2022-07-01' FROM news.article;
INSERT INTO news.observation (article_id, observed_at, blob_hash, fetch_id)
SELECT n, timestamptz '2022-01-01' + n * interval '1 minute', sha256(int8send(n)), n FROM generate_series(1, 1000) AS n;
ANALYZE;  -- each came at a time of its own; now a batch comes at one
INSERT INTO news.observation (article_id, observed_at, blob_hash, fetch_id)
SELECT n, '2022-07-01', sha256(int8send(n)), n FROM generate_series(1001, 3000) AS n;
"""
KEPT = """
INSERT INTO news.observed_content (article_id, observed_at, blob_hash, content_id, recorded)
SELECT o.article_id, o.observed_at, o.blob_hash, c.content_id, tstzrange(now(), NULL)
FROM news.observation o JOIN news.content c USING (article_id)
WHERE o.article_id > 2900
"""


@pytest.fixture
def held(db: Warehouse) -> Warehouse:
    """A thousand observations of different times, two thousand of one."""
    make_run(db)
    make_source(db)
    ask(db, PAST)
    return db


def ask(db: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def rows_read(db: Warehouse) -> int:
    """How many entries of its indexes were met in looking observations up."""
    ask(db, "SELECT pg_stat_force_next_flush()")
    [(read,)] = ask(db, "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'observation'")
    return int(read)


def test_what_an_observation_says_is_checked_against_that_one(held: Warehouse) -> None:
    ask(held, "SET plan_cache_mode = force_generic_plan")  # as foreign keys come to it after some rows
    before = rows_read(held)
    ask(held, KEPT)
    assert rows_read(held) - before < 1_000, "a hundred observations, each met once or twice"
