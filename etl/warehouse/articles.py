"""Extracted articles in, rows out: which article a capture belongs to, what it said, and since when.

An article is found by any key that leads to it. Keys of one batch that meet in one capture are one article; where they
lead to several known ones, the oldest takes the capture, no key is moved, and `merges` joins them. One advisory lock
makes look-up and insert one step, so loaders cannot make the same article twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.dedup.trivial import sameness_hash
from etl.errors import Reason, Stage
from etl.records import Article, Rejected
from etl.warehouse import details, merges, tombstones
from etl.warehouse.captures import StoredCapture
from etl.warehouse.connect import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """An article with the capture it came from and the keys that lead to it, the first the one asked for."""

    capture: StoredCapture
    article: Article
    keys: tuple[str, ...]

    @property
    def content_hash(self) -> bytes:
        """16 bytes over everything a reader would call the article's content."""
        a = self.article
        published = a.published.at.isoformat() if a.published else ""
        parts = (
            a.title or "",
            a.standfirst or "",
            a.body,
            "\n".join(a.captions),
            "\n".join(a.authors),
            published,
        )
        return hashlib.blake2b("\x00".join(parts).encode(), digest_size=16).digest()

    @property
    def sameness_hash(self) -> bytes:
        """The same without what changes by itself: what versions compare."""
        a = self.article
        return sameness_hash(
            title=a.title,
            standfirst=a.standfirst,
            body=a.body,
            captions=a.captions,
            authors=a.authors,
            when=a.published.at.isoformat() if a.published else "",
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch changed."""

    new_contents: tuple[tuple[int, int], ...]  # (content id, source id); with those to be compared again
    rejected: dict[int, Rejected]  # by fetch id
    versions_opened: int


def keep(db: Warehouse, run_id: int, batch: Sequence[Extracted], *, code_version: str, at: datetime) -> Stored:
    """Write a batch; to be called in a transaction. A repeat changes nothing."""
    db.run("lock_articles")
    rejected = _buried(db, batch, at)
    living = sorted(
        (e for e in batch if e.capture.fetch_id not in rejected),
        key=lambda e: (e.capture.observed_at, e.keys),
    )
    if not living:
        return Stored((), rejected, 0)
    ids = _identify(db, run_id, living, at)
    keys = [
        {"article_key": key, "article_id": ids[e.capture.fetch_id], "kind": _kind(key, n)}
        for e in living
        for n, key in enumerate(e.keys)
    ]
    db.run("keep_keys", rows=keys, run_id=run_id, at=at)
    fresh = _unsettled(db, living, ids)
    observations = [_observation(e, ids[e.capture.fetch_id]) for e in fresh]
    db.run("keep_observations", rows=observations)
    moved = {(r.content_id, r.source_id) for r in db.rows("find_moved", rows=observations)}
    merged = merges.join(db, run_id, [e.keys for e in living], at)
    new = db.rows(
        "keep_contents",
        rows=[content_row(e, ids[e.capture.fetch_id]) for e in fresh],
        run_id=run_id,
        code_version=code_version,
        at=at,
    )
    db.run("keep_details", rows=[details.row(e.article, ids[e.capture.fetch_id], e.content_hash) for e in fresh])
    db.run("settle_contents", rows=observations, at=at)
    settled = db.one("settle_versions", articles=sorted({ids[e.capture.fetch_id] for e in fresh}), at=at)
    db.run("keep_sightings", keys=sorted({k["article_key"] for k in keys}))
    source_of = {ids[e.capture.fetch_id]: e.capture.source_id for e in living}
    compared = {(r.content_id, source_of[r.article_id]) for r in new} | set(merged.again) | moved
    return Stored(tuple(sorted(compared)), rejected, settled.opened)


def _unsettled(db: Warehouse, batch: Sequence[Extracted], ids: Mapping[int, int]) -> list[Extracted]:
    """Those whose observation is not known to say this: of a repeat, none, and no text is sent again."""
    rows = [_observation(e, ids[e.capture.fetch_id]) for e in batch]
    known = {
        (r.article_id, r.observed_at, bytes(r.blob_hash), bytes(r.content_hash))
        for r in db.rows("find_settled", rows=rows)
    }
    return [
        e
        for e, r in zip(batch, rows, strict=True)
        if (r["article_id"], r["observed_at"], r["blob_hash"], r["content_hash"]) not in known
    ]


def _kind(key: str, position: int) -> str:
    if key.startswith("urn:"):
        return "urn"
    return "url" if position == 0 else "alias"


def _buried(db: Warehouse, batch: Sequence[Extracted], at: datetime) -> dict[int, Rejected]:
    """What was removed for good does not come back, by address, by bytes or by its words; its bytes go at once."""
    marks = {e.capture.fetch_id: [f"url:{k}" for k in e.keys] + [f"sha256:{e.capture.blob_hash.hex()}"] for e in batch}
    dead = tombstones.buried(db, (m for several in marks.values() for m in several))
    found = {fetch_id for fetch_id, several in marks.items() if dead.intersection(several)}
    owners = tombstones.owners(db, dead) if dead else {}
    owned = {f: owners[m] for f in found for m in marks[f] if m in owners}
    owned |= tombstones.by_text(db, [(e.capture.fetch_id, e.article.body) for e in batch])
    tombstones.withhold(db, owned, at)
    return {
        fetch_id: Rejected(Stage.EXTRACT, Reason.TOMBSTONED, f"capture:{fetch_id}", "removed earlier")
        for fetch_id in sorted(found | owned.keys())
    }


def _identify(db: Warehouse, run_id: int, batch: Sequence[Extracted], at: datetime) -> dict[int, int]:
    """The article of each capture, by fetch id; new ones are made."""
    groups = _joined(batch)
    all_keys = sorted({key for e in batch for key in e.keys})
    known = {r.article_key: r.article_id for r in db.rows("find_articles", keys=all_keys)}
    found: dict[int, int] = {}
    fresh: list[list[Extracted]] = []
    for group in groups:
        held = [known[key] for e in group for key in e.keys if key in known]
        if held:
            found.update((e.capture.fetch_id, min(held)) for e in group)
        else:
            fresh.append(group)
    rows = [{"source_id": g[0].capture.source_id, "observed_at": g[0].capture.observed_at} for g in fresh]
    made = db.rows("make_articles", rows=rows, run_id=run_id, at=at) if rows else []
    for group, row in zip(fresh, made, strict=True):
        found.update((e.capture.fetch_id, row.article_id) for e in group)
    return found


def _joined(batch: Sequence[Extracted]) -> list[list[Extracted]]:
    """Captures that share a key, directly or through another, in order of their first."""
    group_of: dict[str, list[Extracted]] = {}
    groups: list[list[Extracted]] = []
    for e in batch:
        mine: list[Extracted] = [e]
        for other in {id(group_of[k]): group_of[k] for k in e.keys if k in group_of}.values():
            mine = other + mine
            groups = [g for g in groups if g is not other]
        groups.append(mine)
        for member in mine:
            for key in member.keys:
                group_of[key] = mine
    return groups


def _observation(e: Extracted, article_id: int) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "observed_at": e.capture.observed_at,
        "blob_hash": e.capture.blob_hash,
        "fetch_id": e.capture.fetch_id,
        "content_hash": e.content_hash,
    }


def content_row(e: Extracted, article_id: int) -> dict[str, Any]:
    """One row for `keep_contents`."""
    a = e.article
    return {
        "article_id": article_id,
        "content_hash": e.content_hash,
        "sameness_hash": e.sameness_hash,
        "title": a.title,
        "standfirst": a.standfirst,
        "body": a.body,
        "captions": "\n\n".join(a.captions) or None,
        "authors": a.authors,
        "section": a.section,
        "site_name": a.site_name,
        "language_code": a.language_code,
        "language_confidence": a.language_confidence,
        "published_at": a.published.at if a.published else None,
        "published_precision": a.published.precision if a.published else None,
        "published_origin": a.published.origin if a.published else None,
        "published_as_stated": a.published.raw if a.published else None,
        "published_claimed_at": a.published.claimed_at if a.published else None,
        "published_clock_version": a.published.clock_version if a.published else None,
        "modified_at": a.modified.at if a.modified else None,
        "modified_origin": a.modified.origin if a.modified else None,
        "canonical_url": a.canonical_url,
        "extractor": a.extractor,
    }
