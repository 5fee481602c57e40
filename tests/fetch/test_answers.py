"""What a status, headers and an address mean, apart from any network. See test_client for them on the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.fetch.answers import Target, kept
from etl.fetch.guard import FetchError


def test_only_a_closed_list_of_headers_is_kept_verbatim() -> None:
    sent = {"ETag": 'W/"a"', "Set-Cookie": "a=1", "X-Powered-By": "x", "TDM-Reservation": "1", "Link": "x" * 3000}
    assert kept(sent) == {"etag": 'W/"a"', "tdm-reservation": "1"}


@pytest.mark.parametrize(
    ("url", "on_the_wire"),
    [
        ("http://news.example", "http://news.example/"),
        ("HTTP://News.Example:80/a", "http://news.example/a"),
        ("https://news.example:443/a#b", "https://news.example/a"),
        ("https://news.example:8443/a?", "https://news.example:8443/a"),
        ("http://user:pass@news.example/", "http://news.example/"),
        ("http://новини.example/київ?м=1", "http://xn--b1amarcd.example/%D0%BA%D0%B8%D1%97%D0%B2?%D0%BC=1"),
        ("http://news.example/a%20b c", "http://news.example/a%20b%20c"),
        ("http://[2606:4700::1]:8080/a", "http://[2606:4700::1]:8080/a"),
        (" http://news.example/a\n", "http://news.example/a"),
    ],
)
def test_a_url_on_the_wire(url: str, on_the_wire: str) -> None:
    assert Target(url).url == on_the_wire
    assert Target(on_the_wire).url == on_the_wire


@pytest.mark.parametrize("url", ["http://a b/", "http://a\0b/", "http://a_b<script>/", "http://" + "a" * 300 + "/"])
def test_a_host_that_is_none(url: str) -> None:
    with pytest.raises(FetchError):
        Target(url)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_nothing_in_a_path_reaches_the_wire_unquoted(path: str) -> None:
    """A line break in a request line would let a feed's link write headers of its own."""
    try:
        target = Target("http://news.example/" + path)
    except FetchError:
        return
    assert target.path.isascii()
    assert not set(target.path) & set('\r\n\t \0<>"')
