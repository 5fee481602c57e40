"""What a worker holds stays its own while it waits for a slow server or reads a long archive."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import pytest

from etl import jobs
from etl.errors import Stage
from etl.jobs import warcs
from etl.records import Counts, SourceKind
from etl.warehouse import runs, work
from tests.fetch.conftest import Handler
from tests.jobs.conftest import furnish_places
from tests.jobs.newsroom import Newsroom, entry, feed, page
from tests.sources.warcs import record, zipped

LEASE_S = 0.6
DAY = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)


@contextmanager
def other_worker(room: Newsroom, name: str = "news_ingest", **more: object) -> Iterator[jobs.Job]:
    """A worker of another run, that may take whatever is free."""
    with room.job(name, **more) as job:
        yield job
        assert all(c.balances for c in runs.counts(room.db, job.run_id).values())


def test_a_page_that_is_waited_for_is_asked_once(newsroom: Newsroom) -> None:
    newsroom.settings = replace(newsroom.settings, lease_s=LEASE_S)
    source_id = newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1), entry(2)))
    go_on = threading.Event()

    def slowly(handler: Handler) -> None:
        go_on.wait(20)
        handler.answer(200, page("Bridge"))

    newsroom.site.plays["/1"] = slowly
    newsroom.site.play("/2", body=page("River"))
    with newsroom.job() as job, ThreadPoolExecutor(1) as threads:
        jobs.queue_feeds(job, is_forced=True)
        first = threads.submit(jobs.fetch, job, [source_id])
        while "/1" not in newsroom.site.paths():
            time.sleep(0.01)
        time.sleep(2 * LEASE_S)
        with other_worker(newsroom) as other:
            assert jobs.fetch(other, [source_id]) == Counts()
        go_on.set()
        assert first.result().kept == 3
    assert [newsroom.asked(path) for path in ("/1", "/2", "/feed", "/robots.txt")] == [1, 1, 1, 1]


def test_an_archive_that_is_being_read_is_read_once(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warcs, "_BATCH", 1)
    newsroom.settings = replace(newsroom.settings, lease_s=LEASE_S)
    folder = newsroom.settings.home / "archive"
    folder.mkdir(parents=True)
    (folder / "a.warc.gz").write_bytes(b"".join(zipped([record(n, body=page(f"Bridge {n}")) for n in range(12)])))
    source_id = newsroom.add("crawl", SourceKind.WARC, str(folder))

    def slow() -> datetime:
        time.sleep(LEASE_S / 4)
        return newsroom.now

    with newsroom.job("news_backfill", interval=DAY) as job, ThreadPoolExecutor(1) as threads:
        jobs.queue_archives(job, *DAY)
        first = threads.submit(jobs.fetch, replace(job, clock=slow), [source_id], archives_of=DAY)
        time.sleep(2 * LEASE_S)
        with other_worker(newsroom, "news_backfill", interval=DAY) as other:
            assert jobs.fetch(other, [source_id], archives_of=DAY) == Counts()
        assert not first.done()
        assert first.result().kept == 13
    assert newsroom.ask("SELECT count(*), count(DISTINCT requested_url) FROM ops.fetch") == [(12, 12)]


def test_what_a_dead_worker_held_is_free_a_lease_later(newsroom: Newsroom) -> None:
    newsroom.settings = replace(newsroom.settings, lease_s=LEASE_S)
    source_id = newsroom.add()
    newsroom.site.play("/feed", body=feed())
    with newsroom.job() as job:
        jobs.queue_feeds(job, is_forced=True)
        dead = work.Holder(newsroom.db, job.run_id, Stage.FETCH, "dead", LEASE_S).claim(10)
        assert len(dead.__enter__()) == 1
        with other_worker(newsroom) as other:
            assert jobs.fetch(other, [source_id]) == Counts()
            time.sleep(LEASE_S)
            assert jobs.fetch(other, [source_id]).kept == 1


@pytest.mark.parametrize(
    ("stage", "module", "step"),
    [
        (jobs.extract, "etl.jobs.extract", "as_read"),
        (jobs.deduplicate, "etl.warehouse.lines", "read"),
        (jobs.geotag, "etl.jobs.geotag", "tagged_anew"),
    ],
)
def test_a_batch_that_takes_long_is_done_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, stage: Callable[[jobs.Job], Counts], module: str, step: str
) -> None:
    """The slow step is one outside the transaction that writes: inside it the rows are locked anyway."""
    newsroom.settings = replace(newsroom.settings, lease_s=LEASE_S)
    source_id = newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)))
    newsroom.site.play("/1", body=page("Bridge"))
    furnish_places(newsroom.db)
    is_begun = threading.Event()
    room = import_module(module)
    whole = getattr(room, step)

    def slow(*some: object, **more: object) -> object:
        is_begun.set()
        time.sleep(4 * LEASE_S)
        return whole(*some, **more)

    with newsroom.job() as job, ThreadPoolExecutor(1) as threads:
        jobs.queue_feeds(job, is_forced=True)
        jobs.fetch(job, [source_id])
        if stage is not jobs.extract:
            jobs.extract(job)
        monkeypatch.setattr(room, step, slow)
        first = threads.submit(stage, job)
        assert is_begun.wait(20)
        time.sleep(2 * LEASE_S)
        with other_worker(newsroom) as other:
            assert stage(other) == Counts()
        assert not first.done()
        assert first.result().kept == 1
