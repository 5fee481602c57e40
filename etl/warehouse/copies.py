"""Contents to compare go in; pairs and copies in the warehouse agree with them afterwards, stories once settled.

Candidates of what is new or changed are looked up and verified, and every group they touch is decided from scratch, so
the order of arrival does not matter and a repeat changes nothing. One advisory lock, held until the transaction ends,
makes insert, look-up and decision one step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import product
from typing import Any

from etl.dedup import crowds
from etl.dedup.copies import Pair, Standing, decide, groups, in_order
from etl.dedup.likeness import Likeness, compare, is_in_doubt
from etl.dedup.overlap import Overlap, overlap
from etl.extract.agencies import agency
from etl.records import CopyKind, DatePrecision
from etl.warehouse import fingerprints, stories
from etl.warehouse.candidates import CROWD, WINDOW, candidates
from etl.warehouse.connect import Warehouse
from etl.warehouse.fingerprints import Comparable, Marked


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """What a batch changed."""

    fingerprints: int  # made, or made anew
    copies_opened: int
    copies_closed: int


def deduplicate(db: Warehouse, batch: Sequence[Comparable], *, run_id: int, at: datetime) -> Deduplicated:
    """Compare a batch with itself and with what is held; to be called in a transaction. A repeat changes nothing."""
    changed = fingerprints.keep(db, batch, run_id=run_id, at=at)
    db.run("lock_copies")
    touched = {c.article_id for c in batch} | changed.article_ids  # the first may have been observed earlier than known
    if changed.article_ids:
        touched |= _pair(db, sorted(changed.article_ids), run_id, at)
    opened, closed = _decide(db, sorted(touched), run_id, at) if touched else (0, 0)
    fresh = {m.content_id for m in changed.marked}
    stories.tell(db, [c for c in batch if c.content_id in fresh])
    return Deduplicated(len(changed.marked), opened, closed)


def _pair(db: Warehouse, articles: list[int], run_id: int, at: datetime) -> set[int]:
    """Find the pairs of these articles anew; answers the articles that are parted from one."""
    rows = [_pair_row(p) for p in _pairs(db, articles)]
    parted = db.rows("close_pairs", rows=rows, article_ids=articles, at=at)
    db.run("open_pairs", rows=rows, run_id=run_id, at=at)
    return {a for pair in parted for a in pair}


def _decide(db: Warehouse, touched: list[int], run_id: int, at: datetime) -> tuple[int, int]:
    """Decide the groups of these articles; copies opened and closed."""
    ties = db.rows("find_groups", article_ids=touched)
    members = sorted({t.article_id for t in ties})
    standings = {s.article_id: _standing(s) for s in db.rows("load_standings", article_ids=members)}
    pairs = _told(db, [_held_pair(t) for t in ties if t.other_article_id], standings, run_id, at)
    copies = [asdict(c) for c in decide(pairs, standings)]
    closed = db.value("close_copies", rows=copies, article_ids=members, at=at)
    return db.run("open_copies", rows=copies, run_id=run_id, at=at), closed


def _told(db: Warehouse, pairs: list[Pair], standings: Mapping[int, Standing], run_id: int, at: datetime) -> list[Pair]:
    """These pairs; in place of those of a crowd, of which arrival decides who is looked up, those told of it."""
    for group in groups(pairs) if len(pairs) >= CROWD else ():
        if len(group) <= CROWD:
            continue
        crowd = _Crowd(db, group)
        wanted = crowd.told(in_order(group, standings))
        origins = {c.origin_article_id for c in decide(wanted, standings)}
        wanted = crowd.told(in_order(group, standings, origins))
        rows = [_pair_row(p) for p in wanted]
        db.rows("close_pairs", rows=rows, article_ids=sorted(group), at=at)
        db.run("open_pairs", rows=rows, run_id=run_id, at=at)
        pairs = [p for p in pairs if p.article_id not in group] + wanted
    return pairs


class _Crowd:
    """Articles of a crowd; any two are compared once."""

    def __init__(self, db: Warehouse, group: Iterable[int]) -> None:
        self._db = db
        self._contents: dict[int, list[Marked]] = defaultdict(list)
        for m in fingerprints.of_articles(db, sorted(group)).values():
            self._contents[m.article_id].append(m)
        self._seen: dict[tuple[int, int], Pair | None] = {}

    def told(self, members: Sequence[int]) -> list[Pair]:
        """The pairs told of them, given in order."""
        found = (self._seen[min(p), max(p)] for p in crowds.told(members, self._alike))
        return sorted((p for p in found if p), key=lambda p: (p.article_id, p.other_article_id))

    def _alike(self, asked: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        fresh = {key for a, b in asked if (key := (min(a, b), max(a, b))) not in self._seen}
        likes = _likes(self._db, (p for a, b in fresh for p in product(self._contents[a], self._contents[b])))
        self._seen |= dict.fromkeys(fresh) | {(p.article_id, p.other_article_id): p for p in likes}
        return [(a, b) for a, b in asked if self._seen[min(a, b), max(a, b)]]


def _pairs(db: Warehouse, articles: list[int]) -> list[Pair]:
    """Every pair of one of these articles with another: the most alike of their contents."""
    ours = fingerprints.of_articles(db, articles)
    found = candidates(db, list(ours.values()))
    texts = ours | fingerprints.of_contents(db, {i for pair in found for i in pair} - set(ours))
    return _likes(db, ((texts[one], texts[other]) for one, other in found))


def _likes(db: Warehouse, contents: Iterable[tuple[Marked, Marked]]) -> list[Pair]:
    """Pairs of articles among these pairs of contents: the most alike of each two."""
    near = [(a, b) for a, b in contents if a.article_id != b.article_id and abs(a.seen_at - b.seen_at) <= WINDOW]
    read = _read(db, [(a, b) for a, b in near if is_in_doubt(a.mark, b.mark)])
    best: dict[tuple[int, int], Likeness] = {}
    for a, b in near:
        is_one_agency = a.agency is not None and a.agency == b.agency
        like = compare(a.mark, b.mark, is_one_agency=is_one_agency, read=read.get((a.content_id, b.content_id)))
        key = (min(a.article_id, b.article_id), max(a.article_id, b.article_id))
        if like and (key not in best or _strength(like) > _strength(best[key])):
            best[key] = like
    return [Pair(*key, like) for key, like in sorted(best.items())]


def _read(db: Warehouse, pairs: Sequence[tuple[Marked, Marked]]) -> dict[tuple[int, int], Overlap]:
    """What pairs have in common of which the sketches cannot tell; none where a text is gone."""
    texts = fingerprints.read(db, {m.content_id: m for pair in pairs for m in pair}.values()) if pairs else {}
    ids = [(a.content_id, b.content_id) for a, b in pairs]
    return {(one, other): overlap(texts[one], texts[other]) for one, other in ids if {one, other} <= texts.keys()}


def _strength(like: Likeness) -> tuple[float, float, str]:
    return like.similarity, like.containment, like.kind


def _pair_row(pair: Pair) -> dict[str, Any]:
    ids = {"article_id": pair.article_id, "other_article_id": pair.other_article_id}
    return ids | asdict(pair.likeness)


def _held_pair(row: Any) -> Pair:
    like = Likeness(row.similarity, row.containment, CopyKind(row.kind), row.rule)
    return Pair(row.article_id, row.other_article_id, like)


def _standing(row: Any) -> Standing:
    return Standing(
        published_at=row.published_at,
        precision=DatePrecision(row.published_precision) if row.published_precision else None,
        observed_at=row.observed_at,
        url=row.url or "",
        agency=agency(row.outlet),
        credits=frozenset(row.agencies) | {named for b in row.bylines if (named := agency(b))},
        length=row.length,
    )
