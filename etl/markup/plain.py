"""A fragment of HTML in, as feeds carry it; its text out, paragraphs apart by a blank line.

Feed summaries are short and often broken: unclosed tags, markup escaped twice, bare text. bs4 forgives all of it.
"""

from __future__ import annotations

import re
from html import unescape

_MAX = 2_000_000  # characters; a summary is short, and what is cut is kept in the capture
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!]")
_ESCAPED = re.compile(r"&lt;\s*/?\s*(p|br|div|a|img|span|strong|em|b|i|ul|li|h\d)\b", re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_UNSEEN = ["script", "style", "template", "noscript", "iframe", "svg", "head"]
_PARAGRAPHS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
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
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
]
_PARAGRAPH, _LINE = "\u2029", "\u2028"  # what Unicode keeps for exactly this; a page's own count the same


def plain_text(fragment: str) -> str:
    """Text of an HTML fragment. Markup that was escaped twice is undone once; text without markup passes through."""
    text = _ILLEGAL.sub("", fragment[:_MAX])
    if not _MARKUP.search(text) and _ESCAPED.search(text):
        text = unescape(text)
    if not _MARKUP.search(text):
        return _tidy(re.sub(r"\n\s*\n", _PARAGRAPH, unescape(text)))
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "lxml")
    for unseen in soup.find_all(_UNSEEN):
        unseen.decompose()
    for block in soup.find_all(_PARAGRAPHS):
        block.insert_before(_PARAGRAPH)
        block.insert_after(_PARAGRAPH)
    for br in soup.find_all("br"):
        br.replace_with(_LINE)
    return _tidy(soup.get_text())


def _tidy(text: str) -> str:
    paragraphs = []
    for paragraph in text.split(_PARAGRAPH):
        lines = (" ".join(line.split()) for line in paragraph.split(_LINE))
        paragraphs.append("\n".join(line for line in lines if line))
    return "\n\n".join(p for p in paragraphs if p)
