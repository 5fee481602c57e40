"""What a template calls an element goes in; the words of the names come out.

A name is read as whole words ("newsletter-signup" and "newsletterSignup" are newsletter and signup), so that
"shareholder" is no "share".
"""

from __future__ import annotations

import re

from etl.markup import Tree

_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def words(names: str) -> list[str]:
    """The words of a class, an id or several.

    >>> words("articleBody shareholder-list")
    ['article', 'body', 'shareholder', 'list']
    """
    return _WORD.findall(_CAMEL.sub("-", names).lower())


def is_undisplayed(element: Tree) -> bool:
    """Whether the page itself hides it, by its style or in so many words."""
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and "display:none" in style.replace(" ", "").lower())
