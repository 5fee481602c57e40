"""A page's statements on dates in, one `Dated` each for published and modified out.

Theory. Signals in order of how often they state the instant of publication: JSON-LD datePublished, meta
(article:published_time and its kin), microdata and <time>, the address, the text (htmldate). The first that states a
possible date wins; a date no article can have (before 1990, or more than a day after it was seen) is passed over, not
repaired. A day is a day: precision says so, and its instant is that day's midnight in UTC. A time without an offset is
read in the source's zone and is precise to the minute, for its instant is our reading - unless another statement has
the same time with its offset. An instant shown to the reader in another offset is kept in that one, for its day is
the publisher's. Data whose datePublished is its dateModified gives way to an earlier one said elsewhere: some systems
write the last change into both; and all data to a date line right beneath the heading that is earlier by more than a
day, for data is rewritten when a site moves. A page that tells only of its last change gives that, and says so by its
origin, `update`: published then or earlier. Nothing here reads the clock.
Chosen not to do: "3 hours ago" (nobody knows when the page was made), and dates in running text, which are mostly
about what the article is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from etl.extract.dateread import day_of, is_date_line, read
from etl.extract.datestated import is_update, modified_statements, published_statements, strings
from etl.markup import Node, Signals
from etl.records import Dated, DateOrigin, DatePrecision

_FIRST_YEAR = 1990
_SLACK = timedelta(days=1)
_MOST_REFUSED = 5
_NEAR = 40  # elements behind the heading
_SAME_DAY = timedelta(hours=36)  # from a day's midnight in UTC to its end anywhere

_URL_DAY = re.compile(r"[/_-]((?:19|20)\d{2})[/_-]?(\d{2})[/_-]?(\d{2})(?=[/_.\-]|$|\D)")


def _beneath(signals: Signals, zone: str, seen: datetime) -> Dated | None:
    """The date line right beneath the heading: what the reader takes for the day of publication."""
    lines = (t for t in signals.times if t.is_below_heading and not t.is_aside and not is_update(t))
    first = next((t for t in lines if is_date_line(t.shown)), None)
    if first is None or first.distance > _NEAR:
        return None
    return _first(((s, DateOrigin.TIME_ELEMENT) for s in (first.stated, first.shown) if s), zone, seen)


def shown(signals: Signals, *, zone: str, seen: datetime) -> Dated | None:
    """The line nearest the heading that is nothing but a date: how pages without markup for it print theirs."""
    lines = [t for t in signals.times if not t.is_aside and not is_update(t) and is_date_line(t.shown)]
    above = [t for t in reversed(lines) if not t.is_below_heading]
    below = [t for t in lines if t.is_below_heading]
    return _first(((t.shown, DateOrigin.TEXT) for t in (*below, *above)), zone, seen)


def published(signals: Signals, node: Node | None, url: str | None, *, zone: str, seen: datetime) -> Dated | None:
    """When the page says it was published; None where no statement holds."""
    statements = [*published_statements(signals, node)]
    found = _first(statements, zone, seen)
    if found is not None and _is_last_change(found, node, zone):
        others = [s for s in statements if s[1] is not DateOrigin.JSON_LD]
        others.sort(key=lambda s: s[1] is not DateOrigin.TIME_ELEMENT)  # stable: what the reader is told comes first
        stated = (read(v, origin, zone=zone) for v, origin in others if origin is DateOrigin.META)
        if not any(d is not None and d.at.date() == found.at.date() for d in stated):
            found = _earlier(_first(others, zone, seen), found)
    if found is not None:
        return _in_its_offset(_earlier(_beneath(signals, zone, seen), found), statements, zone)
    return _in_url(url, seen) or shown(signals, zone=zone, seen=seen)


def modified(signals: Signals, node: Node | None, *, zone: str, seen: datetime) -> Dated | None:
    """When the page says it was last changed."""
    statements = [*modified_statements(signals, node)]
    found = _first(statements, zone, seen)
    return _in_its_offset(found, statements, zone) if found is not None else None


def last_change(changed: Dated) -> Dated:
    """The date of a page's last change as that of its publication, labelled so."""
    return replace(changed, origin=DateOrigin.UPDATE)


def refused(signals: Signals, node: Node | None, *, zone: str, seen: datetime) -> tuple[str, ...]:
    """What the page states as dates of publication and no article can have, each with why."""
    out: dict[str, None] = {}
    for stated, origin in published_statements(signals, node):
        dated = read(stated, origin, zone=zone) if origin is not DateOrigin.TIME_ELEMENT else None
        if dated is not None and not is_possible(dated, seen):
            why = "before the web" if dated.at.year < _FIRST_YEAR else "after it was seen"
            out[f"{dated.raw}: {why} ({origin})"] = None
    return tuple(out)[:_MOST_REFUSED]


def better(page: Dated | None, hinted: Dated | None, seen: datetime) -> Dated | None:
    """The page's date, unless it has none, or only a day where the feed knows the time, or a person curated it."""
    if hinted is None or not is_possible(hinted, seen):
        return page
    if page is None or hinted.origin is DateOrigin.CURATED:
        return hinted
    is_finer = page.precision is DatePrecision.DAY and hinted.precision is not DatePrecision.DAY
    return hinted if is_finer and abs(hinted.at - page.at) <= _SAME_DAY else page


def is_possible(dated: Dated, seen: datetime) -> bool:
    """Whether an article seen then can have this date."""
    return _FIRST_YEAR <= dated.at.year <= seen.year + 1 and dated.at <= seen + _SLACK


def _first(statements: Iterable[tuple[str, DateOrigin]], zone: str, seen: datetime) -> Dated | None:
    """The first possible date; a bare day gives way to a later statement that has that day's time."""
    day: Dated | None = None
    for stated, origin in statements:
        dated = read(stated, origin, zone=zone)
        if dated is None or not is_possible(dated, seen):
            continue
        if day is None and dated.precision is not DatePrecision.DAY:
            return dated
        if day is not None and dated.precision is not DatePrecision.DAY and dated.at.date() == day.at.date():
            return dated
        day = day or dated
    return day


def _is_last_change(found: Dated, node: Node | None, zone: str) -> bool:
    """Whether the data says the same of publication and last change."""
    if node is None or found.origin is not DateOrigin.JSON_LD:
        return False
    changes = (read(v, DateOrigin.JSON_LD, zone=zone) for v in strings(node.properties.get("dateModified")))
    return any(c is not None and c.at == found.at for c in changes)


def _earlier(other: Dated | None, found: Dated) -> Dated:
    return other if other is not None and other.at < found.at - _SAME_DAY else found


def _in_its_offset(found: Dated, statements: Iterable[tuple[str, DateOrigin]], zone: str) -> Dated:
    """The same time as another statement has it with an offset of its own; see the theory."""
    if found.precision is DatePrecision.DAY or (found.precision is DatePrecision.INSTANT and found.at.utcoffset()):
        return found
    for stated, origin in statements:
        other = read(stated, origin, zone=zone)
        if other is None or other.precision is not DatePrecision.INSTANT:
            continue
        is_shown = origin is DateOrigin.TIME_ELEMENT
        is_same_clock = other.at.replace(tzinfo=None) == found.at.replace(tzinfo=None)
        if (found.precision is DatePrecision.MINUTE and is_same_clock) or (
            other.at == found.at and is_shown and other.at.utcoffset()
        ):
            return other
    return found


def _in_url(url: str | None, seen: datetime) -> Dated | None:
    for found in _URL_DAY.finditer(url or ""):
        try:
            dated = day_of(date(int(found[1]), int(found[2]), int(found[3])), DateOrigin.URL, found[0].strip("/_-"))
        except ValueError:
            continue
        if is_possible(dated, seen):
            return dated
    return None
