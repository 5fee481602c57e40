"""How sources are asked, over real HTTP: validators, rhythm, failures, moves, silence and coverage."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from etl import jobs
from etl.records import FeedItem, SourceKind
from etl.sources import item_text
from etl.sources.clock import LATEST
from tests.conftest import NOW
from tests.fetch.conftest import Handler
from tests.jobs.newsroom import Newsroom, entry, feed, page

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


def test_validators_go_back_verbatim_and_304_or_the_same_bytes_are_no_work(newsroom: Newsroom) -> None:
    tags: dict[str, Any] = {"ETag": 'W/"odd tag"', "Last_Modified": "Wed, 06 Jul 2022 08:59:59 +0000"}
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)), **tags)
    newsroom.poll()
    newsroom.site.play("/feed", 304, b"")
    assert newsroom.poll(QUARTER)["feed:courier"] == "unchanged"
    sent = newsroom.headers("/feed")
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('W/"odd tag"', tags["Last_Modified"])
    newsroom.site.play("/feed", body=feed(entry(1)), ETag='"other"')
    assert newsroom.poll(QUARTER)["feed:courier"] == "unchanged"
    assert newsroom.state().etag == '"other"'
    assert newsroom.asked("/1") == 1


def test_a_server_that_lies_with_304_is_asked_for_the_body_and_believed_no_more(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)), ETag='"for ever"')
    newsroom.poll()

    def lie(handler: Handler) -> None:
        if "If-None-Match" in handler.headers:
            handler.answer(304)
        else:
            handler.answer(200, feed(entry(1), entry(2)), ETag='"for ever"')

    newsroom.site.plays["/feed"] = lie
    for _ in range(3):
        assert newsroom.poll(5 * HOUR)["feed:courier"] == "unchanged"
    found = newsroom.poll(5 * HOUR)
    assert found["probe:courier"] == "2 entries, 1 new or changed"
    assert newsroom.asked("/2") == 1
    state = newsroom.state()
    assert (state.is_validator_trusted, state.validators_judged_at) == (False, newsroom.now)
    assert "304 said 4 times" in state.validators_judgement
    newsroom.poll(QUARTER)
    assert "If-None-Match" not in newsroom.headers("/feed")
    newsroom.poll(8 * DAY)
    assert newsroom.headers("/feed")["If-None-Match"] == '"for ever"'


def test_an_honest_304_costs_a_probe_now_and_then_and_no_more(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.plays["/feed"] = lambda h: (
        h.answer(304) if "If-None-Match" in h.headers else h.answer(200, feed(entry(1)), ETag='"1"')
    )
    newsroom.poll()
    probes = sum("probe:courier" in newsroom.poll(HOUR) for _ in range(26))
    assert probes == 2
    assert newsroom.state().is_validator_trusted


@pytest.mark.parametrize(
    ("headers", "channel", "pause", "rule"),
    [
        ({}, "", QUARTER, "interval"),
        ({"Cache_Control": "max-age=3600"}, "", HOUR, "cache_control"),
        ({}, "<ttl>120</ttl>", 2 * HOUR, "ttl"),
        ({}, "<skipHours><hour>9</hour><hour>10</hour></skipHours>", 2 * HOUR, "skip_hours"),
        ({}, "<skipDays><day>Wednesday</day></skipDays>", 15 * HOUR, "skip_days"),
    ],
)
def test_what_a_source_asks_for_decides_and_is_said(
    newsroom: Newsroom, headers: dict[str, Any], channel: str, pause: timedelta, rule: str
) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1), channel=channel), **headers)
    newsroom.poll()
    state = newsroom.state()
    assert (state.next_poll_at - NOW, state.next_poll_rule) == (pause, rule)
    assert newsroom.poll(pause - timedelta(seconds=1), is_forced=False) == {}
    assert "feed:courier" in newsroom.poll(timedelta(seconds=1), is_forced=False)


@pytest.mark.parametrize("stated", ["7200", "Wed, 06 Jul 2022 11:00:00 GMT"])
def test_retry_after_in_both_forms(newsroom: Newsroom, stated: str) -> None:
    newsroom.add()
    newsroom.site.play("/feed", 503, b"later", Retry_After=stated)
    newsroom.poll()
    state = newsroom.state()
    assert (state.next_poll_at - NOW, state.next_poll_rule) == (2 * HOUR, "retry_after")


def test_failures_weigh_and_one_success_revives(newsroom: Newsroom) -> None:
    source_id = newsroom.add()
    newsroom.site.play("/feed", 500)
    newsroom.poll()
    assert (float(newsroom.state().failure_weight), newsroom.state().last_reason) == (0.5, "server_error")
    newsroom.site.play("/feed", 404)
    newsroom.poll(QUARTER)
    assert float(newsroom.state().failure_weight) == 1.5
    with newsroom.db.connection.cursor() as cursor:
        cursor.execute("UPDATE ops.source_state SET failure_weight = 29.5 WHERE source_id = %s", (source_id,))
    newsroom.poll(QUARTER)
    state = newsroom.state()
    assert (state.given_up_at, state.next_poll_at - newsroom.now, state.next_poll_rule) == (
        newsroom.now,
        7 * DAY,
        "given_up",
    )
    newsroom.site.play("/feed", body=feed(entry(1)))
    assert newsroom.poll(7 * DAY, is_forced=False)["feed:courier"] == "1 entries, 1 new or changed"
    state = newsroom.state()
    assert (float(state.failure_weight), state.given_up_at, state.next_poll_rule) == (0, None, "interval")


def test_410_stops_until_the_registry_or_the_server_says_otherwise(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", 410)
    newsroom.poll()
    assert (newsroom.state().gone_at, newsroom.state().next_poll_at) == (NOW, NOW + 30 * DAY)
    newsroom.add(path="/new-feed")
    newsroom.site.play("/new-feed", body=feed(entry(1)))
    assert newsroom.state().gone_at is None
    assert newsroom.poll(QUARTER, is_forced=False)["feed:courier"].startswith("1 entries")


def test_only_a_wholly_permanent_chain_that_ends_in_a_feed_moves_a_source(newsroom: Newsroom) -> None:
    newsroom.add()
    site = newsroom.site
    site.play("/moved", body=feed(entry(1)))
    site.play("/", body=b"<!doctype html><title>Home</title><p>Welcome")
    site.play("/feed", 301, Location="/half")
    site.play("/half", 302, Location="/moved")
    newsroom.poll()
    assert newsroom.state().moved_to_url is None
    site.play("/feed", 301, Location="/")
    newsroom.poll(QUARTER)
    assert newsroom.state().moved_to_url is None
    site.play("/feed", 301, Location="/half")
    site.play("/half", 308, Location="/moved")
    newsroom.poll(QUARTER)
    assert newsroom.state().moved_to_url == "http://news.example/moved"
    asked = newsroom.asked("/feed")
    newsroom.poll(QUARTER)
    assert newsroom.asked("/feed") == asked
    site.play("/moved", 404)
    site.play("/feed", body=feed(entry(1), entry(2)))
    newsroom.poll(QUARTER)
    assert newsroom.poll(QUARTER)["feed:courier"] == "2 entries, 1 new or changed"


def test_a_source_that_falls_silent_is_named_and_a_quiet_one_is_not(newsroom: Newsroom) -> None:
    dates = [NOW - n * HOUR for n in range(8)]
    newsroom.add("busy", path="/busy")
    newsroom.add("weekly", path="/weekly")
    newsroom.site.play("/busy", body=feed(*(entry(f"b{n}", at=d) for n, d in enumerate(dates))))
    newsroom.site.play("/weekly", body=feed(*(entry(f"w{n}", at=NOW - 7 * n * DAY) for n in range(4))))
    newsroom.poll()
    newsroom.poll(20 * HOUR)
    assert newsroom.ask("SELECT source_name FROM mart.silent_source") == []
    newsroom.poll(10 * HOUR)
    [(name, since, gap, expected)] = newsroom.ask(
        "SELECT source_name, silent_since, usual_gap, expected_within FROM mart.silent_source"
    )
    assert (name, since, gap, expected) == ("busy", NOW, HOUR, DAY)
    [(severity, n)] = newsroom.ask(
        "SELECT severity, offending FROM ops.check_result WHERE check_name = 'sources_are_not_silent' AND offending > 0"
    )
    assert (severity, n) == ("warning", 1)


def coverage(newsroom: Newsroom) -> list[tuple[object, ...]]:
    return newsroom.ask(
        """SELECT source_name, covered_on::text, expected, fetched, new, rejected, verdict
           FROM mart.coverage ORDER BY 1, 2"""
    )


def test_each_day_of_each_source_is_accounted_for_and_a_repeat_changes_nothing(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.add("dead", path="/dead")
    newsroom.site.play("/dead", 500)
    newsroom.site.play("/feed", body=feed(entry(1), entry(2), entry(3)))
    newsroom.site.play("/1", body=page("Bridge"))
    newsroom.site.play("/2", body=page("River"))
    newsroom.poll(reads=True)
    newsroom.poll(QUARTER)
    wanted = [("courier", "2022-07-06", None, 2, 2, 1, "covered"), ("dead", "2022-07-06", None, 0, 0, 1, "failed")]
    assert coverage(newsroom) == wanted
    with newsroom.job() as job:
        jobs.check(job)
    assert coverage(newsroom) == wanted
    newsroom.poll(DAY)
    assert coverage(newsroom)[1] == ("courier", "2022-07-07", None, 2, 0, 0, "covered")  # asked again, nothing new


def kyiv_time(at: datetime) -> datetime:
    return at + 3 * HOUR  # written as if it were UTC


def test_entries_stated_as_before_are_not_read_again(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1), entry(2)))
    newsroom.poll()
    read: list[str] = []
    said_hash = item_text.said_hash

    def watched(item: FeedItem, key: str) -> bytes:
        read.append(key)
        return said_hash(item, key)

    monkeypatch.setattr(item_text, "said_hash", watched)
    newsroom.site.play("/feed", body=feed(entry(1), entry(2), entry(3)))
    newsroom.poll(QUARTER)
    assert len(read) == 1  # the third, alone
    assert newsroom.ask("SELECT count(*), count(stated_hash) FROM ops.feed_item") == [(3, 3)]


def test_a_clock_that_is_wrong_is_learned_corrected_and_named(newsroom: Newsroom) -> None:
    newsroom.add(time_zone="Europe/Kyiv")
    shown: list[str] = []
    newsroom.site.play("/feed", body=feed(entry(0)))
    newsroom.poll()
    for n in range(1, 14):
        shown.append(entry(n, at=kyiv_time(newsroom.now + timedelta(minutes=10))))
        newsroom.site.play("/feed", body=feed(*shown))
        newsroom.poll(QUARTER)
    assert newsroom.ask("SELECT DISTINCT date_rule FROM ops.feed_item WHERE claimed_at IS NOT NULL") == [
        ("future_date",)
    ]
    newsroom.site.play("/14", body=page("Late edition"))
    published = newsroom.now + timedelta(minutes=10)
    newsroom.site.play("/feed", body=feed(*shown, entry(14, at=kyiv_time(published))))
    newsroom.poll(QUARTER, reads=True)
    [(version, minutes, rule)] = newsroom.ask("SELECT clock_version, offset_minutes, rule FROM ops.clock_offset")
    assert (minutes, rule) == (-180, "own_zone")
    assert newsroom.ask("SELECT published_at, published_claimed_at, published_clock_version FROM news.content") == [
        (published, kyiv_time(published), version)
    ]
    before = newsroom.ask("SELECT * FROM ops.clock_offset")
    newsroom.poll(QUARTER)
    assert newsroom.ask("SELECT * FROM ops.clock_offset") == before
    for n in range(15, 15 + LATEST):  # the publisher mends it
        shown.append(entry(n, at=newsroom.now + timedelta(minutes=10)))
        if n % 3 == 0:
            newsroom.site.play("/feed", body=feed(*shown[-5:]))
            newsroom.poll(QUARTER)
    assert newsroom.ask("SELECT offset_minutes FROM mart.source JOIN ops.clock_offset USING (clock_version)") == [(0,)]


def test_what_a_publisher_says_to_machines_is_on_record(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/robots.txt", body=b"User-agent: GPTBot\nDisallow: /\n")
    newsroom.site.play("/feed", body=feed(entry(1)), TDM_Reservation="1")
    newsroom.poll()
    [(found, at)] = newsroom.ask("SELECT opt_outs, opt_outs_read_at FROM mart.source")
    assert (found["disallowed_agents"], found["is_tdm_reserved"], at) == (["GPTBot"], True, NOW)


def test_sitemaps_and_page_lists_are_polled_like_feeds(newsroom: Newsroom) -> None:
    def urlset(*days: str) -> bytes:
        urls = "".join(f"<url><loc>http://news.example/s{d}</loc><lastmod>{d}</lastmod></url>" for d in days)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()

    def index(*stamps: str) -> bytes:
        maps = "".join(
            f"<sitemap><loc>http://news.example/map{n}</loc><lastmod>{s}</lastmod></sitemap>"
            for n, s in enumerate(stamps)
        )
        return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode()

    newsroom.add("maps", SourceKind.SITEMAP, "/sitemap.xml")
    site = newsroom.site
    site.play("/sitemap.xml", body=index("2022-07-06T08:00:00Z", "2021-01-01T00:00:00Z"))
    site.play("/map0", body=urlset("2022-07-06", "2022-07-05", "2021-05-05"))
    found = newsroom.poll()
    assert found["sitemap:maps"] == "0 entries, 0 new or changed, 1 left for a backfill"
    assert found["sitemap:maps:http://news.example/map0"] == "2 entries, 2 new or changed, 1 left for a backfill"
    assert (newsroom.asked("/s2022-07-06"), newsroom.asked("/s2021-05-05"), newsroom.asked("/map1")) == (1, 0, 0)
    newsroom.poll(QUARTER)
    assert newsroom.asked("/map0") == 1  # the index says it is as it was
    assert newsroom.state("maps").last_new_at == NOW

    newsroom.add("list", SourceKind.PAGES, "/latest", link_selector="main a")
    site.play(
        "/latest",
        body=b"<!doctype html><nav><a href=/about>Us</a></nav><main><a href=/p1>The bridge is open</a></main>",
    )
    assert newsroom.poll(QUARTER)["pages:list"] == "1 entries, 1 new or changed"
    assert (newsroom.asked("/p1"), newsroom.asked("/about")) == (1, 0)
