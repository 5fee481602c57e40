"""Two workers, each with a session and a connection of its own, share one host through Postgres."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from etl.errors import Reason
from etl.fetch.client import Client
from etl.fetch.session import Politeness, Session
from etl.settings import ROOT
from etl.warehouse.connect import connect
from etl.warehouse.hosts import Hosts
from tests.fetch.conftest import Handler, Site, running

DELAY_S = 0.15
SLACK_S = 0.05  # a request reaches the server a moment after its slot; the moment differs
WORKER = """
import sys
from etl.fetch.client import Client
from etl.fetch.session import Politeness, Session
from etl.warehouse.connect import connect
from etl.warehouse.hosts import Hosts
database_url, pin, delay_s, *urls = sys.argv[1:]
with connect(database_url) as db:
    client = Client("Dateline/0.1 (test)", pins={"news.example": pin})
    session = Session(client, Hosts(db), politeness=Politeness(delay_s=float(delay_s)))
    session.get("http://news.example/robots.txt")
    for url in urls:
        answer = session.get(url)
        assert answer.status == 200, answer
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with running(Site()) as server:
        yield server


@pytest.mark.parametrize("delay_s", [DELAY_S, 4 * DELAY_S])  # slots taken several at a time, and one by one
def test_two_processes_keep_one_pause(site: Site, database_url: str, delay_s: float) -> None:
    came: list[float] = []

    def note(handler: Handler) -> None:
        came.append(time.monotonic())
        handler.answer(200, b"hello")

    urls = {who: [f"http://news.example/{who}{n}" for n in range(6)] for who in "ab"}
    for path in ("/robots.txt", *(url.removeprefix("http://news.example") for some in urls.values() for url in some)):
        site.plays[path] = note
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, database_url, site.pin, str(delay_s), *some], cwd=ROOT)
        for some in urls.values()
    ]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    paths = [path for path in site.paths() if path != "/robots.txt"]
    assert len(paths) == 12
    assert {path[1] for path in paths[:9]} == {"a", "b"}  # side by side, not one after the other
    assert max(came) - min(came) >= (len(came) - 1) * delay_s - SLACK_S
    assert min(b - a for a, b in pairwise(sorted(came))) >= delay_s / 2


@pytest.mark.parametrize("delay_s", [0.0, DELAY_S, 1.0])
def test_too_many_requests_told_to_one_pauses_the_other(site: Site, database_url: str, delay_s: float) -> None:
    site.play("/full", 429, Retry_After="120")
    site.play("/a")
    policy = Politeness(delay_s=delay_s, max_wait_s=5)
    with connect(database_url) as here, connect(database_url) as there:
        one, other = (
            Session(Client("Dateline/0.1 (test)", pins={"news.example": site.pin}), Hosts(db), politeness=policy)
            for db in (here, there)
        )
        assert other.get("http://news.example/a").status == 200
        assert one.get("http://news.example/full").reason is Reason.RATE_LIMITED
        time.sleep(1.1)  # what the other has in hand is good for a second
        put_off = other.get("http://news.example/a")
    assert (put_off.reason, put_off.status) == (Reason.RATE_LIMITED, None)
    assert 110 < (put_off.retry_after_s or 0) <= 120
    assert site.paths().count("/a") == 1
