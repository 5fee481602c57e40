"""A tree in, the places out where pages print who wrote them, surest first.

Theory. rel=author and author microdata are statements; a class or id that speaks of an author or byline is a habit of
nearly all templates; a link to an author's page is the habit of the rest. Boxes about the author, avatars, comments and
teasers of other articles carry the same words and are left out by their names or by where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from etl.markup.standing import Standing, names_of
from etl.markup.tree import Tree, is_longer, text_of

_MAX_TEXT = 160  # characters; longer is a biography
_MAX_FOUND = 40
_HOLDERS = ("a", "span", "div", "p", "address", "li", "strong", "h3", "h4", "h5", "h6")
_LINES = (*_HOLDERS, "time", "em", "i", "b", "small", "dt", "dd", "header")
_NAMED = re.compile(
    r"author|byline|by-line|writer|journalist|autor|contributor-name|post-by|posted-by|written-by", re.IGNORECASE
)
_NOT_NAMED = re.compile(
    r"bio|box|avatar|image|img|photo|pic|social|follow|comment|desc|about|share|time|role|title|count|email|icon|"
    r"(?<!publish-)date|label|related|bookmark|authoriz|authoris|authority|unauthor|list-page",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en)?|auteurs?|autore|redakteur|by|byline|staff|contributors?|journalists?|reporters?|"
    r"people|person|profile|writers?|user|team|correspondents?)/[^/?#]{3,}",
    re.IGNORECASE,
)
# How a line begins that says who wrote it, in the languages news is most read in; and a label that stands alone.
_WORDED = re.compile(
    r"^\W*(?:(?:(?:written|words|story|text|report(?:ed)?|article|post(?:ed)?)\s+)?by|authors?|autore?s?|autor(?:en|a|ka)?|auteurs?|"
    r"von|par|por|door|автор[иы]?|текст|autori|yazar|penulis|الكاتب|كتب|作者|撰文|文|執筆|記者)"
    r"(?:\s*[:：/／]\s*|\s+|$)",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"(?:review|edit|check|verif|approv|photo|illustrat|translat|updat|fotos?|image|video|contribut)\w*\s*(?:by|:)?\W*$",
    re.IGNORECASE,
)
_REACH = 30  # characters before a name, in which its part may be told
_INITIALS = frozenset("wstrapbvdatyатاك作撰文執記")  # with which the words of _WORDED begin


def bylines(tree: Tree, standing: Standing) -> tuple[tuple[str, ...], ...]:
    """Four lists of texts: stated by markup, named by class or id, begun with "by", links to an author's page.

    Names that stand side by side are one text, joined by a semicolon.
    """
    return (
        _texts(tree.xpath("//*[@rel='author' or contains(@itemprop,'author')]"), standing),
        _texts((element for element in tree.iter(*_HOLDERS) if _is_named(names_of(element))), standing),
        _worded(tree, standing),
        _texts((element for element in tree.iter("a") if _AUTHOR_PAGE.search(element.get("href") or "")), standing),
    )


@lru_cache(maxsize=20_000)
def _is_named(names: str) -> bool:
    return bool(names and _NAMED.search(names) and not _NOT_NAMED.search(names))


def _texts(elements: Iterable[Tree], standing: Standing) -> tuple[str, ...]:
    found: dict[Tree, dict[str, None]] = {}
    for element in elements:
        if standing.is_elsewhere(element) or is_longer(element, 4 * _MAX_TEXT):
            continue
        text = text_of(element)
        if 2 < len(text) <= _MAX_TEXT and not _is_of_others(element, text):
            found.setdefault(_place(element), {})[text] = None
        if len(found) >= _MAX_FOUND:
            break
    return tuple(dict.fromkeys("; ".join(texts) for texts in found.values()))


def _is_of_others(element: Tree, text: str) -> bool:
    """Whether the words before it say that this one reviewed, edited or photographed."""
    holder = element
    for _ in range(2):
        above = holder.getparent()
        if above is None or is_longer(above, 4 * _MAX_TEXT):
            return False
        holder, whole = above, text_of(above)
        before = whole.partition(text)[0] if text in whole else ""
        if before:
            return bool(_OF_OTHERS.search(before[-_REACH:]))
    return False


def _worded(tree: Tree, standing: Standing) -> tuple[str, ...]:
    """Lines that begin as bylines do; where the words stand alone, with the line after them."""
    found: dict[str, None] = {}
    for element in tree.iter(*_LINES):
        for own, holder in ((element.text, element), (element.tail, None)):
            begun = _begun(own) if own else None
            if begun is None or standing.is_elsewhere(element):
                continue
            text = _line(own, holder, element.getparent(), is_label=begun.end() >= len(own.rstrip()))
            if text:
                found[text] = None
        if len(found) >= _MAX_FOUND:
            break
    return tuple(found)


def _begun(own: str) -> re.Match[str] | None:
    """How it begins as a byline; most texts are ruled out by their first letter."""
    text = own.lstrip()
    if not text or len(own) > _MAX_TEXT or (text[0].isalnum() and text[0].casefold() not in _INITIALS):
        return None
    return _WORDED.match(own)


def _line(own: str, holder: Tree | None, around: Tree | None, *, is_label: bool) -> str | None:
    """The whole line that begins so; a line behind an element (no holder) is short and stands in a short place."""
    line = " ".join(own.split())
    if holder is None:
        is_line = not is_label and around is not None and not is_longer(around, 4 * _MAX_TEXT)
        return line if is_line and len(text_of(around)) <= _MAX_TEXT else None
    above = holder.getparent() if is_label and text_of(holder) == line else holder
    if above is None or is_longer(above, 4 * _MAX_TEXT):
        return None
    text = text_of(above)
    return text if len(text) <= _MAX_TEXT and text.startswith(line) else None


def _place(element: Tree) -> Tree:
    """What names side by side share: the element two levels up."""
    parent = element.getparent()
    above = parent.getparent() if parent is not None else None
    return above if above is not None else parent
