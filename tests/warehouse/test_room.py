"""Fingerprints, terms and evidence take less room: what a loaded warehouse held moves, while others write."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl.dedup.terms import weights
from etl.local.postgres import Server
from etl.warehouse import migrate, scratch
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.test_upgrades import as_of, ask

BEFORE = 22
COUNTS = (1, 2, 3, 150, 255, 32_767)
HELD = """
INSERT INTO ops.run (job, external_id, code_version, started_at) VALUES ('t', 't', '0', '2022-07-04');
INSERT INTO ops.source (source_name, kind, url, outlet, has_archive, is_enabled)
VALUES ('courier', 'feed', 'https://courier.example/feed', 'Courier', false, true);
INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current) VALUES ('t', 0, 0, '2022-07-01', true);
INSERT INTO news.article (source_id, first_observed_at, run_id, created_at)
SELECT 1, '2022-07-01', 1, '2022-07-01' FROM generate_series(1, 5);
INSERT INTO news.content (article_id, content_hash, body, authors, extractor, code_version, run_id, created_at)
SELECT article_id, sha256(int8send(article_id)), 'text', '{}', 't', '0', 1, '2022-07-01' FROM news.article;
INSERT INTO news.tagging (content_id, tagger, gazetteer_id, run_id, recorded)
SELECT content_id, 't', 1, 1, tstzrange('2022-07-04', NULL) FROM news.content;
INSERT INTO news.mention (tagging_id, field, start_offset, end_offset, surface, role, confidence, method)
SELECT tagging_id, 'body', n, n + 4, 'Kyiv', 'event', 0.5, 't' FROM news.tagging, generate_series(0, 90, 10) AS n;
"""
FEATURE = """
INSERT INTO news.story_feature (article_id, content_id, seen_at, terms, weights)
SELECT %(article)s, %(article)s, '2022-07-04', %(terms)s::bigint[],
       ARRAY(SELECT round(1 + ln(n::numeric), 4)::real
             FROM unnest(%(counts)s::integer[]) WITH ORDINALITY AS c (n, i) ORDER BY i)
"""
EVIDENCE = """
INSERT INTO news.tagging_evidence (tagging_id, features, candidates)
SELECT %(tagging)s, '{prior,near}', ('{' || string_agg(
    format('"body %%s %%s":[[703448,6.445,0,5.876,1,0.%%s],[5,-0.1]]', n, n + 4, n + 1), ',' ORDER BY n) || '}')::json
FROM generate_series(0, %(until)s, 10) AS n
"""


MARK = """
INSERT INTO news.fingerprint (content_id, article_id, seen_at, text_hash, sketch, numbers, shingles, run_id, made_at)
SELECT n, n, '2022-07-04', '\\x00112233445566778899aabbccddeeff', ARRAY[n::bigint << 32], '{7}', 9, 1, '2022-07-04'
FROM generate_series(%(first)s, %(last)s) AS n
"""


@pytest.fixture
def url(postgres: Server, tmp_path: Path) -> Iterator[str]:
    """A database as it was before, with five articles in it."""
    with _before(postgres, tmp_path, BEFORE) as url:
        yield url


@contextmanager
def _before(postgres: Server, folder: Path, version: int) -> Iterator[str]:
    with scratch.database(postgres.url(), template="template0") as url:
        with connect(url) as db:
            migrate.migrate(db, today=NOW.date(), folder=as_of(version, folder))
            ask(db, HELD)
        yield url


def do(db: Warehouse, statement: str, **values: object) -> None:
    with db.connection.cursor() as cursor:
        cursor.execute(statement, values)


def features(db: Warehouse) -> list[tuple[Any, ...]]:
    rows = ask(db, "SELECT article_id, terms, counts FROM news.story_feature ORDER BY 1")
    return [(article, terms, list(bytes(counts))) for article, terms, counts in rows]


def test_terms_keep_their_order_and_their_weights_to_the_last_digit(url: str) -> None:
    terms = [-(2**63), -1, 0, 2**32 - 1, 2**33, 2**63 - 1]
    with connect(url) as db:
        do(db, FEATURE, article=1, terms=terms, counts=list(COUNTS))
        do(db, FEATURE, article=2, terms=[], counts=[])
        before = ask(db, "SELECT weights FROM news.story_feature WHERE article_id = 1")[0][0]
        migrate.migrate(db, today=NOW.date())
        assert features(db) == [(1, [-(2**31), -1, 0, 2, 2**31 - 1], [1, 2, 153, 255, 255]), (2, [], [])]
        assert [float(str(w)) for w in weights(np.array([1, 2, 255]))] == [before[n] for n in (0, 1, 4)]


def test_more_than_a_byte_counts_as_the_most_of_a_byte(url: str) -> None:
    with connect(url) as db:
        do(db, FEATURE, article=1, terms=[1, 2], counts=[200, 200])
        migrate.migrate(db, today=NOW.date())
        assert features(db) == [(1, [0], [255])]


def test_evidence_says_what_it_said_in_less_room(url: str) -> None:
    shown = "SELECT * FROM news.mention_candidate ORDER BY mention_id, rank"
    with connect(url) as db:
        do(db, EVIDENCE, tagging=1, until=90)
        do(db, EVIDENCE, tagging=2, until=0)
        before = ask(db, shown)
        [(took, short)] = ask(db, "SELECT max(pg_column_size(e)), min(pg_column_size(e)) FROM news.tagging_evidence e")
        migrate.migrate(db, today=NOW.date())
        assert ask(db, shown) == before != []
        [(takes, still)] = ask(db, "SELECT max(pg_column_size(e)), min(pg_column_size(e)) FROM news.tagging_evidence e")
        assert takes < took / 2
        assert still == short


def test_what_others_write_meanwhile_moves_too(url: str) -> None:
    """Added, changed, taken away: by a transaction that began before and ended when all else had moved."""
    with connect(url) as db, connect(url, name="writer") as writer:
        for n in (1, 2, 3):
            do(db, FEATURE, article=n, terms=[n << 32], counts=[1])
            do(db, EVIDENCE, tagging=n, until=20)
        with writer.transaction():
            do(writer, FEATURE, article=4, terms=[4 << 32], counts=[4])
            do(writer, EVIDENCE, tagging=4, until=20)
            ask(writer, f"UPDATE news.story_feature SET terms = '{{{9 << 32}}}' WHERE article_id = 2")
            ask(writer, "DELETE FROM news.story_feature WHERE article_id = 3")
            ask(writer, "DELETE FROM news.tagging_evidence WHERE tagging_id = 3")
            moving = threading.Thread(target=lambda: migrate.migrate(db, today=NOW.date()))
            moving.start()
            _until_it_waits(url)
        moving.join()
        assert features(db) == [(1, [1], [1]), (2, [9], [1]), (4, [4], [4])]
        assert ask(db, "SELECT array_agg(tagging_id ORDER BY 1) FROM news.tagging_evidence") == [([1, 2, 4],)]


def test_fingerprints_that_others_write_meanwhile_move_too(postgres: Server, tmp_path: Path) -> None:
    with (
        _before(postgres, tmp_path, 20) as url,
        connect(url) as db,
        connect(url, name="writer") as writer,
    ):
        do(db, MARK, first=1, last=3)
        with writer.transaction():
            do(writer, MARK, first=4, last=4)
            ask(
                writer,
                f"UPDATE news.fingerprint SET sketch = '{{{9 << 32}}}', made_at = '2022-07-05' WHERE content_id = 2",
            )
            ask(writer, "DELETE FROM news.fingerprint WHERE content_id = 3")
            moving = threading.Thread(target=lambda: migrate.migrate(db, today=NOW.date()))
            moving.start()
            _until_it_waits(url)
        moving.join()
        held = ask(db, "SELECT content_id, sketch, numbers, made_at::date::text FROM news.fingerprint ORDER BY 1")
        assert held == [
            (1, [1], ["7"], "2022-07-04"),
            (2, [9], ["7"], "2022-07-05"),
            (4, [4], ["7"], "2022-07-04"),
        ]


def _until_it_waits(url: str) -> None:
    with connect(url, name="watcher") as db:
        for _ in range(1_000):
            if ask(db, "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"):
                return
            time.sleep(0.01)
    raise AssertionError("it never waits")


def test_the_tables_are_as_if_they_had_been_made_so(url: str) -> None:
    """No name tells that they were made beside the old, and every reference was looked at."""
    with connect(url) as db:
        migrate.migrate(db, today=NOW.date())
        named = ask(
            db,
            "SELECT conname FROM pg_constraint WHERE contype <> 'n' AND conrelid IN"
            " ('news.story_feature'::regclass, 'news.tagging_evidence'::regclass) ORDER BY 1",
        )
        assert named == [
            ("story_feature_article_id_fkey",),
            ("story_feature_check",),
            ("story_feature_content_id_fkey",),
            ("story_feature_pkey",),
            ("tagging_evidence_pkey",),
            ("tagging_evidence_tagging_id_fkey",),
        ]
        assert ask(db, "SELECT conname FROM pg_constraint WHERE NOT convalidated") == []
        named_so = "SELECT relname FROM pg_class UNION SELECT conname FROM pg_constraint"
        assert ask(db, f"SELECT * FROM ({named_so}) AS n WHERE relname ~ 'slim'") == []
