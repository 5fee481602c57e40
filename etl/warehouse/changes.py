"""A cursor goes in; what became of each article since comes out, page by page, and the cursor to ask with next time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.errors import CursorUnknown
from etl.warehouse.connect import Warehouse

START = "0"  # from the beginning: every article
_CURSOR = re.compile(r"0|(\d{1,4})\.(\d{1,19})\.(\d{1,18})")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one article."""

    cursor: str  # to go on from, once this and those before it are applied
    article_id: int
    change: str  # added, changed or deleted
    what: list[str]  # text, places, copies, story, edits, upstreams, address, merged, takedown; empty: all of it
    reason: str | None  # of a deletion
    into_article_id: int | None  # where it was merged into another
    changed_at: datetime


def is_cursor(text: str) -> bool:
    """Whether it looks like one."""
    return _CURSOR.fullmatch(text) is not None


def since(db: Warehouse, cursor: str, *, limit: int | None = None) -> Iterator[list[Change]]:
    """Pages of changes after the cursor, of `limit` articles at most. Raises CursorUnknown where it is not ours."""
    _check(db, cursor)
    left = limit
    while left is None or left > 0:
        most = _PAGE if left is None else min(_PAGE, left)
        page = [Change(*r) for r in db.rows("changes_since", since=cursor, most=most)]
        if not page:
            return
        yield page
        cursor = page[-1].cursor
        left = left - most if left is not None else None


def articles(db: Warehouse, page: list[Change]) -> dict[int, dict[str, Any]]:
    """The articles of a page as they stand now, by id; those deleted are not there."""
    ids = sorted({c.article_id for c in page})
    return {r.article_id: r.article for r in db.rows("articles_as_json", article_ids=ids)}


def mentions(db: Warehouse, page: list[Change]) -> dict[int, list[dict[str, Any]]]:
    """The places that the articles of a page name now, by article."""
    ids = sorted({c.article_id for c in page})
    return {r.article_id: r.mentions for r in db.rows("mentions_as_json", article_ids=ids)}


def _check(db: Warehouse, cursor: str) -> None:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise CursorUnknown(cursor, "It looks like 1.742.15; 0 is the beginning.")
    if cursor != START:
        fault = db.value("cursor_fault", era=int(found[1]), transaction_id=found[2])
        if fault:
            raise CursorUnknown(cursor, f"Perhaps a backup was restored: {fault}. Begin anew with --since 0.")
