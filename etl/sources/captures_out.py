"""A capture of our own goes in, with what was stated of it; its records of a WARC file come out, gzipped one by one.

Each capture is two records, as WARC 1.1 has them: a `metadata` record in JSON with all that is known of it beside its
bytes, and the bytes: a `response` for a page, a `resource` for a feed entry's own text or a document of an archive.
They are as they were after transfer and content encodings were undone, and the headers are those that were kept.
Record ids follow from the contents, so the same captures give the same file.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from etl.records import CaptureKind, OwnCapture

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord as Archived
    from fastwarc.warc import WarcRecordType

TOLD = "application/vnd.dateline.capture+json"
_LEVEL = 6


def records(capture: OwnCapture) -> bytes:
    """Both records of a capture, the metadata first: a reader meets it before the bytes it speaks of."""
    from fastwarc.warc import WarcRecordType

    body = hashlib.sha256(capture.body).hexdigest()
    name = f"{capture.kind} {capture.requested_url} {capture.observed_at.isoformat()} {body}"
    told = json.dumps(capture.told, ensure_ascii=False, sort_keys=True).encode()
    of = uuid.uuid5(uuid.NAMESPACE_URL, name)
    metadata = _record(WarcRecordType.metadata, uuid.uuid5(of, "told"), capture, told, TOLD)
    metadata.headers["WARC-Concurrent-To"] = f"<urn:uuid:{of}>"
    if capture.kind is CaptureKind.PAGE:
        block = _http(capture) + capture.body
        kept = _record(WarcRecordType.response, of, capture, block, "application/http; msgtype=response")
    else:
        media_type = capture.headers.get("content-type", "application/octet-stream")
        kept = _record(WarcRecordType.resource, of, capture, capture.body, media_type)
    kept.headers["WARC-Payload-Digest"] = f"sha256:{body}"
    return _member(metadata) + _member(kept)


def _record(kind: WarcRecordType, of: uuid.UUID, capture: OwnCapture, block: bytes, media_type: str) -> Archived:
    from fastwarc.warc import WarcRecord

    record = WarcRecord()
    record.init_headers(kind, f"uuid:{of}".encode())
    record.headers["WARC-Target-URI"] = capture.final_url or capture.requested_url
    record.headers["WARC-Date"] = capture.observed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    record.headers["Content-Type"] = media_type
    record.set_bytes_content(block)
    return record


def _http(capture: OwnCapture) -> bytes:
    """The head of the answer: its status, the headers that were kept, and the length as it is now."""
    status = capture.status or 200
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    kept = {
        k: v for k, v in capture.headers.items() if k not in {"content-length", "content-encoding", "transfer-encoding"}
    }
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{k}: {_one_line(v)}" for k, v in kept.items())]
    lines.append(f"content-length: {len(capture.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _member(record: Archived) -> bytes:
    plain = io.BytesIO()
    record.write(plain, checksum_data=True)
    return gzip.compress(plain.getvalue(), _LEVEL, mtime=0)
