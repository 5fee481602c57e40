"""One fetch task against a real server that counts: killed in the middle, and beside a source that is slow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from etl import jobs
from etl.errors import Stage
from etl.jobs import Job
from etl.records import Source, SourceKind
from etl.settings import ROOT
from etl.warehouse import runs, sources
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.fetch.conftest import Handler, Site, running

Begin = Callable[..., Job]
PAGES = 60
HOSTS = 6
IN_FLIGHT = 12 + 4 + 25  # asked by threads, waiting to be taken, taken and not yet committed
TASK = """
import sys
from etl import jobs, settings
with jobs.resume(settings.read(), int(sys.argv[1])) as job:
    jobs.fetch(job, [int(n) for n in sys.argv[2:]])
"""


def page(handler: Handler) -> None:
    time.sleep(0.05)
    handler.answer(200, f"<html><title>{handler.path}</title></html>".encode(), Content_Type="text/html")


@pytest.fixture
def outlet() -> Iterator[Site]:
    """A feed that links pages on several hosts; each page takes a moment."""
    links = "".join(
        f"<item><title>Boat {n}</title><link>http://boats{n % HOSTS}.example/{n}</link></item>" for n in range(PAGES)
    )
    with running(Site()) as site:
        site.play("/feed", 200, f"<rss version='2.0'><channel>{links}</channel></rss>".encode())
        for n in range(PAGES):
            site.plays[f"/{n}"] = page
        yield site
        site.over.set()


@pytest.fixture
def feed(ready: Warehouse) -> Source:
    made = Source(name="boats", kind=SourceKind.FEED, url="http://boats0.example/feed", outlet=None)
    sources.synchronise(ready, [made], at=NOW, is_whole=False)
    return made


def pins(outlet: Site) -> dict[str, str]:
    return {f"boats{n}.example": outlet.pin for n in range(HOSTS)} | {"slow.example": outlet.pin}


def stored(db: Warehouse) -> Counter[str]:
    """How often each page's bytes are in the warehouse."""
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT requested_url FROM ops.fetch WHERE kind = 'page' AND blob_hash IS NOT NULL")
        return Counter(url for (url,) in cursor.fetchall())


def start(job: Job, outlet: Site, batch: list[int]) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "DATELINE_DATABASE_URL": job.settings.database_url or "",
        "DATELINE_HOME": str(job.settings.home),
        "DATELINE_HOSTS": ",".join(f"{host}={address}" for host, address in pins(outlet).items()),
        "DATELINE_HOST_DELAY": "0",
    }
    return subprocess.Popen([sys.executable, "-c", TASK, str(job.run_id), *map(str, batch)], env=env, cwd=ROOT)


def test_a_killed_worker_loses_no_bytes_and_repeats_none(
    ready: Warehouse, begin: Begin, outlet: Site, feed: Source
) -> None:
    job = begin(pins=pins(outlet))
    jobs.queue_feeds(job, names=[feed.name], is_forced=True)
    [batch] = jobs.batches_due(job, names=[feed.name])
    first = start(job, outlet, batch)
    while not (before := stored(ready)):
        assert first.poll() is None
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    before = stored(ready)
    assert 0 < len(before) < PAGES

    assert start(job, outlet, batch).wait() == 0
    after = stored(ready)
    assert set(after) == {f"http://boats{n % HOSTS}.example/{n}" for n in range(PAGES)}
    assert set(after.values()) == {1}  # and what was stored before is among it, once
    asked = Counter(path for path in outlet.paths() if path[1:].isdigit())
    again = {path for path, times in asked.items() if times > 1}
    assert not again & {"/" + url.rpartition("/")[2] for url in before}
    assert len(again) <= IN_FLIGHT
    counts = runs.counts(ready, job.run_id)[Stage.FETCH]
    assert counts.balances
    assert counts.kept == 1 + PAGES


def test_a_slow_source_delays_no_other(ready: Warehouse, begin: Begin, outlet: Site, feed: Source) -> None:
    """Its pages drip until the time limit; those of the other are stored long before."""

    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not handler.server.over.wait(0.05):
            handler.wfile.write(b"x")

    slow = Source(name="aaa-slow", kind=SourceKind.FEED, url="http://slow.example/slow", outlet=None)
    sources.synchronise(ready, [slow], at=NOW, is_whole=False)
    links = "".join(f"<item><title>Drip {n}</title><link>http://slow.example/drip/{n}</link></item>" for n in range(40))
    outlet.play("/slow", 200, f"<rss version='2.0'><channel>{links}</channel></rss>".encode())
    outlet.plays.update((f"/drip/{n}", drip) for n in range(40))
    job = begin(pins=pins(outlet))
    names = [slow.name, feed.name]
    jobs.queue_feeds(job, names=names, is_forced=True)
    batch = [n for part in jobs.batches_due(job, names=names) for n in part]
    task = start(job, outlet, batch)
    began = time.monotonic()
    while len(stored(ready)) < PAGES and task.poll() is None:
        assert time.monotonic() - began < 25  # the first drip is cut after thirty seconds
        time.sleep(0.05)
    assert any(path.startswith("/drip") for path in outlet.paths())
    task.kill()
    task.wait()
