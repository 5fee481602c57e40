"""Contents to compare go in; those whose fingerprint is new or changed come out, stored and indexed.

A line is furniture once three articles of its outlet hold it, so what is compared of a text follows from the set of
articles alone: when the third comes, the other two are made anew. Signatures are made before the lock and again
under it only where furniture was learned meanwhile. A dateline ("KYIV, July 4 (Reuters) —") is left out, too: it says
who sent the text and when, and each outlet writes its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from etl.dedup.agencies import agency_named
from etl.dedup.fingerprint import bands_of, fingerprint, line_hashes, shingles
from etl.records import Fingerprint
from etl.warehouse.connect import Warehouse

_SANE_LEAD = timedelta(days=1)  # a publication date further ahead of its observation is not believed

MANY = 100  # texts of one quarter in a batch, for which its index is made if there is none

Lines = Mapping[int, frozenset[int]]  # by content id


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """A content to compare."""

    content_id: int
    article_id: int
    outlet: str  # whose furniture it wears: the outlet, else the source's name
    published_at: datetime | None
    observed_at: datetime
    title: str | None
    text: str  # the body
    dateline: tuple[int, int] | None = None  # where in the body it stands, in code points

    @property
    def compared(self) -> str:
        """The text but for its dateline."""
        start, end = self.dateline or (0, 0)
        return self.text[:start] + self.text[end:]

    @property
    def seen_at(self) -> datetime:
        """The time it is compared by: publication, where that can be believed, else observation."""
        if self.published_at is None or self.published_at > self.observed_at + _SANE_LEAD:
            return self.observed_at
        return self.published_at


@dataclass(frozen=True, slots=True)
class Marked:
    """A content with its fingerprint."""

    content_id: int
    article_id: int
    seen_at: datetime
    agency: str | None
    mark: Fingerprint
    furniture: tuple[int, ...] = ()  # hashes of its lines that were known as furniture, ascending

    @property
    def seen_on(self) -> date:
        """Its day in the index, UTC."""
        return self.seen_at.astimezone(UTC).date()

    @property
    def row(self) -> dict[str, Any]:
        """As the queries take it."""
        return {
            "content_id": self.content_id,
            "article_id": self.article_id,
            "seen_at": self.seen_at,
            "seen_on": self.seen_on,
            "text_hash": self.mark.text_hash,
            "sketch": self.mark.sketch,
            "numbers": self.mark.numbers,
            "shingles": self.mark.shingles,
            "agency": self.agency,
            "furniture": self.furniture,
            "bands": self.mark.bands,
        }


@dataclass(frozen=True, slots=True)
class Changed:
    """What a batch changed of what is compared."""

    marked: tuple[Marked, ...]  # new, or made anew
    article_ids: frozenset[int]  # theirs, and those they belonged to before


def keep(db: Warehouse, batch: Sequence[Comparable], *, run_id: int, at: datetime) -> Changed:
    """Fingerprint a batch, in a transaction; takes the lock. Answers what is new or changed, older texts included.

    What is held already is passed over unread: furniture learned since has changed it when it was learned.
    """
    fresh = _datelined(db, _unheld(db, batch))
    if not fresh:
        return Changed((), frozenset())
    lines = {c.content_id: line_hashes(c.compared) for c in fresh}
    worn = _furniture(db, fresh, lines)
    marked = {c.content_id: _mark(c, worn[c.content_id]) for c in fresh}
    db.run("lock_copies")
    fresh = _unheld(db, fresh)  # another loader may have been faster
    holders = _learn(db, fresh, lines, at)
    now_worn = _furniture(db, fresh, lines)  # or have taught some
    for c in fresh:
        if now_worn[c.content_id] != worn[c.content_id]:
            marked[c.content_id] = _mark(c, now_worn[c.content_id])
    anew = [m for m in _made_anew(db, holders) if m.content_id not in marked] if holders else []
    return _store(db, [*(marked[c.content_id] for c in fresh), *anew], run_id, at)


def of_articles(db: Warehouse, article_ids: Sequence[int]) -> dict[int, Marked]:
    """The fingerprints of all contents of these articles, by content."""
    rows = db.rows("load_article_fingerprints", article_ids=list(article_ids))
    return {r.content_id: _stored(r) for r in rows}


def of_contents(db: Warehouse, content_ids: Iterable[int]) -> dict[int, Marked]:
    """The fingerprints of these contents, by content."""
    rows = db.rows("load_fingerprints", content_ids=sorted(content_ids))
    return {r.content_id: _stored(r) for r in rows}


def read(db: Warehouse, marked: Iterable[Marked]) -> dict[int, Any]:
    """All shingles of these contents in reading order, by content, as their fingerprints were made."""
    worn = {m.content_id: frozenset(m.furniture) for m in marked}
    return {
        r.content_id: shingles(r.body[: r.dateline_start] + r.body[r.dateline_end :], furniture=worn[r.content_id])
        for r in db.rows("load_compared_texts", content_ids=sorted(worn))
    }


def _mark(content: Comparable, furniture: frozenset[int]) -> Marked:
    mark = fingerprint(content.compared, furniture=furniture)
    agency, worn = agency_named(content.text), tuple(sorted(furniture))
    return Marked(content.content_id, content.article_id, content.seen_at, agency, mark, worn)


def _stored(row: Any) -> Marked:
    mark = Fingerprint(
        text_hash=bytes(row.text_hash),
        bands=bands_of(row.sketch, row.shingles),
        sketch=tuple(row.sketch),
        numbers=tuple(row.numbers),
        shingles=row.shingles,
    )
    return Marked(row.content_id, row.article_id, row.seen_at, row.agency, mark, tuple(row.furniture))


def _unheld(db: Warehouse, batch: Sequence[Comparable]) -> list[Comparable]:
    """Those not held for this article and this time."""
    rows = db.rows("load_compared", content_ids=sorted({c.content_id for c in batch}))
    held = {(r.content_id, r.article_id, r.seen_at) for r in rows}
    return [c for c in batch if (c.content_id, c.article_id, c.seen_at) not in held]


def _datelined(db: Warehouse, contents: Sequence[Comparable]) -> list[Comparable]:
    """The same, each with the place of its dateline as extraction found it."""
    rows = db.rows("load_datelines", content_ids=[c.content_id for c in contents]) if contents else ()
    found = {r.content_id: (r.dateline_start, r.dateline_end) for r in rows}
    return [replace(c, dateline=found.get(c.content_id)) for c in contents]


def _furniture(db: Warehouse, contents: Sequence[Comparable], lines: Lines) -> Lines:
    """For each content, those of its lines that are furniture of its outlet."""
    asked = sorted({(c.outlet, h) for c in contents for h in lines[c.content_id]})
    found = db.rows("find_furniture", rows=[{"outlet": o, "line_hash": h} for o, h in asked])
    known = {(r.outlet, r.line_hash) for r in found}
    return {c.content_id: frozenset(h for h in lines[c.content_id] if (c.outlet, h) in known) for c in contents}


def _learn(db: Warehouse, batch: Sequence[Comparable], lines: Lines, at: datetime) -> set[int]:
    """Note who holds which lines; answers the articles holding one that has just become furniture."""
    rows = [
        {"outlet": c.outlet, "line_hash": h, "article_id": c.article_id} for c in batch for h in lines[c.content_id]
    ]
    return {a for r in db.rows("learn_furniture", rows=rows, at=at) for a in r.article_ids}


def _made_anew(db: Warehouse, articles: set[int]) -> list[Marked]:
    """Texts compared before, as they are to be compared now."""
    contents = [
        Comparable(
            content_id=r.content_id,
            article_id=r.article_id,
            outlet=r.outlet,
            published_at=None,
            observed_at=r.seen_at,
            title=r.title,
            text=r.body,
        )
        for r in db.rows("find_fingerprinted", article_ids=sorted(articles))
    ]
    contents = _datelined(db, contents)
    worn = _furniture(db, contents, {c.content_id: line_hashes(c.compared) for c in contents})
    return [_mark(c, worn[c.content_id]) for c in contents]


def _store(db: Warehouse, marked: Sequence[Marked], run_id: int, at: datetime) -> Changed:
    """Write those that differ from what is held."""
    held = of_contents(db, [m.content_id for m in marked])
    changed = [m for m in marked if m != held.get(m.content_id)]
    old = [held[m.content_id] for m in changed if m.content_id in held]
    if changed:
        rows = [m.row for m in changed]
        db.run("drop_bands", rows=[m.row for m in old])
        db.run("ensure_bands", days=[m.seen_on for m in changed], many=MANY)
        db.run("keep_fingerprints", rows=rows, run_id=run_id, at=at)
        db.run("keep_bands", rows=rows)
    return Changed(tuple(changed), frozenset(m.article_id for m in [*changed, *old]))
