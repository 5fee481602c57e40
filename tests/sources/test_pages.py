"""Index pages: which links are articles, with a selector and without."""

from __future__ import annotations

import pytest

from etl.errors import Reason
from etl.records import Feed, Rejected
from etl.sources import pages

URL = "https://www.harbour.example/news/"
PAGE = """<html lang="en-GB"><head><title>Harbour  Post</title></head><body>
<nav><a href="/about-us-and-our-long-story">About us and our long story</a>
 <a href="/2022/07/01/in-the-bar">Bar</a></nav>
<main>
 <article><a href="/2022/07/04/bridge"><img alt=""></a>
 <h2><a href="/2022/07/04/bridge#top">Bridge reopens</a></h2></article>
 <article class="card"><a href="ferry-returns-after-long-repairs">Ferry</a></article>
 <article class="card"><a href="https://m.harbour.example/x/123456.html">Mayor speaks today</a></article>
 <article><a href="/local/rain-again">Rain is expected again on Sunday</a></article>
 <a href="/local/rain">Local rain</a>
 <a href="https://other.example/2022/07/04/elsewhere">Elsewhere</a>
 <a href="/tag/2022/07/04/long-words-in-a-row">Tagged</a>
 <a href="/2022/07/04/picture.jpg">A picture</a>
 <a href="/news/">Home</a> <a href="mailto:desk@harbour.example">Write to us</a> <a>no address</a>
 <a href="/ja/x1">港で新しい橋が四日に開通しました</a>
</main></body></html>"""


def parse(html: str = PAGE, selector: str | None = None) -> Feed | Rejected:
    return pages.parse(html.encode(), url=URL, headers={"content-type": "text/html"}, selector=selector)


def found(selector: str | None = None) -> dict[str, str | None]:
    feed = parse(selector=selector)
    assert isinstance(feed, Feed)
    assert all(item.guid == item.url for item in feed.items)
    return {str(item.url): item.title for item in feed.items}


def test_links_that_look_like_articles() -> None:
    assert found() == {
        "https://www.harbour.example/2022/07/01/in-the-bar": "Bar",
        "https://www.harbour.example/2022/07/04/bridge": "Bridge reopens",
        "https://www.harbour.example/news/ferry-returns-after-long-repairs": "Ferry",
        "https://m.harbour.example/x/123456.html": "Mayor speaks today",
        "https://www.harbour.example/local/rain-again": "Rain is expected again on Sunday",
        "https://www.harbour.example/ja/x1": "港で新しい橋が四日に開通しました",
    }


@pytest.mark.parametrize(
    ("selector", "titles"),
    [
        ("article.card a", ["Ferry", "Mayor speaks today"]),
        ("article.card", ["Ferry", "Mayor speaks today"]),
        ("article:has(h2) a", ["Bridge reopens"]),
        ("main > a[href*='other.example']", ["Elsewhere"]),
    ],
)
def test_a_selector_is_believed(selector: str, titles: list[str]) -> None:
    assert list(found(selector).values()) == titles


def test_what_the_page_says_of_itself() -> None:
    feed = parse()
    assert isinstance(feed, Feed)
    assert (feed.title, feed.home_url, feed.language_code) == ("Harbour Post", URL, "en")


@pytest.mark.parametrize(
    ("html", "selector", "reason", "told"),
    [
        (PAGE, "div.stories a", Reason.NO_LINKS, "link_selector 'div.stories a' matches no link on the page"),
        (PAGE, "a[", Reason.NO_LINKS, "link_selector 'a[' is no CSS selector: Malformed attribute selector"),
        (PAGE, "nav", None, ""),
        ("<p><a href='/x'>x</a></p>", None, Reason.NO_LINKS, "none of its 1 links looks like one to an article"),
        ("", None, Reason.EMPTY_BODY, "there is no page in it"),
        ("<div>" * 1_000, "a", Reason.TOO_DEEP, "nested too deep"),
    ],
)
def test_what_gives_nothing_says_so(html: str, selector: str | None, reason: Reason | None, told: str) -> None:
    got = parse(html, selector)
    assert isinstance(got, Rejected) == (reason is not None)
    if isinstance(got, Rejected):
        assert (got.reason, got.key) == (reason, URL)
        assert told in got.detail


def test_links_are_resolved_against_the_base_a_page_states() -> None:
    feed = parse("<base href='https://www.harbour.example/en/'><a href='2022/07/04/x'>x</a>")
    assert isinstance(feed, Feed)
    assert [i.url for i in feed.items] == ["https://www.harbour.example/en/2022/07/04/x"]


def test_an_item_changes_with_its_headline_only() -> None:
    one, same, other = (
        parse(f"<p>{n}</p><a href='/2022/07/04/x'>{title}</a>") for n, title in enumerate(["Rain", "Rain", "Sun"])
    )
    assert isinstance(one, Feed)
    assert isinstance(same, Feed)
    assert isinstance(other, Feed)
    assert one.items == same.items
    assert one.items[0].stated_hash != other.items[0].stated_hash
