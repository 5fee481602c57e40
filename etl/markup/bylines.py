"""A tree in, the places out where pages print who wrote them, surest first.

Theory. rel=author and author microdata are statements; a class or id that speaks of an author or byline is a habit of
nearly all templates; a link to an author's page is the habit of the rest. Boxes about the author, avatars, comments and
teasers of other articles carry the same words and are left out by their names or by where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
_WHOLE = ("html", "body", "main", "article")
_OTHERS = re.compile(r"comment|related|recommend|teaser|trending|footer|newsletter|promo|carousel", re.IGNORECASE)
_ASIDE = re.compile(r"sidebar|widget|recent|latest|card|more-", re.IGNORECASE)


def bylines(tree: Tree) -> tuple[tuple[str, ...], ...]:
    """Four lists of texts: stated by markup, named by class or id, begun with "by", links to an author's page.

    Names that stand side by side are one text, joined by a semicolon.
    """
    return (
        _texts(tree.xpath("//*[@rel='author' or contains(@itemprop,'author')]")),
        _texts(element for element in tree.iter(*_HOLDERS) if _is_named(element)),
        _worded(tree),
        _texts(element for element in tree.iter("a") if _AUTHOR_PAGE.search(element.get("href") or "")),
    )


def is_aside(element: Tree) -> bool:
    """Whether it stands in a sidebar, teaser, comment list, navigation or footer."""
    return any(
        above.tag == "aside" or _is_elsewhere(above) or (above.tag not in _WHOLE and _ASIDE.search(_names(above)))
        for above in element.iterancestors()
    )


def _is_elsewhere(above: Tree) -> bool:
    """Navigation, footer, or a list of other articles or of readers' comments: never this article's byline."""
    return above.tag in ("nav", "footer") or (above.tag not in _WHOLE and bool(_OTHERS.search(_names(above))))


def _is_named(element: Tree) -> bool:
    names = _names(element)
    return bool(names and _NAMED.search(names) and not _NOT_NAMED.search(names))


def _names(element: Tree) -> str:
    return " ".join(filter(None, (element.get(a) for a in ("class", "id", "data-testid", "data-component"))))


def _texts(elements: Iterable[Tree]) -> tuple[str, ...]:
    found: dict[str, dict[str, None]] = {}
    for element in elements:
        if is_longer(element, 4 * _MAX_TEXT) or any(_is_elsewhere(above) for above in element.iterancestors()):
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


def _worded(tree: Tree) -> tuple[str, ...]:
    """Lines that begin as bylines do; where the words stand alone, with the line after them."""
    found: dict[str, None] = {}
    for element in tree.iter(*_LINES):
        for own, holder in ((element.text, element), (element.tail, None)):
            begun = _WORDED.match(own) if own and len(own) <= _MAX_TEXT else None
            if begun is None or any(map(_is_elsewhere, element.iterancestors())):
                continue
            text = _line(own, holder, element.getparent(), is_label=begun.end() >= len(own.rstrip()))
            if text:
                found[text] = None
        if len(found) >= _MAX_FOUND:
            break
    return tuple(found)


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


def _place(element: Tree) -> str:
    """What names side by side share: the path of the element two levels up."""
    parent = element.getparent()
    above = parent.getparent() if parent is not None else None
    holder = above if above is not None else parent
    return str(holder.getroottree().getpath(holder)) if holder is not None else ""
