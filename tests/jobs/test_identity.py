"""What is one article and what is two, and which text an article is read from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.jobs.newsroom import Newsroom, entry, feed, page, whole_text

QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)


def polled(newsroom: Newsroom, *entries: str, reads: bool = False) -> dict[str, str]:
    newsroom.site.play("/feed", body=feed(*entries))
    return newsroom.poll(QUARTER, reads=reads)


@pytest.mark.parametrize(
    "again",
    [
        entry(1, guid="another"),
        entry(1, link="https://news.example/1"),
        entry(1, link="http://www.news.example/1?utm_source=rss&utm_medium=feed"),
        entry(1, guid="b", link="http://news.example/1#top"),
        entry(1, title="Story 1, updated"),
    ],
)
def test_another_id_scheme_host_title_or_tracking_is_the_same_article(newsroom: Newsroom, again: str) -> None:
    newsroom.add()
    newsroom.site.play("/1", body=page("Bridge"))
    polled(newsroom, entry(1), reads=True)
    polled(newsroom, again, reads=True)
    assert newsroom.ask("SELECT count(*), max(versions) FROM mart.article") == [(1, 1)]


def test_changed_ids_are_sightings_of_one_article_and_cost_no_request(newsroom: Newsroom) -> None:
    newsroom.settings = replace(newsroom.settings, refetch=())
    newsroom.add()
    newsroom.site.play("/1", body=page("Bridge"))
    first = newsroom.now + QUARTER
    for n in range(8):
        polled(newsroom, entry(1, guid=f"made up {n}"), reads=n == 0)
    assert newsroom.asked("/1") == 1
    assert newsroom.ask("SELECT count(*), min(first_seen_at) FROM mart.sighting") == [(5, first)]
    newsroom.now += DAY
    polled(newsroom, entry(1, guid="made up 1"))
    assert newsroom.ask("SELECT max(last_seen_at) FROM mart.sighting") == [(newsroom.now,)]


def test_two_items_with_one_id_are_two_articles(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/1", body=page("Bridge"))
    newsroom.site.play("/2", body=page("River"))
    polled(newsroom, entry(1, guid="same"), reads=True)
    second = newsroom.now + QUARTER
    polled(newsroom, entry(2, guid="same"), reads=True)
    assert newsroom.ask(
        "SELECT a.title, s.first_seen_at FROM mart.article a JOIN mart.sighting s USING (article_id) ORDER BY 2"
    ) == [("Bridge", second - QUARTER), ("River", second)]


@pytest.mark.parametrize("common", ["/news", "/bridges", "/europe/bridges"])
def test_articles_that_lead_to_one_common_page_stay_apart(newsroom: Newsroom, common: str) -> None:
    newsroom.add()
    for path in ("/news/1", "/news/2"):
        newsroom.site.play(path, 302, Location=common)
    canonical = f'<link rel="canonical" href="http://news.example{common}">'.encode()
    newsroom.site.play(common, body=page("Live").replace(b"<title>", canonical + b"<title>"))
    entries = (entry(n, link=f"http://news.example/news/{n}", title="Bridge") for n in (1, 2))
    polled(newsroom, *entries, reads=True)
    assert newsroom.ask("SELECT article_key FROM news.article_key ORDER BY 1") == [
        ("https://news.example/news/1",),
        ("https://news.example/news/2",),
    ]
    assert newsroom.ask("SELECT count(*) FROM news.article_merge") == [(0,)]


def test_a_short_link_and_the_address_it_leads_to_are_one_article(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/x7", 302, Location="http://news.example/2022/bridge-stays")
    newsroom.site.play("/2022/bridge-stays", body=page("Bridge"))
    links = ("http://other.example/x7", "http://news.example/2022/bridge-stays")
    polled(newsroom, *(entry(n, link=link) for n, link in enumerate(links)), reads=True)
    assert newsroom.ask("SELECT count(*) FROM mart.article") == [(1,)]


def test_an_entry_without_a_link_is_an_article_by_its_own_text(newsroom: Newsroom) -> None:
    newsroom.add()
    note = entry("n", guid="note-7", link=None, title="A note to readers", text=whole_text("Whitby"))
    polled(newsroom, note, reads=True)
    [(title, url, kind)] = newsroom.ask(
        "SELECT title, url, captured_as FROM mart.article JOIN mart.provenance USING (content_id)"
    )
    assert (title, kind) == ("A note to readers", "item")
    assert url.startswith("urn:dateline:courier:")
    before = newsroom.db.value("data_digest")
    polled(newsroom, note, reads=True)
    assert newsroom.db.value("data_digest") == before


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"gone"),
        (403, b"<title>Just a moment...</title>"),
        (200, b"<!doctype html><title>x</title><p>Subscribe"),
        (200, b"%PDF-1.7 \x00\x01"),
    ],
)
def test_a_whole_text_stands_in_where_the_page_cannot_be_read(newsroom: Newsroom, status: int, body: bytes) -> None:
    newsroom.add()
    newsroom.site.play("/1", status, body)
    polled(newsroom, entry(1, title="Bridge stays", text=whole_text("Whitby")), reads=True)
    assert newsroom.ask("SELECT title, url FROM mart.article") == [("Bridge stays", "https://news.example/1")]
    assert newsroom.ask("SELECT captured_as FROM mart.provenance") == [("item",)]


def test_where_both_can_be_read_both_are_kept_and_the_page_wins(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/1", body=page("Bridge"))
    polled(newsroom, entry(1, text=whole_text("Whitby")), reads=True)
    assert newsroom.ask("SELECT kind FROM ops.fetch WHERE kind <> 'feed' ORDER BY 1") == [("item",), ("page",)]
    assert newsroom.ask("SELECT captured_as FROM mart.provenance") == [("page",)]


def test_a_teaser_stands_in_for_nothing(newsroom: Newsroom) -> None:
    newsroom.add()
    polled(newsroom, entry(1, text="The council met on Monday and decided…"), reads=True)
    assert newsroom.ask("SELECT count(*) FROM news.article") == [(0,)]


def test_a_page_behind_a_wall_for_a_while_takes_over_when_it_answers(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/1", 503)
    polled(newsroom, entry(1, title="Bridge stays", text=whole_text("Whitby")), reads=True)
    with newsroom.db.connection.cursor() as cursor:
        cursor.execute("UPDATE ops.work SET attempts = 2, lease_until = NULL")
    newsroom.poll(reads=True)
    assert newsroom.ask("SELECT captured_as FROM mart.provenance") == [("item",)]
    newsroom.site.play("/1", body=page("Bridge"))
    newsroom.poll(timedelta(hours=1), reads=True)
    assert newsroom.ask("SELECT captured_as FROM mart.provenance JOIN mart.article USING (content_id)") == [("page",)]
