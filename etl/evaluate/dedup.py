"""A corpus of texts goes in; clusters of copies, found by the warehouse's own path in a scratch database, come out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from etl.evaluate import clusters, texts
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.copies import deduplicate

BATCH = 500
AT = datetime(2024, 6, 1, tzinfo=UTC)  # the scratch warehouse's clock


def run(corpus: Path, predictions: TextIO | None, *, database_url: str) -> dict[str, Any]:
    """Cluster the corpus; a summary with scores where it has gold clusters. Raises CorpusError."""
    found = texts.read(corpus)
    with connect(database_url, name="eval dedup") as db:
        origins = _origins(db, found)
    write(predictions, origins)
    return summary(found, origins)


def write(predictions: TextIO | None, clustering: dict[Hashable, Hashable]) -> None:
    """A line `id<TAB>cluster` each."""
    if predictions:
        predictions.writelines(f"{key}\t{cluster}\n" for key, cluster in clustering.items())


def summary(found: Iterable[texts.Text], clustering: dict[Hashable, Hashable]) -> dict[str, Any]:
    """Items, clusters and, where the corpus has gold, scores."""
    gold = {t.key: t.cluster for t in found if t.cluster is not None}
    counted: dict[str, Any] = {"items": len(clustering), "clusters": len(set(clustering.values()))}
    if not gold:
        return counted
    kinds = {t.key: t.kind for t in found if t.kind and t.cluster is not None}
    counted["scores"] = clusters.score(gold, clustering)
    if kinds:
        counted["recall_by_kind"] = clusters.recall_by_kind(gold, clustering, kinds)
        counted["merged_by_kind"] = clusters.merged_by_kind(gold, clustering, kinds)
    return counted


def _origins(db: Warehouse, found: list[texts.Text]) -> dict[Hashable, Hashable]:
    """For each text the one it is a copy of, itself if none."""
    run_id, comparable = texts.load(db, found, at=AT)
    for start in range(0, len(comparable), BATCH):
        with db.transaction():
            deduplicate(db, comparable[start : start + BATCH], run_id=run_id, at=AT)
    origin = {c.copy_article_id: c.origin_article_id for c in db.rows("current_copies")}
    keys = {c.article_id: t.key for c, t in zip(comparable, found, strict=True)}
    return {key: keys[origin.get(article, article)] for article, key in keys.items()}
