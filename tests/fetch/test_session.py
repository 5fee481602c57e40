"""Politeness: robots.txt, one host slowly, hosts side by side."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest

from etl.errors import Reason
from etl.fetch.askers import Request, fetch_all
from etl.fetch.hosts import MemoryHosts, RobotsCopy, Slot
from etl.fetch.robots import Rules, is_fresh
from etl.fetch.session import Politeness, Session
from etl.records import Fetched, Outcome, Validators
from tests.fetch.conftest import AGENT, NOW, Handler, Site, make_client


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def hosts(clock: Time) -> MemoryHosts:
    return MemoryHosts(clock)


@pytest.fixture
def session(site: Site, hosts: MemoryHosts, clock: Time) -> Session:
    for path in ("/a", "/b", "/private/x"):
        site.play(path)
    client = make_client(site)
    client.clock = clock
    return Session(client, hosts, politeness=Politeness(delay_s=2, max_delay_s=10, max_wait_s=30), sleep=clock.sleep)


def test_robots_txt_is_read_first_and_obeyed(site: Site, session: Session) -> None:
    site.play("/robots.txt", 200, b"User-agent: *\nDisallow: /private/\n")
    refused = session.get("http://news.example/private/x")
    assert (refused.reason, refused.status) == (Reason.ROBOTS_REFUSED, None)
    assert session.get("http://news.example/a").outcome is Outcome.FETCHED
    assert site.paths() == ["/robots.txt", "/a"]
    assert "refuses" in session.robots("http://news.example/private/x")


def test_robots_txt_is_kept_a_day(site: Site, session: Session, clock: Time) -> None:
    site.play("/robots.txt", 200, b"")
    session.get("http://news.example/a")
    clock.now += timedelta(hours=23)
    session.get("http://news.example/a")
    assert site.paths().count("/robots.txt") == 1
    clock.now += timedelta(hours=2)
    session.get("http://news.example/a")
    assert site.paths().count("/robots.txt") == 2


@pytest.mark.parametrize(("status", "reason"), [(404, None), (401, None), (500, Reason.ROBOTS_REFUSED)])
def test_a_missing_robots_txt_allows_and_a_failing_one_closes(
    site: Site, session: Session, status: int, reason: Reason | None
) -> None:
    site.play("/robots.txt", status)
    assert session.get("http://news.example/a").reason is reason


def test_an_unreachable_host_is_asked_once_for_all_its_pages(site: Site, session: Session, hosts: MemoryHosts) -> None:
    first = session.get("http://dead.example/a")
    second = session.get("http://dead.example/b")
    assert (first.reason, second.reason) == (Reason.DNS_FAILED, Reason.UNREACHABLE)
    copy = hosts.robots("dead.example")
    assert copy is not None
    assert copy.status == 0
    assert not is_fresh(copy, NOW + timedelta(minutes=15))


def test_a_refused_address_is_said_to_be_one(session: Session) -> None:
    for _ in range(2):
        assert session.get("http://127.0.0.1:1/x").reason is Reason.ADDRESS_REFUSED


def test_requests_to_one_host_keep_their_distance(site: Site, session: Session, clock: Time) -> None:
    for url in ("http://news.example/a", "http://news.example/b", "http://other.example/a"):
        session.get(url)
    assert clock.slept == [2, 2, 2]  # robots.txt is a request too, and other.example owes news.example nothing


@pytest.mark.parametrize(("asked", "pause"), [(b"5", 5), (b"0.5", 2), (b"3600", 10)])
def test_crawl_delay_is_honoured_within_reason(
    site: Site, session: Session, clock: Time, asked: bytes, pause: float
) -> None:
    site.play("/robots.txt", 200, b"User-agent: *\nCrawl-delay: " + asked)
    for _ in range(3):
        session.get("http://news.example/a")
    assert clock.slept[1:] == [pause, pause]


@pytest.mark.parametrize(
    ("status", "stated", "pause"),
    [(429, "900", 900), (429, "", 60), (503, "120", 120)],
)
def test_too_many_requests_slow_the_host_not_just_the_page(
    site: Site, session: Session, status: int, stated: str, pause: int
) -> None:
    site.play("/a", status, b"", Retry_After=stated)
    session.get("http://news.example/a")
    asked = len(site.asked)
    waiting = session.get("http://news.example/b")
    assert (waiting.reason, waiting.status, waiting.retry_after_s) == (Reason.RATE_LIMITED, None, pause)
    assert len(site.asked) == asked  # it was not asked again
    assert session.get("http://other.example/b").outcome is Outcome.FETCHED


def test_a_plain_503_slows_nobody(site: Site, session: Session) -> None:
    site.play("/a", 503)
    session.get("http://news.example/a")
    assert session.get("http://news.example/b").outcome is Outcome.FETCHED


def test_robots_rules_are_for_our_name() -> None:
    copy = RobotsCopy(body="User-agent: Dateline\nDisallow: /\n\nUser-agent: *\nAllow: /\n", status=200, fetched_at=NOW)
    assert not Rules(copy, AGENT).verdict("http://news.example/a").is_allowed
    assert Rules(copy, "Other/1").verdict("http://news.example/a").is_allowed


ELSEWHERE = "http://other.example/b"


def test_a_redirect_asks_the_robots_txt_of_where_it_leads(site: Site, session: Session) -> None:
    site.play("/robots.txt", 200, b"User-agent: *\nDisallow: /b\n")
    site.play("/a", 302, b"", Location=ELSEWHERE)
    refused = session.get("http://news.example/a")
    assert (refused.reason, refused.final_url) == (Reason.ROBOTS_REFUSED, "http://news.example/a")
    asked = [(host, path) for host, path, _ in site.asked]
    assert asked == [("news.example", "/robots.txt"), ("news.example", "/a"), ("other.example", "/robots.txt")]


def test_a_redirect_on_the_same_host_asks_its_robots_txt_again(site: Site, session: Session) -> None:
    site.play("/robots.txt", 200, b"User-agent: *\nDisallow: /private/\n")
    site.play("/a", 302, b"", Location="/private/x")
    assert session.get("http://news.example/a").reason is Reason.ROBOTS_REFUSED
    assert site.paths() == ["/robots.txt", "/a"]


def test_a_redirect_waits_for_the_turn_of_where_it_leads(
    site: Site, session: Session, hosts: MemoryHosts, clock: Time
) -> None:
    site.play("/robots.txt", 404)
    session.get("http://news.example/b")
    session.get(ELSEWHERE)
    site.play("/a", 302, b"", Location=ELSEWHERE)
    hosts.reserve("other.example", 7, 60)
    clock.slept.clear()
    assert session.get("http://news.example/a").outcome is Outcome.FETCHED
    assert clock.slept[-1] == pytest.approx(7, abs=2)
    hosts.back_off("other.example", 500, Reason.RATE_LIMITED)
    put_off = session.get("http://news.example/a")
    assert (put_off.reason, put_off.retry_after_s) == (Reason.RATE_LIMITED, 500)
    assert "other.example" in put_off.detail


def test_too_many_requests_slow_the_host_that_said_so(site: Site, session: Session) -> None:
    site.play("/a", 302, b"", Location="http://other.example/busy")
    site.play("/busy", 429, b"", Retry_After="600")
    session.get("http://news.example/a")
    assert session.get("http://news.example/b").outcome is Outcome.FETCHED
    assert session.get(ELSEWHERE).reason is Reason.RATE_LIMITED


def test_robots_txt_itself_may_redirect(site: Site, session: Session) -> None:
    site.play("/robots.txt", 301, b"", Location="http://other.example/rules")
    site.play("/rules", 200, b"User-agent: *\nDisallow: /private/\n")
    assert session.get("http://news.example/private/x").reason is Reason.ROBOTS_REFUSED
    assert session.get("http://news.example/a").outcome is Outcome.FETCHED


@pytest.mark.parametrize("body", [b"<html><title>Page not found</title>", b"", b"\xff\xfe\x00"])
def test_what_is_no_rules_forbids_nothing(site: Site, session: Session, body: bytes) -> None:
    site.play("/robots.txt", 200, body)
    assert session.get("http://news.example/a").outcome is Outcome.FETCHED


def test_of_an_endless_robots_txt_the_beginning_counts(site: Site, session: Session) -> None:
    def endless(handler: Handler) -> None:
        handler.answer(200, b"User-agent: *\nDisallow: /private/\n", Content_Length="99999999999")
        while not site.over.is_set():
            handler.wfile.write(b"# and so on\n" * 1_000)

    site.plays["/robots.txt"] = endless
    assert session.get("http://news.example/private/x").reason is Reason.ROBOTS_REFUSED
    assert session.get("http://news.example/a").outcome is Outcome.FETCHED


def test_a_host_that_keeps_failing_is_left_alone(site: Site, session: Session, hosts: MemoryHosts, clock: Time) -> None:
    """It answered for robots.txt once; then it died. Its tenth page must not cost a tenth time-out."""
    hosts.keep_robots("dead.example", RobotsCopy(body="", status=200, fetched_at=NOW))
    answers = [session.get(f"http://dead.example/{n}") for n in range(10)]
    assert [f.reason for f in answers] == [Reason.DNS_FAILED] * 10
    put_off = [f for f in answers if "3 times running" in f.detail]
    assert len(put_off) == 7
    assert put_off[0].retry_after_s == 600
    assert session.get("http://news.example/a").outcome is Outcome.FETCHED
    clock.now += timedelta(seconds=601)
    assert "3 times running" not in session.get("http://dead.example/again").detail


def test_an_answer_ends_a_run_of_failures(site: Site, session: Session) -> None:
    def hang_up(handler: Handler) -> None:
        handler.close_connection = True

    site.plays["/broken"] = hang_up
    for path in ["/broken", "/broken", "/a"] * 3:
        fetched = session.get(f"http://news.example{path}")
        assert "running" not in fetched.detail


def requests(*urls: str) -> list[Request]:
    return [Request(url=url) for url in urls]


@pytest.fixture
def quick(site: Site) -> Session:
    return Session(make_client(site), MemoryHosts(), politeness=Politeness(delay_s=0))


def test_every_request_is_answered_once(site: Site, quick: Session) -> None:
    site.play("/a")
    urls = [
        "http://news.example/a",
        "http://other.example/a",
        "http://127.0.0.1:1/",
        "nonsense",
        "http://news.example/404",
    ]
    answers = {f.requested_url: f for f in fetch_all(quick, requests(*urls), workers=3)}
    assert sorted(answers) == sorted(urls)
    assert {u: f.reason for u, f in answers.items() if f.reason} == {
        "http://127.0.0.1:1/": Reason.ADDRESS_REFUSED,
        "nonsense": Reason.SCHEME_REFUSED,
        "http://news.example/404": Reason.NOT_FOUND,
    }


def test_validators_travel_with_their_request(site: Site, quick: Session) -> None:
    site.play("/a", 304)
    [answer] = fetch_all(quick, [Request(url="http://news.example/a", validators=Validators(etag='"x"'))])
    assert answer.outcome is Outcome.NOT_MODIFIED
    assert site.asked[-1][2]["If-None-Match"] == '"x"'


def test_hosts_are_asked_side_by_side_and_one_host_in_order(site: Site, quick: Session) -> None:
    meeting = threading.Barrier(2, timeout=5)  # passed only if both hosts are in the middle of an answer at once
    busy = {"news.example": 0, "other.example": 0}

    def meet(handler: Handler) -> None:
        host = handler.headers["Host"]
        busy[host] += 1
        assert busy[host] == 1
        meeting.wait()
        busy[host] -= 1
        handler.answer(200, b"met")

    site.plays["/a"] = site.plays["/b"] = meet
    urls = [f"http://{host}/{page}" for host in busy for page in "ab"]
    answers = list(fetch_all(quick, requests(*urls), workers=2))
    assert [f.body for f in answers] == [b"met"] * 4
    of_news = [f.requested_url for f in answers if "news" in f.requested_url]
    assert of_news == urls[:2]


def test_leaving_early_leaves_the_rest_unasked(site: Site, quick: Session) -> None:
    site.play("/a")
    answers = fetch_all(quick, requests(*[f"http://news.example/a?{n}" for n in range(50)]), workers=1)
    next(iter(answers))
    answers.close()
    assert len(site.asked) < 10


def test_a_bug_in_a_store_reaches_the_caller(site: Site) -> None:
    class Broken(MemoryHosts):
        def reserve(self, host: str, delay_s: float, max_wait_s: float, slots: int = 1) -> Slot:
            raise RuntimeError("database lost")

    session = Session(make_client(site), Broken())
    with pytest.raises(RuntimeError, match="database lost"):
        list(fetch_all(session, requests("http://news.example/a")))


def test_threads_take_turns_for_a_slot() -> None:
    hosts = MemoryHosts(lambda: NOW)
    waits: list[float] = []
    threads = [
        threading.Thread(target=lambda: waits.append(hosts.reserve("news.example", 1.0, 60.0).wait_s))
        for _ in range(20)
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(waits) == list(range(20))


def test_a_real_pause_is_kept(site: Site) -> None:
    """Once with a real clock: two pages of one host, a tenth of a second apart."""
    site.play("/a")
    session = Session(make_client(site), MemoryHosts(), politeness=Politeness(delay_s=0.1))
    began = time.monotonic()
    answers: list[Fetched] = list(fetch_all(session, requests("http://news.example/a?1", "http://news.example/a?2")))
    assert len(answers) == 2
    assert 0.2 <= time.monotonic() - began < 1.5
