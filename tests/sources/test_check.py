"""Looking at an address before adding it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etl.errors import Reason
from etl.records import Fetched, Outcome
from etl.sources.check import look, named_feeds

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
FEED = b"""<rss><channel><title>News</title><language>en</language><ttl>30</ttl>
<item><link>/a</link><pubDate>Mon, 04 Jul 2022 10:00:00 GMT</pubDate></item>
<item><title>x</title></item></channel></rss>"""
HOME = b"""<html><head><link rel="stylesheet" href="x.css">
<link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" hreflang="fr" href="/fr"></head>"""


class Web:
    """Pages by address; whatever else is not found."""

    def __init__(self, **pages: bytes) -> None:
        self.pages = {f"http://news.example/{name}": body for name, body in pages.items()}
        self.asked: list[str] = []

    def get(self, url: str) -> Fetched:
        self.asked.append(url)
        body = self.pages.get(url)
        return Fetched(
            requested_url=url,
            final_url=url,
            moved_to="http://news.example/new" if url.endswith("moved") else None,
            at=NOW,
            outcome=Outcome.FAILED if body is None else Outcome.FETCHED,
            reason=Reason.ROBOTS_REFUSED if body is None else None,
            status=None if body is None else 200,
            headers={},
            body=body,
            duration_ms=1,
            detail="robots.txt refuses it" if body is None else "",
        )


def test_a_feed() -> None:
    found = look("http://news.example/moved", Web(moved=FEED).get)
    assert found.is_usable
    assert found.lines == (
        "http://news.example/moved: a feed that can be polled",
        "  moved for good: use http://news.example/new",
        "  News; 1 entries, 1 unusable; language en; newest 2022-07-04 10:00 UTC; asks for a pause of 30 minutes",
        "  would fetch http://news.example/a",
    )


def test_a_page_that_names_its_feed() -> None:
    web = Web(home=HOME, feed=FEED)
    found = look("http://news.example/home", web.get)
    assert not found.is_usable
    assert web.asked == ["http://news.example/home", "http://news.example/feed"]
    assert found.lines[:3] == (
        "http://news.example/home: a page, not a feed; it names feeds",
        "  names the feed http://news.example/feed",
        "http://news.example/feed: a feed that can be polled",
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html><p>nothing</p></html>", "not_a_feed: no feed in it"),
        (b"<rss><channel><ti", "broken_feed: broken XML"),
        (b"<rss><channel></channel></rss>", "a feed without a usable entry"),
        (None, "robots_refused: robots.txt refuses it"),
    ],
)
def test_what_cannot_be_polled(body: bytes | None, told: str) -> None:
    found = look("http://news.example/x", Web(**({"x": body} if body else {})).get)
    assert not found.is_usable
    assert told in found.lines[0]


@pytest.mark.parametrize(
    ("html", "feeds"),
    [
        (
            '<LINK TYPE="application/atom+xml; charset=utf-8" REL="Alternate feed" HREF=atom.xml>',
            ["http://a.example/x/atom.xml"],
        ),
        (
            '<base href="http://b.example/"><link rel=alternate type=application/feed+json href=f.json>',
            ["http://b.example/f.json"],
        ),
        (
            "<link rel=alternate type=application/json href=/wp-json/><link rel=feed type=application/rss+xml href=/f>",
            [],
        ),
        ('<link rel=alternate type=application/rss+xml href="javascript:1">', []),
        ("<link rel=alternate type=application/rss+xml href=/f>" * 5, ["http://a.example/f"]),
        ("<!--" * 100_000, []),
    ],
)
def test_autodiscovery(html: str, feeds: list[str]) -> None:
    assert list(named_feeds(html, "http://a.example/x/")) == feeds
