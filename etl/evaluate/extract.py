"""A folder of pages goes in; the articles the pipeline makes of them, and their scores where gold is given, come out.

The folder holds `gold.jsonl` and `pages/<id>.html.gz`. Only `id` and `url` of a gold line reach the pipeline.
"""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from etl.errors import CorpusError
from etl.evaluate import articles
from etl.evaluate.measure import measured
from etl.extract.pool import extract_all
from etl.records import Article, Capture, CaptureKind, Dated, DatePrecision, Rejected

_GOLD = ("text", "title", "authors", "published")


def run(folder: Path, predictions: TextIO | None, *, now: datetime, workers: int = 1) -> dict[str, Any]:
    """Extract every page; answers items, rejections by reason, speed and scores. Raises CorpusError for a bad folder.

    Speed is of the whole extraction, start of the worker processes included, by their processor time and ours.
    `now` stands for when the pages were seen: dates more than a day after it are refused.
    """
    gold = read_gold(folder)
    found: dict[str, Mapping[str, Any]] = {}
    rejected: Counter[str] = Counter()
    slowest = 0.0
    with measured() as cost:
        results = _timed(extract_all(captures(folder, gold, now), workers=workers))
        for line, (result, seconds) in zip(gold, results, strict=True):
            if isinstance(result, Rejected):
                rejected[result.reason.value] += 1
            slowest = max(slowest, seconds)
            found[line["id"]] = predicted(str(line["id"]), result)
            if predictions is not None:
                predictions.write(json.dumps(found[line["id"]], ensure_ascii=False) + "\n")
    scores = articles.score(gold, found) if any(line.get(key) for line in gold for key in _GOLD) else {}
    speed = {"pages_per_cpu_s": round(len(gold) / max(cost.cpu_s, 0.001), 1), "slowest_page_s": round(slowest, 2)}
    return {"items": len(gold), "rejected": dict(rejected), **speed, **scores}


def _timed(results: Iterable[Article | Rejected]) -> Iterator[tuple[Article | Rejected, float]]:
    """Each answer with the wall seconds it was waited for; the first waits for the worker's start too."""
    asked = time.monotonic()
    for result in results:
        yield result, time.monotonic() - asked
        asked = time.monotonic()


def predicted(key: str, result: Article | Rejected) -> dict[str, Any]:
    """One line of predictions. The text is what a reader reads below the headline: standfirst and body.

    Authors are all whom the page credits, for the gold of such corpora knows no difference between people and others.
    """
    if isinstance(result, Rejected):
        return {"id": key, "text": "", "title": None, "authors": [], "published": None}
    return {
        "id": key,
        "text": "\n\n".join(filter(None, (result.standfirst, result.body))),
        "title": result.title,
        "authors": [*result.authors, *result.credits],
        "published": _written(result.published),
    }


def _written(dated: Dated | None) -> str | None:
    """An instant in full; a day as a day."""
    if dated is None:
        return None
    is_day = dated.precision in (DatePrecision.DAY, DatePrecision.MONTH)
    return dated.at.date().isoformat() if is_day else dated.at.isoformat()


def read_gold(folder: Path) -> list[dict[str, Any]]:
    """The lines of gold.jsonl. Raises CorpusError for an unusable folder."""
    try:
        text = (folder / "gold.jsonl").read_text(encoding="utf8")
        lines: list[dict[str, Any]] = [json.loads(line) for line in text.split("\n") if line.strip()]
        missing = next((line["id"] for line in lines if not _page(folder, line).is_file()), None)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise CorpusError(str(folder), f"gold.jsonl must hold one JSON object with an id a line: {wrong}") from wrong
    if missing:
        raise CorpusError(str(folder), f"There is no pages/{missing}.html.gz.")
    return lines


def _page(folder: Path, line: Mapping[str, Any]) -> Path:
    return folder / "pages" / f"{line['id']}.html.gz"


def captures(folder: Path, gold: list[dict[str, Any]], observed_at: datetime) -> Iterator[Capture]:
    """The pages of these lines, in their order."""
    for line in gold:
        yield Capture(
            kind=CaptureKind.PAGE,
            url=line.get("url") or None,
            observed_at=observed_at,
            media_type="text/html",
            body=gzip.decompress(_page(folder, line).read_bytes()),
        )
