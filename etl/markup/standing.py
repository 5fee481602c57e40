"""An element in, whether it stands in this article's part of its page or in that of others out.

Theory. Sidebars, teasers, lists of comments, navigation and footers are told by their tags and the names templates give
them. An element stands where the elements above it stand, so what was found of one serves all below it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from etl.markup.tree import Tree

_WHOLE = frozenset(("html", "body", "main", "article"))
_OTHERS = re.compile(r"comment|related|recommend|teaser|trending|footer|newsletter|promo|carousel", re.IGNORECASE)
_ASIDE = re.compile(r"sidebar|widget|recent|latest|card|more-", re.IGNORECASE)


class Standing:
    """Answers for the elements of one page, which must not change meanwhile."""

    def __init__(self) -> None:
        self._elsewhere: dict[Tree, bool] = {}
        self._aside: dict[Tree, bool] = {}

    def is_elsewhere(self, element: Tree) -> bool:
        """Whether it stands in navigation, a footer, or a list of other articles or of readers' comments."""
        above = element.getparent()
        if above is None:
            return False
        known = self._elsewhere.get(above)
        if known is None:
            known = self._elsewhere[above] = _names_elsewhere(above) or self.is_elsewhere(above)
        return known

    def is_aside(self, element: Tree) -> bool:
        """The same, or in a sidebar or a teaser."""
        above = element.getparent()
        if above is None:
            return False
        known = self._aside.get(above)
        if known is None:
            known = self._aside[above] = _names_aside(above) or self.is_aside(above)
        return known


def names_of(element: Tree) -> str:
    """What templates call it."""
    get = element.get
    return _joined(get("class"), get("id"), get("data-testid"), get("data-component"))


@lru_cache(maxsize=20_000)
def _joined(*names: str | None) -> str:
    return " ".join(filter(None, names))


def _names_elsewhere(element: Tree) -> bool:
    tag = element.tag
    return tag in ("nav", "footer") or (tag not in _WHOLE and _is_of_others(names_of(element)))


def _names_aside(element: Tree) -> bool:
    tag = element.tag
    return tag == "aside" or _names_elsewhere(element) or (tag not in _WHOLE and _is_beside(names_of(element)))


@lru_cache(maxsize=20_000)
def _is_of_others(names: str) -> bool:
    return bool(_OTHERS.search(names))


@lru_cache(maxsize=20_000)
def _is_beside(names: str) -> bool:
    return bool(_ASIDE.search(names))
