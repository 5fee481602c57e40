"""A page that shows only the beginning of a text that is not free is no article, and is found as what it is."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from tests.conftest import NOW
from tests.jobs.newsroom import Newsroom, entry, feed, page

HOUR = timedelta(hours=1)
STUB = (Path(__file__).parents[1] / "extract" / "data" / "paywall_stub.html").read_bytes()
LATER = STUB.replace(b"</body>", b"<!-- later --></body>")


def test_a_stub_is_found_by_its_address_with_what_the_feed_said(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1, at=NOW - HOUR), entry(2)))
    newsroom.site.play("/1", body=STUB)
    newsroom.site.play("/2", body=page("Bridge"))
    newsroom.poll(reads=True)
    newsroom.site.play("/1", body=LATER)
    newsroom.poll(HOUR, reads=True)
    [(url, outlet, first, last, title, published, detail, sha256, article)] = newsroom.ask(
        "SELECT url, outlet, first_seen_at, last_seen_at, stated_title, stated_published_at, detail, sha256, article_id"
        " FROM mart.stub"
    )
    assert (url, outlet) == ("http://news.example/1", "Courier")
    assert (first, last, published, article) == (NOW, NOW + HOUR, NOW - HOUR, None)
    assert title
    assert "says it is not free" in detail
    assert sha256 == hashlib.sha256(LATER).hexdigest()
    assert newsroom.ask("SELECT count(*) FROM mart.article") == [(1,)]


def test_a_stub_that_opens_leads_to_its_article(newsroom: Newsroom) -> None:
    newsroom.add()
    newsroom.site.play("/feed", body=feed(entry(1)))
    newsroom.site.play("/1", body=STUB)
    newsroom.poll(reads=True)
    newsroom.site.play("/1", body=page("Bridge"))
    newsroom.poll(HOUR, reads=True)
    assert newsroom.ask("SELECT a.title FROM mart.stub JOIN mart.article a USING (article_id)") == [("Bridge",)]
