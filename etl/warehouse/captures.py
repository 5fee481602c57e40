"""Bodies in, captures out: what a request brought is stored compressed, once, before anyone interprets it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import zstandard

from etl.dedup.canonical import url_key
from etl.errors import Reason
from etl.records import CaptureKind, Fetched, Outcome
from etl.warehouse import tombstones
from etl.warehouse.connect import Warehouse

_LEVEL = 6  # about a fifth of HTML's size at over 100 MB/s


@dataclass(frozen=True, kw_only=True)
class FetchRow:
    """One request, or one archive document, as it is written down."""

    source_id: int
    kind: CaptureKind
    requested_url: str
    final_url: str | None
    fetched_at: datetime
    observed_at: datetime
    outcome: Outcome
    reason: Reason | None = None
    status: int | None = None
    headers: dict[str, str]
    body: bytes | None
    duration_ms: int = 0
    detail: str = ""
    covered_on: date | None = None  # the day it counts for, where that is not observed_at's

    @cached_property
    def blob_hash(self) -> bytes | None:
        """sha256 of the body."""
        return hashlib.sha256(self.body).digest() if self.body is not None else None

    @classmethod
    def of(cls, fetched: Fetched, source_id: int, kind: CaptureKind, *, covered_on: date | None = None) -> FetchRow:
        """What a request gave; a live page speaks for the moment it was asked."""
        return cls(
            source_id=source_id,
            kind=kind,
            requested_url=fetched.requested_url,
            final_url=fetched.final_url,
            fetched_at=fetched.at,
            observed_at=fetched.at,
            outcome=fetched.outcome,
            reason=fetched.reason,
            status=fetched.status,
            headers=dict(fetched.headers),
            body=fetched.body if fetched.outcome is Outcome.FETCHED else None,
            duration_ms=fetched.duration_ms,
            detail=fetched.detail,
            covered_on=covered_on,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture as held."""

    fetch_id: int
    source_id: int
    source_name: str
    time_zone: str
    kind: CaptureKind
    requested_url: str
    final_url: str | None
    observed_at: datetime
    headers: dict[str, str]
    blob_hash: bytes
    body: bytes


def keep(db: Warehouse, run_id: int, rows: Sequence[FetchRow], at: datetime) -> list[int]:
    """Write requests with their bodies; answers fetch ids in the order given."""
    if not rows:
        return []
    rows = _allowed(db, rows)
    bodies = {r.blob_hash: r.body for r in rows if r.blob_hash is not None and r.body is not None}
    held = {bytes(r.blob_hash) for r in db.rows("held_blobs", hashes=sorted(bodies))} if bodies else set()
    ordered = sorted((h, body) for h, body in bodies.items() if h not in held)
    if ordered:
        compressor = zstandard.ZstdCompressor(level=_LEVEL)
        db.run("ensure_month", at=at)
        db.run(
            "keep_blobs",
            hashes=[h for h, _ in ordered],
            sizes=[len(b) for _, b in ordered],
            bodies=[compressor.compress(b) for _, b in ordered],
            at=at,
        )
    return [r.fetch_id for r in db.rows("note_fetches", run_id=run_id, rows=[_row(r) for r in rows])]


def _allowed(db: Warehouse, rows: Sequence[FetchRow]) -> list[FetchRow]:
    """Of what was taken down, by address or bytes, only that it was asked for is written."""
    marks = [_marks(r) for r in rows]
    dead = tombstones.buried(db, (m for several in marks for m in several))
    return [
        replace(r, outcome=Outcome.FAILED, reason=Reason.TOMBSTONED, headers={}, body=None, detail="taken down")
        if dead.intersection(several)
        else r
        for r, several in zip(rows, marks, strict=True)
    ]


def _marks(r: FetchRow) -> list[str]:
    """What a body could have been taken down by; a listing is of many articles, and is none itself."""
    if r.blob_hash is None or r.kind is CaptureKind.FEED:
        return []
    keys = {key for u in (r.requested_url, r.final_url) if u and (key := url_key(u) if "://" in u else u)}
    return [f"sha256:{r.blob_hash.hex()}", *(f"url:{key}" for key in sorted(keys))]


def _row(r: FetchRow) -> dict[str, Any]:
    return {
        "source_id": r.source_id,
        "kind": r.kind,
        "requested_url": r.requested_url,
        "final_url": r.final_url,
        "fetched_at": r.fetched_at,
        "observed_at": r.observed_at,
        "outcome": r.outcome,
        "reason": r.reason,
        "status": r.status,
        "headers": r.headers,
        "blob_hash": r.blob_hash,
        "size": len(r.body) if r.body is not None else None,
        "duration_ms": r.duration_ms,
        "detail": r.detail or None,
        "covered_on": r.covered_on,
    }


def known(db: Warehouse, wanted: Iterable[tuple[str, bytes, datetime]]) -> set[tuple[str, bytes, datetime]]:
    """Of these (article key, sha256, observed at), which the warehouse has observed before."""
    rows = [{"article_key": key, "blob_hash": h, "observed_at": at} for key, h, at in wanted]
    return {(r.article_key, bytes(r.blob_hash), r.observed_at) for r in db.rows("known_observations", rows=rows)}


def keep_stated(db: Warehouse, payloads: Mapping[int, Mapping[str, Any]]) -> None:
    """Note what was stated of captures, by fetch id, so that they can be read again as they were."""
    rows = [
        {"fetch_id": fetch_id, "article_key": p.get("article_key"), "hints": p["hints"]}
        for fetch_id, p in sorted(payloads.items())
        if p.get("hints")
    ]
    if rows:
        db.run("keep_stated", rows=rows)


def load(db: Warehouse, fetch_ids: Sequence[int]) -> list[StoredCapture]:
    """Captures with their bodies, by fetch id."""
    decompressor = zstandard.ZstdDecompressor()
    return [
        StoredCapture(
            fetch_id=r.fetch_id,
            source_id=r.source_id,
            source_name=r.source_name,
            time_zone=r.time_zone,
            kind=CaptureKind(r.kind),
            requested_url=r.requested_url,
            final_url=r.final_url,
            observed_at=r.observed_at,
            headers=r.headers,
            blob_hash=bytes(r.blob_hash),
            body=decompressor.decompress(bytes(r.body)),
        )
        for r in db.rows("load_captures", fetch_ids=list(fetch_ids))
    ]
