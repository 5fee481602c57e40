"""A file of JSON Lines and an interval of days go in; those days' articles come out, broken lines with their bytes.

A line is one article, a JSON object in UTF-8:

    text or html    what it says; `html` is read where both are there
    published       2022-07-04, or a time like 2022-07-04T10:00:00+02:00; without an offset, the source's own zone
    url             where it was published, if known
    id              what it goes by where it has no `url`; without one, its file and line
    title, authors, language    if known; `authors` is a text or a list of them

Other keys are passed over. The file's day (see files) is that of all its lines; where it has none, each line belongs to
the day it was published on, UTC. Blank lines count, and are nothing else.

Theory of what breaks. A line that is cut, too long or no article harms itself alone: reading goes on after the next
line end. Reading can go on at any line's beginning; what is packed is unpacked again up to there, which costs little
beside what is done with an article. A packed file that is cut off or spoilt ends where that shows.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from etl.records import BrokenLine, Dated, DateOrigin, DatePrecision, FileDay, Hints, JsonLine, LineMark
from etl.sources.feed_items import web_address
from etl.sources.json_feed import language

SUFFIXES = (".jsonl", ".jsonl.gz")
MAX_LINE = 15_000_000  # bytes
_KEPT = 64_000  # of a line that is too long
_PIECE = 1 << 20
_MARK_EVERY = 1_000  # lines of other days without a word
_MAX_NAME = 500
_SECONDS = re.compile(r"\d:?\d\d:?\d\d(?:[.,]\d+)?(?:Z|[+-][\d:]+)?$")

Read = JsonLine | BrokenLine | LineMark


def read(
    path: Path, start: date, end: date, *, day: FileDay | None = None, time_zone: str = "UTC", offset: int = 0
) -> Iterator[Read]:
    """Read the articles of the days from `start` up to, not including, `end`, beginning with the line at `offset`.

    `day` is the file's own. The last thing said is a `LineMark` with `is_end`, unless the file cannot be opened.
    """
    here, zone, passed = _Place(offset), ZoneInfo(time_zone), 0
    try:
        with _opened(path) as stream:
            for raw in _lines(stream, here):
                one = _line(raw, here, day, zone)
                if isinstance(one, BrokenLine) or (one is not None and start <= one.dated_on < end):
                    yield one
                elif (passed := passed + 1) % _MARK_EVERY == 0:
                    yield LineMark(next_offset=here.end)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield BrokenLine(here.number + 1, f"cannot be unpacked from here on: {error}", b"", here.end)
    except OSError as error:
        yield BrokenLine(0, f"cannot be read: {error.strerror or error}", b"", 0)
        return
    yield LineMark(next_offset=here.end, is_end=True)


def lines_of_days(path: Path, day: FileDay | None, time_zone: str) -> Counter[date]:
    """How many articles a file has of each day, by reading it."""
    every = read(path, date.min, date.max, day=day, time_zone=time_zone)
    return Counter(one.dated_on for one in every if isinstance(one, JsonLine))


@dataclass(slots=True)
class _Place:
    """Where the line read last ends, in bytes as unpacked, and its number."""

    end: int
    number: int = 0


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _lines(stream: BinaryIO, here: _Place) -> Iterator[bytes]:
    """Each line that is not blank; of one too long its beginning, a byte more than is allowed."""
    here.number = _passed(stream, here.end)
    while line := stream.readline(MAX_LINE + 1):
        size, rest = len(line), line
        while len(line) > MAX_LINE and rest and not rest.endswith(b"\n"):
            rest = stream.readline(_PIECE)
            size += len(rest)
        here.end += size
        here.number += 1
        if not line.isspace():
            yield line


def _passed(stream: BinaryIO, offset: int) -> int:
    """Go to a place; how many lines end before it."""
    lines = 0
    while offset and (piece := stream.read(min(offset, _PIECE))):
        lines += piece.count(b"\n")
        offset -= len(piece)
    return lines


class _BadLineError(Exception):
    """Inside this module: why a line cannot be used."""


def _line(raw: bytes, here: _Place, day: FileDay | None, zone: ZoneInfo) -> JsonLine | BrokenLine:
    try:
        if len(raw) > MAX_LINE:
            raise _BadLineError(f"longer than {MAX_LINE:,} bytes; its beginning is kept")
        return _article(_object(raw), here, day, zone)
    except _BadLineError as bad:
        kept = raw if len(raw) <= MAX_LINE else raw[:_KEPT]
        return BrokenLine(here.number, str(bad), kept, here.end)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        stated = json.loads(raw.decode("utf-8-sig").rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise _BadLineError(f"no UTF-8: {error.reason} at byte {error.start:,} of the line") from None
    except (ValueError, RecursionError) as error:
        raise _BadLineError(f"no JSON: {error}") from None
    if not isinstance(stated, dict):
        raise _BadLineError('no JSON object like {"url": …, "published": …, "text": …}')
    return stated


def _article(stated: dict[str, Any], here: _Place, day: FileDay | None, zone: ZoneInfo) -> JsonLine:
    html, text, url, stated_language = (_text(stated, key) for key in ("html", "text", "url", "language"))
    if not (body := html or text):
        raise _BadLineError(f"neither text nor html in it; it has {', '.join(sorted(stated)) or 'nothing'}"[:200])
    if url is not None and web_address(url, "") is None:
        raise _BadLineError(f"url: {url[:200]!r} is no http or https address")
    if stated_language is not None and language(stated_language) is None:
        raise _BadLineError(f"language: {stated_language[:50]!r} is no code like en")
    published = _published(stated, zone)
    dated_on = day.on if day else published.at.date() if published else None
    if dated_on is None:
        raise _BadLineError("no published, and its file has no day in its name or beside it")
    own = published if published is not None or day is None else day.published
    is_of_day = published is not None and published.at.date() == dated_on
    return JsonLine(
        number=here.number,
        name=_name(stated),
        body=body.encode("utf-8", "replace"),
        media_type=f"text/{'html' if html else 'plain'}; charset=utf-8",
        dated_on=dated_on,
        observed_at=published.at if published and is_of_day else datetime.combine(dated_on, time(), UTC),
        hints=Hints(
            title=_text(stated, "title"),
            authors=_authors(stated),
            published=own,
            language_code=language(stated_language) or (day.language_code if day else None),
            url=url,
        ),
        next_offset=here.end,
    )


def _published(stated: dict[str, Any], zone: ZoneInfo) -> Dated | None:
    raw = _text(stated, "published")
    if raw is None:
        return None
    try:
        if len(raw) <= len("2022-07-04"):
            return Dated(
                datetime.combine(date.fromisoformat(raw), time(), UTC), DatePrecision.DAY, DateOrigin.CURATED, raw
            )
        at = datetime.fromisoformat(raw)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        told = "is neither a day like 2022-07-04 nor a time like 2022-07-04T10:00:00+02:00"
        raise _BadLineError(f"published: {raw[:50]!r} {told}") from None
    precision = DatePrecision.INSTANT if _SECONDS.search(raw) else DatePrecision.MINUTE
    return Dated(at, precision, DateOrigin.CURATED, raw)


def _name(stated: dict[str, Any]) -> str | None:
    value = stated.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if (name := _text(stated, "id")) and len(name) > _MAX_NAME:
        raise _BadLineError(f"id: longer than {_MAX_NAME} characters")
    return name


def _authors(stated: dict[str, Any]) -> tuple[str, ...]:
    value = stated.get("authors")
    several = value if isinstance(value, list) else [value] if value is not None else []
    if not all(isinstance(one, str) for one in several):
        raise _BadLineError("authors: neither a text nor a list of texts")
    return tuple(clean for one in several if (clean := _clean(one)))


def _text(stated: dict[str, Any], key: str) -> str | None:
    """The text under a key; None where it is missing or empty."""
    value = stated.get(key)
    if value is not None and not isinstance(value, str):
        raise _BadLineError(f"{key}: {str(value)[:50]!r} is no text")
    return _clean(value or "") or None


def _clean(text: str) -> str:
    """NUL and half a surrogate pair can be written in JSON and nowhere kept."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()
