"""The body of a listing and a test in; the body without the entries the test is meant for comes out. Pure.

Theory. A listing is shared by many articles, so when one is taken down only its entry should go. Entries of RSS, Atom
and sitemaps are elements that do not nest, so they are cut where their tags stand and the rest stays byte for byte; a
JSON feed is written anew without the item. Of anything else (a page of links, an entry that never ends) entries cannot
be told apart: then the answer is None, and who asks drops the body. Tags are looked at once, from first to last:
entries that are opened by the thousand and never closed cost what their length does.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from html import unescape

_ENTRY_TAG = re.compile(r"<(/?)((?:\w+:)?(?:item|entry|url))(?=[\s/>])[^<>]*>", re.IGNORECASE)
_ENCODING = re.compile(rb"^[^<]{0,8}<\?xml[^>]*encoding=[\"']([\w.:-]+)")
_TAG = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*>")
_GONE = "<!-- taken down -->"
_MOST = 64_000_000  # bytes a packed listing is unpacked to

IsMeant = Callable[[str], bool]


def redact(body: bytes, is_meant: IsMeant) -> bytes | None:
    """The body without the entries whose source text is meant; None where that cannot be had."""
    encoding = _encoding(body)
    try:
        text = body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _json(text, is_meant)
    spans = _entries(text)
    if not spans:
        return None
    out, pos = [], 0
    for start, end in spans:
        if is_meant(text[start:end]):
            out += [text[pos:start], _GONE]
            pos = end
    return "".join([*out, text[pos:]]).encode(encoding)


def readable(body: bytes) -> str:
    """All that a body says, markup and all, however it is packed: to be searched, not parsed."""
    if body[:2] == b"\x1f\x8b":
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, _MOST)
        except zlib.error:
            return ""
    try:
        text = body.decode(_encoding(body), "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return "\n".join(_strings(feed)) if isinstance(feed := _loaded(text), dict) else text


def plain(text: str) -> str:
    """Words without markup; what feeds escape twice is read twice."""
    for _ in range(3):
        text = unescape(_TAG.sub(" ", text))
    return _TAG.sub(" ", text)


def _entries(text: str) -> list[tuple[int, int]]:
    """Where each entry begins and ends; none where one does not end."""
    spans: list[tuple[int, int]] = []
    start, opened = 0, ""
    for tag in _ENTRY_TAG.finditer(text):
        name = tag[2].lower()
        if not opened and not tag[1] and not tag[0].endswith("/>"):
            start, opened = tag.start(), name
        elif tag[1] and name == opened:
            spans.append((start, tag.end()))
            opened = ""
    return [] if opened else spans


def _encoding(body: bytes) -> str:
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    stated = _ENCODING.match(body)
    return stated[1].decode("ascii") if stated else "utf-8"


def _json(text: str, is_meant: IsMeant) -> bytes | None:
    feed = _loaded(text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        return None
    feed["items"] = [i for i in items if not is_meant("\n".join(_strings(i)))]
    return json.dumps(feed, ensure_ascii=False).encode()


def _loaded(text: str) -> object:
    text = text.lstrip("\ufeff \t\r\n")
    if not text.startswith("{"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _strings(value: object) -> Iterator[str]:
    """Every string in it, in order, however deep."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            left += reversed(one.values() if isinstance(one, dict) else one)
