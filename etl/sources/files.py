"""A folder of dated files and an interval of days go in; those days' documents come out, broken ones as `Rejected`.

A document is a `*.txt` or `*.html` with its metadata beside it, under the same name with `.yaml`:

    date: 2022-07-04      the day it belongs to; which files an interval holds is decided by it alone
    precision: day        instant, minute, day (default) or month; instant and minute need a date with time
    and offset origin: curated       the default; or another of records.DateOrigin title, outlet, url,
    language    if known

A `*.jsonl` or `*.jsonl.gz` holds one article a line (see json_lines). Its metadata are only `date`, `precision`,
`origin`, `outlet` and `language`, and may be missing: then the one day in its name (`news-2022-07-04.jsonl`,
`20220704.jsonl.gz`) is that of all its lines; a name with no day or several, or `date: published` beside it, leaves
each line its own.

What is broken is always said, whatever the interval, since its day cannot be known. Links that lead out of
the folder are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from etl.errors import Reason, Stage
from etl.records import Dated, DatedFile, DateOrigin, DatePrecision, FileDay, Hints, Rejected
from etl.sources.feed_items import web_address
from etl.sources.json_feed import language
from etl.sources.json_lines import SUFFIXES

MAX_BYTES = 15_000_000
_MAX_METADATA = 64_000
_MEDIA_TYPES = {".txt": "text/plain", ".html": "text/html"}
_KEYS = frozenset({"date", "precision", "origin", "title", "outlet", "url", "language"})
_OF_LINES = _KEYS - {"title", "url"}
_BY_LINE = "published"  # as the date of a file: each line has its own
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?:T\d{4}(?:\d\d)?|[-_]?\d{6})?(?!\d)")


def read(folder: Path, start: date, end: date) -> Iterator[DatedFile | Rejected]:
    """Read the files of the days from `start` up to, not including, `end`, in the order of their names."""
    home = folder.resolve()
    if home.name.endswith(SUFFIXES):
        return
    if not home.is_dir():
        yield _bad(folder.name, f"no such folder: {folder}")
        return
    for path in sorted(home.rglob("*")):
        key = path.relative_to(home).as_posix()
        if path.suffix == ".yaml" and not any(path.with_suffix(s).exists() for s in (*_MEDIA_TYPES, *SUFFIXES)):
            yield _bad(key, "metadata without a document beside it")
        elif path.suffix in _MEDIA_TYPES and (found := _accounted(home, path, key, start, end)):
            yield found


def days(folder: Path, start: date, end: date) -> Iterator[tuple[date, int]]:
    """The day and the bytes of each document of these days, by its metadata alone; broken ones are left out."""
    home = folder.resolve()
    for path in home.rglob("*"):
        if path.suffix in _MEDIA_TYPES and path.is_file():
            try:
                published = _hints(_metadata(home, path.with_suffix(".yaml"))).published
            except (_BadFileError, OSError):
                continue
            if published is not None and start <= published.at.date() < end:
                yield published.at.date(), path.stat().st_size


def of_lines(location: Path) -> list[Path]:
    """The files of JSON Lines in a folder, in the order of their names; or the one that is named itself."""
    if location.name.endswith(SUFFIXES):
        return [location]
    home = location.resolve()
    return [p for p in sorted(home.rglob("*")) if p.name.endswith(SUFFIXES) and _is_within(p, home)]


def day_of(path: Path) -> FileDay | Rejected | None:
    """The day of all lines of a file; None where each has its own."""
    beside = metadata_of(path)
    try:
        stated = _metadata(path.parent.resolve(), beside) if beside.exists() else None
        if stated is None:
            on = _in_name(path.name)
            return FileDay(on) if on else None
        if strangers := sorted(stated.keys() - _OF_LINES):
            raise _BadFileError(f"{beside.name}: {', '.join(strangers)}: that is for each line to say")
        if stated.get("date") == _BY_LINE:
            return None
        hints = _hints(stated)
        return FileDay(hints.published.at.date(), hints.published, hints.language_code) if hints.published else None
    except _BadFileError as bad:
        return _bad(path.name, str(bad))
    except OSError as error:
        return _bad(path.name, f"{beside.name} cannot be read: {error.strerror}")


def metadata_of(path: Path) -> Path:
    """Where the metadata of a file of JSON Lines are, if it has any."""
    return path.with_name(path.name.removesuffix(".gz").removesuffix(".jsonl") + ".yaml")


def _in_name(name: str) -> date | None:
    """The day a name says; None where it says none, or more than one."""
    found = set()
    for year, _, month, day in _IN_NAME.findall(name):
        with suppress(ValueError):
            found.add(date(int(year), int(month), int(day)))
    return found.pop() if len(found) == 1 else None


def _is_within(path: Path, home: Path) -> bool:
    """Links that lead out of the folder are not followed."""
    real = path.resolve()
    return real.is_file() and real.is_relative_to(home)


class _BadFileError(Exception):
    """Inside this module: why a file cannot be used."""


def _accounted(home: Path, path: Path, key: str, start: date, end: date) -> DatedFile | Rejected | None:
    try:
        return _read(home, path, key, start, end)
    except _BadFileError as bad:
        return _bad(key, str(bad))
    except OSError as error:
        return _bad(key, f"cannot be read: {error.strerror}")


def _read(home: Path, path: Path, key: str, start: date, end: date) -> DatedFile | None:
    """The file, or None if it belongs to another day: then its body is not read."""
    hints = _hints(_metadata(home, path.with_suffix(".yaml")))
    published = hints.published
    if published is None or not start <= published.at.date() < end:
        return None
    return DatedFile(
        key=key,
        body=_body(home, path, MAX_BYTES),
        media_type=_MEDIA_TYPES[path.suffix],
        dated_on=published.at.date(),
        hints=hints,
    )


def _body(home: Path, path: Path, max_bytes: int) -> bytes:
    if not path.resolve().is_relative_to(home):
        raise _BadFileError(f"{path.name} leads out of the folder")
    if not path.is_file():
        raise _BadFileError(f"{path.name} is missing" if not path.exists() else f"{path.name} is no file")
    with path.open("rb") as stream:
        body = stream.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise _BadFileError(f"{path.name} is larger than {max_bytes:,} bytes")
    return body


def _metadata(home: Path, path: Path) -> dict[str, Any]:
    try:
        stated = yaml.safe_load(_body(home, path, _MAX_METADATA))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _BadFileError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(stated, dict):
        raise _BadFileError(f"{path.name} must hold `key: value` lines, a date among them")
    if strangers := sorted(str(key) for key in stated if key not in _KEYS):
        raise _BadFileError(f"{path.name}: unknown {', '.join(strangers)}; allowed are {', '.join(sorted(_KEYS))}")
    if blocks := sorted(key for key, value in stated.items() if isinstance(value, dict | list)):
        raise _BadFileError(f"{path.name}: {', '.join(blocks)}: must be a single value")
    return stated


def _hints(stated: dict[str, Any]) -> Hints:
    texts = {key: _text(stated, key) for key in ("title", "url", "language", "outlet")}
    if texts["url"] is not None and web_address(texts["url"], "") is None:
        raise _BadFileError(f"url: {texts['url']!r} is no http or https address")
    if texts["language"] is not None and language(texts["language"]) is None:
        raise _BadFileError(f"language: {texts['language']!r} is no code like en")
    return Hints(
        title=texts["title"],
        published=_dated(stated),
        language_code=language(texts["language"]),
        url=texts["url"],
    )


def _dated(stated: dict[str, Any]) -> Dated:
    try:
        precision = DatePrecision(stated.get("precision", DatePrecision.DAY))
        origin = DateOrigin(stated.get("origin", DateOrigin.CURATED))
    except ValueError as error:
        raise _BadFileError(str(error)) from None
    on = stated.get("date")
    if precision in {DatePrecision.DAY, DatePrecision.MONTH}:
        if not isinstance(on, date) or isinstance(on, datetime):
            raise _BadFileError(f"date: {on!r} is no day like 2022-07-04")
        on = on.replace(day=1) if precision is DatePrecision.MONTH else on
        return Dated(datetime.combine(on, time(), UTC), precision, origin, str(stated["date"]))
    if not isinstance(on, datetime) or on.tzinfo is None:
        raise _BadFileError(f"date: {on!r} is no instant like 2022-07-04T10:00:00+02:00")
    return Dated(on.astimezone(UTC), precision, origin, on.isoformat())


def _text(stated: dict[str, Any], key: str) -> str | None:
    value = stated.get(key)
    if value is not None and not isinstance(value, str):
        raise _BadFileError(f"{key}: {value!r} is no text")
    return value


def _bad(key: str, detail: str) -> Rejected:
    return Rejected(Stage.FETCH, Reason.BAD_FILE, key, detail)
