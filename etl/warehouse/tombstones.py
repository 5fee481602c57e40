"""What comes in goes in; what of it was taken down comes out: by address, by bytes, by the words of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from etl.dedup.quoted import text_hash
from etl.warehouse.connect import Warehouse


def buried(db: Warehouse, marks: Iterable[str]) -> set[str]:
    """Which of these marks (url:…, sha256:…, text:…) come in no more."""
    wanted = sorted(set(marks))
    return {r.tombstone_key for r in db.rows("find_tombstones", keys=wanted)} if wanted else set()


def by_text(db: Warehouse, bodies: Sequence[tuple[int, str]]) -> dict[int, int]:
    """Of texts by number, those taken down under whatever address, with the article they were taken down as."""
    if not bodies or not db.value("has_text_tombstones"):
        return {}  # folding every text costs something, and nearly always there is nothing to look for
    marks = {n: f"text:{said}" for n, body in bodies if (said := text_hash(body))}
    held = owners(db, marks.values())
    return {n: held[mark] for n, mark in marks.items() if mark in held}


def owners(db: Warehouse, marks: Iterable[str]) -> dict[str, int]:
    """The article each of these marks was taken down with."""
    rows = db.rows("tombstones_of", keys=sorted(set(marks)))
    return {r.tombstone_key: r.article_id for r in rows}


def withhold(db: Warehouse, captures: dict[int, int], at: datetime) -> None:
    """Drop the bodies of captures (by fetch id) that prove to be articles taken down; other articles' bodies stay."""
    rows = db.rows("blobs_of_captures", fetch_ids=sorted(captures))
    by_article: dict[int, list[bytes]] = {}
    for r in rows:
        by_article.setdefault(captures[r.fetch_id], []).append(bytes(r.blob_hash))
    for article_id, hashes in by_article.items():
        redact(db, article_id, [(h, None, None) for h in hashes], at)


def redact(
    db: Warehouse, article_id: int, bodies: Sequence[tuple[bytes, bytes | None, bytes | None]], at: datetime
) -> None:
    """Put (sha256 as received, what is left compressed, its sha256) in place of bodies; None: nothing is left."""
    if bodies:
        hashes, left, left_hashes = (list(column) for column in zip(*bodies, strict=True))
        db.run("redact_bodies", hashes=hashes, bodies=left, left_hashes=left_hashes, article_id=article_id, at=at)
