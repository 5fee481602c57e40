"""A tree in, the dates it shows out, in document order: <time>, elements named for a date, and lines that carry a year.

A line that carries a year is a short text in an element of its own, as pages without <time> print their date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from etl.markup.outline import Outline
from etl.markup.standing import Standing, speaks_of

_MAX = 300  # elements looked at closely
_MAX_TEXT = 120  # characters
_MAX_LINE = 60  # of a line not named for a date
_NAMED = re.compile(r"date|time(?!line)|publi[sc]|posted|fecha|datum", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_NAMES = ("date", "time", "publi", "posted", "fecha", "datum")  # one of which all have that _NAMED finds
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


def times(page: Outline, standing: Standing) -> tuple[TimeElement, ...]:
    """The dates a page shows."""
    out: list[TimeElement] = []
    heading = next(iter(page.of("h1")), 0)
    dated = _with_year(page)
    for at, (tag, attributes) in enumerate(zip(page.tags, page.attributes, strict=True)):
        if tag not in _HOLDERS and tag != "time":
            continue
        get = attributes.get
        is_named = tag == "time" or bool(attributes and _is_named(get("class"), get("id"), get("itemprop")))
        if is_named or (at in dated and len(dated[at]) <= 2 * _MAX_LINE):
            found = _read(page, at, standing, is_named=is_named, distance=at - heading)
            if found is not None:
                out.append(found)
        if len(out) >= _MAX:
            break
    return tuple(out)


def _with_year(page: Outline) -> dict[int, str]:
    """The own text, not that of their children, of elements that have a year in it."""
    holders = {at for at, text in enumerate(page.leads) if _may_have_year(text)}
    holders |= {page.parents[at] for at, text in enumerate(page.tails) if _may_have_year(text)}
    return {at: " ".join([page.leads[at], *(page.tails[child] for child in page.children(at))]) for at in holders}


def _may_have_year(text: str) -> bool:
    """A cheap question that rules out nearly all."""
    return ("20" in text or "19" in text) and bool(_YEAR.search(text))


def _read(page: Outline, at: int, standing: Standing, *, is_named: bool, distance: int) -> TimeElement | None:
    if page.size(at) > _MAX_TEXT:
        return None
    shown, attributes, above = page.text(at), page.attributes[at], page.parents[at]
    stated = next((v.strip() for a in ("datetime", "content", "data-datetime") if (v := attributes.get(a))), "")
    if not (stated or shown) or (not is_named and len(shown) > _MAX_LINE):
        return None
    hint = f"{_names(page, at)} {_names(page, above)} {_before(page, above, shown)}".lower().strip()
    itemprop = attributes.get("itemprop", "").lower()
    is_aside = standing.is_aside(at)
    return TimeElement(stated[:_MAX_TEXT], shown, itemprop, hint, is_aside, is_named, distance >= 0, abs(distance))


def _before(page: Outline, above: int, shown: str) -> str:
    """The words before it on its line, back to the date before: "Updated 1 June, published" gives ", published"."""
    if above < 0 or not shown or page.size(above) > 2 * _MAX_TEXT:
        return ""
    return _FIGURE.split(page.text(above).partition(shown)[0])[-1][-_MAX_LINE:].strip()


@lru_cache(maxsize=20_000)
def _is_named(*names: str | None) -> bool:
    joined = " ".join(filter(None, names))
    return speaks_of(joined, _NAMES) and bool(_NAMED.search(joined))


def _names(page: Outline, at: int) -> str:
    attributes = page.attributes[at] if at >= 0 else {}
    return " ".join(filter(None, map(attributes.get, ("class", "id", "itemprop"))))
