"""What hostile and large answers cost a fetch task in memory: its process tree, measured, against an idle task's."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli
import psutil
import pytest

from etl import jobs
from etl.jobs import Job
from etl.records import Source, SourceKind
from etl.settings import ROOT
from etl.warehouse import sources
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.fetch.conftest import Handler, Site, running

pytestmark = pytest.mark.slow

Begin = Callable[..., Job]
ALLOWED_MB = 300
ITEMS = 20_000
TASK = """
import sys
from etl import jobs, settings
with jobs.resume(settings.read(), int(sys.argv[1])) as job:
    jobs.fetch(job, [int(n) for n in sys.argv[2:]])
"""


@dataclass(frozen=True)
class Cost:
    """What a task took."""

    peak_mb: float
    seconds: float


@pytest.fixture
def outlet() -> Iterator[Site]:
    with running(Site()) as site:
        yield site
        site.over.set()


def gzip_bomb(handler: Handler) -> None:
    handler.answer(200, gzip.compress(bytes(4_000_000)) * 100, Content_Encoding="gzip")


def brotli_bomb(handler: Handler) -> None:
    handler.answer(200, brotli.compress(bytes(400_000_000), quality=5), Content_Encoding="br")


def endless(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss><channel>")
    while not handler.server.over.is_set():
        handler.wfile.write(b"<item><title>And on</title></item>" * 300)


def drip(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not handler.server.over.wait(0.2):
        handler.wfile.write(b"<")


def nested(handler: Handler) -> None:
    handler.answer(200, b"<rss><channel>" + b"<item>" * 233_333, Content_Type="application/rss+xml")


def many_items(handler: Handler) -> None:
    item = "<item><title>Boat {0} is back</title><link>http://10.0.0.1/{0}</link><description>{1}</description></item>"
    items = "".join(item.format(n, "The harbour was quiet. " * 20) for n in range(ITEMS))
    handler.answer(200, f"<rss version='2.0'><channel>{items}</channel></rss>".encode())


def run(job: Job, outlet: Site, hosts: int, *, is_idle: bool = False) -> Cost:
    """A fetch task in a process of its own, watched from outside."""
    pins = ",".join(f"bad{n}.example={outlet.pin}" for n in range(hosts))
    env = {
        **os.environ,
        "DATELINE_DATABASE_URL": job.settings.database_url or "",
        "DATELINE_HOME": str(job.settings.home),
        "DATELINE_HOSTS": pins,
        "DATELINE_HOST_DELAY": "0",
    }
    ids = [] if is_idle else [str(s.source_id) for s in sources.stored(job.db) if s.source.name.startswith("bad")]
    began = time.monotonic()
    task = subprocess.Popen([sys.executable, "-c", TASK, str(job.run_id), *ids], env=env, cwd=ROOT)
    peak = 0
    while task.poll() is None:
        peak = max(peak, _resident(psutil.Process(task.pid)))
        time.sleep(0.02)
    assert task.returncode == 0
    return Cost(peak / 1e6, time.monotonic() - began)


def _resident(process: psutil.Process) -> int:
    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        return total
    return total


@dataclass(frozen=True)
class Case:
    """What sources answer, and how that must end."""

    play: Callable[[Handler], None]
    reasons: frozenset[str]  # one of them
    seconds: float
    hosts: int = 1


CASES = {
    "gzip": Case(gzip_bomb, frozenset({"too_large"}), 40),
    "brotli": Case(brotli_bomb, frozenset({"too_large"}), 40),
    "endless": Case(endless, frozenset({"too_large"}), 40),
    "drip": Case(drip, frozenset({"timed_out"}), 45),
    "nested": Case(nested, frozenset({"broken_feed", "not_a_feed", "bad_item", "too_deep"}), 60),
    "items": Case(many_items, frozenset({"address_refused"}), 400),  # of the pages: the feed itself is read
    "12 bombs": Case(gzip_bomb, frozenset({"too_large"}), 90, hosts=12),  # one for each thread
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", CASES)
def test_a_task_stays_small(ready: Warehouse, begin: Begin, outlet: Site, name: str) -> None:
    case = CASES[name]
    outlet.plays["/feed"] = case.play
    bad = [
        Source(name=f"bad{n}", kind=SourceKind.FEED, url=f"http://bad{n}.example/feed", outlet=None)
        for n in range(case.hosts)
    ]
    sources.synchronise(ready, bad, at=NOW, is_whole=False)
    job = begin()
    jobs.queue_feeds(job, names=[s.name for s in bad], is_forced=True)
    idle = run(job, outlet, case.hosts, is_idle=True)
    cost = run(job, outlet, case.hosts)
    print(f"{name}: {cost.peak_mb - idle.peak_mb:.0f} MB over {idle.peak_mb:.0f}, {cost.seconds:.1f} s")
    said = {r.reason for r in ready.rows("rejections_of_run", run_id=job.run_id)}
    assert said
    assert said <= case.reasons
    assert cost.peak_mb - idle.peak_mb < ALLOWED_MB
    assert cost.seconds < case.seconds


def test_the_measure_sees_what_a_child_takes() -> None:
    """Or all of the above would pass whatever they took."""
    hungry = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'b = bytearray(10**8); input()'])"
    with subprocess.Popen([sys.executable, "-c", hungry], stdin=subprocess.PIPE) as task:
        deadline = threading.Event()
        peak = 0
        for _ in range(300):
            peak = max(peak, _resident(psutil.Process(task.pid)))
            if peak > 10**8 or deadline.wait(0.02):
                break
        task.communicate(b"\n")
    assert peak > 10**8
