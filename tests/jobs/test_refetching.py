"""Pages asked again: when, with what, and what an unchanged one costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from etl.settings import read
from tests.conftest import NOW
from tests.jobs.newsroom import Newsroom, entry, feed, page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEY = "page:https://news.example/1"


def test_a_page_is_asked_again_four_times_and_an_unchanged_one_is_a_row_of_a_request_alone(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)), ETag='"f"')
    newsroom.site.plays["/1"] = lambda h: (
        h.answer(304) if h.headers["If-None-Match"] == '"p"' else h.answer(200, page("Bridge"), ETag='"p"')
    )
    newsroom.poll(reads=True)
    before = newsroom.db.value("data_digest")
    asked = []
    for _ in range(20):
        newsroom.poll(HOUR / 2, is_forced=False)
        asked.append(newsroom.asked("/1"))
    assert asked == [1] + [2] * 10 + [3] * 9
    for days in (1, 2, 7, 30):
        newsroom.poll(days * DAY, is_forced=False)
    assert newsroom.asked("/1") == 5
    assert newsroom.db.value("data_digest") == before
    assert newsroom.ask("SELECT outcome, count(*) FROM ops.fetch WHERE kind = 'page' GROUP BY 1 ORDER BY 1") == [
        ("fetched", 1),
        ("not_modified", 4),
    ]
    assert newsroom.ask("SELECT next_fetch_at FROM ops.page") == [(None,)]


def test_a_changed_page_is_a_version_and_the_same_bytes_are_none(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1, at=NOW - HOUR)))
    newsroom.site.play("/1", body=page("Bridge"))
    newsroom.poll(reads=True)
    assert newsroom.poll(HOUR, reads=True)[KEY] == "unchanged"
    newsroom.site.play("/1", body=page("Bridge", sentences=9))
    assert newsroom.poll(5 * HOUR, reads=True)[KEY] == "asked again: changed"
    assert newsroom.ask("SELECT versions, published_at FROM mart.article") == [(2, NOW - HOUR)]


def test_refetching_ends_where_the_page_is_gone(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)))
    newsroom.site.play("/1", body=page("Bridge"))
    newsroom.poll()
    newsroom.site.play("/1", 410)
    assert newsroom.poll(HOUR)[KEY] == "gone"
    assert newsroom.ask("SELECT gone_at, next_fetch_at FROM ops.page") == [(NOW + HOUR, None)]
    newsroom.poll(10 * DAY)
    assert newsroom.asked("/1") == 2


def test_a_page_that_never_answered_gets_its_later_chances(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)), ETag='"f"')
    newsroom.site.play("/1", 503)
    newsroom.poll()
    with newsroom.db.connection.cursor() as cursor:  # its third and last try of the hour
        cursor.execute("UPDATE ops.work SET attempts = 2, lease_until = NULL")
    assert newsroom.poll()[KEY] == "server_error"
    newsroom.site.play("/1", body=page("Bridge"))
    assert newsroom.poll(HOUR, is_forced=False, reads=True)[KEY] == "asked again: changed"
    assert newsroom.ask("SELECT title FROM mart.article") == [("Bridge",)]


def test_what_is_new_goes_before_what_is_only_asked_again(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(*(entry(n) for n in range(30))))
    for n in range(60):
        newsroom.site.play(f"/{n}", body=page(f"Bridge {n}"))
    newsroom.poll()
    newsroom.site.asked.clear()
    newsroom.site.play("/feed", body=feed(*(entry(n) for n in range(60))))
    newsroom.poll(HOUR)
    paths = [p for p in newsroom.site.paths() if p[1:].isdigit()]
    assert {int(p[1:]) for p in paths} == set(range(60))
    first_new = min(paths.index(f"/{n}") for n in range(30, 60))
    last_again = max(paths.index(f"/{n}") for n in range(30))
    assert first_new < last_again


def test_a_source_is_asked_for_a_limited_number_of_pages_again(newsroom: Newsroom) -> None:
    source_id = newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)))
    newsroom.poll()
    with newsroom.db.connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ops.page (article_key, source_id, url, first_fetched_at, last_fetched_at, next_fetch_at)
               SELECT 'https://news.example/old-' || n, %s, 'http://news.example/old-' || n, %s, %s, %s
               FROM generate_series(1, 250) n""",
            (source_id, NOW, NOW, NOW),
        )
    newsroom.poll()
    assert sum(p.startswith("/old-") for p in newsroom.site.paths()) == 100


def test_none_is_asked_again_where_the_setting_is_empty(newsroom: Newsroom) -> None:
    assert read({"DATELINE_REFETCH": "30m, 2d"}).refetch == (timedelta(minutes=30), timedelta(days=2))
    newsroom.settings = replace(newsroom.settings, refetch=read({"DATELINE_REFETCH": ""}).refetch)
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)))
    newsroom.site.play("/1", body=page("Bridge"))
    newsroom.poll()
    newsroom.poll(30 * DAY)
    assert newsroom.asked("/1") == 1
