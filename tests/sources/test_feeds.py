"""Feeds as publishers really write them, each oddity in a feed of its own, written for this test."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import Reason, Stage
from etl.records import DatePrecision, Feed, FeedItem, Rejected
from etl.sources import feeds
from etl.sources.feeds import parse
from etl.sources.stated import StatedFeed

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
URL = "http://news.example/feeds/all.xml"


def read(body: str | bytes, content_type: str = "application/xml", time_zone: str = "UTC") -> Feed:
    parsed = attempt(body, content_type, time_zone)
    assert isinstance(parsed, Feed), parsed
    return parsed


def attempt(body: str | bytes, content_type: str = "application/xml", time_zone: str = "UTC") -> Feed | Rejected:
    encoded = body.encode() if isinstance(body, str) else body
    return parse(encoded, url=URL, headers={"content-type": content_type}, fetched_at=NOW, time_zone=time_zone)


def rss(*items: str, channel: str = "", root: str = 'rss version="2.0"') -> str:
    inner = "".join(f"<item>{i}</item>" for i in items)
    return f"<{root}><channel><title>News</title>{channel}{inner}</channel></{root.split(maxsplit=1)[0]}>"


def one(body: str | bytes, **more: str) -> FeedItem:
    [item] = read(body, **more).items
    return item


def test_rss() -> None:
    feed = read(
        rss(
            "<title>Rain &amp;amp; sun</title><link>/a?x=1&amp;y=2</link><guid isPermaLink='false'>id-1</guid>"
            "<pubDate>Mon, 04 Jul 2022 10:00:00 +0300</pubDate><description>&lt;p&gt;It rained.&lt;/p&gt;</description>"
            "<author>desk@news.example (Anna Bell)</author>",
            channel="<link>http://news.example/</link><language>en-GB</language><ttl>90</ttl>",
        )
    )
    assert (feed.title, feed.home_url, feed.language_code) == ("News", "http://news.example/", "en")
    assert feed.ttl_minutes == 90
    [item] = feed.items
    assert (item.guid, item.url, item.title) == ("id-1", "http://news.example/a?x=1&y=2", "Rain & sun")
    assert (item.html, item.authors) == ("<p>It rained.</p>", ("Anna Bell",))
    assert item.published is not None
    assert item.published.at == datetime(2022, 7, 4, 7, tzinfo=UTC)
    assert item.published.raw == "Mon, 04 Jul 2022 10:00:00 +0300"


def test_atom() -> None:
    feed = read("""<?xml version="1.0"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://news.example/2022/" xml:lang="uk">
        <title type="html">&lt;b&gt;News&lt;/b&gt;</title><link href="/"/>
        <entry><id>tag:1</id><title>One</title><link rel="edit" href="/edit/1"/><link href="07/one.html"/>
          <updated>2022-07-05T08:30:00Z</updated><published>2022-07-04T08:30:00Z</published>
          <author><name>Anna Bell</name></author><author><name>Ben Cole</name></author>
          <summary>Short.</summary>
          <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Much longer text.</p></div></content>
        </entry></feed>""")
    assert (feed.title, feed.home_url, feed.language_code) == ("News", "http://news.example/", "uk")
    [item] = feed.items
    assert (item.guid, item.url) == ("tag:1", "http://news.example/2022/07/one.html")
    assert item.authors == ("Anna Bell", "Ben Cole")
    assert item.html is not None
    assert "Much longer text." in item.html
    assert item.published is not None
    assert item.updated is not None
    assert (item.published.at.day, item.updated.at.day) == (4, 5)


def test_an_atom_entry_that_was_only_updated_has_no_date_of_publication() -> None:
    entry = "<entry><link href='/a'/><updated>2022-07-05T08:30:00Z</updated></entry>"
    item = one(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>")
    assert item.published is None
    assert item.updated is not None


RDF = """<?xml version="1.0" encoding="windows-1251"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="http://news.example/"><title>Новини</title>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>
<item rdf:about="http://news.example/a"><title>Злива в Хусті</title><link>http://news.example/a</link>
<dc:date>2022-07-04T10:00+03:00</dc:date></item>
</rdf:RDF>"""


def test_rdf_in_windows_1251() -> None:
    feed = read(RDF.encode("cp1251"))
    [item] = feed.items
    assert (feed.title, feed.ttl_minutes, item.title, item.guid) == (
        "Новини",
        30,
        "Злива в Хусті",
        "http://news.example/a",
    )
    assert item.published is not None  # dc:date is all such an item says
    assert (item.published.at, item.published.precision) == (datetime(2022, 7, 4, 7, tzinfo=UTC), DatePrecision.MINUTE)


JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "News",
    "home_page_url": "/",
    "language": "es-CL",
    "authors": [{"name": "Desk"}],
    "items": [
        {"id": 7, "url": "/a", "title": "One", "content_text": "a < b", "date_published": "2022-07-04T10:00:00-04:00"},
        {"id": "8", "external_url": "http://far.example/", "content_html": "<p>x</p>", "author": {"name": "Anna Bell"}},
        {"id": "9", "title": "nothing to go by"},
        "not an entry",
    ],
}


def test_json_feed() -> None:
    feed = read("\ufeff" + json.dumps(JSON), "application/feed+json")
    first, second = feed.items
    assert (feed.title, feed.home_url, feed.language_code) == ("News", "http://news.example/", "es")
    assert (first.guid, first.url, first.html, first.authors) == ("7", "http://news.example/a", "a &lt; b", ("Desk",))
    assert first.published is not None
    assert first.published.at == datetime(2022, 7, 4, 14, tzinfo=UTC)
    assert (second.url, second.html, second.authors) == ("http://far.example/", "<p>x</p>", ("Anna Bell",))
    assert [r.key for r in feed.rejected] == ["9", "entry 4"]


def test_an_entry_without_link_or_text_is_set_aside_and_its_neighbours_stay() -> None:
    lost = "<title>Only a title</title><guid isPermaLink='false'>id-2</guid>"
    feed = read(rss("<link>/a</link>", lost, "<link>/c</link>"))
    assert [i.url for i in feed.items] == ["http://news.example/a", "http://news.example/c"]
    assert feed.rejected == (Rejected(Stage.FETCH, Reason.BAD_ITEM, "id-2", "neither a link nor a text"),)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("<link>http://other.example/a</link>", "http://other.example/a"),
        ("<link>\n  /a\n</link>", "http://news.example/a"),
        ("<link>../a</link>", "http://news.example/a"),
        ("<guid>http://news.example/a</guid>", "http://news.example/a"),
        ("<guid isPermaLink='false'>http://news.example/a</guid>", "http://news.example/a"),
        ("<link>javascript:alert(1)</link><description>x</description>", None),
        ("<link>file:///etc/passwd</link><description>x</description>", None),
        ("<guid isPermaLink='false'>a-1</guid><description>x</description>", None),
        ("<link>http://[broken</link><description>x</description>", None),
        (
            "<link>http://feedproxy.example/~r/1</link><feedburner:origLink>http://news.example/a</feedburner:origLink>",
            "http://news.example/a",
        ),
    ],
)
def test_the_link_of_an_entry(entry: str, url: str | None) -> None:
    root = 'rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    assert one(rss(entry, root=root)).url == url


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("<author>desk@paper.news (Anna Bell)</author>", "Anna Bell"),
        ("<author>Anna Bell &lt;desk@paper.online&gt;</author>", "Anna Bell"),
        ("<author>desk@paper.example</author>", None),
        ("<author>By Anna Bell</author>", "By Anna Bell"),
        ("<dc:creator><![CDATA[Anna&nbsp;Bell]]></dc:creator>", "Anna\u00a0Bell"),
    ],
)
def test_the_author_of_an_entry(author: str, name: str | None) -> None:
    root = 'rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    assert one(rss("<link>/a</link>" + author, root=root)).authors == ((name,) if name else ())


def test_an_id_shared_by_several_pages_is_none() -> None:
    feed = read(rss(*(f"<guid isPermaLink='false'>0</guid><link>/{n}</link>" for n in "ab")))
    assert [i.guid for i in feed.items] == ["http://news.example/a", "http://news.example/b"]


def test_an_entry_with_neither_id_nor_link_keeps_its_name_when_its_text_changes() -> None:
    first, second, other = (
        one(rss(f"<title>{title}</title><description>{text}</description>")).guid
        for title, text in [("Rain", "It rains."), ("Rain", "It rained."), ("Sun", "It rains.")]
    )
    assert first == second != other


STATED = {"title": "A", "link": "/a", "description": "b", "pubDate": "Mon, 04 Jul 2022 10:00:00 GMT"}


@pytest.mark.parametrize("changed", [{"title": "B"}, {"link": "/b"}, {"description": "c"}, {"pubDate": "4 Jul 2022"}])
def test_the_hash_tells_a_changed_entry(changed: dict[str, str]) -> None:
    def hashed(stated: dict[str, str], ttl: int) -> bytes:
        entry = "".join(f"<{tag}>{text}</{tag}>" for tag, text in stated.items())
        return one(rss(entry, channel=f"<ttl>{ttl}</ttl>")).stated_hash

    before = hashed(STATED, 5)
    assert len(before) == 16
    assert before == hashed(STATED, 10)
    assert before != hashed(STATED | changed, 5)


SHORT_AND_LONG = "<description>one</description><content:encoded><![CDATA[<p>one and two</p>]]></content:encoded>"
AS_IT_CAME = "<script>x</script><p onclick='y'>kept as it came</p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (SHORT_AND_LONG, "<p>one and two</p>"),
        (f"<description><![CDATA[{AS_IT_CAME}]]></description>", AS_IT_CAME),
    ],
)
def test_the_fullest_text_is_kept_as_it_came(body: str, text: str) -> None:
    root = 'rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    assert one(rss(body, root=root)).html == text


LONG = "It rained all day, and then some more. " * 10


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"{LONG}<![CDATA[{LONG}]]>", LONG + LONG.strip()),
        (f"<![CDATA[{LONG}]]>{LONG}", LONG + LONG.strip()),
        (f"<![CDATA[{LONG}]]><![CDATA[> {LONG}]]>", f"{LONG}> {LONG.strip()}"),
        (f"<![CDATA[a > b]]> {LONG}", f"a > b {LONG.strip()}"),
        (f"\n  <![CDATA[{LONG}]]>\n", LONG.strip()),
        (f"{LONG}<!-- <![CDATA[ -->{LONG}", LONG + LONG.strip()),
        (f"<!-- <![CDATA[ {LONG}]]> -->{LONG}", LONG.strip()),
    ],
)
def test_a_text_in_pieces_is_whole(body: str, text: str) -> None:
    [first, second] = read(rss(f"<link>/a</link><description>{body}</description>", "<link>/b</link>")).items
    assert (first.html, second.url) == (text, "http://news.example/b")


@given(st.integers(65_520, 65_540), st.sampled_from(["é", "—", "🌧", "\udc00"]), st.booleans())
@settings(deadline=None)
def test_a_letter_may_stand_anywhere(at: int, letter: str, is_cut: bool) -> None:
    """What is UTF-8 is told piece by piece: a letter across two of them is no fault, half a letter is one."""
    before = rss("<link>/a</link><description>", "<link>/b</link>")
    start = before.index("<description>") + len("<description>")
    encoded = letter.encode("utf-8", "surrogatepass")[: 1 if is_cut else None]
    body = before[:start].encode() + b"x" * (at - start) + encoded + b"</description>" + before[start:].encode()
    stated = feeds.stated_by(body)
    assert isinstance(stated, StatedFeed)
    [text] = stated.entries[0].texts
    whole = "x" * (at - start) + letter
    read_text = text if isinstance(text, str) else text.read()
    assert (read_text == whole) == (not is_cut and letter != "\udc00")


def test_a_feed_that_forgot_to_bind_its_prefixes_is_read() -> None:
    entry = (
        "<title>Rain</title><link>/a</link><dc:creator>Anna Bell</dc:creator><content:encoded>All day</content:encoded>"
        "<media:content xlink:href='http://a.example/'><media:title>A picture</media:title></media:content>"
    )
    stated = feeds.stated_by(rss(entry).encode())
    assert isinstance(stated, StatedFeed)
    assert stated.reader == "fast"
    [item] = read(rss(entry)).items
    assert (item.title, item.url, item.authors, item.html) == (
        "Rain",
        "http://news.example/a",
        ("Anna Bell",),
        "All day",
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda xml: "<br /><b>Warning</b>: mysql_connect() in /var/www<br />\n" + xml,
        lambda xml: "\n\n  " + xml,
        lambda xml: xml.replace("</channel></rss>", ""),
        lambda xml: xml.replace("It rained", "It rained & poured &nbsp; &eacute;t&eacute;"),
        lambda xml: xml.replace("It rained", "It rained\x00\x0b\x1f"),
        lambda xml: xml.replace("It rained", "It rained <br> and <p> poured <b>"),
        lambda xml: '<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>' + xml.replace("rained", "rained&nbsp;"),
        lambda xml: '<?xml version="1.0" encoding="no-such-thing"?>' + xml,
        lambda xml: "<!-- <html> --><?xml-stylesheet href='x'?>" + xml,
        lambda xml: xml.replace("rss", "RSS"),
    ],
)
def test_a_damaged_feed_gives_what_it_holds(damage: Callable[[str], str]) -> None:
    entry = "<title>Rain</title><link>/a</link><description>It rained</description>"
    feed = read(damage(rss(entry, "<link>/b</link>")))
    assert [i.url for i in feed.items] == ["http://news.example/a", "http://news.example/b"]
    assert (feed.items[0].html or "").startswith("It rained")


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", "text/xml; charset=iso-8859-1"),  # the label is wrong
        ("utf-8-sig", "text/xml"),
        ("utf-16", "text/xml"),
        ("utf-16-be", "text/xml"),
        ("cp1251", "text/xml; charset=windows-1251"),
    ],
)
def test_encodings(encoding: str, content_type: str) -> None:
    assert one(rss("<link>/a</link><title>Злива</title>").encode(encoding), content_type=content_type).title == "Злива"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY_BODY),
        (b"  \n ", Reason.EMPTY_BODY),
        (b"<!doctype html><html><body><p>We have moved.</p></body></html>", Reason.NOT_A_FEED),
        (b"<urlset><url><loc>http://news.example/</loc></url></urlset>", Reason.NOT_A_FEED),
        (b"plain words", Reason.NOT_A_FEED),
        (b"\x89PNG\r\n\x1a\n\0\0\0", Reason.NOT_A_FEED),
        (b"/etc/passwd", Reason.NOT_A_FEED),  # some parsers open what looks like a path
        (b"http://127.0.0.1:1/feed.xml", Reason.NOT_A_FEED),  # or an address
        (gzip.compress(rss("<link>/a</link>").encode()), Reason.NOT_A_FEED),
        (b"<rss><channel><title>Cut</ti", Reason.BROKEN_FEED),
        (b"{", Reason.BROKEN_FEED),
        (b"{}", Reason.NOT_A_FEED),
        (b'{"version": "https://jsonfeed.org/version/1"}', Reason.BROKEN_FEED),
        (b'{"a":' * 100_000, Reason.BROKEN_FEED),
    ],
)
def test_what_is_no_feed(body: bytes, reason: Reason) -> None:
    rejected = attempt(body)
    assert isinstance(rejected, Rejected)
    assert (rejected.stage, rejected.reason, rejected.key) == (Stage.FETCH, reason, URL)
    assert rejected.detail


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss()).items == ()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(9))
FILE = '<!ENTITY l8 SYSTEM "file:///etc/hostname">'


@pytest.mark.parametrize("declared", [LAUGHS, '<!ENTITY l8 "' + "ha" * 50_000 + '">', FILE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7"])
def test_entities_do_not_expand(declared: str, encoding: str) -> None:
    began = time.monotonic()
    body = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [{declared}]>' + rss(
        "<link>/a</link><description>" + "&l8;" * 2_000 + "</description>"
    )
    parsed = attempt(body.encode(encoding))
    if isinstance(parsed, Feed):
        assert sum(len(i.html or "") for i in parsed.items) < 20_000
    assert time.monotonic() - began < 3


INSIDE = "<link>/a</link><description>{}</description>"
BOMBS = {
    "nested": rss(INSIDE.format("<a>" * 100_000)),
    "nested and closed": rss(INSIDE.format("<a>" * 50_000 + "</a>" * 50_000)),
    "unclosed tags": rss(INSIDE.format("<a " * 100_000)),
    "unclosed quotes": rss(INSIDE.format('<a b="' * 100_000)),
    "unclosed CDATA": rss(INSIDE.format("<![CDATA[" * 100_000)),
    "unclosed comments": rss(INSIDE.format("<!--" * 100_000)),
    "stray signs": rss(INSIDE.format("<" * 300_000)),
    "attributes": rss("<link " + " ".join(f'a{n}="1"' for n in range(20_000)) + ">/a</link>"),
    "an endless name": rss("<link>/a</link><author>" + "a." * 100_000 + "@</author>"),
    "an endless name in CDATA": rss("<link>/a</link><author><![CDATA[" + "a." * 100_000 + "@]]></author>"),
    "links": rss("<link>/a</link>" * 50_000),
    "authors": rss("<link>/a</link>" + "<author>a</author>" * 50_000),
    "JSON": '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 300_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_costs_little(bomb: str) -> None:
    """Each took the parser between seven seconds and minutes, or grew with the square of its length."""
    began = time.monotonic()
    attempt(bomb)
    assert time.monotonic() - began < 3


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda t: rss(t).encode("utf-8", "replace"))))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    assert isinstance(attempt(body), Feed | Rejected)


def test_reading_twice_gives_the_same() -> None:
    body = rss("<link>/a</link><title>x</title>", "<title>y</title>")
    assert read(body) == read(body)
