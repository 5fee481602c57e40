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
_UNSEEN = ("script", "style", "template", "noscript", "svg", "iframe", "head")


def standfirst(signals: Signals, node: Node | None, tree: Tree, body: str) -> str | None:
    """The lead as the page shows it; None where it has none apart from its body."""
    begun = fold(body[: 4 * _LONG])
    for stated in _descriptions(signals, node):
        words = fold(stated.rstrip(" .…"))
        if not _SHORT <= len(stated) <= _LONG or words in begun:
            continue
        shown = _shown(tree, words)
        if shown and fold(shown) not in map(fold, body.split("\n")):
            return shown
    return None


def _descriptions(signals: Signals, node: Node | None) -> list[str]:
    stated = node.properties.get("description") if node is not None else None
    found = (stated if isinstance(stated, str) else None, signals.first("og:description"), signals.first("description"))
    return list(dict.fromkeys(clean_line(d) for d in found if d))


def _shown(tree: Tree, words: str) -> str | None:
    """The text of the smallest element that reads as these words, or goes on where they were cut."""
    limit, mixed = 2 * len(words) + 100, _holding_unseen(tree)
    for element in tree.iter(*_HOLDERS):
        if len(element) > 4 or not (element in mixed or _begins(element, words)) or is_longer(element, 2 * limit):
            continue
        shown = text_of(element)
        if len(shown) <= limit and fold(shown).startswith(words):
            return clean_line(shown)
    return None


def _begins(element: Tree, words: str) -> bool:
    """Whether the first words in it can be these: a cheap question that rules out nearly all."""
    for text in element.itertext():
        begun = "" if text.isspace() else fold(text[: 2 * _LONG])
        if begun:
            return words.startswith(begun) or begun.startswith(words)
    return False


def _holding_unseen(tree: Tree) -> set[Tree]:
    """Elements that hold some of what no reader sees: theirs may not be the first words that can be seen."""
    found: set[Tree] = set()
    for element in tree.iter(*_UNSEEN):
        above = element.getparent()
        while above is not None and above not in found:
            found.add(above)
            above = above.getparent()
    return found
