"""One statement of a date in, its `Dated` out: strictly, all of day, month and year, in a form with one reading.

Forms: ISO 8601 and its neighbours, seconds since 1970, mail dates, a day in English words, in CJK characters or in
digits. A day is a day: its instant is that day's midnight in UTC. A time without an offset is read in the zone given
and is precise to the minute, for its instant is our reading. "01/02/2024" has two readings, and so none.
Also here: whether a line of text is nothing but a date, as pages print between headline and text. What is left of such
a line without digits, names of months and days and the few words that stand round a date is next to nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from etl.records import Dated, DateOrigin, DatePrecision

_ISO = re.compile(
    r"^\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+\-\u2212]\d{2}:?\d{0,2})?\s*(?:\[[\w/]+\])?\s*$",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"^1\d{9}(\d{3})?$")
_MONTHS = {m: at for at, m in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), start=1)}
_WORDED = re.compile(
    r"\b(?:(?P<m1>[A-Za-z]{3,9})\.?\s+(?P<d1>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y1>\d{4})"
    r"|(?P<d2>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m2>[A-Za-z]{3,9})\.?,?\s+(?P<y2>\d{4}))\b"
)
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?![\d])")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
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
    return _iso(raw, origin, zone) or _epoch(raw, origin) or _rfc822(raw, origin, zone) or _worded(raw, origin)


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
        return day_of(date(*parts), origin, raw)
    except ValueError:
        return None
