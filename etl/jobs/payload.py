"""What waits in the queue travels as JSON: hints of a document in and out, and a capture as it waits to be read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from etl.errors import Stage
from etl.records import Dated, DateOrigin, DatePrecision, Hints

_MAX_SUMMARY = 100_000  # characters of a feed entry's own text kept beside its link


def pack(hints: Hints) -> dict[str, Any]:
    """Hints as plain JSON values; what is not known is left out."""
    packed: dict[str, Any] = {
        "title": hints.title,
        "authors": list(hints.authors),
        "published": _pack_date(hints.published),
        "summary_html": hints.summary_html[:_MAX_SUMMARY] if hints.summary_html else None,
        "language_code": hints.language_code,
        "url": hints.url,
    }
    return {key: _clean(value) for key, value in packed.items() if value}


def unpack(packed: dict[str, Any]) -> Hints:
    """The hints again."""
    published = packed.get("published")
    return Hints(
        title=packed.get("title"),
        authors=tuple(packed.get("authors", ())),
        published=_unpack_date(published) if published else None,
        summary_html=packed.get("summary_html"),
        language_code=packed.get("language_code"),
        url=packed.get("url"),
    )


def _pack_date(dated: Dated | None) -> dict[str, Any] | None:
    if dated is None:
        return None
    packed: dict[str, Any] = {
        "at": dated.at.isoformat(),
        "precision": dated.precision,
        "origin": dated.origin,
        "raw": dated.raw,
    }
    if dated.claimed_at is not None:
        packed |= {"claimed_at": dated.claimed_at.isoformat(), "clock_version": dated.clock_version}
    return packed


def _unpack_date(packed: dict[str, Any]) -> Dated:
    return Dated(
        datetime.fromisoformat(packed["at"]),
        DatePrecision(packed["precision"]),
        DateOrigin(packed["origin"]),
        packed["raw"],
        datetime.fromisoformat(packed["claimed_at"]) if "claimed_at" in packed else None,
        packed.get("clock_version"),
    )


def _clean(value: object) -> object:
    """Postgres cannot hold NUL in text or JSON, nor half a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_clean(v) for v in value]
    if isinstance(value, dict):
        return {k: _clean(v) for k, v in value.items()}
    return value


def to_extract(fetch_id: int, article_key: str, source_id: int, hints: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A capture as it waits for extraction."""
    return {
        "stage": Stage.EXTRACT,
        "item_key": f"capture:{fetch_id}",
        "source_id": source_id,
        "payload": {"fetch_id": fetch_id, "article_key": article_key, "hints": hints, **more},
    }
