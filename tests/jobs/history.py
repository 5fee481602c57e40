"""A made-up history: captures of several outlets, with copies, updates and aliases, to be loaded in any order.

The same number gives the same captures; `load` puts them through every stage as runs of some captures each.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import count, islice
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from etl import jobs
from etl.bench.made import article
from etl.dedup.canonical import url_key
from etl.extract import pool
from etl.jobs import Job, payload
from etl.records import Article, Capture, CaptureKind, Outcome, Rejected, Source, SourceKind
from etl.settings import Settings
from etl.warehouse import captures, sources, work
from etl.warehouse.connect import Warehouse

OUTLETS = ("courier", "herald", "tribune", "gazette", "observer", "echo")
START = datetime(2022, 7, 4, 6, tzinfo=UTC)
LOADED = datetime(2022, 8, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """One capture of the history."""

    source: str
    url: str
    observed_at: datetime
    body: bytes
    hints: tuple[tuple[str, str], ...] = ()


def history(articles: int) -> list[Seen]:
    """Captures in the order they were seen."""
    return sorted((s for n in range(articles) for s in _of(n)), key=lambda s: (s.observed_at, s.url))


def _of(n: int) -> Iterator[Seen]:
    """One article: mostly one capture, sometimes a later one, sometimes another address of the same page."""
    rng = random.Random(f"history {n}")
    copied = n % 5 == 4  # of one of the four before it, by another outlet
    text = article(n - rng.randint(1, 4) if copied else n)
    outlet = OUTLETS[(n + copied) % len(OUTLETS)]
    first = START + timedelta(minutes=7 * n)
    url = f"https://{outlet}.example/2022/story-{n}"
    paragraphs = list(text.paragraphs[: 5 + n % 3])
    hints = (("title", text.title),) if n % 2 else ()
    yield Seen(outlet, url, first, _page(outlet, text.title, paragraphs, url, first), hints)
    if n % 7 == 3:  # the publisher changes it
        paragraphs[1] = (
            f"At least {n % 40 + 3} people were killed in {rng.choice(('Zagreb', 'Lviv', 'Lyon'))}, police said."
        )
        later = first + timedelta(hours=rng.randint(1, 40))
        yield Seen(outlet, url, later, _page(outlet, text.title, paragraphs, url, first), hints)
    if n % 11 == 5:  # met under another address, which names the first
        later = first + timedelta(hours=rng.randint(1, 40))
        yield Seen(
            outlet, f"https://{outlet}.example/article/{n}", later, _page(outlet, text.title, paragraphs, url, first)
        )


def _page(outlet: str, title: str, paragraphs: Sequence[str], url: str, at: datetime) -> bytes:
    lines = [*paragraphs, f"Follow the {outlet.title()} for more news of the day from the whole region."]
    body = "\n".join(f"<p>{escape(p)}</p>" for p in lines)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} - {outlet.title()}</title>'
        f'<meta property="og:title" content="{escape(title)}"><link rel="canonical" href="{url}">'
        f'<meta property="article:published_time" content="{at.isoformat()}"></head>'
        f"<body><main><article><h1>{escape(title)}</h1>{body}</article></main><footer>All rights reserved</footer>"
        "</body></html>"
    ).encode()


def load(
    db: Warehouse,
    settings: Settings,
    seen: Iterable[Seen],
    *,
    size: int = 200,
    read: pool.Extract | None = None,
    start: datetime = LOADED,
) -> None:
    """Put captures through every stage, `size` a run, from `start` on; `read` extracts in place of worker processes."""
    sources.synchronise(
        db,
        [Source(name=o, kind=SourceKind.FEED, url=f"https://{o}.example/feed", outlet=o.title()) for o in OUTLETS],
        at=LOADED,
        is_whole=False,
    )
    ids = {s.source.name: s.source_id for s in sources.stored(db)}
    waiting = iter(seen)
    for n in count():
        if not (some := list(islice(waiting, size))):
            return
        at = start + timedelta(minutes=n)
        with jobs.begin(settings, "news_ingest", f"load {at} {some[0].url}", clock=_clock(at)) as job:
            _take(job, ids, some, at)
            _work(job, read)


def _clock(start: datetime) -> Any:
    """Each question is answered a little later, as by a clock."""
    steps = count()
    return lambda: start + timedelta(milliseconds=next(steps))


def _take(job: Job, ids: dict[str, int], some: Sequence[Seen], at: datetime) -> None:
    with job.db.transaction():
        fetched = captures.keep(job.db, job.run_id, [_row(s, ids[s.source], at) for s in some], at)
        rows = [
            payload.to_extract(fetch_id, url_key(s.url) or s.url, ids[s.source], dict(s.hints))
            for fetch_id, s in zip(fetched, some, strict=True)
        ]
        work.queue(job.db, job.run_id, rows, at)


def _row(s: Seen, source_id: int, at: datetime) -> captures.FetchRow:
    return captures.FetchRow(
        source_id=source_id,
        kind=CaptureKind.PAGE,
        requested_url=s.url,
        final_url=s.url,
        fetched_at=at,
        observed_at=s.observed_at,
        outcome=Outcome.FETCHED,
        headers={"content-type": "text/html; charset=utf-8"},
        body=s.body,
    )


def _work(job: Job, read: pool.Extract | None) -> None:
    if read is None:
        jobs.extract(job, workers=2)
    else:
        with instead(read):
            jobs.extract(job)
    jobs.deduplicate(job)
    jobs.geotag(job)


def instead(read: pool.Extract, where: str = "etl.jobs.extract.pool") -> Any:
    """For the block, extraction is done by `read`."""
    return patch(where, SimpleNamespace(crew=lambda workers=1: nullcontext(read)))


class Reader:
    """An extractor that remembers what it read: the same bytes are read once, however often a history is loaded."""

    def __init__(self, workers: int = 2) -> None:
        self._known: dict[tuple[bytes, str | None], Article | Rejected] = {}
        self._workers = workers

    def __call__(self, asked: Iterable[Capture]) -> Iterator[Article | Rejected]:
        wanted = list(asked)
        fresh = [c for c in wanted if (c.body, c.url) not in self._known]
        for c, found in zip(fresh, pool.extract_all(fresh, self._workers), strict=True):
            self._known[c.body, c.url] = found
        return iter([self._known[c.body, c.url] for c in wanted])


def changed(found: Article, **values: object) -> Article:
    """The article as other code would have read it."""
    return replace(found, **values)  # type: ignore[arg-type]
