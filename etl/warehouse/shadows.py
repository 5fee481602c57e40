"""Shadows of intervals in the warehouse: begun, filled a batch of articles at a time, compared, approved or dropped.

A shadow is what today's code makes of an interval's captures, as rows of `ops.shadow_*`: nothing of it is in `news` or
`mart` before it is swapped in. Only what differs from what is held is kept, so one without differences is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.errors import ReprocessRefused
from etl.warehouse.connect import Warehouse
from etl.warehouse.tagged_json import normal

WHAT = ("text", "places", "copies")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """One shadow as it stands."""

    reprocess_id: int
    run_id: int
    start_at: datetime
    end_at: datetime
    what: Sequence[str]  # of WHAT
    source_name: str | None  # only articles of this source
    source_id: int | None
    code_version: str
    gazetteer_id: int
    state: str  # deriving, ready, approved or dropped
    made_at: datetime
    settled_at: datetime | None
    left_alone: int | None  # articles that changed while it was swapped in
    articles: int
    waiting: int  # of these, still to be read
    captures: int
    differing: int  # articles with a difference


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article to be read again."""

    article_id: int  # the main one
    base: bytes  # what is held of it
    members: Sequence[int]  # itself and what was merged into it


def every(db: Warehouse) -> list[Shadow]:
    """All shadows, the latest first."""
    return [Shadow(**r._asdict()) for r in db.rows("reprocesses", reprocess_id=None)]


def find(db: Warehouse, reprocess_id: int) -> Shadow:
    """One shadow. Raises ReprocessRefused where there is none."""
    row = db.one("reprocesses", reprocess_id=reprocess_id)
    if row is None:
        raise ReprocessRefused(str(reprocess_id), "There is no such reprocessing; see `dateline reprocess list`.")
    return Shadow(**row._asdict())


@contextmanager
def alone(db: Warehouse, reprocess_id: int) -> Iterator[None]:
    """Nobody else works on the shadow during the block. Raises ReprocessRefused where somebody does."""
    if not db.value("hold_reprocess", reprocess_id=reprocess_id):
        raise ReprocessRefused(str(reprocess_id), "Somebody else is at work on it.")
    try:
        yield
    finally:
        if not db.connection.closed:
            db.run("let_reprocess_go", reprocess_id=reprocess_id)


def waiting(db: Warehouse, reprocess_id: int, limit: int) -> list[Waiting]:
    """Some of the articles still to be read."""
    rows = db.rows("shadow_waiting", reprocess_id=reprocess_id, limit=limit)
    return [Waiting(r.article_id, bytes(r.base), r.members) for r in rows]


def tagged(db: Warehouse, content_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """How contents are held to be tagged."""
    rows = db.rows("shadow_tagged", content_ids=list(content_ids))
    return {r.content_id: normal({"mentions": r.mentions, "demonyms": r.demonyms, "focus": r.focus}) for r in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What reading some articles again gave; rows as the queries take them."""

    done: Sequence[Mapping[str, Any]]  # article_id, base, captures
    readings: Sequence[Mapping[str, Any]]
    contents: Sequence[Mapping[str, Any]]
    taggings: Sequence[Mapping[str, Any]]
    differences: Sequence[Mapping[str, Any]]


def keep(db: Warehouse, reprocess_id: int, found: Found) -> None:
    """Write what was found in place of what the shadow had of these articles; in a transaction."""
    articles = [d["article_id"] for d in found.done]
    db.run("clear_shadow", reprocess_id=reprocess_id, article_ids=articles)
    db.run("clear_differences", reprocess_id=reprocess_id, article_ids=articles)
    for query, rows in (
        ("keep_shadow_readings", found.readings),
        ("keep_shadow_contents", found.contents),
        ("keep_shadow_taggings", found.taggings),
        ("keep_differences", found.differences),
        ("shadow_done", found.done),
    ):
        if rows:
            db.run(query, reprocess_id=reprocess_id, rows=rows)


def drop(db: Warehouse, shadow: Shadow, at: datetime) -> None:
    """Take the shadow away; its report goes with it."""
    if shadow.state == "approved":
        raise ReprocessRefused(str(shadow.reprocess_id), "It was approved: what it put in stays.")
    with db.transaction():
        db.run("clear_shadow", reprocess_id=shadow.reprocess_id, article_ids=None)
        db.run("clear_differences", reprocess_id=shadow.reprocess_id, article_ids=None)
        db.run("forget_shadow", reprocess_id=shadow.reprocess_id)
        settle(db, shadow.reprocess_id, "dropped", at)


def settle(db: Warehouse, reprocess_id: int, state: str, at: datetime, *, left_alone: int | None = None) -> None:
    """Set the state."""
    db.run("settle_reprocess", reprocess_id=reprocess_id, state=state, at=at, left_alone=left_alone)
