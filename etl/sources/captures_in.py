"""A record of our own archives goes in, with the metadata before it; the capture comes out as it was, or what is wrong.

Only a folder that our own export wrote is read so (its manifest is there): what strangers' archives say of sources is
not believed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.errors import Reason
from etl.records import OwnCapture, WarcRecord
from etl.sources.captures_out import TOLD

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord as Archived

MANIFEST = "dateline-captures.json"
_MOST_TOLD = 2_000_000  # bytes of metadata of one capture
_MOST_MANIFEST = 50_000_000


def manifest(folder: Path) -> dict[str, Any] | None:
    """What our export says of a folder it wrote; None for any other place. Raises ValueError where it is spoilt."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    if path.stat().st_size > _MOST_MANIFEST:
        raise ValueError(f"{MANIFEST} is too large")
    read = json.loads(path.read_text(encoding="utf8"))
    if not isinstance(read, dict) or not isinstance(read.get("sources"), list):
        raise ValueError(f"{MANIFEST} names no sources")
    return read


def told(record: Archived) -> tuple[str, Mapping[str, Any]] | None:
    """What a metadata record says, and of which record; None for any other record, or one that is broken."""
    if record.headers.get("Content-Type") != TOLD or record.content_length > _MOST_TOLD:
        return None
    try:
        said = json.loads(record.reader.read(record.content_length))
    except ValueError:
        return None
    of = record.headers.get("WARC-Concurrent-To")
    return (of, said) if of and isinstance(said, dict) else None


def capture(
    record: Archived, said: Mapping[str, Any], start: datetime, end: datetime
) -> WarcRecord | tuple[Reason, str] | None:
    """The capture as it was; None for one of another time."""
    observed_at = record.record_date
    if observed_at is None or not start <= (observed_at := observed_at.astimezone(UTC)) < end:
        return None if observed_at else (Reason.BAD_RECORD, "no WARC-Date in it")
    status, headers = None, dict[str, str]()
    if str(record.record_type) == "response":
        record.parse_http()
        status = record.http_headers.status_code if record.http_headers else None
        headers = {name.lower(): value for name, value in (record.http_headers or {}).items()}
        headers.pop("content-length", None)
    else:
        headers["content-type"] = record.headers.get("Content-Type") or ""
    expected = record.content_length
    body = record.reader.read(expected)
    if len(body) < expected:
        return Reason.BAD_RECORD, f"cut short: {len(body):,} of {expected:,} bytes"
    try:
        own = OwnCapture.of(said, observed_at=observed_at, status=status, headers=headers, body=body)
    except (KeyError, TypeError, ValueError) as error:
        return Reason.BAD_RECORD, f"what is told of it cannot be read: {error!r}"
    return WarcRecord(
        url=own.final_url or own.requested_url,
        observed_at=observed_at,
        status=status or 200,
        headers=own.headers,
        media_type=own.headers.get("content-type", "").partition(";")[0].strip().lower(),
        body=body,
        record_id=(record.record_id or "").strip("<>"),
        next_offset=None,
        own=own,
    )
