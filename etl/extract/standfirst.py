"""A page's description and its body in, the standfirst out: the lead set apart between headline and body.

Theory. Publishers repeat the standfirst word for word as the page's description, so a description that a reader can
see on the page, in one element of its own, is one. A description nobody sees is written for search engines, and one
that the body begins with is its first paragraph: neither is a standfirst.
"""

from __future__ import annotations

from etl.extract.clean import clean_line
from etl.extract.title import fold
from etl.markup import Node, Signals, Tree, is_longer, text_of

_SHORT, _LONG = 30, 1_000  # characters
_HOLDERS = ("p", "h2", "h3", "h4", "div", "span", "strong", "li", "section", "header")


def standfirst(signals: Signals, node: Node | None, tree: Tree, body: str) -> str | None:
    """The lead as the page shows it; None where it has none apart from its body."""
    lines = {fold(p) for p in body.split("\n")}
    for stated in _descriptions(signals, node):
        words = fold(stated.rstrip(" .…"))
        if not _SHORT <= len(stated) <= _LONG or words in fold(body[: 4 * _LONG]):
            continue
        shown = _shown(tree, words)
        if shown and fold(shown) not in lines:
            return shown
    return None


def _descriptions(signals: Signals, node: Node | None) -> list[str]:
    stated = node.properties.get("description") if node is not None else None
    found = (stated if isinstance(stated, str) else None, signals.first("og:description"), signals.first("description"))
    return list(dict.fromkeys(clean_line(d) for d in found if d))


def _shown(tree: Tree, words: str) -> str | None:
    """The text of the smallest element that reads as these words, or goes on where they were cut."""
    limit = 2 * len(words) + 100
    for element in tree.iter(*_HOLDERS):
        if len(element) > 4 or is_longer(element, 2 * limit):
            continue
        shown = text_of(element)
        if len(shown) <= limit and fold(shown).startswith(words):
            return clean_line(shown)
    return None
