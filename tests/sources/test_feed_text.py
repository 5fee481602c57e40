"""What a feed parser is allowed to see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import Reason
from etl.sources.feed_text import MAX_NAME, safe_part

RSS = "<rss><channel><item>x</item></channel></rss>"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "\n  ",
        '<?xml version="1.0"?>',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY % b SYSTEM "http://evil.example/">]>',
        "<!-- not <rss> yet --><?php <feed> ?>",
        "<br />\n<b>Notice</b>: undefined index<br />\n",
    ],
)
def test_what_stands_before_the_root_is_cut_off(before: str) -> None:
    assert safe_part(before + RSS) == RSS


@pytest.mark.parametrize("root", ["rss", "RSS", "feed", "atom:feed", "rdf:RDF", "RDF"])
def test_the_roots_of_feeds(root: str) -> None:
    body = f"<{root} version='2.0'></{root}>"
    assert safe_part(body) == body


@pytest.mark.parametrize(
    "body", ["<html><feedback>", "<rssfeed>", "<!-- <rss> -->", "<?x <rss> ?>", "<!-- <rss>", "rss"]
)
def test_what_is_no_root(body: str) -> None:
    rejected = safe_part(body)
    assert isinstance(rejected, tuple)
    assert rejected[0] is Reason.NOT_A_FEED


def rss(entry: str) -> str:
    return f"<rss><channel><item>{entry}</item></channel></rss>"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("<a>" * 190, None),
        ("<a>" * 210, Reason.TOO_DEEP),
        ("<a>" * 210 + "</a>" * 210, Reason.TOO_DEEP),
        ("<p><b></p>" * 1_000, None),  # an unclosed tag ends with the one around it
        ("<br><img src=x>" * 1_000, None),  # void in HTML
        ("<a/>" * 1_000, None),
        ("<![CDATA[" + "<a>" * 1_000 + "]]>", None),  # text, not tags
        ("<!--" + "<a>" * 1_000 + "-->", None),
        ("<a></a>" * 2_400, None),
        ("<a></a>" * 2_600, Reason.BROKEN_FEED),
        ("</item><item>".join(["<a></a>" * 2_400] * 3), None),  # by the entry
        ("1 < 2 " * 900, None),
        ("1 < 2 " * 1_100, Reason.BROKEN_FEED),
        ("<a " + "b='1' " * 190 + "/>", None),
        ("<a " + "b='1' " * 210 + "/>", Reason.BROKEN_FEED),
    ],
)
def test_limits(entry: str, reason: Reason | None) -> None:
    found = safe_part(rss(entry))
    assert (found[0] if isinstance(found, tuple) else None) is reason


@pytest.mark.parametrize("opening", ["<author>", "<dc:creator a='b'>", "<author><![CDATA[", "<author><name>"])
def test_a_name_is_cut_where_it_cannot_be_one(opening: str) -> None:
    found = safe_part(rss(opening + "a." * 10_000 + "<b/>"))
    assert isinstance(found, str)
    assert found.count("a.") == MAX_NAME // 2


def test_text_is_left_alone() -> None:
    body = rss("<title>" + "a." * 10_000 + "</title><description>&amp; &eacute; " + "x" * 10_000 + "</description>")
    assert safe_part(body) == body


@given(st.text(alphabet="<>/!-[]CDAT?ab='\" ", max_size=80))
def test_any_mixture_of_signs(inner: str) -> None:
    assert isinstance(safe_part(rss(inner)), str | tuple)
