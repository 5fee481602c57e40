"""An address goes in; the year, month or day its path or query names comes out, or None.

Theory. Publishers file pages and sitemaps by date: `/2022/07/04/`, `/2022/jul/04/`, `/2022-07-04/`,
`news-20220704.html`, `sitemap-2022-07.xml`, `?yyyy=2022&mm=07&dd=04`. Four digits are a year from 1990 to 2099. A
month has two digits or an English name, a day two digits: one digit alone is as often the number of a page, so the
coarser date counts and nothing is lost by it. Of several dates the finest is taken, and of those the first. Not done:
day before month, two-digit years, and dates in words: they mean different things to different publishers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from etl.records import DatePrecision

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?<!\d)(?P<year>(?:19[9]|20\d)\d)"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_NAME = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_PATTERNS = (
    re.compile(rf"{_YEAR}(?P<mark>[-/_.]){_MONTH}(?P=mark){_DAY}(?!\d)"),
    re.compile(rf"{_YEAR}(?P<mark>[-/_.]){_NAME}(?P=mark){_DAY}(?!\d)", re.IGNORECASE),
    re.compile(rf"{_YEAR}{_MONTH}{_DAY}(?!\d)"),
    re.compile(rf"{_YEAR}[-/_.]{_NAME}(?![a-z])", re.IGNORECASE),
    re.compile(rf"{_YEAR}[-/_.]?{_MONTH}(?!\d)"),
    re.compile(rf"{_YEAR}(?!\d)"),
)
# What publishers call the parts of a date in a query.
_KEYS = {
    "year": ("yyyy", "year", "y"),
    "month": ("mm", "month", "m"),
    "day": ("dd", "day", "d"),
}
_MAX_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Span:
    """The time a date in an address stands for, UTC."""

    start: datetime
    end: datetime  # not included
    precision: DatePrecision | None  # None for a year
    raw: str  # as it stands there


def named_span(url: str) -> Span | None:
    """The finest date an address names.

    >>> named_span("https://a.example/2022/07/04/bridge").raw
    '2022/07/04'
    """
    try:
        parts = urlsplit(url[:_MAX_LOOKED_AT])
    except ValueError:
        return None
    return _in_query(parts.query) or _in_text(parts.path) or _in_text(parts.query)


def _in_text(text: str) -> Span | None:
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            span = _span(found.groupdict(), found.group(0))
            if span:
                return span
    return None


def _in_query(query: str) -> Span | None:
    if not query or not any(key in query.lower() for key in _KEYS["year"]):
        return None
    stated = {key.lower(): value for key, value in parse_qsl(query, max_num_fields=50)} if query.count("&") < 50 else {}
    given = {part: next((stated[k] for k in keys if k in stated), "") for part, keys in _KEYS.items()}
    if not re.fullmatch(r"(?:19|20)\d\d", given["year"]):
        return None
    return _span(given, "-".join(v for v in given.values() if v))


def _span(parts: dict[str, str], raw: str) -> Span | None:
    year, month, day = int(parts["year"]), _month(parts.get("month")), parts.get("day") or ""
    try:
        if month is None:
            return Span(_utc(year, 1, 1), _utc(year + 1, 1, 1), None, raw)
        if not re.fullmatch(r"\d{1,2}", day):
            return Span(_utc(year, month, 1), _utc(year + month // 12, month % 12 + 1, 1), DatePrecision.MONTH, raw)
        on = _utc(year, month, int(day))
    except ValueError:
        return None
    return Span(on, on + timedelta(days=1), DatePrecision.DAY, raw)


def _month(stated: str | None) -> int | None:
    if not stated:
        return None
    if stated.isascii() and stated.isdigit():
        return int(stated)
    return _MONTHS.index(stated[:3].lower()) + 1 if stated[:3].lower() in _MONTHS else None


def _utc(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)
