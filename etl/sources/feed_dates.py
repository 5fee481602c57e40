"""A date as a feed states it goes in, with what the parser made of it; a `Dated` comes out, or None.

Theory. Parsers read a date without an offset, or with a zone name they do not know, as UTC, although its
publisher meant local time. So the zone is looked for in the text: an offset or a name with one meaning
counts, otherwise the wall-clock time is put in the source's own zone. A date before the web or days ahead
of the answer that carried it is no date of publication. Not done: guessing an offset; a steady skew between
stated and first-seen times is learned elsewhere.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

from etl.records import Dated, DateOrigin, DatePrecision
from etl.sources.stated import StatedDate

_ZONE = re.compile(
    r"(?:[+-]\d{2}:?\d{2}|[+-]\d{2}|\b(?:Z|UTC?|GMT|[ECMP][SD]T|A[SD]T))\s*(?:\([^)]*\)\s*)?$|\dZ\s*$", re.IGNORECASE
)
_USUAL = re.compile(  # has all that is asked of a date below
    r"(?:[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} |\d{4}-\d{2}-\d{2}T)\d{2}:\d{2}:\d{2}(?: GMT| ?[+-]\d{2}:?\d{2}|Z)"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}|T\d{4,6}")
_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}|T\d{6}")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(\S{0,6})", re.ASCII
)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})", re.ASCII)
_AT_ZERO = {"+0000", "", "GMT", "UTC", "UT", "Z"}
_MONTHS = {
    name: n
    for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=2)
_MAX_RAW = 200
_EXACT, _ROUGH = DatePrecision.INSTANT, DatePrecision.MINUTE


def from_stated(stated: StatedDate | None, *, time_zone: str, fetched_at: datetime) -> Dated | None:
    """From a date as a reader of feeds gave it."""
    if stated is None or stated.at is None:
        return None
    return _dated(stated.raw.strip(), stated.at, time_zone, fetched_at)


def from_parsed(raw: str, parsed: time.struct_time | None) -> StatedDate:
    """From a date whose parser gave the UTC or wall-clock time as a struct."""
    return StatedDate(raw, _naive(parsed) if parsed else _mail_date(raw))


def utc_of(raw: str) -> datetime | None:
    """A date as feeds usually write one, naive: UTC if it names its zone, else the wall clock's time.

    >>> utc_of("Mon, 04 Jul 2022 10:00:00 +0300"), utc_of("2022-07-04T10:00:00")
    (datetime.datetime(2022, 7, 4, 7, 0), datetime.datetime(2022, 7, 4, 10, 0))
    """
    raw = raw.strip()[:_MAX_RAW]
    try:
        if len(raw) > 25 and raw[3:5] == ", " and raw[7] == raw[11] == raw[16] == " ":
            offset_s = _offset_s(raw[26:])  # the commonest form by far: day and clock in two digits each
            time_of_day = int(raw[17:19]), int(raw[20:22]), int(raw[23:25])
            at = datetime(int(raw[12:16]), _MONTHS[raw[8:11].lower()], int(raw[5:7]), *time_of_day)  # noqa: DTZ001
            if offset_s is not None and raw[25:26] == " ":
                return at - timedelta(seconds=offset_s) if offset_s else at
        if raw[:4].isdigit():
            iso = datetime.fromisoformat(raw)
            iso = iso.replace(microsecond=0) if iso.microsecond else iso
            return iso.astimezone(UTC).replace(tzinfo=None) if iso.tzinfo else iso
        found = _MAIL.fullmatch(raw)
        offset_s = _offset_s(found.group(7)) if found else None
        if not found or offset_s is None:
            return _mail_date(raw)
        day, month, year, *clock = found.group(1, 2, 3, 4, 5, 6)
        hour, minute, second = (int(part or 0) for part in clock)
        at = datetime(int(year), _MONTHS[month.lower()], int(day), hour, minute, second)  # noqa: DTZ001 - as _naive
        return at - timedelta(seconds=offset_s)
    except (ValueError, OverflowError, KeyError):
        return None


def _offset_s(zone: str) -> int | None:
    """Of a zone with one meaning."""
    if zone in _AT_ZERO or zone.upper() in _AT_ZERO:
        return 0
    found = _OFFSET.fullmatch(zone)
    if not found:
        return None
    ahead = int(found.group(2)) * 3600 + int(found.group(3)) * 60
    return -ahead if found.group(1) == "-" else ahead


def from_iso(raw: object, *, time_zone: str, fetched_at: datetime) -> Dated | None:
    """From an RFC 3339 or ISO 8601 date, as JSON feeds have."""
    if not isinstance(raw, str) or len(raw) > _MAX_RAW:
        return None
    try:
        stated = datetime.fromisoformat(raw.strip())
        naive = stated.astimezone(UTC).replace(tzinfo=None) if stated.tzinfo else stated
    except (ValueError, OverflowError):
        return None
    return _dated(raw.strip(), naive, time_zone, fetched_at)


def _naive(parts: Sequence[int]) -> datetime | None:
    try:
        return datetime(*parts[:6])  # type: ignore[arg-type]  # noqa: DTZ001 - six numbers; its zone is found later
    except (ValueError, OverflowError):
        return None


def _mail_date(raw: str) -> datetime | None:
    """A date as in mail headers; feedparser gives up on one without a zone."""
    parts = parsedate_tz(raw[:_MAX_RAW])
    if parts is None or (stated := _naive(parts[:6])) is None:
        return None
    offset_s = parts[9] if _ZONE.search(raw) else None
    try:
        return stated - timedelta(seconds=offset_s or 0)
    except OverflowError:
        return None


def _dated(raw: str, stated: datetime, time_zone: str, fetched_at: datetime) -> Dated | None:
    """`stated` is naive: UTC if the text names its zone, else local time."""
    is_usual = _USUAL.fullmatch(raw) is not None
    has_clock, has_zone = is_usual or bool(_CLOCK.search(raw)), is_usual or bool(_ZONE.search(raw))
    if not has_clock:
        at, precision = stated.replace(hour=0, minute=0, second=0, tzinfo=UTC), DatePrecision.DAY
    elif has_zone:
        exact = is_usual or bool(_SECONDS.search(raw))
        at, precision = stated.replace(tzinfo=UTC), _EXACT if exact else _ROUGH
    else:
        at, precision = stated.replace(tzinfo=ZoneInfo(time_zone)), DatePrecision.MINUTE
    if at.tzinfo is not UTC:
        try:
            at = at.astimezone(UTC)
        except OverflowError:
            return None
    if not _FIRST <= at <= fetched_at + _AHEAD:
        return None
    return Dated(at, precision, DateOrigin.FEED, raw[:_MAX_RAW])
