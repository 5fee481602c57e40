"""What a template calls an element goes in; the words of the names come out.

A name is read as whole words ("newsletter-signup" and "newsletterSignup" are newsletter and signup), so that
"shareholder" is no "share".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def words(names: str) -> list[str]:
    """The words of a class, an id or several.

    >>> words("articleBody shareholder-list")
    ['article', 'body', 'shareholder', 'list']
    """
    return _WORD.findall(_CAMEL.sub("-", names).lower())


def is_undisplayed(attributes: Mapping[str, str]) -> bool:
    """Whether the page itself hides an element, by its style or in so many words."""
    if "style" in attributes and "display:none" in attributes["style"].replace(" ", "").lower():
        return True
    return "hidden" in attributes
