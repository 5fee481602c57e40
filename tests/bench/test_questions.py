"""The bench of questions: a made history is whole, what its tables derive agrees, and all is asked and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.bench import history, questions
from etl.bench.frame import SCALES, World
from etl.local.postgres import Server
from etl.warehouse import cookbook
from etl.warehouse.connect import Warehouse


def test_a_made_history_is_one_the_triggers_would_have_kept(db: Warehouse) -> None:
    history.fill(db, 200, 1_000)
    with db.connection.cursor() as cursor:
        for wrong in (
            "SELECT * FROM news.wrong_reports(ARRAY(SELECT article_id FROM news.article))",
            "SELECT * FROM news.wrong_words(ARRAY(SELECT article_id FROM news.article))",
            "SELECT * FROM news.wrong_tallies()",
            "SELECT * FROM bench_definition",  # every index, key and exclusion is back
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'",
        ):
            cursor.execute(wrong)
            assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*), count(DISTINCT source_id), min(length(body))"
            " FROM news.article JOIN news.content USING (article_id)"
        )
        articles, outlets, shortest = cursor.fetchone() or (0, 0, 0)
        cursor.execute("SELECT count(*), count(DISTINCT article_id) FROM ops.line_seen")
        lines, holders = cursor.fetchone() or (0, 0)
    assert articles == 200
    assert 20 < outlets < 200
    assert shortest > 500
    assert lines > holders == articles


@pytest.mark.slow
def test_everything_is_asked_and_told(postgres: Server, tmp_path: Path) -> None:
    from dataclasses import replace

    world = World(replace(SCALES["small"], name="trial", batch=5), tmp_path, postgres.url)
    found = {r.name: r for r in questions.run(world, lambda _: None)}
    assert {f"ask-{name}" for name in cookbook.recipes()} < set(found)
    assert found["growth-tagged"].sizes == {"articles": 5, "mentions": 20, "held": 120}
    assert found["disk"].ratio > 1
