"""A listing loses the entry that is meant and keeps every other byte; where that cannot be done it says so."""

from __future__ import annotations

import gzip
import json

import pytest

from etl.sources.redaction import plain, readable, redact

GOES, GONE = "<item><title>Bad Ж</title></item>", "<!-- taken down -->"
RSS = '<?xml version="1.0"{}?><rss><channel>' + GOES + '\n<item a="1"><title>Good</title></item></channel></rss>'
ATOM = "<feed><entry><id>1</id><title>Bad</title></entry><entry><title>Good</title></entry></feed>"
SITEMAP = "<urlset><url><loc>http://x/Bad</loc></url><url><loc>http://x/Good</loc></url></urlset>"


def meant(source: str) -> bool:
    return "Bad" in source


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (RSS.format("").encode(), RSS.format("").replace(GOES, GONE).encode()),
        (
            RSS.format(' encoding="windows-1251"').encode("cp1251"),
            RSS.format(' encoding="windows-1251"')
            .replace(GOES, GONE)
            .encode("cp1251"),
        ),
        (ATOM.encode("utf-16"), ATOM.replace("<entry><id>1</id><title>Bad</title></entry>", GONE).encode("utf-16")),
        (SITEMAP.encode(), b"<urlset><!-- taken down --><url><loc>http://x/Good</loc></url></urlset>"),
        (json.dumps({"items": [{"title": "Bad"}, {"title": "Good"}]}).encode(), b'{"items": [{"title": "Good"}]}'),
        (
            b"<rss><ITEM about='x'/><item><url>1</url>Good</item><Item>Bad</item ></rss>",
            b"<rss><ITEM about='x'/><item><url>1</url>Good</item><!-- taken down --></rss>",
        ),
    ],
    ids=["rss", "rss in windows-1251", "atom in UTF-16", "sitemap", "json", "tags of all kinds"],
)  # fmt: skip
def test_the_entry_goes_and_the_rest_stays(body: bytes, left: bytes) -> None:
    assert redact(body, meant) == left
    assert not meant(readable(left))


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b'{"items": 3}',
        b"{not json",
        b"<?xml version='1.0' encoding='klingon'?>\xff",
        b"<html><a href='/bad'>Bad</a></html>",
        b"<rss><item>Good</item><item>Bad",
        b"<item>Bad " * 50_000,
    ],
    ids=["half a letter", "no list", "no json", "no encoding", "a page", "an entry cut off", "entries never closed"],
)
def test_what_cannot_be_taken_apart_is_told(body: bytes) -> None:
    assert redact(body, meant) is None
    readable(body)


def test_packed_escaped_and_json_bodies_are_read() -> None:
    assert "Bad" in readable(gzip.compress(SITEMAP.encode()))
    assert readable(b"\x1f\x8b broken") == ""
    assert plain("&lt;p&gt;Bad &amp;amp; ugly&lt;/p&gt;").split() == ["Bad", "&", "ugly"]
    assert "міст" in readable(json.dumps({"items": [{"title": "міст"}]}).encode())
