"""The body of a listing and a test in; the body without the entries the test is meant for comes out. Pure.

Theory. A listing is shared by many articles, so when one is taken down only its entry should go. Entries of RSS, Atom
and sitemaps are elements that do not nest, so they are cut where their tags stand and the rest stays byte for byte; a
JSON feed is written anew without the item. Of anything else (a page of links, a body that does not parse) entries
cannot be told apart: then the answer is None, and who asks drops the body.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from html import unescape

_ENTRY = re.compile(r"<((?:\w+:)?(?:item|entry|url))\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
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
    left = _ENTRY.sub(lambda found: _GONE if is_meant(found[0]) else found[0], text)
    return left.encode(encoding)


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
    """Every string in it; what json could read is not too deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)
