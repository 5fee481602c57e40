"""ai.txt and tdmrep.json of hosts that are polled, over real HTTP: asked once a week, after all else, and stated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from etl.jobs import notices
from tests.conftest import NOW
from tests.jobs.newsroom import Newsroom, entry, feed, page

AI_TXT, TDMREP = "/ai.txt", "/.well-known/tdmrep.json"
QUARTER, DAY, WEEK = timedelta(minutes=15), timedelta(days=1), timedelta(days=7)
RESERVED = b'[{"location": "/", "tdm-reservation": 1, "tdm-policy": "http://news.example/terms"}]'
CLOSED = b"User-Agent: *\nDisallow: /\n"


@pytest.fixture
def courier(newsroom: Newsroom) -> Newsroom:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)))
    newsroom.site.play("/1", body=page("Bridge"))
    return newsroom


def stated(newsroom: Newsroom) -> dict[str, Any]:
    [(found,)] = newsroom.ask("SELECT opt_outs FROM mart.source")
    return dict(found)


def held(newsroom: Newsroom) -> tuple[Any, ...]:
    columns = "ai_txt, tdmrep, notices_asked_at, notices_read_at"
    [row] = newsroom.ask(f"SELECT {columns} FROM ops.host_state WHERE host = 'news.example'")
    return row


def test_a_source_states_what_its_host_says_and_where(courier: Newsroom) -> None:
    courier.site.play(AI_TXT, body=CLOSED)
    courier.site.play(TDMREP, body=RESERVED)
    courier.poll()
    assert courier.site.paths()[-2:] == [AI_TXT, TDMREP], "after the feed and the page it links"
    courier.poll(QUARTER)
    found = stated(courier)
    assert (found["disallowed_agents"], found["is_tdm_reserved"]) == (["*"], True)
    assert found["tdm_policy_url"] == "http://news.example/terms"
    assert found["said_in"] == ["ai.txt", "tdmrep.json"]
    assert found["is_opted_out"]
    assert {"ai.txt", "tdmrep.json"} <= set(found["read"])


def test_it_is_asked_once_a_week(courier: Newsroom) -> None:
    courier.site.play(AI_TXT, body=CLOSED)
    courier.site.play(TDMREP, body=RESERVED)
    courier.poll()
    for _ in range(6):
        courier.poll(DAY)
    assert (courier.asked(AI_TXT), courier.asked(TDMREP)) == (1, 1)
    courier.site.play(AI_TXT, 404)
    courier.poll(DAY)
    assert (courier.asked(AI_TXT), courier.asked(TDMREP)) == (2, 2)
    courier.poll(QUARTER)
    assert stated(courier)["said_in"] == ["tdmrep.json"], "taken back: no longer stated"


@pytest.mark.parametrize(
    ("ai_txt", "tdmrep"),
    [
        ((404, b"no"), (404, b"no")),
        ((200, b"<!doctype html><title>Courier</title><p>No such page</p>"), (200, b"<html>no such page</html>")),
        ((200, b"\x00\xff\xfe garbage \x80"), (200, b'{"location": "/", "tdm-reservation": 1}')),
        ((200, b""), (200, b"[" * 100_000)),
        ((403, b"go away"), (410, b"")),
    ],
)
def test_what_is_not_there_or_no_such_file_is_none(
    courier: Newsroom, ai_txt: tuple[int, bytes], tdmrep: tuple[int, bytes]
) -> None:
    courier.site.play(AI_TXT, *ai_txt)
    courier.site.play(TDMREP, *tdmrep)
    courier.poll()
    assert held(courier) == (None, None, NOW, NOW)
    courier.poll(QUARTER)
    assert stated(courier)["said_in"] == []


def test_a_failure_keeps_what_was_said_and_is_tried_again_a_day_later(courier: Newsroom) -> None:
    courier.site.play(AI_TXT, body=CLOSED)
    courier.poll()
    courier.site.play(AI_TXT, 503)
    courier.poll(WEEK)
    assert held(courier) == (CLOSED.decode(), None, NOW + WEEK, NOW)
    courier.poll(QUARTER)
    assert courier.asked(AI_TXT) == 2
    courier.poll(DAY)
    assert courier.asked(AI_TXT) == 3


def test_robots_txt_counts_for_these_files_too(courier: Newsroom) -> None:
    courier.site.play("/robots.txt", body=b"User-agent: *\nDisallow: /.well-known/\n")
    courier.site.play(AI_TXT, body=CLOSED)
    courier.poll()
    assert (courier.asked(TDMREP), held(courier)[3]) == (0, NOW)


def test_only_the_beginning_of_an_endless_file_is_read(courier: Newsroom) -> None:
    courier.site.play(AI_TXT, body=CLOSED + b"# and so on\n" * 500_000)
    courier.poll()
    assert len(held(courier)[0]) <= 500_000
    courier.poll(QUARTER)
    assert stated(courier)["said_in"] == ["ai.txt"]


def test_without_patience_nothing_is_kept_and_nothing_is_lost(
    courier: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    courier.site.play(AI_TXT, body=CLOSED)
    monkeypatch.setattr(notices, "_PATIENCE_S", 0.0)
    assert courier.poll()["feed:courier"] == "1 entries, 1 new or changed"
    assert held(courier) == (None, None, NOW, None)
    monkeypatch.undo()
    courier.poll(DAY)
    assert held(courier)[0] == CLOSED.decode()


def test_a_host_that_asked_for_a_pause_is_left_alone(courier: Newsroom) -> None:
    courier.site.play("/feed", 429, b"slower", Retry_After="3600")
    courier.poll()
    assert courier.asked(AI_TXT) == 0
