"""A tree in, the places out where pages print who wrote them, surest first.

Theory. rel=author and author microdata are statements; a class or id that speaks of an author or byline is a habit of
nearly all templates; a link to an author's page is the habit of the rest. Boxes about the author, avatars, comments and
teasers of other articles carry the same words and are left out by their names or by where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from etl.markup.outline import Outline
from etl.markup.standing import Standing, names_of, speaks_of

_MAX_TEXT = 160  # characters; longer is a biography
_MAX_FOUND = 40
_HOLDERS = frozenset(("a", "span", "div", "p", "address", "li", "strong", "h3", "h4", "h5", "h6"))
_LINES = _HOLDERS | {"time", "em", "i", "b", "small", "dt", "dd", "header"}
_NAMED = (
    "author", "byline", "by-line", "writer", "journalist", "autor", "contributor-name", "post-by", "posted-by",
    "written-by",
)  # fmt: skip
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


def bylines(page: Outline, standing: Standing) -> tuple[tuple[str, ...], ...]:
    """Four lists of texts: stated by markup, named by class or id, begun with "by", links to an author's page.

    Names that stand side by side are one text, joined by a semicolon.
    """
    with_attributes = [(at, a) for at, a in enumerate(page.attributes) if a]
    stated = (at for at, a in with_attributes if a.get("rel") == "author" or "author" in a.get("itemprop", ""))
    named = (at for at, _ in with_attributes if page.tags[at] in _HOLDERS and _is_named(names_of(page, at)))
    linked = (at for at in page.of("a") if _AUTHOR_PAGE.search(page.attributes[at].get("href") or ""))
    return (
        _texts(page, stated, standing),
        _texts(page, named, standing),
        _worded(page, standing),
        _texts(page, linked, standing),
    )


@lru_cache(maxsize=20_000)
def _is_named(names: str) -> bool:
    return bool(names) and speaks_of(names, _NAMED) and not _NOT_NAMED.search(names)


def _texts(page: Outline, elements: Iterable[int], standing: Standing) -> tuple[str, ...]:
    found: dict[int, dict[str, None]] = {}
    for at in elements:
        if page.size(at) > 4 * _MAX_TEXT or standing.is_elsewhere(at):
            continue
        text = page.text(at)
        if 2 < len(text) <= _MAX_TEXT and not _is_of_others(page, at, text):
            found.setdefault(_place(page, at), {})[text] = None
        if len(found) >= _MAX_FOUND:
            break
    return tuple(dict.fromkeys("; ".join(texts) for texts in found.values()))


def _is_of_others(page: Outline, at: int, text: str) -> bool:
    """Whether the words before it say that this one reviewed, edited or photographed."""
    for _ in range(2):
        at = page.parents[at]
        if at < 0 or page.size(at) > 4 * _MAX_TEXT:
            return False
        before = page.text(at).partition(text)
        if before[1] and before[0]:
            return bool(_OF_OTHERS.search(before[0][-_REACH:]))
    return False


def _worded(page: Outline, standing: Standing) -> tuple[str, ...]:
    """Lines that begin as bylines do; where the words stand alone, with the line after them."""
    found: dict[str, None] = {}
    for at, tag in enumerate(page.tags):
        if tag not in _LINES:
            continue
        for own, line_of in ((page.leads[at], _line), (page.tails[at], _line_behind)):
            begun = _begun(own) if own else None
            if begun is None or standing.is_elsewhere(at):
                continue
            text = line_of(page, own, at, is_label=begun.end() >= len(own.rstrip()))
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


def _line(page: Outline, own: str, at: int, *, is_label: bool) -> str | None:
    """The whole line that an element begins so."""
    line = " ".join(own.split())
    above = page.parents[at] if is_label and page.text(at) == line else at
    if above < 0 or page.size(above) > 4 * _MAX_TEXT:
        return None
    text = page.text(above)
    return text if len(text) <= _MAX_TEXT and text.startswith(line) else None


def _line_behind(page: Outline, own: str, at: int, *, is_label: bool) -> str | None:
    """A line behind an element is short and stands in a short place."""
    around = page.parents[at]
    if is_label or around < 0 or page.size(around) > 4 * _MAX_TEXT:
        return None
    return " ".join(own.split()) if len(page.text(around)) <= _MAX_TEXT else None


def _place(page: Outline, at: int) -> int:
    """What names side by side share: the element two levels up."""
    parent = page.parents[at]
    above = page.parents[parent] if parent >= 0 else -1
    return above if above >= 0 else parent
