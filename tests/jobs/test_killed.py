"""SIGKILL at one database answer after another: polls, refetches and archives end as if nothing had happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etl import jobs
from etl.local.postgres import Server
from etl.records import SourceKind
from etl.settings import ROOT, Settings
from etl.warehouse import scratch
from etl.warehouse.connect import connect
from tests.jobs.newsroom import Newsroom, entry, feed, open_newsroom, page, whole_text
from tests.sources.warcs import record, zipped

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
DAY = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)
STEP = 7  # answers between one death and the next
WORKER = """
import os, signal, sys
from datetime import datetime
from etl import jobs, settings
from etl.jobs import warcs
from etl.warehouse.connect import Warehouse
run, deadly, now = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
batches, interval = eval(sys.argv[4]), eval(sys.argv[5])
answers = 0
def deadly_from(plain):
    def asked(self, *a, **k):
        global answers
        answers += 1
        if answers == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(self, *a, **k)
    return asked
span = tuple(map(datetime.fromisoformat, interval)) if interval else None
warcs._BATCH = 5
with jobs.resume(settings.read(), run, clock=lambda: datetime.fromisoformat(now)) as job:
    Warehouse.rows, Warehouse.run = deadly_from(Warehouse.rows), deadly_from(Warehouse.run)
    for part, batch in enumerate(batches):
        jobs.fetch(job, batch, part=str(part), archives_of=span)
"""


def poll(room: Newsroom, fetch: Callable[..., int]) -> int:
    """A feed with pages, a whole text whose page is missing, and an entry without a link."""
    room.add()
    for n in range(6):
        room.site.play(f"/{n}", body=page(f"Bridge {n}"))
    texts = [entry("x", text=whole_text("Whitby")), entry("y", link=None, text=whole_text("Hull"))]
    room.site.play("/feed", body=feed(*(entry(n) for n in range(6)), *texts), ETag='"1"')
    with room.job() as job:
        jobs.queue_feeds(job, is_forced=True)
        deaths = fetch(room, job, None)
        jobs.extract(job)
    return deaths


def refetch(room: Newsroom, fetch: Callable[..., int]) -> int:
    """Pages asked again, some of them changed."""
    poll(room, in_this_process)
    for n in range(3):
        room.site.play(f"/{n}", body=page(f"Bridge {n}", sentences=9))
    room.now += HOUR
    with room.job() as job:
        jobs.queue_feeds(job, is_forced=True)
        deaths = fetch(room, job, None)
        jobs.extract(job)
    return deaths


def archive(room: Newsroom, fetch: Callable[..., int]) -> int:
    """A WARC file of five batches."""
    folder = room.settings.home / "archive"
    folder.mkdir(parents=True)
    records = [record(n, body=page(f"Bridge {n}")) for n in range(23)]
    (folder / "a.warc.gz").write_bytes(b"".join(zipped(records)))
    room.add("crawl", SourceKind.WARC, str(folder))
    with room.job("news_backfill", interval=DAY) as job:
        jobs.queue_archives(job, *DAY)
        deaths = fetch(room, job, DAY)
        jobs.extract(job)
    return deaths


def in_this_process(_: Newsroom, job: jobs.Job, interval: tuple[datetime, datetime] | None) -> int:
    for part, batch in enumerate(jobs.batches_due(job, archives_of=interval)):
        jobs.fetch(job, batch, part=str(part), archives_of=interval)
    return 0


def killed_again_and_again(room: Newsroom, job: jobs.Job, interval: tuple[datetime, datetime] | None) -> int:
    batches = repr(jobs.batches_due(job, archives_of=interval))
    span = repr(tuple(at.isoformat() for at in interval)) if interval else "()"
    env = {
        **os.environ,
        "DATELINE_DATABASE_URL": room.settings.database_url or "",
        "DATELINE_HOME": str(room.settings.home),
        "DATELINE_HOSTS": ",".join(f"{h}={a}" for h, a in room.settings.pinned_hosts.items()),
        "DATELINE_HOST_DELAY": "0",
    }
    deadly, deaths = 2, 0
    while True:
        words = [sys.executable, "-c", WORKER, str(job.run_id), str(deadly), room.now.isoformat(), batches, span]
        code = subprocess.run(words, env=env, cwd=ROOT, check=False).returncode
        if code == 0:
            return deaths
        assert code == -signal.SIGKILL
        deaths, deadly = deaths + 1, deadly + STEP
        with room.db.connection.cursor() as cursor:  # a death is the worker's fault here, not the item's
            cursor.execute("UPDATE ops.work SET attempts = 0")


def world(room: Newsroom) -> list[Any]:
    """All that matters, without ids of ours."""
    return [
        room.ask("SELECT url, title, versions, md5(body), published_at FROM mart.article ORDER BY 1"),
        room.ask("SELECT guid_hash, url_key, item_hash, first_seen_at FROM ops.feed_item ORDER BY 1, 2"),
        room.ask("SELECT article_key, blob_hash, next_fetch_at, gone_at FROM ops.page ORDER BY 1"),
        room.ask("SELECT etag, blob_hash, entries, failure_weight FROM ops.source_state"),
        room.ask("SELECT file_name, next_offset, records, is_done FROM ops.archive_offset"),
        room.ask("SELECT count(*) FROM news.sighting"),
        room.ask("SELECT stage, item_key FROM ops.work ORDER BY 1, 2"),
        room.ask("SELECT count(*) FROM ops.ledger WHERE state = 'claimed'"),
    ]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scenario", [poll, refetch, archive], ids=lambda s: s.__name__)
def test_killed_anywhere_it_ends_as_if_nothing_had_happened(
    newsroom: Newsroom,
    postgres: Server,
    template: str,
    configured: Settings,
    scenario: Callable[..., int],
) -> None:
    with (
        scratch.database(postgres.url(), template=template) as url,
        connect(url) as db,
        open_newsroom(db, replace(configured, database_url=url, home=configured.home / "unbroken")) as other,
    ):
        scenario(other, in_this_process)
        unbroken = world(other)
    assert scenario(newsroom, killed_again_and_again) >= 3
    assert world(newsroom) == unbroken
    if scenario is archive:  # and nothing that was stored is stored again
        assert newsroom.ask("SELECT count(*), count(DISTINCT requested_url) FROM ops.fetch") == [(23, 23)]
        assert newsroom.ask("SELECT records, is_done FROM ops.archive_offset") == [(23, True)]
        assert newsroom.ask(
            "SELECT state, detail, count(*) FROM ops.ledger WHERE item_key LIKE 'warc:%' GROUP BY 1, 2"
        ) == [("kept", "new", 23)]
