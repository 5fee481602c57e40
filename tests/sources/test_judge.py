"""Odd feeds go to feedparser in a process with limits: which those are, what they cost, and that one hurts no other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psutil
import pytest

from etl.crew import Limits
from etl.errors import Reason
from etl.records import Feed, Rejected
from etl.sources import feeds
from etl.sources.judge import Judge
from etl.sources.stated import StatedFeed

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
GOOD = "<rss><channel><item><title>Rain</title><link>http://news.example/a</link></item></channel></rss>"


@pytest.fixture
def judge() -> Iterator[Judge]:
    judge = Judge(Limits(seconds=0.5, megabytes=300))
    yield judge
    judge.close()


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "etl.sources.judge_worker" in " ".join(_words(p))]


def _words(process: psutil.Process) -> list[str]:
    """Of its command line; none of one that has ended and was not yet waited for, as other tests leave."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def titles(answer: object) -> list[str | None]:
    assert isinstance(answer, StatedFeed), answer
    return [entry.title for entry in answer.entries]


def test_one_child_judges_many_feeds(judge: Judge) -> None:
    assert titles(judge.ask(GOOD)) == ["Rain"]
    first = {p.pid for p in children()}
    assert titles(judge.ask(GOOD)) == ["Rain"]
    assert {p.pid for p in children()} == first


def test_a_feed_that_takes_too_long_is_given_up_and_the_next_is_read(judge: Judge) -> None:
    slow = GOOD.replace("</item>", "</item>" + "<item><title>a</title><link>/b</link></item>" * 10_000)
    answer = judge.ask(slow)
    assert answer == (Reason.TIMED_OUT, "the parser took over 0.5 s")
    assert titles(judge.ask(GOOD)) == ["Rain"]


def test_a_child_that_is_killed_costs_one_feed(judge: Judge) -> None:
    judge.ask(GOOD)
    for child in children():
        child.kill()
        child.wait()
    answer = judge.ask(GOOD)
    assert isinstance(answer, tuple)
    assert answer[0] is Reason.BROKEN_FEED
    assert titles(judge.ask(GOOD)) == ["Rain"]


def test_a_hungry_feed_is_given_up_and_the_next_is_read() -> None:
    judge = Judge(Limits(seconds=30, megabytes=120))
    answer = judge.ask(GOOD.replace("Rain", "<![CDATA[" + "Злива " * 2_000_000 + "]]>"))
    assert isinstance(answer, tuple)
    assert answer[0] is Reason.BROKEN_FEED
    assert titles(judge.ask(GOOD)) == ["Rain"]
    judge.close()


@pytest.mark.parametrize(("text", "reason"), [("", Reason.EMPTY_BODY), ("<html></html>", Reason.NOT_A_FEED)])
def test_what_is_no_feed_starts_no_child(judge: Judge, text: str, reason: Reason) -> None:
    before = len(children())
    answer = judge.ask(text)
    assert isinstance(answer, tuple)
    assert answer[0] is reason
    assert len(children()) == before


def test_a_fork_has_a_judge_of_its_own() -> None:
    from etl.sources import judge

    mine = judge.shared()
    assert judge.shared() is mine
    judge._judges[os.getpid() + 1] = mine
    assert judge.shared() is mine
    del judge._judges[os.getpid() + 1]


ENTRY = "<item><title>Story {0}</title><link>http://news.example/{0}</link><description>{1}</description></item>"
LARGE = {
    "20,000 items": "<rss><channel>"
    + "".join(ENTRY.format(n, "words " * 20) for n in range(20_000))
    + "</channel></rss>",
    "nested tags": "<rss><channel>" + ENTRY.format(1, "<a>" * 200_000 + "</a>" * 200_000) + "</channel></rss>",
    "nested and escaped": "<rss><channel>" + ENTRY.format(1, "&lt;a&gt;" * 200_000) + "</channel></rss>",
    "nested and broken": "<rss><channel>" + ENTRY.format(1, "<a>" * 470_000) + "</channel></rss>",
}


@pytest.mark.parametrize("name", LARGE)
def test_no_feed_takes_over_two_seconds(name: str) -> None:
    began, used = time.process_time(), children_seconds()
    parsed = feeds.parse(LARGE[name].encode(), url="http://news.example/", headers={}, fetched_at=NOW)
    assert time.process_time() - began + children_seconds() - used < 2
    assert isinstance(parsed, Rejected if name in {"nested tags", "nested and broken"} else Feed)
    if name == "20,000 items":
        assert isinstance(parsed, Feed)
        assert len(parsed.items) == 20_000


def children_seconds() -> float:
    """Of those still there and of those that are gone."""
    there = sum(sum(child.cpu_times()[:2]) for child in children())
    gone = os.times()
    return there + gone.children_user + gone.children_system
