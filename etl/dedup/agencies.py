"""A text goes in; the news agency it names as its origin comes out, or None.

Theory. An agency text says so where it begins or ends: in brackets after the place ("KYIV (Reuters) -", "PARIS
(AFP) —"), in a byline or credit line of its own ("By Jane Doe, Associated Press", "© dpa", "Source: Interfax"), or in a
sign-off ("Reporting by …; Editing by …" is Reuters'). A name inside a sentence ("told Reuters") is a source quoted,
and does not count. The names are those of `etl.extract.agencies`.
"""

from __future__ import annotations

import re

from etl.extract.agencies import ANY, agency

_IN_BRACKETS = re.compile(rf"\((?:via )?({ANY})\)")
_CREDIT = re.compile(
    rf"^(?:By [^.\n]{{0,80}}?,? |(?:Source|Agency|Quelle|Fuente|Источник|Джерело): ?|© ?|Copyright (?:\d{{4}} )?)"
    rf"({ANY})\b|^({ANY})$",
    re.MULTILINE,
)
_SIGN_OFF = re.compile(r"\(Reporting by [^)]{3,200}[;)]")
_REACH = 400  # characters from either end


def agency_named(text: str) -> str | None:
    """The agency a text credits, by its short name."""
    for part in (text[:_REACH], text[-_REACH:]):
        found = _IN_BRACKETS.search(part) or _CREDIT.search(part)
        if found:
            named = next(g for g in found.groups() if g)
            return agency(named) or named
        if _SIGN_OFF.search(part):
            return "Reuters"
    return None
