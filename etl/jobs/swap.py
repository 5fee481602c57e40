"""A shadow in; the warehouse as today's code has it out, in one transaction: all of it, or nothing.

Recorded intervals are closed and others opened; nothing is deleted that was ever shown. Copies, stories, upstreams and
edits are decided anew around every article whose text is another, around all of them where copies were asked for,
by the same code as on arrival. `rehearse` does it all and takes it back, so that what copies become can be told before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.jobs.deduplicate import comparable
from etl.jobs.geotag import tagger_of
from etl.jobs.job import Job
from etl.warehouse import copies, edits, lines, overrides, stories, taggings
from etl.warehouse.shadows import Shadow
from etl.warehouse.tagged_json import tagged_of

_BATCH = 200  # articles


@dataclass(frozen=True, slots=True)
class Swapped:
    """What a swap changed."""

    at: datetime
    articles: tuple[int, ...]
    left_alone: int  # something else is held of them than when they were read


def swap(job: Job, shadow: Shadow, *, with_copies: bool) -> Swapped:
    """Put the shadow in, in a transaction; holds the locks of loaders until it ends."""
    db = job.db
    db.run("lock_swap")
    at = db.value("swap_at", reprocess_id=shadow.reprocess_id, at=job.clock())
    rows = db.rows("shadow_to_swap", reprocess_id=shadow.reprocess_id, is_all=with_copies)
    fresh = [r for r in rows if r.is_fresh]
    for some in _batches([r.article_id for r in fresh]):
        _put_in(job, shadow, some, at)
    rewritten = [r.article_id for r in fresh if with_copies or r.is_rewritten]
    for some in _batches(rewritten):
        _compare_anew(job, some, at)
    if rewritten:
        stories.settle(db, run_id=job.run_id, at=at)
        edits.settle(db, run_id=job.run_id, clock=lambda: at)
        _heal(job, at)
    return Swapped(at, tuple(r.article_id for r in fresh), len(rows) - len(fresh))


def rehearse(job: Job, shadow: Shadow) -> list[dict[str, Any]]:
    """What a swap would do to copies, stories, edits and corrections: it is done, looked at and taken back."""
    db = job.db
    with db.transaction():
        last, conflicts = db.value("last_story"), overrides.conflicts(db)
        done = swap(job, shadow, with_copies="copies" in shadow.what)
        moved = [
            *db.rows("copies_moved", at=done.at),
            *db.rows("stories_moved", at=done.at, last_story=last),
            *db.rows("edits_moved", at=done.at, article_ids=list(done.articles)),
        ]
        lost = overrides.conflicts(db).items() - conflicts.items()
        db.connection.rollback()
    return [r._asdict() for r in moved] + [
        {"article_id": 0, "kind": "override_lost", "rule": why, "outlet": "", "after": f"override {number}"}
        for number, why in sorted(lost)
    ]


def _batches(articles: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(articles), _BATCH):
        yield list(articles[start : start + _BATCH])


def _put_in(job: Job, shadow: Shadow, some: list[int], at: datetime) -> None:
    """Contents, what observations give, versions and places of some articles."""
    db, asked = job.db, {"reprocess_id": shadow.reprocess_id, "article_ids": some}
    contents, readings = db.rows("load_shadow_contents", **asked), db.rows("load_shadow_readings", **asked)
    new = [c for c in contents if c.content_id is None]
    if new:
        rows = [c.said for c in new]
        db.run("keep_contents", rows=rows, run_id=job.run_id, code_version=shadow.code_version, at=at)
        db.run("keep_details", rows=[c.details for c in new])
    _rewrite(job, shadow, [c for c in contents if c.content_id is not None], at)
    if readings:
        db.run("settle_contents", rows=[_plain_row(r) for r in readings], at=at)
        db.rows("settle_versions", articles=some, at=at)
    if contents or readings:
        _confirm(job, shadow, some, at)
    _tag(job, shadow, db.rows("load_shadow_taggings", **asked), at)


def _plain_row(row: Any) -> dict[str, Any]:
    return {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row._asdict().items()}


def _rewrite(job: Job, shadow: Shadow, contents: Sequence[Any], at: datetime) -> None:
    """What is said beside a text that is held: the row says what is read today, and keeps what it said."""
    if not contents:
        return
    ids = [c.content_id for c in contents]
    job.db.run("remember_contents", content_ids=ids, run_id=job.run_id, at=at)
    rows = [{"content_id": c.content_id, "said": c.said} for c in contents]
    job.db.run("rewrite_contents", rows=rows, code_version=shadow.code_version)
    job.db.run("forget_details", content_ids=ids)
    job.db.run("keep_details", rows=[c.details for c in contents])


def _confirm(job: Job, shadow: Shadow, some: list[int], at: datetime) -> None:
    """All versions of an article were read by one code now: edits between them can be told."""
    code = {"code_version": shadow.code_version}
    found = job.db.rows("contents_confirmed", reprocess_id=shadow.reprocess_id, article_ids=some, **code)
    ids = [r.content_id for r in found] if "text" in shadow.what else []
    if ids:
        job.db.run("remember_contents", content_ids=ids, run_id=job.run_id, at=at)
        job.db.run("confirm_contents", content_ids=ids, **code)


def _tag(job: Job, shadow: Shadow, rows: Sequence[Any], at: datetime) -> None:
    if rows:
        taggings.keep(
            job.db,
            job.run_id,
            {r.content_id: tagged_of(r.tagged) for r in rows},
            tagger=tagger_of(job.settings),
            gazetteer_id=shadow.gazetteer_id,
            override_versions={r.content_id: r.override_version for r in rows if r.override_version},
            at=at,
            is_anew=True,
        )


def _compare_anew(job: Job, some: list[int], at: datetime) -> None:
    """Decide copies, stories and upstreams around some articles from what they say now."""
    db = job.db
    ids = [r.content_id for r in db.rows("contents_said", article_ids=some)]
    contents = taggings.load(db, ids)
    named = lines.read({i: {"title": c.title, "standfirst": c.standfirst, "body": c.body} for i, c in contents.items()})
    db.run("forget_marks", article_ids=some)
    copies.deduplicate(db, [comparable(c) for c in contents.values()], run_id=job.run_id, at=at)
    lines.keep(db, ids, named, run_id=job.run_id, at=at)


def _heal(job: Job, at: datetime) -> None:
    """What one batch closed and a later one opened again, as it was, was never closed."""
    db = job.db
    again = [r.copy_article_id for r in db.rows("drop_repeated_copies", at=at)]
    db.run("reopen_copies", article_ids=again, at=at)
    pairs = [r._asdict() for r in db.rows("drop_repeated_pairs", at=at)]
    if pairs:
        db.run("reopen_pairs", rows=pairs, at=at)
