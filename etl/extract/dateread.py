"""One statement of a date in, its `Dated` out: strictly, all of day, month and year, in a form with one reading.

Forms: ISO 8601 and its neighbours, seconds since 1970, mail dates, and what `datewords` reads. A day is a day: its
instant is that day's midnight in UTC. A time without an offset is read in the zone given and is precise to the
minute, for its instant is our reading. "01/02/2024" has two readings, and so none.
Also here: whether a line of text is nothing but a date, as pages print between headline and text. What is left of such
a line without digits, names of months and days and the few words that stand round a date is next to nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from etl.extract.datewords import said
from etl.records import Dated, DateOrigin, DatePrecision

_ISO = re.compile(
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+\-\u2212]\d{2}:?\d{0,2})?\s*(?:\[[\w/]+\])?\s*$",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"^1\d{9}(\d{3})?$")
_MONTH_NAMES = (
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|maj|jun|jui|jul|aug|aoû|ago|sep|oct|okt|out|nov|dec|dez|déc|dic|"
    r"янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру)\w*\.?"
)
_DATE_WORDS = re.compile(
    rf"\d+|[年月日時分년월일]|更新|公開|(?<![^\W\d_])(?:{_MONTH_NAMES}|[ap]\.?m\.?|uhr|utc|gmt|[a-z]{{2,3}}t|st|nd|rd|th|"
    r"le|den|de|del|à|at|on|um|kl|updated|published|posted|last|modified|stand|aktualisiert|veröffentlicht|uppdaterad|"
    r"publicerad|publicado|actualizado|publié|mis|jour|min|mins|minutes?|minuten|minuti|read|reading|time|lesezeit|"
    r"lesedauer|lectura|lecture|опубликовано|обновлено|оновлено|mon|tue|wed|thu|fri|sat|sun|\w+day|\w+tag|mittwoch)"
    r"(?![^\W\d_])",
    re.IGNORECASE,
)
_MAX_LINE = 90  # characters
_SPARE = 3  # letters left over: an unknown zone or a stray word


def read(stated: str, origin: DateOrigin, *, zone: str = "UTC") -> Dated | None:
    """One statement of a date read strictly: all of day, month and year stated, in a form with one reading."""
    raw = " ".join(stated.split())[:120]
    if _ISO.match(raw):
        return _iso(raw, origin, zone)
    return _epoch(raw, origin) or _rfc822(raw, origin, zone) or _said(raw, origin, zone)


def is_date_line(line: str) -> bool:
    """Whether a line is nothing but a date, a time or a reading time."""
    if len(line) > _MAX_LINE or not re.search(r"\d", line):
        return False
    return sum(c.isalpha() for c in _DATE_WORDS.sub("", line)) <= _SPARE


def _dated(at: datetime, zone: str, origin: DateOrigin, raw: str) -> Dated:
    if at.tzinfo is None:
        return Dated(at.replace(tzinfo=_zone(zone)), DatePrecision.MINUTE, origin, raw)
    return Dated(at, DatePrecision.INSTANT, origin, raw)


def day_of(day: date, origin: DateOrigin, raw: str) -> Dated:
    """A day as a day."""
    return Dated(datetime(day.year, day.month, day.day, tzinfo=UTC), DatePrecision.DAY, origin, raw)


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
            return day_of(date(int(year), int(month), int(day)), origin, raw)
        at = datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second or 0), 59))  # noqa: DTZ001 - the offset follows
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


def _said(raw: str, origin: DateOrigin, zone: str) -> Dated | None:
    found = said(raw)
    if found is None:
        return None
    if found.time is None:
        return day_of(found.day, origin, raw)
    at = datetime(found.day.year, found.day.month, found.day.day, *found.time, tzinfo=found.offset or _zone(zone))
    return Dated(at, DatePrecision.MINUTE, origin, raw)
