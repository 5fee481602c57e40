"""An article merged by mistake and a reason go in; it stands alone again, for good, and waits to be compared anew."""

from __future__ import annotations

from datetime import datetime

from etl.errors import NotMerged, Stage
from etl.warehouse import merges, runs, work
from etl.warehouse.connect import Warehouse


def split(db: Warehouse, article_id: int, reason: str, *, code_version: str, at: datetime) -> dict[int, int]:
    """Undo a merge, all or nothing; answers which article speaks for each of its group now. Raises NotMerged."""
    with db.transaction():
        name = f"article {article_id}, {at.isoformat()}"
        run_id = runs.begin(db, "split", name, interval=None, code_version=code_version, at=at)
        merged = merges.split(db, article_id, reason, run_id=run_id, at=at)
        if merged is None:
            raise NotMerged(f"article {article_id}")
        rows = [
            {"stage": Stage.DEDUPLICATE, "item_key": f"content:{content_id}", "source_id": source_id}
            for content_id, source_id in merged.again
        ]
        work.queue(db, run_id, rows, at)
        db.run("finish_run", run_id=run_id, at=at)
    return merged.mains
