"""One archived record goes in; the page in it comes out, or what is wrong with it, or that it is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from etl.errors import Reason
from etl.fetch.answers import kept
from etl.records import WarcRecord
from etl.sources.feed_items import web_address
from etl.sources.warc_payload import TooLarge, plain_body

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord as Archived

MAX_PAGE = 15_000_000  # bytes, as for a page fetched live
CUT_SHORT = "cut short"
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T.*)?")


class NotAPage(Exception):  # noqa: N818 - it says what was found
    """The record is passed over; the message is why, in a few words fit for counting."""


def page(record: Archived, start: datetime, end: datetime) -> WarcRecord | tuple[Reason, str]:
    """The page of a record. Raises NotAPage for records that hold none, and OSError where the file breaks.

    What costs least is asked first: most records of an archive are of other days, or requests.
    """
    kind = str(record.record_type)
    if kind != "response" or not record.is_http:
        raise NotAPage(kind if kind != "response" else "no_http")
    observed_at = _date(record)
    if observed_at is None:
        return Reason.BAD_RECORD, f"no WARC-Date in it: {record.headers.get('WARC-Date')!r}"
    if not start <= observed_at < end:
        raise NotAPage("other_time")
    record.parse_http()
    url = web_address((record.headers.get("WARC-Target-URI") or "").strip("<>"), "")
    status = record.http_headers.status_code if record.http_headers else None
    if url is None or status is None:
        return Reason.BAD_RECORD, "no address in it" if url is None else "no HTTP answer in it"
    return _answer(record, url, observed_at, status)


def _answer(record: Archived, url: str, observed_at: datetime, status: int) -> WarcRecord | tuple[Reason, str]:
    stated = {name.lower(): value for name, value in (record.http_headers or {}).items()}
    media_type = stated.get("content-type", "").partition(";")[0].strip().lower()
    if not 200 <= status < 300:
        raise NotAPage(f"status_{status // 100}xx")
    if media_type not in _PAGES:
        raise NotAPage("other_type" if media_type else "no_type")
    expected = record.content_length
    raw = record.reader.read(expected)
    if len(raw) < expected:
        return Reason.BAD_RECORD, f"{CUT_SHORT}: {len(raw):,} of {expected:,} bytes"
    try:
        body, is_whole = plain_body(raw, stated, MAX_PAGE)
    except TooLarge:
        return Reason.TOO_LARGE, f"a page of more than {MAX_PAGE:,} bytes"
    return WarcRecord(
        url=url,
        observed_at=observed_at,
        status=status,
        headers=kept(stated),
        media_type=media_type,
        body=body,
        record_id=(record.record_id or "").strip("<>"),
        next_offset=None,
        is_truncated=not is_whole or bool(record.headers.get("WARC-Truncated")),
    )


def _date(record: Archived) -> datetime | None:
    """WARC-Date; WARC 1.1 lets it be a day alone."""
    if record.record_date is not None:
        return record.record_date.astimezone(UTC)
    stated = (record.headers.get("WARC-Date") or "").strip()
    try:
        at = datetime.fromisoformat(stated) if _DATE.fullmatch(stated) else None
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at else None
