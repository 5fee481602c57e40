"""Decoded HTML in, one lxml tree out. Also the small readings every user of a tree needs: links and visible text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

Tree: TypeAlias = Any  # lxml.html.HtmlElement; lxml ships no types

# What lxml refuses inside text, and what a browser would skip.
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])
_NO_CHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")  # U+FFFE and U+FFFF
_XML_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "head"})
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


class TooDeep(Exception):  # noqa: N818 - it names what was found
    """Markup is nested beyond the limit."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address a page points to."""

    url: str  # absolute, http or https
    rel: tuple[str, ...]  # lower case
    media_type: str | None  # of a <link>
    text: str  # what a reader sees; "" for a <link>


def parse(text: str) -> Tree | None:
    """Build the tree of a page; None where there is no markup at all. Raises TooDeep.

    libxml2 stops at 256 open elements and would silently drop the rest of the page, so its complaint is read:
    a page that deep is hostile or broken beyond use, and is told in milliseconds.
    """
    raw = _legal(_XML_PROLOG.sub("", text, count=1))
    if not raw or raw.isspace():
        return None
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, default_doctype=False, collect_ids=False
    )
    try:
        tree = html.document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        tree = None
    for entry in parser.error_log.filter_from_fatals():
        if entry.type_name == "ERR_NO_MEMORY":  # lxml calls it a syntax error
            raise MemoryError
        if "depth" in entry.message:
            raise TooDeep
    return tree


def _legal(text: str) -> bytes:
    """What lxml may be given, as the bytes it reads fastest."""
    raw = text.encode(errors="ignore").translate(None, _CONTROLS)  # halves of pairs are what cannot be encoded
    return _NO_CHARACTERS.sub(b"", raw) if b"\xef\xbf" in raw else raw


def text_of(element: Tree) -> str:
    """The visible text of an element on one line, blocks and line breaks apart by a space."""
    if len(element) == 0:
        return "" if element.tag in HIDDEN else " ".join((element.text or "").split())
    pieces: list[str] = []
    _gather(element, pieces)
    return " ".join("".join(pieces).split())


def is_longer(element: Tree, limit: int) -> bool:
    """Whether the text of an element has more characters than this; stops counting there."""
    size = 0
    for text in element.itertext():
        size += len(text)
        if size > limit:
            return True
    return False


def links(tree: Tree, base_url: str | None) -> Iterator[Link]:
    """Every <link> and <a> with a usable web address, in document order, resolved against <base> or the page."""
    base = _base(tree, base_url)
    for element in tree.iter("a", "area", "link"):
        url = absolute(element.get("href"), base)
        if url:
            rel = tuple((element.get("rel") or "").lower().split())
            seen = text_of(element) if element.tag == "a" else ""
            yield Link(url, rel, element.get("type"), seen)


def absolute(href: str | None, base: str | None) -> str | None:
    """An http(s) address made absolute; None for anything else."""
    try:
        url = urljoin(base or "", (href or "").strip())
        parts = urlsplit(url)
    except ValueError:  # "http://[" and the like
        return None
    return url if href and parts.scheme in ("http", "https") and parts.netloc else None


def block_text(top: Tree, blocks: frozenset[str], *, line: str = "br", cell: str = "td") -> str:
    """The text of an element with a blank line round every block, a newline for `line`, and bars between cells."""
    out: list[str] = []
    for event, node in etree.iterwalk(top, events=("start", "end")):
        if node.tag in blocks:
            out.append("\n\n")
        if event == "start":
            out.append(" | " if node.tag == cell and node.getprevious() is not None else "")
            out.append("\n" if node.tag == line else "")
            out.append(_inline(node.text))
        elif node is not top:
            out.append(_inline(node.tail))
    return "".join(out)


def _inline(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def _base(tree: Tree, base_url: str | None) -> str | None:
    found = tree.find(".//base[@href]")
    stated = absolute(found.get("href"), base_url) if found is not None else None
    return stated or base_url


def _gather(element: Tree, out: list[str]) -> None:
    # Recursion is bounded: no tree is deeper than `parse` lets through.
    tag = element.tag
    if tag in HIDDEN:
        return
    is_block = tag in BLOCKS
    if is_block:
        out.append(" ")
    text = element.text
    if text:
        out.append(text)
    for child in element:
        _gather(child, out)
        tail = child.tail
        if tail:
            out.append(tail)
    if is_block:
        out.append(" ")
