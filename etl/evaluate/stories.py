"""A corpus of texts goes in; stories, found by the warehouse's own path in a scratch database, come out."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, TextIO

from etl.evaluate import texts
from etl.evaluate.dedup import AT, BATCH, summary, write
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.copies import deduplicate
from etl.warehouse.stories import settle


def run(corpus: Path, predictions: TextIO | None, *, database_url: str) -> dict[str, Any]:
    """Group the corpus; a summary with scores where it has gold clusters. Raises CorpusError."""
    found = texts.read(corpus)
    with connect(database_url, name="eval stories") as db:
        told = _stories(db, found)
    write(predictions, told)
    return summary(found, told)


def _stories(db: Warehouse, found: list[texts.Text]) -> dict[Hashable, Hashable]:
    """For each text its story; one told by nobody else is its own."""
    run_id, comparable = texts.load(db, found, at=AT)
    for start in range(0, len(comparable), BATCH):
        with db.transaction():
            deduplicate(db, comparable[start : start + BATCH], run_id=run_id, at=AT)
    settle(db, run_id=run_id, at=AT)
    story = {r.article_id: f"story {r.story_id}" for r in db.rows("current_stories")}
    return {t.key: story.get(c.article_id, f"article {c.article_id}") for c, t in zip(comparable, found, strict=True)}
