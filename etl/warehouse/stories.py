"""Articles just compared go in; the stories around them agree with them afterwards, under ids that stay.

Each stretch of time a batch touches is grouped anew with what stands near it, so within a window the order of arrival
does not matter. A group takes over the story most of its articles were in; the larger of two claims goes first, and
what finds no story gets a new id. Moves are closed and opened, never deleted: merges and splits can be read from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from etl.dedup.stories import WINDOW, Told, group
from etl.dedup.terms import terms
from etl.warehouse.connect import Warehouse
from etl.warehouse.fingerprints import Comparable

_STRETCH = timedelta(days=7)  # of a batch, grouped at once
_MOST = 1500  # articles grouped at once: those nearest in time


@dataclass(frozen=True, slots=True)
class _Near:
    """An article near the batch."""

    told: Told
    story_id: int | None  # where it is told now


def tell(db: Warehouse, batch: Sequence[Comparable], *, run_id: int, at: datetime) -> int:
    """Group what a batch touches, in a transaction that holds the lock of `copies`; answers how many articles moved."""
    if not batch:
        return 0
    db.run("keep_story_features", rows=_features(batch))
    return sum(_regroup(db, first, last, run_id, at) for first, last in _stretches([c.seen_at for c in batch]))


def settle_due(db: Warehouse, *, run_id: int, at: datetime) -> int:
    """Group anew the stretches from which articles were taken, in a transaction; answers how many articles moved."""
    due = db.rows("take_stories_due")
    if not due:
        return 0
    db.run("lock_copies")
    days = [datetime.combine(r.due_on, datetime.min.time(), UTC) for r in due]
    return sum(_regroup(db, day, day + WINDOW, run_id, at) for day in days)


def _features(batch: Sequence[Comparable]) -> list[dict[str, Any]]:
    """One row an article: of several contents in a batch the first in order."""
    rows: dict[int, dict[str, Any]] = {}
    for c in batch:
        weighed = dict(sorted(terms(c.title, c.text).items()))
        row = {
            "article_id": c.article_id,
            "content_id": c.content_id,
            "seen_at": c.seen_at,
            "terms": list(weighed),
            "weights": list(weighed.values()),
        }
        rows[c.article_id] = min(row, rows.get(c.article_id, row), key=_order)
    return list(rows.values())


def _order(row: Mapping[str, Any]) -> tuple[datetime, list[int], list[float]]:
    return row["seen_at"], row["terms"], row["weights"]


def _stretches(times: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """The times of a batch, cut where a stretch would grow too long."""
    stretches: list[tuple[datetime, datetime]] = []
    for time in sorted(times):
        if stretches and time - stretches[-1][0] <= _STRETCH:
            stretches[-1] = (stretches[-1][0], time)
        else:
            stretches.append((time, time))
    return stretches


def _regroup(db: Warehouse, first: datetime, last: datetime, run_id: int, at: datetime) -> int:
    """Group anew what may link to a stretch; what lies further off is read so that those see their neighbours."""
    rows = db.rows(
        "load_story_window",
        first_at=first - 2 * WINDOW,
        last_at=last + 2 * WINDOW,
        middle_at=first + (last - first) / 2,
        most=_MOST,
    )
    near = {r.article_id: _Near(Told(r.article_id, r.seen_at, r.terms, r.weights), r.story_id) for r in rows}
    touched = {a for a, n in near.items() if first - WINDOW <= n.told.seen_at <= last + WINDOW}
    groups = [g for g in group([n.told for n in near.values()]) if touched & set(g)]
    wanted = _named(groups, near) | {(a, None) for a in touched - {a for g in groups for a in g}}
    return _move(db, wanted, near, run_id, at) if wanted else 0


def _named(groups: Sequence[tuple[int, ...]], near: Mapping[int, _Near]) -> set[tuple[int, int | None]]:
    """Each article with its group's story; a group without one has a negative number, to be made."""
    claims = []
    for number, g in enumerate(groups):
        held = Counter(near[a].story_id for a in g)
        claims += [(-count, story, number) for story, count in held.items() if story is not None]
    names: dict[int, int] = {}
    for _, story, number in sorted(claims):
        if number not in names and story not in names.values():
            names[number] = story
    return {(a, names.get(number, -1 - number)) for number, g in enumerate(groups) for a in g}


def _move(
    db: Warehouse, wanted: set[tuple[int, int | None]], near: Mapping[int, _Near], run_id: int, at: datetime
) -> int:
    moves = {a: story for a, story in wanted if story != near[a].story_id}
    unnamed = sorted({story for story in moves.values() if story is not None and story < 0}, reverse=True)
    made = [r.story_id for r in db.rows("make_stories", wanted=len(unnamed), at=at)] if unnamed else []
    named = dict(zip(unnamed, made, strict=True))
    rows = [{"article_id": a, "story_id": named.get(story, story) if story else None} for a, story in moves.items()]
    if rows:
        left = sorted({s for a in moves if (s := near[a].story_id) is not None})
        db.run("close_story_articles", rows=rows, at=at)
        db.run("open_story_articles", rows=rows, run_id=run_id, at=at)
        db.run("close_empty_stories", story_ids=left, at=at)
    return len(rows)
