"""Looking at an address before adding it: a real server on loopback, asked by the real client."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from etl.fetch.client import Client
from etl.fetch.hosts import MemoryHosts
from etl.fetch.session import Politeness, Session
from etl.records import SourceKind
from etl.sources import registry
from etl.sources.check import Found, look
from etl.sources.check_page import named_feeds
from etl.sources.check_path import examine_path
from tests.sources.test_json_lines import OWN, put
from tests.sources.warcs import record, zipped

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
DATES = ["Mon, 04 Jul 2022 10:00:00 GMT", "Mon, 04 Jul 2022 11:30:00 GMT", "Mon, 04 Jul 2022 12:00:00 GMT"]
ITEMS = "".join(
    f"<item><title>T{n}</title><link>/a{n}</link><pubDate>{d}</pubDate></item>" for n, d in enumerate(DATES)
)
FEED = (
    f"<rss><channel><title>News</title><language>en</language><ttl>30</ttl>{ITEMS}<item><title/></item></channel></rss>"
)
HOME = """<html lang="en"><head><title>Harbour Post</title><meta name="robots" content="noai">
<link rel="stylesheet" href="x.css"><link rel="alternate" type="application/rss+xml" href="/feed"></head>
<body><p>Welcome</p></body></html>"""
LIST = "<html lang=uk><title>Port</title><body>{}</body>".format(
    "".join(f'<h2><a href="/2022/07/04/story-{n}">Story {n}</a></h2>' for n in range(7))
)
ARTICLE = '<html><head><meta property="og:type" content="article"><title>A</title></head><p>Text</p></html>'
NEWS_MAP = """<urlset><url><loc>http://news.example/1</loc><news><publication><name>Port</name>
<language>uk</language></publication><publication_date>2022-07-04</publication_date></news></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>/2021-01.xml</loc></sitemap>
<sitemap><loc>/2022-07.xml</loc><lastmod>2022-07-06</lastmod></sitemap></sitemapindex>"""
ROBOTS = """User-agent: GPTBot
Disallow: /
User-agent: *
Disallow: /a1
Crawl-delay: 2
Sitemap: {}/map.xml
Sitemap: {}/news-map.xml
"""


class Site:
    """A web server whose pages are set by the test."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.headers: dict[str, str] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                body = site.pages.get(self.path)
                self.send_response(200 if body is not None else 404)
                for name, value in site.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def put(self, **pages: str | bytes) -> None:
        for name, body in pages.items():
            self.pages["/" + name] = body.encode() if isinstance(body, str) else body


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def looked(site: Site) -> Callable[..., Found]:
    client = Client("Dateline/test", clock=lambda: NOW)
    session = Session(client, MemoryHosts(), politeness=Politeness(delay_s=0), sleep=lambda _: None)

    def at(path: str, selector: str | None = None) -> Found:
        return look(
            site.url + path,
            lambda url: session.get(url, allow_private=True),
            robots=lambda url: session.robots(url, allow_private=True),
            selector=selector,
            allow_private=True,
        )

    return at


def test_a_feed(site: Site, looked: Callable[..., Found]) -> None:
    site.put(feed=FEED)
    site.pages["/robots.txt"] = ROBOTS.format(site.url, site.url).encode()
    site.headers["TDM-Reservation"] = "1"
    found = looked("/feed")
    assert found.lines == (
        f"{site.url}/feed: a feed that can be polled",
        "  News; 3 entries, 1 unusable; language en; newest 2022-07-04 12:00 UTC; asks for a pause of 30 minutes",
        "  publishes every 60 minutes (median of 3 dated entries)",
        f"  would fetch {site.url}/a0 of 2022-07-04 10:00",
        f"  would fetch {site.url}/a1 of 2022-07-04 11:30",
        f"  would fetch {site.url}/a2 of 2022-07-04 12:00",
        f"robots: {found.robots}",
        "opt-outs: turns away GPTBot; text and data mining reserved; said in robots.txt, header tdm-reservation",
        "for the registry:",
        "  - name: news",
        "    kind: feed",
        f"    url: {site.url}/feed",
        "    outlet: News",
        "    language_code: en",
        "    allow_private: true",
    )
    assert "allows" in str(found.robots)


def test_the_suggestion_is_a_registry(site: Site, looked: Callable[..., Found]) -> None:
    site.put(feed=FEED)
    found = looked("/feed")
    [source] = registry.parse("sources:\n" + found.to_json()["suggestion"], name="x")
    assert source == found.suggestion


def test_a_home_page_leads_to_its_feed_and_to_sitemaps_that_robots_txt_names(
    site: Site, looked: Callable[..., Found]
) -> None:
    site.pages["/robots.txt"] = ROBOTS.format(site.url, site.url).encode()
    site.pages["/news-map.xml"] = NEWS_MAP.encode()
    site.put(home=HOME, feed=FEED)
    found = looked("/home")
    assert found.lines[:4] == (
        f"{site.url}/home: a page that names feeds",
        f"  leads to {site.url}/feed",
        f"  leads to {site.url}/news-map.xml",
        f"  leads to {site.url}/map.xml",
    )
    assert [one.what for one in found.examined[1:]] == [
        "a feed that can be polled",
        "a news sitemap",
        "it cannot be read",
    ]
    assert found.suggestion
    assert (found.suggestion.kind, found.suggestion.url) == (SourceKind.FEED, site.url + "/feed")
    assert found.opt_outs
    assert found.opt_outs.directives == ("noai",)


def test_a_home_page_whose_only_way_is_a_sitemap(site: Site, looked: Callable[..., Found]) -> None:
    site.pages["/robots.txt"] = f"sitemap: {site.url}/news-map.xml".encode()
    site.pages["/news-map.xml"] = gzip.compress(NEWS_MAP.encode())
    site.put(home="<html><p>Welcome</p>")
    found = looked("/home")
    assert found.suggestion
    assert (found.suggestion.kind, found.suggestion.outlet, found.suggestion.language_code) == (
        SourceKind.SITEMAP,
        "Port",
        "uk",
    )


def test_an_index_of_sitemaps_shows_what_a_poll_would_read(site: Site, looked: Callable[..., Found]) -> None:
    site.put(index=INDEX)
    site.pages["/2022-07.xml"] = NEWS_MAP.encode()
    found = looked("/index")
    assert found.examined[0].what == "an index of sitemaps"
    assert "  names 2 sitemaps" in found.lines
    assert found.examined[0].children == (site.url + "/2022-07.xml",)
    assert [i.url for i in found.examined[1].items] == ["http://news.example/1"]
    assert found.suggestion
    assert found.suggestion.url == site.url + "/index"
    assert "/2021-01.xml" not in site.asked


def test_a_page_that_lists_articles_with_a_selector_and_without(site: Site, looked: Callable[..., Found]) -> None:
    site.put(news=LIST)
    found = looked("/news")
    assert found.examined[0].what == "a page that lists articles"
    assert len(found.examined[0].items) == 7
    assert any("cannot be told: none of its entries dated" in line for line in found.lines)
    chosen = looked("/news", "h2:first-of-type > a")
    assert chosen.suggestion
    assert (chosen.suggestion.kind, chosen.suggestion.link_selector) == (SourceKind.PAGES, "h2:first-of-type > a")
    missed = looked("/news", "article a")
    assert missed.suggestion is None
    assert "matches no link" in missed.lines[0]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (ARTICLE, "an article, not a source of them; register what lists it"),
        ("<html><p>nothing</p></html>", "a page; no_links: none of its 0 links"),
        ("<rss><channel><ti", "a broken feed; broken_feed"),
        ("<rss><channel></channel></rss>", "a feed without a usable entry"),
        ("<urlset></urlset>", "a sitemap; it lists nothing"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><urlset/>', "a broken sitemap; broken_sitemap: it declares entities"),
        ('{"a": 1}', "neither a feed nor a page; not_a_feed: JSON, but no JSON Feed"),
        (None, "it cannot be read; not_found"),
    ],
)
def test_what_cannot_be_registered_says_why(
    site: Site, looked: Callable[..., Found], body: str | None, told: str
) -> None:
    if body is not None:
        site.put(x=body)
    found = looked("/x")
    assert found.suggestion is None
    assert told in found.lines[0]
    json.dumps(found.to_json())


def test_robots_that_refuse(site: Site, looked: Callable[..., Found]) -> None:
    site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /a\n"
    site.put(feed=FEED)
    assert "refuses" in str(looked("/feed").robots)


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
        ("<div>" * 10_000, []),
    ],
)
def test_autodiscovery(html: str, feeds: list[str]) -> None:
    assert list(named_feeds(html, "http://a.example/x/")) == feeds


# --- paths


def test_paths(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"".join(zipped([record(1), record(2, kind="request"), record(3)])))
    (tmp_path / "b.warc.gz").write_bytes(gzip.compress(record(4) + record(5)))
    (tmp_path / "warc.paths").write_text("a.warc.gz\ngone.warc.gz\n")
    (tmp_path / "notes.txt").write_text("just notes\n")
    one, whole, listed, folder = (
        examine_path(tmp_path / name) for name in ("a.warc.gz", "b.warc.gz", "warc.paths", ".")
    )
    assert (one.what, one.kind, len(one.items)) == ("a WARC file", SourceKind.WARC, 2)
    assert any("gzipped as a whole" in note for note in whole.notes)
    assert any("missing: gone.warc.gz" in note for note in listed.notes)
    assert (folder.what, len(folder.items)) == ("WARC files", 4)
    assert "neither a .warc" in str(examine_path(tmp_path / "notes.txt").problem)
    assert examine_path(tmp_path / "none").problem == "no such file or folder"


def test_a_folder_of_dated_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The bridge is open.")
    (tmp_path / "a.yaml").write_text("date: 2022-07-04\ntitle: Bridge\n")
    found = examine_path(tmp_path)
    assert (found.kind, [i.title for i in found.items]) == (SourceKind.FILES, ["Bridge"])
    source = found.source(beside=tmp_path.parent)
    assert source
    assert source.url == tmp_path.name
    assert registry.parse("sources:\n" + registry.dump([source]), name="x") == [source]
    (tmp_path / "a.yaml").unlink()
    assert examine_path(tmp_path).kind is None


def test_json_lines_and_whose_day_they_are(tmp_path: Path) -> None:
    put(tmp_path, OWN | {"title": "Bridge"}, b"{", name="a.jsonl")
    put(tmp_path, OWN | {"url": "https://a.example/x"}, name="2022-07-04.jsonl.gz")
    put(tmp_path, OWN, name="c.jsonl", metadata="date: soon\n")
    found = examine_path(tmp_path)
    assert (found.kind, found.unusable, [i.url for i in found.items]) == (
        SourceKind.FILES,
        2,
        ["https://a.example/x", None],
    )
    assert found.notes[0].startswith("JSON Lines: 3 files, ")
    assert found.notes[1].endswith(": 2022-07-04.jsonl.gz 2022-07-04, a.jsonl as each was published, c.jsonl ?")
    assert any(note.startswith("broken: a.jsonl#2: no JSON") for note in found.notes)
    alone = examine_path(tmp_path / "a.jsonl")
    assert (alone.what, alone.kind, [i.title for i in alone.items]) == (
        "a file of JSON Lines",
        SourceKind.FILES,
        ["Bridge"],
    )
    assert examine_path(put(tmp_path, b"{", name="d.jsonl")).kind is None
