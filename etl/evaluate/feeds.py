"""A folder of gzipped feeds goes in; what the pipeline's own reader makes of each comes out, one JSON line an entry."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from etl.errors import CorpusError
from etl.records import Feed, Rejected
from etl.sources.feed_items import MADE_UP
from etl.sources.feeds import parse

_BASE, _FOLDER = "http://corpus.invalid", "/unknown/"
_READ_AT = datetime(2100, 1, 1, tzinfo=UTC)  # the corpus does not say when: no date is too far ahead


def run(folder: Path, predictions: TextIO | None = None) -> dict[str, Any]:
    """Read every `*.xml.gz` of the folder; how many entries came, how many files and entries were turned away.

    A line of `predictions` is `{file, id, link, title, published}`, or `{file, rejected}` for a file given up.
    """
    paths = sorted(folder.glob("*.xml.gz"))
    if not paths:
        raise CorpusError(str(folder), "It holds no *.xml.gz file.")
    reasons: dict[str, int] = {}
    items = dated = unusable = 0
    for path in paths:
        parsed = _read(path)
        if isinstance(parsed, Rejected):
            reasons[parsed.reason.value] = reasons.get(parsed.reason.value, 0) + 1
        else:
            items += len(parsed.items)
            dated += sum(1 for item in parsed.items if item.published or item.updated)
            unusable += len(parsed.rejected)
        for line in _lines(path.name, parsed) if predictions else ():
            print(json.dumps(line, ensure_ascii=False), file=predictions)
    rejected = sum(reasons.values())
    return {
        "items": items,
        "files": len(paths),
        "rejected": rejected,
        "rejected_by_reason": reasons,
        "entries_rejected": unusable,
        "entries_dated": dated,
    }


def _read(path: Path) -> Feed | Rejected:
    try:
        body = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise CorpusError(str(path), f"It is no gzip file: {error}") from error
    return parse(body, url=_BASE + _FOLDER, headers={}, fetched_at=_READ_AT)


def _lines(file: str, parsed: Feed | Rejected) -> Iterator[dict[str, Any]]:
    if isinstance(parsed, Rejected):
        yield {"file": file, "rejected": parsed.reason.value}
        return
    for item in parsed.items:
        dated = item.published or item.updated
        published = dated.at.isoformat() if dated else None
        guid = None if item.guid.startswith(MADE_UP) else _as_stated(item.guid)
        link = item.url and _as_stated(item.url)
        yield {"file": file, "id": guid, "link": link, "title": item.title, "published": published}


def _as_stated(address: str) -> str:
    """A relative link stays relative: the corpus does not say where a feed was read from."""
    return address.removeprefix(_BASE + _FOLDER).removeprefix(_BASE)
