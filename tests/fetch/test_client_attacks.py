"""What a hostile or broken server does, and what it costs: a reason, bounded time, bounded memory."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable

import brotli
import pytest

from etl.errors import Reason
from etl.fetch.client import Client, Limits
from etl.records import Fetched, Outcome
from tests.fetch.conftest import Handler, Site, make_client

QUICK = Limits(max_bytes=100_000, total_s=0.3, connect_s=0.3)


def timed(ask: Callable[[], Fetched]) -> tuple[Fetched, float]:
    began = time.monotonic()
    return ask(), time.monotonic() - began


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://0x7f.1:{port}/secret",
        "http://0177.0.0.1:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "http://[::1]:{port}/secret",
        "http://0:{port}/secret",
        "http://１２７.0.0.1:{port}/secret",
        "http://user@127.0.0.1:{port}/secret",
        "http://innocent.example:{port}/secret",  # resolves to loopback
    ],
)
def test_a_redirect_inward_is_refused(site: Site, location: str) -> None:
    client = make_client(site, resolve=lambda _host, _port: ["127.0.0.1"])
    site.play("/a", 301, b"", Location=location.format(port=site.server_port).encode().decode("latin-1"))
    site.play("/secret", 200, b"secret")
    fetched = client.get("http://news.example/a")
    assert (fetched.reason, fetched.body) == (Reason.ADDRESS_REFUSED, None)
    assert site.paths() == ["/a"]


def test_leave_for_a_private_address_does_not_extend_to_where_it_points(site: Site) -> None:
    client = make_client(site, pins={}, resolve=lambda _host, _port: ["127.0.0.1"])
    here = f"http://intranet.example:{site.server_port}"
    site.play("/a", 302, b"", Location="/b")
    site.play("/b", 302, b"", Location=f"http://127.0.0.1:{site.server_port}/secret")
    site.play("/c", 200, b"ours")
    assert client.get(f"{here}/c").reason is Reason.ADDRESS_REFUSED
    assert client.get(f"{here}/c", allow_private=True).body == b"ours"
    assert client.get(f"{here}/a", allow_private=True).reason is Reason.ADDRESS_REFUSED
    assert site.paths() == ["/c", "/a", "/b"]


def test_a_name_that_changes_its_answer_is_dialled_where_it_was_checked(site: Site) -> None:
    """A second look-up, at connecting, is what a rebinding name waits for: there is one look-up a hop, and no more."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) % 2 else ["127.0.0.2"]  # at the second nobody listens

    client = make_client(site, pins={}, resolve=rebinding)
    site.play("/a", 200, b"the checked one")
    url = f"http://rebinding.example:{site.server_port}/a"
    assert client.get(url, allow_private=True).body == b"the checked one"
    assert asked == ["rebinding.example"]
    assert client.get(url).reason is Reason.ADDRESS_REFUSED  # without leave, whatever it answers by now
    assert len(site.asked) == 1


def test_a_hop_is_checked_anew_though_its_host_was_let_in_before(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    client = make_client(site, pins={}, resolve=lambda _host, _port: next(answers))
    site.play("/a", 302, b"", Location=f"http://second.example:{site.server_port}/b")
    fetched = client.get(f"http://first.example:{site.server_port}/a", allow_private=True)
    assert (fetched.reason, site.paths()) == (Reason.ADDRESS_REFUSED, ["/a"])


def test_an_address_that_leads_to_another_is_hung_up_on(site: Site) -> None:
    """0.0.0.0 is dialled as any address is, and the system connects to this machine."""
    client = make_client(site, pins={}, resolve=lambda _host, _port: ["0.0.0.0"])
    fetched = client.get(f"http://nowhere.example:{site.server_port}/", allow_private=True)
    assert (fetched.reason, site.asked) == (Reason.ADDRESS_REFUSED, [])
    assert "another address" in fetched.detail


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example@127.0.0.1:{port}/",
        "http://news.example:80@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@news.example/",
        "http://127.0.0.1:{port}#@news.example/",
        "http://127.0.0.1:{port}?@news.example/",
        "http://\uff11\uff12\uff17.0.0.1:{port}/",  # full-width digits
        "http://127\u30020\u30020\u30021:{port}/",  # ideographic full stops
        "http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:{port}/",  # circled letters: localhost
        "http://localhost.:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::127.0.0.1]:{port}/",
        "http://[64:ff9b::7f00:1]:{port}/",
        "http://[::1%25lo]:{port}/",
    ],
)
def test_no_spelling_of_an_address_leads_inside(site: Site, url: str) -> None:
    client = make_client(site, resolve=lambda host, _port: ["127.0.0.1"] if host == "localhost" else [])
    fetched = client.get(url.format(port=site.server_port))
    assert fetched.reason in {Reason.ADDRESS_REFUSED, Reason.SCHEME_REFUSED, Reason.DNS_FAILED}
    assert not site.asked


def test_a_dot_at_the_end_makes_no_other_host(site: Site, client: Client) -> None:
    site.play("/a")
    assert client.get("http://news.example./a").body == b"hello"
    assert site.asked[0][0] == "news.example"


@pytest.mark.parametrize("port", [22, 25, 110, 6667, 5060])
def test_ports_of_other_protocols_are_refused(site: Site, port: int) -> None:
    client = make_client(site, pins={}, resolve=lambda _host, _port: ["203.0.113.9"])
    fetched = client.get(f"http://news.example:{port}/")
    assert fetched.reason is Reason.ADDRESS_REFUSED
    assert str(port) in fetched.detail


def test_a_proxy_of_the_environment_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{site.pin}")
    client = make_client(site, pins={})
    assert client.get("http://elsewhere.example/").reason is Reason.DNS_FAILED
    assert client.get("https://elsewhere.example/").reason is Reason.DNS_FAILED
    assert not site.asked


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://news.example/", "http://[broken/", "ftp:x"])
def test_a_redirect_out_of_the_web_is_refused(site: Site, client: Client, location: str) -> None:
    site.play("/a", 302, b"", Location=location)
    assert client.get("http://news.example/a").reason is Reason.SCHEME_REFUSED


def test_redirects_end(site: Site, client: Client) -> None:
    for n in range(9):
        site.play(f"/{n}", 301, b"", Location=f"/{n + 1}")
    fetched = client.get("http://news.example/0")
    assert (fetched.reason, fetched.moved_to) == (Reason.TOO_MANY_REDIRECTS, None)
    assert len(site.asked) == 6


def test_a_circle_is_named_at_once(site: Site, client: Client) -> None:
    site.play("/a", 301, b"", Location="/b")
    site.play("/b", 301, b"", Location="/a")
    fetched = client.get("http://news.example/a")
    assert (fetched.reason, site.paths()) == (Reason.TOO_MANY_REDIRECTS, ["/a", "/b"])
    assert "circle" in fetched.detail


def test_a_cookie_goes_back_to_the_host_that_set_it_and_to_no_other(site: Site, client: Client) -> None:
    def wants_cookie(handler: Handler) -> None:
        if handler.headers["Cookie"] == "seen=1":
            handler.answer(302, b"", Location="http://other.example/b")
        else:
            handler.answer(302, b"", Location="/a", Set_Cookie="seen=1; Path=/; HttpOnly")

    site.plays["/a"] = wants_cookie
    site.play("/b", 200, b"there")
    assert client.get("http://news.example/a").body == b"there"
    assert [sent.get("Cookie") for _, _, sent in site.asked] == [None, "seen=1", None]
    client.get("http://news.example/a")
    assert site.asked[3][2].get("Cookie") is None  # and is forgotten after


def test_a_cookie_wall_that_never_opens_is_named(site: Site, client: Client) -> None:
    site.play("/a", 302, b"", Location="/a", Set_Cookie="seen=1")
    fetched = client.get("http://news.example/a")
    assert (fetched.reason, len(site.asked)) == (Reason.TOO_MANY_REDIRECTS, 2)
    assert "cookies were sent back" in fetched.detail


GZIP_400_MB = gzip.compress(bytes(4_000_000)) * 100


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        ("gzip", GZIP_400_MB),
        ("br", brotli.compress(bytes(50_000_000), quality=5)),
        ("gzip, gzip", gzip.compress(GZIP_400_MB)),
    ],
    ids=["gzip", "br", "gzip twice"],
)
def test_a_bomb_costs_little(site: Site, client: Client, encoding: str, bomb: bytes) -> None:
    site.play("/a", 200, bomb, Content_Encoding=encoding)
    tracemalloc.start()
    fetched = client.get("http://news.example/a")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (fetched.reason, fetched.body) == (Reason.TOO_LARGE, None)
    assert peak < 5_000_000


def test_an_endless_body_is_left(site: Site, client: Client) -> None:
    def endless(handler: Handler) -> None:
        handler.answer(200, b"", Content_Length="99999999999")
        while not site.over.is_set():
            handler.wfile.write(b"x" * 10_000)

    site.plays["/a"] = endless
    assert client.get("http://news.example/a").reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "before", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Drip: ", b""], ids=["body", "header", "status"]
)
def test_a_slow_drip_is_cut(site: Site, before: bytes) -> None:
    """One byte now and then keeps every read alive; the whole has its own limit."""

    def drip(handler: Handler) -> None:
        handler.wfile.write(before)
        while not site.over.wait(0.02):
            handler.wfile.write(b"H")

    site.plays["/a"] = drip
    fetched, took = timed(lambda: make_client(site, limits=QUICK).get("http://news.example/a"))
    assert (fetched.reason, fetched.body) == (Reason.TIMED_OUT, None)
    assert took < 1


def test_a_drip_in_the_middle_of_a_handshake_is_cut() -> None:
    """Before TLS is up there is no response yet to put a limit on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def drip() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(b"\x16\x03\x03\x40\x00")  # the head of a long handshake record
                try:
                    while not over.wait(0.02):
                        peer.sendall(b"\0")
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        pins = {"news.example": f"127.0.0.1:{listener.getsockname()[1]}"}
        fetched, took = timed(lambda: Client("x", pins=pins, limits=QUICK).get("https://news.example/"))
        over.set()
    assert fetched.reason is Reason.TIMED_OUT
    assert took < 1


def test_redirects_share_one_time_limit(site: Site) -> None:
    def slowly(handler: Handler) -> None:
        time.sleep(0.12)
        handler.answer(302, b"", Location=f"/a?{len(site.asked)}")

    site.plays["/a"] = slowly
    fetched, took = timed(lambda: make_client(site, limits=QUICK).get("http://news.example/a"))
    assert (fetched.reason, took < 1) == (Reason.TIMED_OUT, True)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00nonsense\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut short",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "noise", "status", "cut short", "bad chunk", "no gzip", "many headers", "long header"],
)
def test_a_broken_answer_is_a_reason(site: Site, client: Client, raw: bytes) -> None:
    def speak(handler: Handler) -> None:
        handler.wfile.write(raw)
        handler.close_connection = True

    site.plays["/a"] = speak
    fetched = client.get("http://news.example/a")
    assert (fetched.outcome, fetched.reason, fetched.body) == (Outcome.FAILED, Reason.UNREACHABLE, None)
    assert fetched.detail


def test_nobody_listens(client: Client, site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    fetched = make_client(site, pins={"dead.example": f"127.0.0.1:{port}"}).get("http://dead.example/")
    assert fetched.reason is Reason.UNREACHABLE
    assert client.get("http://unknown.example/").reason is Reason.DNS_FAILED


def test_an_error_page_is_read_only_far_enough_to_tell_a_wall(site: Site, client: Client) -> None:
    site.play("/a", 403, b"<title>Just a moment...</title>" + b" " * 10_000_000)
    fetched = client.get("http://news.example/a")
    assert (fetched.reason, fetched.body) == (Reason.BOT_WALL, None)
    assert "Cloudflare" in fetched.detail
