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
_NAMED = re.compile(
    r"author|byline|by-line|writer|journalist|autor|contributor-name|post-by|posted-by|written-by", re.IGNORECASE
)
_NOT_NAMED = re.compile(
    r"bio|box|avatar|image|img|photo|pic|social|follow|comment|desc|about|share|date|time|role|title|count|email|icon|"
    r"label|related|bookmark|authoriz|authoris|authority|unauthor|list-page",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:es|en)?|auteurs?|autore|redakteur|by|byline|staff|contributors?|journalists?|reporters?|"
    r"people|person|profile|writers?|user|team|correspondents?)/[^/?#]{3,}",
    re.IGNORECASE,
)
_WHOLE = ("html", "body", "main", "article")
_OTHERS = re.compile(r"comment|related|recommend|teaser|trending|footer|newsletter|promo|carousel", re.IGNORECASE)
_ASIDE = re.compile(r"sidebar|widget|recent|latest|card|more-", re.IGNORECASE)


def bylines(tree: Tree) -> tuple[tuple[str, ...], ...]:
    """Three lists of texts: stated by markup, named by class or id, links to an author's page.

    Names that stand side by side are one text, joined by a semicolon.
    """
    return (
        _texts(tree.xpath("//*[@rel='author' or contains(@itemprop,'author')]")),
        _texts(element for element in tree.iter(*_HOLDERS) if _is_named(element)),
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
        if 2 < len(text) <= _MAX_TEXT:
            found.setdefault(_place(element), {})[text] = None
        if len(found) >= _MAX_FOUND:
            break
    return tuple(dict.fromkeys("; ".join(texts) for texts in found.values()))


def _place(element: Tree) -> str:
    """What names side by side share: the path of the element two levels up."""
    parent = element.getparent()
    above = parent.getparent() if parent is not None else None
    holder = above if above is not None else parent
    return str(holder.getroottree().getpath(holder)) if holder is not None else ""
