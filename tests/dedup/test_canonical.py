"""Addresses of one article share a key, addresses of two do not, and a key is its own key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.dedup.canonical import MAX_LENGTH, redirect_evidence, same_page_evidence, url_key

DATA = Path(__file__).parent / "data"


def pairs(name: str) -> list[tuple[str, str]]:
    lines = (DATA / name).read_text(encoding="utf8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(a, b) for _, a, b in rows]


@pytest.mark.parametrize(("a", "b"), pairs("urls_same.tsv"))
def test_one_article_has_one_key(a: str, b: str) -> None:
    assert url_key(a) == url_key(b)
    assert url_key(a) is not None


@pytest.mark.parametrize(("a", "b"), pairs("urls_differ.tsv"))
def test_two_articles_have_two_keys(a: str, b: str) -> None:
    assert url_key(a) != url_key(b)


def test_there_are_enough_pairs() -> None:
    for name in ("urls_same.tsv", "urls_differ.tsv"):
        assert len(set(pairs(name))) == len(pairs(name)) >= 200


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://WWW.Example.com:80/a/../b/?utm_source=x&id=3#top", "https://example.com/b?id=3"),
        ("https://example.com/#!/story/1", "https://example.com/#!/story/1"),
        ("https://example.com", "https://example.com/"),
        ("https://[2001:DB8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
    ],
)
def test_a_key_reads_as_an_address(url: str, key: str) -> None:
    assert url_key(url) == key


@pytest.mark.parametrize(
    "url",
    ["", "   ", "mailto:desk@example.com", "javascript:void(0)", "ftp://example.com/a", "/news/a-b-c", "a b c",
     "urn:dateline:seed:report.txt", "https://", "https:///path", "https://example.com:99999/", "https://[::1/x",
     "https://exa mple.com/a", "https://" + "a." * 200 + "com/x"],
)  # fmt: skip
def test_what_is_no_web_address_has_no_key(url: str) -> None:
    assert url_key(url) is None


def test_an_overlong_address_is_named_by_its_hash() -> None:
    one, two = (url_key(f"https://example.com/?q={'x' * 5000}{i}") for i in (1, 2))
    assert one is not None
    assert two is not None
    assert one != two
    assert one.startswith("https://example.com/~")
    assert len(one) <= MAX_LENGTH
    assert url_key(one) == one


def test_wrappers_nested_beyond_reason_still_have_a_stable_key() -> None:
    from urllib.parse import quote

    url = "https://example.com/a"
    for _ in range(12):
        url = "https://www.google.com/url?q=" + quote(url, safe="")
    key = url_key(url)
    assert key is not None
    assert url_key(key) == key


_PIECES = st.sampled_from(
    ["www.", "m.", "amp", "/amp", "/", "//", "..", "%2e", "%C3", "é", "?", "&", "=", "#", "#!", ";", ":", "@",
     "utm_source", "id", "ref", "rss", "index.html", "print", "(S(a))", "&amp;", "%26", "+", " ", "\t", "\\",
     ".html", "a-b-c", "7",
     "www.google.com/url?q=https://", "cdn.ampproject.org/c/s/", "web.archive.org/web/2024/", "example.com"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map("".join), st.sampled_from(["https://example.com", "https://", ""]))
def test_the_key_of_a_key_is_that_key(rest: str, start: str) -> None:
    key = url_key(start + rest)
    assert key is None or url_key(key) == key


@given(st.text(max_size=80))
def test_any_text_has_a_short_key_or_none(text: str) -> None:
    key = url_key("https://example.com/" + text)
    assert key is None or (len(key) <= MAX_LENGTH and url_key(key) == key)
    url_key(text)


@pytest.mark.parametrize(
    ("page", "canonical", "accepted"),
    [
        ("https://example.com/2024/a-b-c?x=1", "https://example.com/2024/a-b-c", True),
        ("https://m.example.com/2024/a-b-c", "https://www.example.com/2024/a-b-c", True),
        ("https://news.example.com/2024/a-b-c", "https://www.example.com/2024/a-b-c", True),  # one publisher's hosts
        ("https://example.co.uk/2024/a-b-c", "https://news.example.co.uk/2024/a-b-c", True),
        ("https://example.com/2024/a-b-c", "https://example.com/", False),  # every page calls the home page canonical
        ("https://example.com/2024/a-b-c", "https://example.com/index.html", False),
        ("https://example.com/news/a-b-c", "https://example.com/news", False),  # or its section
        ("https://example.com/2024/a-b-c", "https://example.com/404", False),
        ("https://example.com/2024/a-b-c", "https://other.com/2024/a-b-c", False),  # the agency's page, another outlet
        ("https://one.co.uk/2024/a-b-c", "https://two.co.uk/2024/a-b-c", False),
        ("https://one.blogspot.com/2024/a-b-c", "https://two.blogspot.com/2024/a-b-c", False),
        ("https://example.com/2024/a-b-c", "not an address", False),
        ("urn:dateline:a:b", "https://example.com/2024/a-b-c", False),
    ],
)  # fmt: skip
def test_a_stated_canonical_address_is_evidence_not_truth(page: str, canonical: str, accepted: bool) -> None:
    assert same_page_evidence(page, canonical) is accepted


@pytest.mark.parametrize(
    ("asked", "final", "accepted"),
    [
        ("http://example.com/2024/a-b-c", "https://www.example.com/2024/a-b-c?utm_source=x", True),
        ("https://example.com/?p=7", "https://example.com/2024/a-b-c", True),
        ("https://example.com/a-b-c", "https://example.com/story?id=7", True),
        ("https://short.example/x7Y", "https://example.com/2024/05/bridge", True),
        ("https://short.example/x7Y", "https://example.com/world/bridge-stays-open-again", True),
        ("https://short.example/x7Y", "https://example.com/bridge.html", True),
        ("https://short.example/x7Y", "https://example.com/", False),
        ("https://short.example/x7Y", "https://example.com/world/europe", False),
        ("https://example.com/2024/a-b-c", "https://consent.example.net/v2/gate?back=a", False),
        ("https://example.com/news/a-b-c", "https://example.com/", False),
        ("https://example.com/news/a-b-c", "https://example.com/news", False),
        ("https://example.com/news/a-b-c", "https://example.com/live", False),  # what is over leads to what is on
        ("https://example.com/news/a-b-c", "https://example.com/topics/bridges", False),
        ("urn:dateline:a:b", "urn:dateline:a:b", False),
    ],
)
def test_a_redirect_is_evidence_not_truth(asked: str, final: str, accepted: bool) -> None:
    assert redirect_evidence(asked, final) is accepted
