"""The demo's sample outlets, asked over real HTTP by the real client: everything they promise to show is there."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from etl.errors import Reason
from etl.fetch.askers import Request, fetch_all
from etl.fetch.client import Client
from etl.fetch.hosts import MemoryHosts
from etl.fetch.session import Politeness, Session
from etl.local.outlets import Outlets, serve
from etl.records import Feed, Fetched, Outcome, Rejected, Validators
from etl.sources.feeds import parse

COURIER = "http://courier.example/feed.rss"
ZAGREB = "http://meridianwire.example/2022/07/04/zagreb-freight-train-derails.html"


@pytest.fixture
def outlets() -> Iterator[Outlets]:
    with serve() as running:
        yield running


def session(outlets: Outlets) -> Session:
    return Session(Client("Dateline/0.1", pins=outlets.pins), MemoryHosts(), politeness=Politeness(delay_s=0))


def poll(outlets: Outlets) -> dict[str, Feed | Rejected | Fetched]:
    """Every source's feed, or what went wrong."""
    answers = {f.requested_url: f for f in fetch_all(session(outlets), [Request(url=s.url) for s in outlets.sources])}
    found: dict[str, Feed | Rejected | Fetched] = {}
    for source in outlets.sources:
        f = answers[source.url]
        found[source.name] = f if f.body is None else parse(f.body, url=f.final_url, headers=f.headers, fetched_at=f.at)
    return found


def entries(outlets: Outlets) -> list[str]:
    return [i.url for feed in poll(outlets).values() if isinstance(feed, Feed) for i in feed.items if i.url]


def pages(outlets: Outlets) -> dict[str, Fetched]:
    return {f.requested_url: f for f in fetch_all(session(outlets), [Request(url=u) for u in entries(outlets)])}


def text(fetched: Fetched) -> str:
    from etl.fetch.charset import decode

    return decode(fetched.body or b"", fetched.headers.get("content-type"))[0]


def test_four_outlets_can_be_read_one_is_broken_and_one_fails(outlets: Outlets) -> None:
    found = poll(outlets)
    assert sorted(name for name, feed in found.items() if isinstance(feed, Feed)) == [
        "cronica-del-litoral",
        "harbour-courier",
        "meridian-wire",
        "nadbuzkyi-visnyk",
    ]
    broken, failing = found["broken-bulletin"], found["night-desk"]
    assert isinstance(broken, Rejected)
    assert broken.reason is Reason.BROKEN_FEED
    assert isinstance(failing, Fetched)
    assert failing.reason is Reason.SERVER_ERROR
    courier = found["harbour-courier"]
    assert isinstance(courier, Feed)
    assert [r.reason for r in courier.rejected] == [Reason.BAD_ITEM]


def test_the_pages_of_the_first_poll(outlets: Outlets) -> None:
    found = pages(outlets)
    assert len(found) == 14
    assert {f.reason: u for u, f in found.items() if f.reason} == {
        Reason.NOT_FOUND: "http://courier.example/news/2022/07/crossword-winners.html",
        Reason.ADDRESS_REFUSED: "http://127.0.0.1:1/preview/1165",
        Reason.ROBOTS_REFUSED: "http://courier.example/archive/1953/flood.html",
    }
    moved = next(f for f in found.values() if f.final_url != f.requested_url)
    assert moved.final_url.endswith("/nairobi-thika-commuter-trains.html")
    assert moved.moved_to is None


def test_one_article_under_three_addresses(outlets: Outlets) -> None:
    canonical = "http://courier.example/news/2022/07/grimsby-fish-market-cod.html"
    same = {u: text(f) for u, f in pages(outlets).items() if "grimsby" in u}
    assert len(same) == 2
    assert all(f'<link rel="canonical" href="{canonical}">' in page for page in same.values())
    assert any("utm_source" in u for u in same)
    assert any("/amp/" in u for u in same)


def test_a_syndicated_copy_with_another_dateline(outlets: Outlets) -> None:
    found = pages(outlets)
    copy, origin = (next(text(f) for u, f in found.items() if part in u) for part in ("humber-barges", "rhine-low"))
    shared = "The gauge at Kaub stood at 84 centimetres on Sunday morning."
    assert shared in copy
    assert shared in origin
    assert "HULL —" in copy
    assert "KAUB, Germany (Meridian Wire) —" in origin


def test_ukrainian_in_windows_1251_named_in_one_place_only(outlets: Outlets) -> None:
    in_page, in_header = (next(f for u, f in pages(outlets).items() if part in u) for part in ("chernivtsi", "izmail"))
    assert "Чернівцях" in text(in_page)
    assert "Ізмаїл" in text(in_header)
    assert (in_page.headers["content-type"], b"windows-1251" in (in_page.body or b"")) == ("text/html", True)
    assert in_header.headers["content-type"] == "text/html; charset=windows-1251"
    assert b"1251" not in (in_header.body or b"")
    with pytest.raises(UnicodeDecodeError):
        (in_page.body or b"").decode("utf-8")


def test_the_second_poll_brings_three_new_articles_and_a_changed_one(outlets: Outlets) -> None:
    before, first, was = entries(outlets), poll(outlets)["meridian-wire"], session(outlets).get(ZAGREB)
    outlets.advance()
    after, second, now = entries(outlets), poll(outlets)["meridian-wire"], session(outlets).get(ZAGREB)
    assert len(set(after) - set(before)) == 3
    assert set(before) <= set(after)
    assert isinstance(first, Feed)
    assert isinstance(second, Feed)
    changed = {i.guid for i in second.items if i.stated_hash not in {j.stated_hash for j in first.items}}
    assert changed == {"tag:meridianwire.example,2022:20220704-1", "tag:meridianwire.example,2022:20220705-1"}
    assert "Nine people were injured" in text(was)
    assert "Fourteen people were injured" in text(now)
    assert all(session(outlets).get(u).outcome is Outcome.FETCHED for u in set(after) - set(before))


def test_what_has_not_changed_is_not_sent_again(outlets: Outlets) -> None:
    client = Client("Dateline/0.1", pins=outlets.pins)
    first = client.get(COURIER)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for held in (
        Validators(etag=etag),
        Validators(last_modified=modified),
        Validators(etag=etag, last_modified="never"),
    ):
        again = client.get(COURIER, held)
        assert (again.outcome, again.body, again.headers["etag"]) == (Outcome.NOT_MODIFIED, None, etag)
    assert client.get(COURIER, Validators(etag='"other"', last_modified=modified)).outcome is Outcome.FETCHED
    outlets.advance()
    changed = client.get(COURIER, Validators(etag=etag, last_modified=modified))
    assert (changed.outcome, changed.body != first.body) == (Outcome.FETCHED, True)


def test_the_final_state_can_be_served_at_once(outlets: Outlets) -> None:
    outlets.advance()
    with serve(final=True) as finished:
        assert entries(finished) == entries(outlets)
        assert session(finished).get(ZAGREB).body == session(outlets).get(ZAGREB).body


def test_nothing_listens_afterwards() -> None:
    with serve() as outlets:
        address = f"http://127.0.0.1:{outlets.port}/"
        with pytest.raises(urllib.error.HTTPError):  # a host it does not stand for
            urllib.request.urlopen(address)
    with pytest.raises(urllib.error.URLError, match="refused"):
        urllib.request.urlopen(address)


def test_it_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with serve() as outlets:
        pages(outlets)
    assert capfd.readouterr() == ("", "")


def test_every_host_is_made_up(outlets: Outlets) -> None:
    assert all(host.endswith(".example") for host in outlets.pins)
    assert set(outlets.pins.values()) == {f"127.0.0.1:{outlets.port}"}
