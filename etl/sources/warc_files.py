"""A place where WARC files are and an interval go in; the files that may hold it come out, in order of their names.

The place is a file, a folder with others in it, or a text file that lists paths, one a line, as crawls publish them.

Theory of names. Crawlers put the time at which writing began into a file's name, as fourteen digits
(`CC-NEWS-20220704120000-00042.warc.gz`), sometimes with milliseconds after them. A file is left out only if that is
after the interval's end, an hour allowed for clocks, or more than a day before its start, since no crawl known keeps
a file open that long. A name without such digits is always kept. Not done: reading a file to see what it holds.
"""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

_SUFFIXES = (".warc", ".warc.gz")
_STAMP = re.compile(r"(?<!\d)((?:19|20)\d{12})(?:\d{3})?(?!\d)")
_OPEN_FOR = timedelta(days=1)
_CLOCKS = timedelta(hours=1)
_MAX_LIST = 50_000_000  # bytes of a list of paths


def files(location: Path, start: datetime, end: datetime) -> list[Path]:
    """The files that may hold something of the half-open interval. Raises OSError where the place cannot be read.

    Paths in a list are relative to the list's folder; one that does not exist is given back too, for its reader to say.
    """
    if location.is_dir():
        home = location.resolve()
        found = [p for p in sorted(home.rglob("*")) if p.name.endswith(_SUFFIXES) and _is_within(p, home)]
    elif location.name.endswith(_SUFFIXES):
        return [location]  # named by hand: read it whatever its name says
    else:
        found = [location.parent / line for line in _lines(location)]
    return [path for path in found if may_hold(path.name, start, end)]


def _is_within(path: Path, home: Path) -> bool:
    """Links that lead out of the folder are not followed."""
    real = path.resolve()
    return real.is_file() and real.is_relative_to(home)


def _lines(listing: Path) -> list[str]:
    with listing.open("rb") as raw:
        stream = gzip.GzipFile(fileobj=raw) if listing.suffix == ".gz" else raw
        text = stream.read(_MAX_LIST).decode("utf-8", errors="replace").replace("\0", "")
    stripped = (line.strip() for line in text.splitlines())
    return sorted({line for line in stripped if line and not line.startswith("#")})


def may_hold(name: str, start: datetime, end: datetime) -> bool:
    """Whether a file of this name may hold something of the half-open interval."""
    stamp = _STAMP.search(name)
    if stamp is None:
        return True
    try:
        began = datetime.strptime(stamp.group(1), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return True
    return began + _OPEN_FOR >= start and began - _CLOCKS < end
