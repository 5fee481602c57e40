"""The keys of captures go in; articles they prove to be one are joined, and what is to be compared again comes out.

Two articles are one when one capture's keys lead to both: a redirect, a rel=canonical or an AMP address was learned
after each had been met alone. Ids stay; a merge leads from one to the other, flat, and versions, views and later
comparisons follow it. The main one was observed first; of equals it has the lesser key. So whichever way round the
captures came, the same article speaks for all. A merge that would be decided otherwise now is closed, never deleted.
What a person split (`split`) is merged no more, whatever leads to both, and however often captures are read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.warehouse.connect import Warehouse

_RULE = "one capture's keys lead to both"


@dataclass(frozen=True, slots=True)
class Merged:
    """What joining changed."""

    mains: dict[int, int]  # article → main article, for every article a key led to
    again: tuple[tuple[int, int], ...]  # (content id, source id) to be compared anew


def join(db: Warehouse, run_id: int, captures: Sequence[tuple[str, ...]], at: datetime) -> Merged:
    """Join what the keys of each capture prove to be one, in a transaction that holds the lock of articles.

    The keys must have been kept already. A repeat changes nothing.
    """
    found = {r.article_key: r for r in db.rows("find_merges", keys=sorted({k for keys in captures for k in keys}))}
    mains = {r.article_id: r.main_id for r in found.values()}
    ties = [t for keys in captures if (t := _tie(keys, found)) is not None]
    held = {main for article, main in mains.items() if article != main}
    touched = sorted({a for t in ties for a in t.values()} | held)
    if not touched:
        return Merged(mains, ())
    members = db.rows("load_merge_members", main_ids=touched)
    rows = _decided(members, ties)
    moved = _settle(db, members, rows, run_id, at)
    now = {r["from_article_id"]: r["into_article_id"] for r in rows}
    return Merged({a: now.get(a, a) for a in mains}, _compared_again(db, members, moved, at))


def split(db: Warehouse, article_id: int, reason: str, *, run_id: int, at: datetime) -> Merged | None:
    """Take an article out of its group for good, in a transaction; None where it is in none."""
    db.run("lock_articles")
    main = db.value("keep_split", article_id=article_id, reason=reason, run_id=run_id, at=at)
    if main is None:
        return None
    members = db.rows("load_merge_members", main_ids=[main])
    rows = _decided(members, [])
    _settle(db, members, rows, run_id, at)
    articles = sorted(m.article_id for m in members)
    db.one("settle_versions", articles=articles, at=at)
    now = {r["from_article_id"]: r["into_article_id"] for r in rows}
    return Merged({a: now.get(a, a) for a in articles}, _forgotten(db, articles, at))


def _settle(db: Warehouse, members: Iterable[Any], rows: list[dict[str, Any]], run_id: int, at: datetime) -> list[Any]:
    """Make the merges of these articles what was decided; answers what was opened."""
    db.run("close_merges", rows=rows, article_ids=[m.article_id for m in members], at=at)
    return db.rows("open_merges", rows=rows, run_id=run_id, at=at)


def _tie(keys: tuple[str, ...], found: dict[str, Any]) -> dict[str, int] | None:
    """Key → main article, where the keys of one capture lead to several."""
    tie = {k: found[k].main_id for k in keys if k in found}
    return tie if len(set(tie.values())) > 1 else None


def _decided(members: Iterable[Any], ties: Sequence[dict[str, int]]) -> list[dict[str, Any]]:
    """The merges that hold: one row for each article that is not the main one of its group."""
    group: dict[int, set[int]] = {}
    key_of: dict[int, str] = {}
    by_id = {m.article_id: m for m in members}
    alone = {m.article_id for m in by_id.values() if m.is_split}
    for m in by_id.values():
        if m.article_id not in alone:
            group.setdefault(m.main_id, set()).add(m.article_id)
    for tie in ties:
        tied = [g for a in tie.values() if (g := next((g for g in group.values() if a in g), None))]
        if len(tied) < 2:
            continue
        joined = set().union(*tied)
        group = {a: g for a, g in group.items() if not g & joined} | {min(joined): joined}
        key_of |= {article: key for key, article in sorted(tie.items(), reverse=True)}
    rows = []
    for g in group.values():
        main, *rest = sorted(g, key=lambda a: (by_id[a].observed_at, by_id[a].first_key))
        shared = min((key_of[a] for a in g if a in key_of), default="")
        rows += [
            {
                "from_article_id": a,
                "into_article_id": main,
                "article_key": by_id[a].article_key or key_of.get(a) or shared,
                "rule": _RULE,
            }
            for a in sorted(rest)
        ]
    return rows


def _compared_again(
    db: Warehouse, members: Iterable[Any], moved: Sequence[Any], at: datetime
) -> tuple[tuple[int, int], ...]:
    """Whatever changed its main article is compared anew, the main one of old included."""
    if not moved:
        return ()
    changed = {r.from_article_id for r in moved} | {r.into_article_id for r in moved}
    return _forgotten(db, sorted(m.article_id for m in members if m.article_id in changed or m.main_id in changed), at)


def _forgotten(db: Warehouse, articles: list[int], at: datetime) -> tuple[tuple[int, int], ...]:
    """Take back what was drawn from articles; answers what is to be compared of them."""
    db.run("lock_stories")  # always after the lock of articles and before that of copies: nobody waits in a ring
    db.run("lock_copies")
    db.run("forget_compared", article_ids=articles, at=at)
    return tuple((r.content_id, r.source_id) for r in db.rows("contents_of_articles", article_ids=articles))
