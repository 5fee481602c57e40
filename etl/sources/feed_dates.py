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
from functools import lru_cache
from zoneinfo import ZoneInfo

from etl.records import Dated, DateOrigin, DatePrecision
from etl.sources.stated import StatedDate

_ZONE = re.compile(
    r"(?:[+-]\d{2}:?\d{2}|[+-]\d{2}|\b(?:Z|UTC?|GMT|[ECMP][SD]T|A[SD]T))\s*(?:\([^)]*\)\s*)?$|\dZ\s*$", re.IGNORECASE
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}|T\d{4,6}")
_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}|T\d{6}")
_MAIL = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s*)?(\d{1,2})\s+([A-Za-z]{3})[a-z]{0,6}\.?,?\s+(\d{4})"
    r"(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(\S{0,9}))?",
    re.ASCII,
)
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([^\s\[]{0,9})(?:\[[^\]]*\])?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)
_AT_ZERO = {"+0000", "GMT", "UTC", "UT", "Z"}
_MONTHS = {
    name: n
    for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_WRITTEN_MONTHS = {f" {name.title()} ": f"{n:02}" for name, n in _MONTHS.items()}
_NO_YEAR = " -0001 "  # how WordPress writes a date it does not have
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
    """A date as feeds usually write one: in UTC where it states a clock and a zone known here, else naive.

    Naive, it is UTC if it names its zone after all, else the wall clock's time.

    >>> utc_of("Mon, 04 Jul 2022 10:00:00 +0300"), utc_of("2022-07-04T10:00:00")
    (datetime.datetime(2022, 7, 4, 7, 0, tzinfo=datetime.timezone.utc), datetime.datetime(2022, 7, 4, 10, 0))
    """
    raw = raw.strip()[:_MAX_RAW]
    try:
        if raw[25:26] == " " and raw[3:5] == ", " and (month := _WRITTEN_MONTHS.get(raw[7:12])):
            offset_s = _offset_s(raw[26:])  # the commonest form by far: day and clock in two digits each
            if offset_s is not None and raw[16] == " " != raw[5]:
                at = datetime.fromisoformat(f"{raw[12:16]}-{month}-{raw[5:7]}T{raw[17:25]}Z")
                return at - timedelta(seconds=offset_s) if offset_s else at
        if raw[:4].isdigit():
            return _numeric(raw)
        found = _MAIL.fullmatch(raw)
        if not found or (found[7] and _offset_s(found[7]) is None):
            return _mail_date(raw)
        day, name, year, *clock, zone = found.groups()
        return _at(year, _MONTHS[name.lower()], day, clock, zone)
    except (ValueError, OverflowError, KeyError):
        return None


def _numeric(raw: str) -> datetime | None:
    """Year first, all in digits. Raises ValueError where there is no such day."""
    try:
        iso = datetime.fromisoformat(raw)
    except ValueError:
        found = _YEAR_FIRST.fullmatch(raw)
        if not found or (found[7] and _offset_s(found[7]) is None):
            return None
        year, month, day, *clock, zone = found.groups()
        return _at(year, int(month), day, clock, zone)
    if iso.microsecond:
        iso = iso.replace(microsecond=0)
    return iso if iso.tzinfo is None or iso.tzinfo is UTC else iso.astimezone(UTC)


def _at(year: str, month: int, day: str, clock: Sequence[str | None], zone: str | None) -> datetime:
    hour, minute, second = (int(part or 0) for part in clock)
    at = datetime(int(year), month, int(day), hour, minute, second)  # noqa: DTZ001 - unless it says so
    return at.replace(tzinfo=UTC) - timedelta(seconds=_offset_s(zone) or 0) if zone else at


@lru_cache(256)
def _offset_s(zone: str) -> int | None:
    """Of a zone with one meaning."""
    if zone.upper() in _AT_ZERO:
        return 0
    found = _OFFSET.fullmatch(zone)
    if not found:
        return None
    ahead = int(found[2]) * 3600 + int(found[3] or 0) * 60
    return -ahead if found[1] == "-" else ahead


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
    parts = parsedate_tz(raw[:_MAX_RAW]) if _NO_YEAR not in raw else None
    if parts is None or (stated := _naive(parts[:6])) is None:
        return None
    offset_s = parts[9] if _ZONE.search(raw) else None
    try:
        return stated - timedelta(seconds=offset_s or 0)
    except OverflowError:
        return None


def _dated(raw: str, stated: datetime, time_zone: str, fetched_at: datetime) -> Dated | None:
    """`stated` is in UTC; or naive: UTC if the text names its zone, else local time."""
    if stated.tzinfo is UTC:
        is_exact = raw[22:23] == ":" or raw[16:17] == ":" or _SECONDS.search(raw)  # as usual, or anywhere
        at, precision = stated, _EXACT if is_exact else _ROUGH
    elif not _CLOCK.search(raw):
        at, precision = stated.replace(hour=0, minute=0, second=0, tzinfo=UTC), DatePrecision.DAY
    elif _ZONE.search(raw):
        at, precision = stated.replace(tzinfo=UTC), _EXACT if _SECONDS.search(raw) else _ROUGH
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
