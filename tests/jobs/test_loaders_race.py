"""Four processes load the same articles at once, through the jobs: they end as one loader would have, then rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any

import pytest

from etl import jobs, settings
from etl.bench.made import article
from etl.errors import Stage
from etl.local.postgres import Server
from etl.records import CaptureKind, Outcome
from etl.warehouse import captures, scratch, work
from etl.warehouse.captures import FetchRow
from etl.warehouse.connect import Warehouse, connect
from tests.warehouse.factory import make_source

AT = datetime(2022, 7, 4, 12, tzinfo=UTC)
OUTLETS = ("agency", "courier", "echo", "herald")
TABLES = (
    *("raw.blob_key", "raw.blob", "news.article", "news.article_key", "news.content", "news.observation"),
    *("news.observed_content", "news.version", "news.furniture_line", "ops.line_seen", "news.fingerprint"),
    *(
        "news.fingerprint_band",
        "news.copy_pair",
        "news.copy_of",
        "news.story",
        "news.story_article",
        "news.story_feature",
    ),
)


def text(number: int) -> str:
    """Five articles in a row: a report, its copy, a cut one, one with more, and another report."""
    made, more = article(number - number % 5), article(100_000 + number)
    match number % 5:
        case 0 | 1:
            parts = made.paragraphs
        case 2:
            parts = made.paragraphs[:-2]
        case 3:
            parts = (*made.paragraphs, more.paragraphs[0])
        case _:
            parts = more.paragraphs
    return "\n\n".join(parts)


def load(url: str, name: str, numbers: Sequence[int]) -> None:
    """Capture these articles, then extract and compare them, as one run."""
    configured = settings.read({"DATELINE_DATABASE_URL": url})
    with jobs.begin(configured, "news_ingest", name, clock=lambda: AT) as job:
        sources = [s.source_id for s in jobs_sources(job.db)]
        for start in range(0, len(numbers), 50):
            some = numbers[start : start + 50]
            rows = [row(n, sources[n % len(sources)]) for n in some]
            with job.db.transaction():
                fetch_ids = captures.keep(job.db, job.run_id, rows, AT)
                queued = [item(n, r, i) for n, r, i in zip(some, rows, fetch_ids, strict=True)]
                work.queue(job.db, job.run_id, queued, AT)
        jobs.extract(job)
        jobs.deduplicate(job)


def jobs_sources(db: Warehouse) -> list[Any]:
    from etl.warehouse import sources

    return sorted(sources.stored(db), key=lambda s: s.source.name)


def row(number: int, source_id: int) -> FetchRow:
    return FetchRow(
        source_id=source_id,
        kind=CaptureKind.FILE,
        requested_url=address(number),
        final_url=None,
        fetched_at=AT,
        observed_at=AT.replace(minute=number % 60),
        outcome=Outcome.FETCHED,
        headers={"content-type": "text/plain"},
        body=text(number).encode(),
    )


def item(number: int, captured: FetchRow, fetch_id: int) -> dict[str, Any]:
    return {
        "stage": Stage.EXTRACT,
        "item_key": f"capture:{fetch_id}",
        "source_id": captured.source_id,
        "payload": {"fetch_id": fetch_id, "article_key": address(number), "hints": {}},
    }


def address(number: int) -> str:
    return f"https://{OUTLETS[number % 4]}.example/{number}"


def ready(_: int) -> None:
    """Start a process and import what it needs."""


@contextmanager
def warehouse(postgres: Server, template: str) -> Iterator[tuple[str, Warehouse]]:
    with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
        for outlet in OUTLETS:
            make_source(db, outlet)
        yield url, db


def everything(db: Warehouse) -> dict[str, Any]:
    """Every row with its row version: an update that changes nothing shows, too."""
    found = {}
    with db.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t.xmin::text, t.ctid::text, md5(t::text) FROM {table} t ORDER BY 3, 1")
            found[table] = cursor.fetchall()
    return found


def groups(db: Warehouse) -> set[tuple[Any, ...]]:
    """Copies by address: each with its origin, and how it is told."""
    with db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.article_key, o.article_key, v.article_key, kind_, similarity, rule FROM (SELECT copy_article_id, "
            "origin_article_id, via_article_id, kind AS kind_, similarity, rule FROM news.copy_of "
            "WHERE upper_inf(recorded)) AS n JOIN news.article_key c ON c.article_id = copy_article_id "
            "JOIN news.article_key o ON o.article_id = origin_article_id "
            "JOIN news.article_key v ON v.article_id = via_article_id"
        )
        return set(cursor.fetchall())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_four_loaders_end_as_one(postgres: Server, template: str) -> None:
    size = 1_000
    orders = [
        list(range(size)),
        list(range(size))[::-1],
        [*range(size // 2, size), *range(size // 2)],
        list(range(size)),
    ]
    with warehouse(postgres, template) as (one_url, alone), warehouse(postgres, template) as (url, raced):
        load(one_url, "manual__alone", orders[0])
        with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
            list(pool.map(ready, range(4)))
            names = [f"manual__{n}" for n in range(4)]
            list(pool.map(load, [url] * 4, names, orders))  # a deadlock or a double would raise here
        found = groups(raced)
        assert found == groups(alone)
        assert len(found) >= size * 3 // 5
        with raced.connection.cursor() as cursor:
            for table in ("article", "content", "fingerprint"):
                cursor.execute(f"SELECT count(*) FROM news.{table}")
                assert cursor.fetchone() == (size,)
            cursor.execute("SELECT count(*) FROM ops.work WHERE stage <> 'geotag'")
            assert cursor.fetchone() == (0,)
        before = everything(raced)
        load(url, "manual__again", orders[1])
        assert everything(raced) == before
