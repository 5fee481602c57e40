"""WARC records written by hand, so that tests can break them at any byte."""

from __future__ import annotations

import gzip
from collections.abc import Iterable

HTML = "text/html; charset=utf-8"


def record(
    n: int | str,
    body: bytes = b"<p>a page</p>",
    *,
    kind: str = "response",
    date: str = "2022-07-04T10:00:00Z",
    status: str = "200 OK",
    media_type: str = HTML,
    more: str = "",
    warc: str = "",
    length: int | None = None,
) -> bytes:
    """One record of the page http://news.example/n; `more` and `warc` are header lines ending in CRLF."""
    block = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{more}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://news.example/{n}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:{n}>\r\nContent-Type: application/http; msgtype={kind}\r\n{warc}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def zipped(records: Iterable[bytes]) -> list[bytes]:
    """Each record in a gzip member of its own."""
    return [gzip.compress(r, mtime=0) for r in records]
