"""An element of a feed goes in; its text comes out, or the HTML within one that holds elements, as xhtml does."""

from __future__ import annotations

import contextlib
import re
from functools import partial
from html import escape
from xml.etree.ElementTree import Element

from etl.records import LaterText
from etl.sources.lifting import CP1252, OPEN, Lifted

MAX_DEPTH = 200
_BEYOND_LATIN = re.compile("[^\x00-\xff]")
_C1 = re.compile("[\x80-\x9f]")
_PLAIN_TYPES = {"text", "plain", "text/plain"}
_LOOKS_MARKED = re.compile(r"</\w+>|&#?\w+;")
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
    text = (lifted.restore(text) if not text.isascii() and OPEN in text else text).strip()
    return text if text.isascii() else sound(text)


def marked(element: Element, lifted: Lifted, media_type: str | None) -> str:
    """Text that may carry markup, escaped or as elements. Raises OddError where its type says it is neither."""
    _refuse_base64(element, media_type)
    return sound(inner(element, lifted).strip()) if len(element) else text_of(element, lifted)


def html_of(element: Element, lifted: Lifted, default: str, *, is_atom: bool) -> str | LaterText:
    """A text as HTML, "" where there is none; `default` is its type where it states none. Raises OddError as above."""
    media_type = element.get("type")
    is_plain = (default if media_type is None else media_type.lower()) in _PLAIN_TYPES
    text = element.text
    if text and OPEN in text and not len(element) and (raw := lifted.raw(text)) is not None:
        _refuse_base64(element, media_type)
        return LaterText(raw, partial(_read_later, text, lifted, is_plain, is_atom))
    value = marked(element, lifted, media_type)
    return value if len(element) else _html(value, is_plain, is_atom)


def _read_later(text: str, lifted: Lifted, is_plain: bool, is_atom: bool) -> str:
    return _html(sound(lifted.restore(text).strip()), is_plain, is_atom)


def _html(value: str, is_plain: bool, is_atom: bool) -> str:
    """Plain text as HTML; outside Atom, what is called plain and carries markup is HTML all the same."""
    is_marked = not is_plain or (not is_atom and _LOOKS_MARKED.search(value))
    return value if is_marked else escape(value, quote=False)


def _refuse_base64(element: Element, media_type: str | None) -> None:
    """Without a type it is text."""
    if (media_type is not None and not _is_text(media_type)) or element.get("mode") == "base64":
        raise OddError("base64")


def _is_text(media_type: str) -> bool:
    kind = media_type.lower()
    return kind in {"", "text", "plain", "html", "xhtml"} or kind.startswith("text/") or kind.endswith(("+xml", "/xml"))


def sound(text: str) -> str:
    """UTF-8 that was read as Latin-1 repaired, windows-1252 control characters given their meaning."""
    if text.isascii():
        return text
    if not _BEYOND_LATIN.search(text):
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
