"""A tree in, the dates it shows out, in document order: <time>, elements named for a date, and lines that carry a year.

A line that carries a year is a short text in an element of its own, as pages without <time> print their date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from etl.markup.standing import Standing
from etl.markup.tree import Tree, is_longer, text_of

_MAX = 300  # elements looked at closely
_MAX_TEXT = 120  # characters
_MAX_LINE = 60  # of a line not named for a date
_NAMED = re.compile(r"date|time(?!line)|publi[sc]|posted|fecha|datum", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HOLDERS = frozenset(
    {"span", "div", "p", "abbr", "small", "li", "td", "em", "i", "b", "strong", "a", "h2", "h3", "h4", "h5", "h6", "dd"}
)


@dataclass(frozen=True, slots=True)
class TimeElement:
    """A date as shown."""

    stated: str  # datetime, content or title attribute, else ""
    shown: str  # what the reader sees
    itemprop: str  # microdata property, lower case, else ""
    hint: str  # class and id of it and its parent, and the text before it, lower case
    is_aside: bool  # within a comment list, sidebar, teaser, navigation or footer
    is_named: bool  # <time>, or named for a date; else a line that carries a year
    is_below_heading: bool  # after the first h1
    distance: int  # elements between it and the first h1; from the top where there is none


def times(tree: Tree, standing: Standing) -> tuple[TimeElement, ...]:
    """The dates a page shows."""
    out: list[TimeElement] = []
    elements = list(tree.iter("*"))
    heading = next((at for at, element in enumerate(elements) if element.tag == "h1"), 0)
    dated = _with_figures(elements)
    for at, element in enumerate(elements):
        tag = element.tag
        if tag not in _HOLDERS and tag != "time":
            continue
        is_named = tag == "time" or _is_named(element.get("class"), element.get("id"), element.get("itemprop"))
        if is_named or (element in dated and _carries_year(element)):
            found = _read(element, standing, is_named=is_named, at=at - heading)
            if found is not None:
                out.append(found)
        if len(out) >= _MAX:
            break
    return tuple(out)


def _with_figures(elements: list[Tree]) -> set[Tree]:
    """Elements one of whose own texts may have a year in it: a cheap question that rules out nearly all."""
    found: set[Tree] = set()
    for element in elements:
        text = element.text
        if text and ("20" in text or "19" in text):
            found.add(element)
        text = element.tail
        if text and ("20" in text or "19" in text):
            found.add(element.getparent())
    return found


def _carries_year(element: Tree) -> bool:
    """Whether its own text, not that of its children, has a year and little else."""
    own = f"{element.text or ''} {' '.join([child.tail or '' for child in element])}"
    return len(own) <= 2 * _MAX_LINE and bool(_YEAR.search(own))


def _read(element: Tree, standing: Standing, *, is_named: bool, at: int) -> TimeElement | None:
    if is_longer(element, _MAX_TEXT):
        return None
    shown = text_of(element)
    stated = next((v.strip() for a in ("datetime", "content", "data-datetime") if (v := element.get(a))), "")
    if not (stated or shown) or (not is_named and len(shown) > _MAX_LINE):
        return None
    parent = element.getparent()
    hint = f"{_names(element)} {_names(parent) if parent is not None else ''} {_before(parent, shown)}".lower().strip()
    itemprop = (element.get("itemprop") or "").lower()
    is_aside = standing.is_aside(element)
    return TimeElement(stated[:_MAX_TEXT], shown, itemprop, hint, is_aside, is_named, at >= 0, abs(at))


def _before(parent: Tree | None, shown: str) -> str:
    """The words before it on its line, back to the date before: "Updated 1 June, published" gives ", published"."""
    if parent is None or not shown or is_longer(parent, 2 * _MAX_TEXT):
        return ""
    return re.split(r"\d", text_of(parent).partition(shown)[0])[-1][-_MAX_LINE:].strip()


@lru_cache(maxsize=20_000)
def _is_named(*names: str | None) -> bool:
    return bool(_NAMED.search(" ".join(filter(None, names))))


def _names(element: Tree) -> str:
    return " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
