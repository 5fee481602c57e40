"""Articles whose versions changed come off a list; the edits in the warehouse agree with their versions afterwards.

Only steps between versions that one code version read are told: better code is not a publisher's edit. Texts are
compared outside the transaction that writes; a version that came meanwhile is compared inside it. A late capture that
slots in closes the edits of the step it parts and opens two others. A repeat finds an empty list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from etl.dedup.edits import Edit, State, edits
from etl.warehouse.connect import Warehouse

_BATCH = 100  # articles
_LONGEST = 4000  # characters of a changed text that are stored


@dataclass(frozen=True, slots=True, order=True)
class _Step:
    """A version and the one before it."""

    article_id: int
    changed_at: datetime
    from_content_id: int
    to_content_id: int


def settle(db: Warehouse, *, run_id: int, clock: Callable[[], datetime]) -> int:
    """Tell the edits of every article on the list; answers how many edits were opened. Outside a transaction."""
    opened = 0
    while due := [r.article_id for r in db.rows("edits_due", limit=_BATCH)]:
        ready = _told(db, _new_steps(db, due))
        with db.transaction():
            taken = sorted(r.article_id for r in db.rows("take_edits_due", article_ids=due))
            opened += _write(db, taken, ready, run_id, clock())
    return opened


def _write(
    db: Warehouse, articles: Sequence[int], ready: dict[tuple[int, int], list[Edit]], run_id: int, at: datetime
) -> int:
    steps = _steps(db, "find_version_steps", articles)
    db.run("close_edits", rows=[asdict(s) for s in steps], article_ids=list(articles), at=at)
    new = sorted(set(steps) - set(_steps(db, "held_version_steps", articles)))
    told = ready | _told(db, [s for s in new if (s.from_content_id, s.to_content_id) not in ready])
    rows = [
        asdict(step) | _row(edit, n)
        for step in new
        for n, edit in enumerate(told[step.from_content_id, step.to_content_id], 1)
    ]
    return db.run("open_edits", rows=rows, run_id=run_id, at=at) if rows else 0


def _new_steps(db: Warehouse, articles: Sequence[int]) -> list[_Step]:
    held = set(_steps(db, "held_version_steps", articles))
    return [s for s in _steps(db, "find_version_steps", articles) if s not in held]


def _steps(db: Warehouse, query: str, articles: Sequence[int]) -> list[_Step]:
    return [
        _Step(r.article_id, r.changed_at, r.from_content_id, r.to_content_id)
        for r in db.rows(query, article_ids=list(articles))
    ]


def _told(db: Warehouse, steps: Sequence[_Step]) -> dict[tuple[int, int], list[Edit]]:
    """The edits of each step, by its two contents."""
    pairs = sorted({(s.from_content_id, s.to_content_id) for s in steps})
    if not pairs:
        return {}
    rows = db.rows("load_states", content_ids=sorted({c for pair in pairs for c in pair}))
    states = {r.content_id: State(**{k: v for k, v in r._asdict().items() if k != "content_id"}) for r in rows}
    return {(a, b): edits(states[a], states[b]) for a, b in pairs}


def _row(edit: Edit, ordinal: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ordinal": ordinal,
        "kind": edit.kind,
        "field": edit.field,
        "number_before": None if edit.number_before is None else str(edit.number_before),
        "number_after": None if edit.number_after is None else str(edit.number_after),
        "measure": edit.measure,
        "about": edit.about,
    }
    for side, span in (("before", edit.before), ("after", edit.after)):
        row |= {
            f"{side}_text": span.text[:_LONGEST] if span else None,
            f"{side}_start": span.start if span else None,
            f"{side}_end": span.end if span else None,
        }
    return row
