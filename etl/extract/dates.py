"""A page's statements on dates in, one `Dated` each for published and modified out.

Theory. Signals in order of how often they state the instant of publication: JSON-LD datePublished, meta
(article:published_time and its kin), microdata and <time>, the address, the text (htmldate). The first that states a
possible date wins; a date no article can have (before 1990, or more than a day after it was seen) is passed over, not
repaired. A day is a day: precision says so, and its instant is that day's midnight in UTC. A time without an offset is
read in the source's zone and is precise to the minute, for its instant is our reading. "01/02/2024" has two readings
and so none, unless the page's other statements name one of them. Nothing here reads the clock.
Chosen not to do: "3 hours ago" (nobody knows when the page was made), and dates in running text, which are mostly
about what the article is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from etl.extract.dateread import day_of, is_date_line, read
from etl.markup import Node, Signals, TimeElement
from etl.records import Dated, DateOrigin, DatePrecision

_FIRST_YEAR = 1990
_SLACK = timedelta(days=1)
_SAME_DAY = timedelta(hours=36)  # from a day's midnight in UTC to its end anywhere

# Names seen in the heads of news pages, most exact first.
_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "article.published",
    "published-date",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "published",
    "published_time",
    "publishdate",
    "article_date_original",
    "date",
)
_OTHER_META = re.compile(
    r"^(?!.*(?:modif|updat|expir|review|last)).*(?:publi(?:sh|cation)|release).?.?(?:date|time|on)", re.IGNORECASE
)
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")

_UPDATED = re.compile(
    r"\b(?:last\s+)?(?:updated|modified|revised)\b|aktualisiert|mis à jour|actualizad|обновлено|оновлено", re.IGNORECASE
)
_URL_DAY = re.compile(r"[/_-]((?:19|20)\d{2})[/_-]?(\d{2})[/_-]?(\d{2})(?=[/_.\-]|$|\D)")


def shown(signals: Signals, *, zone: str, seen: datetime) -> Dated | None:
    """The line nearest the heading that is nothing but a date: how pages without markup for it print theirs."""
    lines = [t for t in signals.times if not t.is_aside and not _is_update(t) and is_date_line(t.shown)]
    above = [t for t in reversed(lines) if not t.is_below_heading]
    below = [t for t in lines if t.is_below_heading]
    return _first(((t.shown, DateOrigin.TEXT) for t in (*below, *above)), zone, seen)


def published(signals: Signals, node: Node | None, url: str | None, *, zone: str, seen: datetime) -> Dated | None:
    """When the page says it was published; None where no statement holds."""
    stated = _published_statements(signals, node)
    return _first(stated, zone, seen) or _in_url(url, seen) or shown(signals, zone=zone, seen=seen)


def modified(signals: Signals, node: Node | None, *, zone: str, seen: datetime) -> Dated | None:
    """When the page says it was last changed."""
    return _first(_modified_statements(signals, node), zone, seen)


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


def _published_statements(signals: Signals, node: Node | None) -> Iterator[tuple[str, DateOrigin]]:
    if node is not None:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            yield from ((v, DateOrigin.JSON_LD) for v in _strings(node.properties.get(key)))
    for name in _PUBLISHED_META:
        yield from ((v, DateOrigin.META) for v in signals.meta.get(name, ()))
    for name, values in signals.meta.items():
        if _OTHER_META.search(name) and name not in _PUBLISHED_META:
            yield from ((v, DateOrigin.META) for v in values)
    for name in ("datepublished", "datecreated"):
        yield from ((v, DateOrigin.META) for v in signals.microdata.get(name, ()))
    yield from ((s, DateOrigin.TIME_ELEMENT) for t in _by_trust(signals.times) for s in (t.stated, t.shown) if s)


def _modified_statements(signals: Signals, node: Node | None) -> Iterator[tuple[str, DateOrigin]]:
    if node is not None:
        yield from ((v, DateOrigin.JSON_LD) for v in _strings(node.properties.get("dateModified")))
    for name in _MODIFIED_META:
        yield from ((v, DateOrigin.META) for v in signals.meta.get(name, ()))
    yield from ((v, DateOrigin.META) for v in signals.microdata.get("datemodified", ()))
    for t in signals.times:
        if _is_update(t) and not t.is_aside:
            yield from ((s, DateOrigin.TIME_ELEMENT) for s in (t.stated, t.shown) if s)


def _by_trust(times: tuple[TimeElement, ...]) -> list[TimeElement]:
    """Outside teasers and comments, not about a change; those that say "published" first, then in document order."""
    usable = [t for t in times if t.is_named and not t.is_aside and not _is_update(t)]

    def says_so(t: TimeElement) -> bool:
        return t.itemprop == "datepublished" or "publi" in t.hint or bool(t.stated)

    return sorted(usable, key=lambda t: (not t.is_below_heading, not says_so(t)))


def _is_update(t: TimeElement) -> bool:
    return "modif" in t.itemprop or "updat" in t.hint or "modif" in t.hint or bool(_UPDATED.search(t.shown))


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | int) and str(v).strip()]


def _in_url(url: str | None, seen: datetime) -> Dated | None:
    for found in _URL_DAY.finditer(url or ""):
        try:
            dated = day_of(date(int(found[1]), int(found[2]), int(found[3])), DateOrigin.URL, found[0].strip("/_-"))
        except ValueError:
            continue
        if is_possible(dated, seen):
            return dated
    return None
