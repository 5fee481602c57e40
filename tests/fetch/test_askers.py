"""Many hosts at once: a slow one costs the others nothing, and waiting costs no thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from etl.errors import Reason
from etl.fetch.askers import Askers, Request, fetch_all
from etl.fetch.client import Limits
from etl.fetch.hosts import MemoryHosts, RobotsCopy
from etl.fetch.session import Politeness, Session
from etl.records import Outcome
from tests.fetch.conftest import NOW, Handler, Site, make_client

HOSTS = [f"host{n}.example" for n in range(20)]


def session_of(site: Site, *, hosts: MemoryHosts | None = None, delay_s: float = 0, total_s: float = 1) -> Session:
    pins = dict.fromkeys([*HOSTS, "slow.example"], site.pin)
    limits = Limits(max_bytes=100_000, total_s=total_s, connect_s=1)
    return Session(
        make_client(site, pins=pins, limits=limits), hosts or MemoryHosts(), politeness=Politeness(delay_s=delay_s)
    )


def test_a_slow_drip_delays_nobody(site: Site) -> None:
    """Twenty pages of a host that drips, before three of each of twenty quick hosts: two threads are enough."""

    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not site.over.wait(0.02):
            handler.wfile.write(b"x")

    site.plays["/drip"] = drip
    for n in range(3):
        site.play(f"/{n}")
    slow = [Request(url=f"http://slow.example/drip?{n}") for n in range(20)]
    quick = [Request(url=f"http://{host}/{n}") for host in HOSTS for n in range(3)]
    began = time.monotonic()
    took = {}
    for fetched in fetch_all(session_of(site), [*slow, *quick], workers=2):
        took[fetched.requested_url] = time.monotonic() - began, fetched.reason
    assert max(took[r.url][0] for r in quick) < 0.9  # before the first drip has timed out
    assert {took[r.url][1] for r in quick} == {None}
    assert {took[r.url][1] for r in slow} == {Reason.TIMED_OUT}
    assert max(t for t, _ in took.values()) < 8  # three time-outs, and the rest was put off


def test_hosts_that_wait_their_turn_hold_no_thread(site: Site) -> None:
    """Twenty hosts, each page half a second after the last: with one thread for all it takes as long as with twenty."""
    hosts = MemoryHosts()
    for host in HOSTS:
        hosts.keep_robots(host, RobotsCopy(body="", status=200, fetched_at=NOW))
    site.play("/a")
    began = time.monotonic()
    requests = [Request(url=f"http://{host}/a?{n}") for host in HOSTS for n in range(3)]
    answers = list(fetch_all(session_of(site, hosts=hosts, delay_s=0.5), requests, workers=1))
    assert {f.outcome for f in answers} == {Outcome.FETCHED}
    assert 1.0 <= time.monotonic() - began < 2.5


@contextmanager
def asking(site: Site, **more: float) -> Iterator[Askers]:
    with Askers(session_of(site, **more), workers=2) as askers:  # type: ignore[arg-type]
        yield askers


def test_requests_may_be_added_while_others_are_answered(site: Site) -> None:
    site.play("/a")
    with asking(site) as askers:
        askers.ask([Request(url="http://host1.example/a", tag=1)])
        [(first, _)] = askers.answers(10, 10**6, 0)
        askers.ask(
            [Request(url="http://host1.example/a", tag=2), Request(url="http://host1.example/a", tag=3)]
        )  # one address asked twice is two requests
        tags = {request.tag for _ in range(2) for request, _ in askers.answers(1, 0, 0)}
    assert (first.tag, tags) == (1, {2, 3})


def test_answers_are_taken_together_up_to_a_size(site: Site) -> None:
    site.play("/a", 200, b"x" * 1_000)
    with asking(site) as askers:
        askers.ask(Request(url=f"http://{host}/a") for host in HOSTS)
        sizes: list[int] = []
        while sum(sizes) < len(HOSTS):
            sizes.append(len(askers.answers(100, 3_000, 0.5)))
    assert max(sizes) == 3


def test_what_is_withdrawn_is_not_asked(site: Site) -> None:
    site.play("/a")
    with asking(site, delay_s=5) as askers:
        askers.ask(Request(url=f"http://host1.example/a?{n}", tag=n) for n in range(10))
        while not site.asked:
            time.sleep(0.01)
        time.sleep(0.2)  # robots.txt was read, and the first page waits for its turn
        back = askers.withdraw()
        assert [r.tag for r in back] == list(range(10))
    assert site.paths() == ["/robots.txt"]


def test_a_busy_taker_stops_the_asking(site: Site) -> None:
    """Untaken answers are bodies in memory."""
    site.play("/a", 200, b"x")
    with asking(site) as askers:
        askers.ask(Request(url=f"http://{host}/a?{n}") for host in HOSTS for n in range(5))
        time.sleep(0.5)
        asked = len([path for path in site.paths() if path != "/robots.txt"])
        assert asked <= 4 + 2  # waiting to be taken, and one in each thread's hands
        threads = threading.active_count()
    assert threading.active_count() <= threads - 2


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://host1.example:notaport/"])
def test_what_is_no_address_is_answered_too(site: Site, url: str) -> None:
    [answer] = fetch_all(session_of(site), [Request(url=url)])
    assert answer.reason is Reason.SCHEME_REFUSED
