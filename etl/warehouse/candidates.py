"""Fingerprinted contents go in; pairs that may be copies come out, to be verified.

Two contents meet that share two buckets of the index; a short one (`fingerprint.SHORT`) has too few, and meets those
with which it shares one, unless everybody does. The server only looks buckets up: who asked for which, and who shares
how many, is counted here, at a fifth of what it costs there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from etl.dedup.fingerprint import SHORT
from etl.warehouse.connect import Warehouse, array
from etl.warehouse.fingerprints import Marked

if TYPE_CHECKING:
    import numpy as np

    Ids = np.ndarray[Any, np.dtype[np.int64]]

WINDOW = timedelta(days=14)  # what is copied is copied within days
CROWD = 50  # contents taken from one bucket: a phrase of thousands tells nothing

Meeting = tuple[int, int]  # who asked, whom it met: contents


def candidates(db: Warehouse, marked: Sequence[Marked]) -> set[Meeting]:
    """Pairs of contents that share buckets, the lower id first; looked up a stretch of days at a time."""
    found: set[Meeting] = set()
    for some in _stretches(marked):
        often, once = _meetings(db, some)
        found.update(_ordered(often), _ordered(_with_a_short_one(db, once, some)))
    return found


def _stretches(marked: Sequence[Marked]) -> list[list[Marked]]:
    """In order of time, cut where a look-up would reach into more partitions than it must."""
    stretches: list[list[Marked]] = []
    for m in sorted(marked, key=lambda m: m.seen_at):
        if stretches and m.seen_on - stretches[-1][0].seen_on <= WINDOW:
            stretches[-1].append(m)
        else:
            stretches.append([m])
    return stretches


def _meetings(db: Warehouse, some: Sequence[Marked]) -> tuple[list[Meeting], list[Meeting]]:
    """Who shares two buckets or more with whom; who shares one that is no crowd's."""
    import numpy as np

    count = sum(len(m.mark.bands) for m in some)
    asked = np.fromiter(chain.from_iterable(m.mark.bands for m in some), np.int64, count)
    askers = np.repeat([m.content_id for m in some], [len(m.mark.bands) for m in some])
    buckets, place = np.unique(asked, return_inverse=True)
    at, holders = _held(db, buckets, some[0].seen_on - WINDOW, some[-1].seen_on + WINDOW)
    is_crowd = np.bincount(at, minlength=len(buckets)) > CROWD
    took, which = _join(place, at)
    asker, met = askers[took], holders[which]
    is_other = asker != met
    return _counted(asker[is_other], met[is_other], is_crowd[at[which[is_other]]])


def _held(db: Warehouse, buckets: Ids, first_on: date, last_on: date) -> tuple[Ids, Ids]:
    """Places in these buckets, and who holds the bucket there; of a crowd the earliest, one more than CROWD."""
    import numpy as np

    asked, most = array(buckets.tolist()), CROWD + 1  # one may be who asks
    found: list[tuple[Any, Any]] = []
    for quarter in db.rows("find_quarters", first_on=first_on, last_on=last_on):
        query = "find_candidates" if quarter.is_indexed else "find_candidates_unindexed"
        held = db.one(query, buckets=asked, first_on=quarter.first_on, last_on=quarter.last_on, crowd=most)
        found.append((held.places, held.content_ids))
    at, holders = (np.concatenate([np.array(part, np.int64) for part in parts]) for parts in zip(*found, strict=True))
    if len(found) > 1:
        order = np.argsort(at, kind="stable")
        at, holders = at[order], holders[order]
        is_early = np.arange(len(at)) - np.searchsorted(at, at, "left") < most
        at, holders = at[is_early], holders[is_early]
    return at - 1, holders


def _join(ours: Ids, theirs: Ids) -> tuple[Ids, Ids]:
    """Places in both, of each two that are equal."""
    import numpy as np

    order = np.argsort(ours, kind="stable")
    first = np.searchsorted(ours[order], theirs, "left")
    many = np.searchsorted(ours[order], theirs, "right") - first
    which = np.repeat(np.arange(len(theirs)), many)
    within = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    return order[first[which] + within], which


def _counted(asker: Ids, met: Ids, is_crowd: Any) -> tuple[list[Meeting], list[Meeting]]:
    import numpy as np

    if not len(asker):
        return [], []
    people, who = np.unique(np.concatenate((asker, met)), return_inverse=True)
    key, first, times = np.unique(
        who[: len(asker)] * len(people) + who[len(asker) :], return_index=True, return_counts=True
    )
    pairs = np.stack((people[key // len(people)], people[key % len(people)]), axis=1)
    is_once = (times == 1) & ~is_crowd[first]
    return _tuples(pairs[times > 1]), _tuples(pairs[is_once])


def _tuples(pairs: Ids) -> list[Meeting]:
    return [(one, other) for one, other in pairs.tolist()]


def _ordered(pairs: Iterable[Meeting]) -> set[Meeting]:
    return {(min(p), max(p)) for p in pairs}


def _with_a_short_one(db: Warehouse, once: Sequence[Meeting], some: Sequence[Marked]) -> list[Meeting]:
    """Those of these pairs of which one is short."""
    short = {m.content_id for m in some if m.mark.shingles <= SHORT}
    unknown = {met for asker, met in once if asker not in short} - {m.content_id for m in some}
    if unknown:
        rows = db.rows("find_short", content_ids=sorted(unknown), shingles=SHORT)
        short |= {r.content_id for r in rows}
    return [p for p in once if not short.isdisjoint(p)]
