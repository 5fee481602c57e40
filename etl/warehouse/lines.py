"""Contents go in; whom they name as their source is in the warehouse afterwards.

Independent lines themselves are not stored: `news.story_lines` draws them from families, copies and upstreams as they
hold when one asks (views `mart.story_source`, `mart.story_line`, `mart.story_tie`), so they cannot fall behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from etl.dedup.upstream import find
from etl.warehouse.connect import Warehouse

Texts = Mapping[str, str | None]  # title, standfirst, body


def read(contents: Mapping[int, Texts]) -> list[dict[str, Any]]:
    """What each content names, as rows; pure work, to be done outside the transaction."""
    return [
        {
            "content_id": content_id,
            "name": u.name,
            "kind": u.kind,
            "field": field,
            "start_offset": u.start,
            "end_offset": u.end,
            "surface": u.surface,
            "rule": u.rule,
            "ties": u.ties,
        }
        for content_id, texts in contents.items()
        for field, text in texts.items()
        for u in find(text or "")
    ]


def keep(db: Warehouse, content_ids: list[int], rows: list[dict[str, Any]], *, run_id: int, at: datetime) -> int:
    """Write what these contents name, in a transaction; answers how many were new. A repeat changes nothing."""
    wanted = set(content_ids)
    mine = [r for r in rows if r["content_id"] in wanted]
    db.run("close_upstreams", rows=mine, content_ids=content_ids, at=at)
    return db.run("open_upstreams", rows=mine, run_id=run_id, at=at) if mine else 0
