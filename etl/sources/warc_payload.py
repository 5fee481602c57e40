"""An archived HTTP body and its headers go in; the document as a browser would have it comes out, within a limit.

Theory. A WARC should hold the answer as it crossed the wire: in chunks, and compressed. Many crawlers undo either and
leave the headers as they were, so a header is only believed if the bytes bear it out; otherwise they are the document
already. A body that breaks off is kept as far as it goes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

_MAX_CODINGS = 3  # more on top of each other is an attack


class TooLarge(Exception):  # noqa: N818 - it names what was found
    """The document is larger than the limit."""


def plain_body(raw: bytes, headers: Mapping[str, str], limit: int) -> tuple[bytes, bool]:
    """The document, and whether it is whole. Header names are in lower case. Raises TooLarge."""
    body, is_whole = raw, True
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body, is_whole = _joined(raw)
    codings = [c.strip().lower() for c in headers.get("content-encoding", "").split(",") if c.strip()]
    for coding in reversed(codings[:_MAX_CODINGS]):
        body, is_fit = _UNPACK[coding](body, limit) if coding in _UNPACK else (body, True)
        is_whole = is_whole and is_fit
    if len(body) > limit:
        raise TooLarge
    return body, is_whole


def _joined(raw: bytes) -> tuple[bytes, bool]:
    """The chunks of a body put together; as it is, if it does not begin with one."""
    parts: list[bytes] = []
    at = 0
    while True:
        line_end = raw.find(b"\r\n", at, at + 200)
        size = _size(raw[at:line_end]) if line_end > 0 else None
        if size is None:
            return (b"".join(parts), False) if parts else (raw, True)
        if size == 0:
            return b"".join(parts), True
        part = raw[line_end + 2 : line_end + 2 + size]
        parts.append(part)
        at = line_end + 2 + size + 2
        if len(part) < size:
            return b"".join(parts), False


def _size(line: bytes) -> int | None:
    digits = line.partition(b";")[0].strip()
    is_hexadecimal = 0 < len(digits) <= 8 and not digits.strip(b"0123456789abcdefABCDEF")
    return int(digits, 16) if is_hexadecimal else None


def _inflated(body: bytes, limit: int) -> tuple[bytes, bool]:
    reader = zlib.decompressobj(wbits=47)  # gzip or zlib, told by its first bytes
    try:
        return _within(limit, reader.decompress(body, limit + 1)), reader.eof or not body
    except zlib.error:
        return body, True


def _deflated(body: bytes, limit: int) -> tuple[bytes, bool]:
    """Servers disagree on whether `deflate` has a header."""
    reader = zlib.decompressobj(wbits=-15)
    found = _inflated(body, limit)
    if found[0] is not body:
        return found
    try:
        return _within(limit, reader.decompress(body, limit + 1)), reader.eof
    except zlib.error:
        return body, True


def _brotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    import brotli

    reader: Any = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        piece = reader.process(body, output_buffer_limit=65_536)
        while piece or not reader.can_accept_more_data():
            parts.append(piece)
            size += len(piece)
            if size > limit:
                raise TooLarge
            piece = reader.process(b"", output_buffer_limit=65_536)
    except brotli.error:
        return (b"".join(parts), False) if parts else (body, True)
    return (b"".join(parts), bool(reader.is_finished())) if parts else (body, True)


def _zstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    import zstandard

    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body) as reader:
            return _within(limit, reader.read(limit + 1)), True
    except zstandard.ZstdError:
        return body, True


def _within(limit: int, body: bytes) -> bytes:
    if len(body) > limit:
        raise TooLarge
    return body


_UNPACK: Mapping[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _inflated,
    "x-gzip": _inflated,
    "deflate": _deflated,
    "br": _brotli,
    "zstd": _zstd,
}
