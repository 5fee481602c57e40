"""A row's kind and id go in; the way back to its rule, run, code, gazetteer, capture and bytes comes out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import zstandard

from etl.warehouse.connect import Warehouse

KINDS = ("article", "content", "version", "mention", "edit", "copy", "story", "merge")


@dataclass(frozen=True, slots=True)
class Bytes:
    """What a capture brought."""

    body: bytes
    is_as_received: bool  # False where an entry that was taken down is cut out


def trace(db: Warehouse, kind: str, row_id: int) -> list[dict[str, Any]]:
    """The lines of mart.trace for one row; none where there is no such row, or its article was taken down."""
    return [r._asdict() for r in db.rows("trace_row", kind=kind, row_id=row_id)]


def removed(db: Warehouse, article_id: int) -> Any:
    """removed_at, reason and into_article_id of an article that is not there; each None where it does not apply."""
    return db.one("trace_removed", article_id=article_id)


def received(db: Warehouse, fetch_id: int) -> Bytes | None:
    """The bytes of a capture, if they are held."""
    row = db.one("trace_bytes", fetch_id=fetch_id)
    if row is None:
        return None
    body = zstandard.ZstdDecompressor().decompress(bytes(row.body))
    return Bytes(body, hashlib.sha256(body).digest() == bytes(row.blob_hash))
