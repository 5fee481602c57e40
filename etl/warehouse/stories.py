"""Articles just compared go in; the stories around them agree with them afterwards, under ids that stay.

What a batch touches is put on a list by stretch of days; `settle` takes it from there, so that a stretch is grouped
once a run, however many batches came, and a killed run leaves it to the next. Each stretch is grouped with its
neighbours alone and stories are chains of such groups (`etl.dedup.chains`): a day costs the same in any year, and the
order of arrival does not matter. Moves are closed and opened, never deleted: merges and splits can be read from them.
Loaders compare on meanwhile: what they tell after a stretch was read is on the list again. Who takes articles out of
stories in another way (a merge, a takedown, a swap) holds the same lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from etl.dedup.chains import Placed, chain
from etl.dedup.stories import Told, group
from etl.dedup.terms import terms, weights
from etl.warehouse.connect import Warehouse, array
from etl.warehouse.fingerprints import Comparable

_CELL = timedelta(days=4)  # as news.stretch_of
_EPOCH = date(1970, 1, 1)
_AT_ONCE = 8  # stretches settled in one transaction
_ARRAY_HEAD = 20  # bytes before the elements of a Postgres array of one dimension


def tell(db: Warehouse, batch: Sequence[Comparable]) -> None:
    """Keep what is compared of a batch and put its days on the list, in a transaction."""
    if batch:
        db.run("keep_story_features", rows=_features(batch))


def settle(db: Warehouse, *, run_id: int, at: datetime) -> int:
    """Group the days on the list; answers how many articles entered, left or changed a story."""
    moved = 0
    while True:
        with db.transaction():
            db.run("lock_stories")  # before the list is read: who waits for it finds the list done
            due = [r.due_on for r in db.rows("take_stories_due", most=_AT_ONCE)]
            if not due:
                return moved
            for stretch in sorted({d - _CELL for d in due} | set(due)):
                _regroup(db, stretch)
            moved += sum(_chain(db, first, last, run_id, at) for first, last in _runs(due))


def _features(batch: Sequence[Comparable]) -> list[dict[str, Any]]:
    """One row an article: of several contents in a batch the first in order."""
    rows: dict[int, dict[str, Any]] = {}
    for c in batch:
        counted = dict(sorted(terms(c.title, c.text).items()))
        row = {
            "article_id": c.article_id,
            "content_id": c.content_id,
            "seen_at": c.seen_at,
            "terms": list(counted),
            "counts": f"\\x{bytes(counted.values()).hex()}",
        }
        rows[c.article_id] = min(row, rows.get(c.article_id, row), key=_order)
    return list(rows.values())


def _order(row: Mapping[str, Any]) -> tuple[datetime, list[int], str]:
    return row["seen_at"], row["terms"], row["counts"]


def _runs(due: Sequence[date]) -> list[tuple[date, date]]:
    """First and last of stretches so near each other that they are chained at once."""
    runs: list[tuple[date, date]] = []
    for day in due:
        if runs and day - runs[-1][1] <= 2 * _CELL:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _regroup(db: Warehouse, stretch: date) -> None:
    """Group the articles of a stretch and the next."""
    rows = db.rows("load_story_window", from_on=stretch, to_on=stretch + 2 * _CELL)
    told = [Told(r.article_id, r.seen_at, _array(r.terms), weights(_bytes(r.counts))) for r in rows]
    groups = group(told)
    db.run(
        "keep_story_cells",
        stretch_on=stretch,
        article_ids=array(a for g in groups for a in g),
        group_ids=array(g[0] for g in groups for _ in g),
    )


def _bytes(sent: memoryview) -> Any:
    import numpy as np

    return np.frombuffer(sent, np.uint8)


def _array(sent: memoryview) -> Any:
    """The elements of an array as Postgres sends it: each after its length. One without elements has no such part."""
    import numpy as np

    element = np.dtype([("length", ">i4"), ("value", ">i4")])
    offset = min(len(sent), _ARRAY_HEAD)
    return np.frombuffer(sent, element, offset=offset)["value"].astype(np.int32)


def _chain(db: Warehouse, first: date, last: date, run_id: int, at: datetime) -> int:
    """Tell the stories of stretches that were grouped anew, and of later ones as far as that changes them."""
    moved = 0
    while True:
        from_on, to_on = first - 3 * _CELL, last + 2 * _CELL
        rows = db.rows("load_story_cells", from_on=from_on, to_on=to_on + _CELL)
        placed = [Placed(r.article_id, _number(r.cell_on), r.home, r.prior, r.story) for r in rows]
        held = sorted({p.story for p in placed if p.story is not None})
        taken = {r.story_id for r in db.rows("stories_before", story_ids=held, from_on=from_on)} if held else set()
        wanted = chain(placed, _number(from_on), _number(to_on), taken)
        moves = {p.article_id: p for p in placed if p.article_id in wanted and wanted[p.article_id] != p.story}
        _move(db, {a: wanted[a] for a in moves}, {p.story for p in moves.values() if p.story}, run_id, at)
        moved += len(moves)
        if not any(p.cell == _number(last + _CELL) for p in moves.values()):
            return moved
        first = last = last + _CELL  # what goes on there goes on elsewhere


def _number(stretch: date) -> int:
    return (stretch - _EPOCH) // _CELL


def _move(db: Warehouse, moves: Mapping[int, int | None], left: set[int], run_id: int, at: datetime) -> None:
    """Close where these articles were told and open where they are told now."""
    if not moves:
        return
    unnamed = sorted({s for s in moves.values() if s is not None and s < 0}, reverse=True)
    made = [r.story_id for r in db.rows("make_stories", wanted=len(unnamed), at=at)] if unnamed else []
    named = dict(zip(unnamed, made, strict=True))
    rows = [{"article_id": a, "story_id": s if s is None else named.get(s, s)} for a, s in sorted(moves.items())]
    db.run("close_story_articles", rows=rows, at=at)
    db.run("open_story_articles", rows=rows, run_id=run_id, at=at)
    db.run("close_empty_stories", story_ids=sorted(left), at=at)
