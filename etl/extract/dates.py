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
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from etl.markup import Node, Signals, TimeElement
from etl.records import Dated, DateOrigin, DatePrecision

_FIRST_YEAR = 1990
_SLACK = timedelta(days=1)

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
    "article_date_original",
    "date",
)
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")

_ISO = re.compile(
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+\-\u2212]\d{2}:?\d{0,2})?\s*(?:\[[\w/]+\])?\s*$",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:last\s+)?(?:updated|modified|revised)\b|aktualisiert|mis à jour|actualizad|обновлено|оновлено", re.IGNORECASE
)
_URL_DAY = re.compile(r"[/_-]((?:19|20)\d{2})[/_-]?(\d{2})[/_-]?(\d{2})(?=[/_.\-]|$|\D)")
_EPOCH = re.compile(r"^1\d{9}(\d{3})?$")


def published(signals: Signals, node: Node | None, url: str | None, *, zone: str, seen: datetime) -> Dated | None:
    """When the page says it was published; None where no statement holds."""
    stated = _published_statements(signals, node)
    return _first(stated, zone, seen) or _in_url(url, seen)


def modified(signals: Signals, node: Node | None, *, zone: str, seen: datetime) -> Dated | None:
    """When the page says it was last changed."""
    return _first(_modified_statements(signals, node), zone, seen)


def read(stated: str, origin: DateOrigin, *, zone: str = "UTC") -> Dated | None:
    """One statement of a date read strictly: all of day, month and year stated, in a form with one reading."""
    raw = " ".join(stated.split())[:120]
    return _iso(raw, origin, zone) or _epoch(raw, origin) or _rfc822(raw, origin, zone) or _worded(raw, origin)


def is_possible(dated: Dated, seen: datetime) -> bool:
    """Whether an article seen then can have this date."""
    return dated.at.year >= _FIRST_YEAR and dated.at <= seen + _SLACK


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
        if _is_update(t) and not t.is_aside and t.stated:
            yield t.stated, DateOrigin.TIME_ELEMENT


def _by_trust(times: tuple[TimeElement, ...]) -> list[TimeElement]:
    """Outside teasers and comments, not about a change; those that say "published" first, then in document order."""
    usable = [t for t in times if not t.is_aside and not _is_update(t)]
    return sorted(usable, key=lambda t: not (t.itemprop == "datepublished" or "publish" in t.hint or bool(t.stated)))


def _is_update(t: TimeElement) -> bool:
    return "modif" in t.itemprop or "updat" in t.hint or "modif" in t.hint or bool(_UPDATED.search(t.shown))


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | int) and str(v).strip()]


def _dated(at: datetime, zone: str, origin: DateOrigin, raw: str) -> Dated:
    if at.tzinfo is None:
        return Dated(at.replace(tzinfo=_zone(zone)), DatePrecision.MINUTE, origin, raw)
    return Dated(at, DatePrecision.INSTANT, origin, raw)


def _day(day: date, origin: DateOrigin, raw: str) -> Dated:
    return Dated(datetime.combine(day, time(), UTC), DatePrecision.DAY, origin, raw)


def _zone(name: str) -> ZoneInfo | timezone:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _iso(raw: str, origin: DateOrigin, zone: str) -> Dated | None:
    found = _ISO.match(raw)
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    try:
        if hour is None:
            return _day(date(int(year), int(month), int(day)), origin, raw)
        at = datetime(int(year), int(month), int(day), int(hour) % 24, int(minute), min(int(second or 0), 59))  # noqa: DTZ001 - the offset follows
        return _dated(at.replace(tzinfo=_offset(offset)), zone, origin, raw)
    except (ValueError, OverflowError):
        return None


def _offset(stated: str | None) -> timezone | None:
    if not stated:
        return None
    if stated.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = re.sub(r"\D", "", stated).ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return timezone(ahead if stated[0] == "+" else -ahead)


def _epoch(raw: str, origin: DateOrigin) -> Dated | None:
    if not _EPOCH.match(raw):
        return None
    return Dated(datetime.fromtimestamp(int(raw[:10]), UTC), DatePrecision.INSTANT, origin, raw)


def _rfc822(raw: str, origin: DateOrigin, zone: str) -> Dated | None:
    if "," not in raw or ":" not in raw:
        return None
    try:
        return _dated(parsedate_to_datetime(raw), zone, origin, raw)
    except (ValueError, TypeError, IndexError):
        return None


_MONTHS = {m: at for at, m in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), start=1)}
_WORDED = re.compile(
    r"\b(?:(?P<m1>[A-Za-z]{3,9})\.?\s+(?P<d1>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y1>\d{4})"
    r"|(?P<d2>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m2>[A-Za-z]{3,9})\.?,?\s+(?P<y2>\d{4}))\b"
)
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?![\d])")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")


def _worded(raw: str, origin: DateOrigin) -> Dated | None:
    """A day in words (English), in CJK form, or in digits where only one order can be meant."""
    found = _WORDED.search(raw)
    if found:
        month = _MONTHS.get((found["m1"] or found["m2"])[:3].lower())
        parts = (int(found["y1"] or found["y2"]), month or 0, int(found["d1"] or found["d2"]))
    elif cjk := _CJK.search(raw):
        parts = (int(cjk[1]), int(cjk[2]), int(cjk[3]))
    elif numeric := _NUMERIC.search(raw):
        first, second, year = (int(g) for g in numeric.groups())
        if first <= 12 and second <= 12 and first != second and "." not in numeric[0]:
            return None
        parts = (year, second, first) if first > 12 or "." in numeric[0] else (year, first, second)
    else:
        return None
    try:
        return _day(date(*parts), origin, raw)
    except ValueError:
        return None


def _in_url(url: str | None, seen: datetime) -> Dated | None:
    for found in _URL_DAY.finditer(url or ""):
        try:
            dated = _day(date(int(found[1]), int(found[2]), int(found[3])), DateOrigin.URL, found[0].strip("/_-"))
        except ValueError:
            continue
        if is_possible(dated, seen):
            return dated
    return None


def with_origin(dated: Dated, origin: DateOrigin) -> Dated:
    """The same date, said to come from elsewhere."""
    return replace(dated, origin=origin)
