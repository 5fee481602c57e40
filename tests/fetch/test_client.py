"""One request, and everything a server may do to it. The attacks are in test_client_attacks."""

from __future__ import annotations

import gzip
import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import Reason
from etl.fetch.client import Client
from etl.records import Outcome, Validators
from tests.fetch.conftest import AGENT, NOW, Site, make_client, nothing_resolves, running


def test_a_document(site: Site, client: Client) -> None:
    site.play("/a", 200, b"<p>hello</p>", Content_Type="text/html; charset=utf-8", ETag='W/"x"', Set_Cookie="id=1")
    fetched = client.get("http://news.example/a?b=1#part")
    assert (fetched.outcome, fetched.status, fetched.body) == (Outcome.FETCHED, 200, b"<p>hello</p>")
    assert (fetched.requested_url, fetched.final_url) == ("http://news.example/a?b=1#part", "http://news.example/a?b=1")
    assert (fetched.moved_to, fetched.reason, fetched.at) == (None, None, NOW)
    kept = {name: value for name, value in fetched.headers.items() if name != "date"}
    assert kept == {"content-type": "text/html; charset=utf-8", "etag": 'W/"x"'}  # a cookie is nobody's business
    [(host, path, sent)] = site.asked
    assert (host, path, sent["User-Agent"]) == ("news.example", "/a?b=1", AGENT)


def test_validators_go_out_verbatim_and_304_comes_back(site: Site, client: Client) -> None:
    site.play("/feed", 304, b"")
    odd = Validators(etag='W/"a,b" ;-)', last_modified="last Tuesday, more or less")
    fetched = client.get("http://news.example/feed", odd)
    assert (fetched.outcome, fetched.body, fetched.reason) == (Outcome.NOT_MODIFIED, None, None)
    sent = site.asked[0][2]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == (odd.etag, odd.last_modified)


@pytest.mark.parametrize(
    ("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)]
)
def test_compressed_bodies(site: Site, client: Client, encoding: str, encode: Any) -> None:
    site.play("/a", 200, encode(b"news " * 1000), Content_Encoding=encoding)
    assert client.get("http://news.example/a").body == b"news " * 1000


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Reason.CLIENT_ERROR),
        (401, Reason.FORBIDDEN),
        (403, Reason.FORBIDDEN),
        (404, Reason.NOT_FOUND),
        (408, Reason.TIMED_OUT),
        (410, Reason.GONE),
        (418, Reason.CLIENT_ERROR),
        (429, Reason.RATE_LIMITED),
        (451, Reason.FORBIDDEN),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (300, Reason.CLIENT_ERROR),  # a choice of documents, none of them ours to make
        (302, Reason.CLIENT_ERROR),  # a redirect to nowhere
    ],
)
def test_a_status_has_a_reason(site: Site, client: Client, status: int, reason: Reason) -> None:
    site.play("/a", status, b"<p>sorry</p>")
    fetched = client.get("http://news.example/a")
    assert (fetched.outcome, fetched.reason, fetched.status) == (Outcome.FAILED, reason, status)
    assert fetched.body is None
    assert str(status) in fetched.detail


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120),
        ((NOW + timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT"), 300),
        ((NOW - timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT"), 0),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 999_999_999),
    ],
)
def test_retry_after_in_both_forms(site: Site, client: Client, stated: str, seconds: int | None) -> None:
    site.play("/a", 429, b"", Retry_After=stated)
    assert client.get("http://news.example/a").retry_after_s == seconds


@pytest.mark.parametrize(
    ("hops", "has_moved"),
    [([301], True), ([308], True), ([301, 308], True), ([302], False), ([301, 302], False), ([307, 301], False)],
)
def test_an_address_is_rewritten_only_while_the_whole_chain_is_permanent(
    site: Site, client: Client, hops: list[int], has_moved: bool
) -> None:
    for n, status in enumerate(hops):
        site.play(f"/{n}", status, b"", Location=f"/{n + 1}")
    site.play(f"/{len(hops)}", 200, b"here")
    fetched = client.get("http://news.example/0")
    assert (fetched.body, fetched.final_url) == (b"here", f"http://news.example/{len(hops)}")
    assert fetched.moved_to == (fetched.final_url if has_moved else None)


def test_a_permanent_redirect_to_nothing_moves_nothing(site: Site, client: Client) -> None:
    site.play("/old", 301, b"", Location="/gone")
    site.play("/gone", 410)
    fetched = client.get("http://news.example/old")
    assert (fetched.reason, fetched.moved_to) == (Reason.GONE, None)


def test_redirects_cross_hosts_with_the_host_named(site: Site, client: Client) -> None:
    site.play("/a", 302, b"", Location="//other.example/b c?d=é")
    site.play("/b%20c", 200, b"there")
    fetched = client.get("http://news.example/a")
    assert (fetched.body, fetched.final_url) == (b"there", "http://other.example/b%20c?d=%C3%A9")
    assert site.asked[1][0] == "other.example"


def test_a_location_in_raw_utf8(site: Site, client: Client) -> None:
    raw = "HTTP/1.1 302 Found\r\nLocation: /й\r\nContent-Length: 0\r\n\r\n".encode()
    site.plays["/a"] = lambda handler: handler.wfile.write(raw)
    site.play("/%D0%B9", 200, b"there")
    assert client.get("http://news.example/a").body == b"there"


def test_an_empty_page_is_a_page(site: Site, client: Client) -> None:
    site.play("/a", 200, b"")
    assert client.get("http://news.example/a").body == b""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example",
        "ftp://news.example/",
        "file:///etc/passwd",
        "javascript:1",
        "http://",
        "http://[::1",
        "http://a:b/",
    ],
)
def test_only_http_and_https(client: Client, url: str) -> None:
    fetched = client.get(url)
    assert (fetched.outcome, fetched.reason, fetched.status) == (Outcome.FAILED, Reason.SCHEME_REFUSED, None)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.text().map("http://".__add__), st.text().map("https://news.example".__add__)))
def test_no_address_makes_it_raise(url: str) -> None:
    client = Client(AGENT, clock=lambda: NOW, resolve=nothing_resolves)
    assert client.get(url).outcome is Outcome.FAILED


def test_tls_checks_the_name_and_sends_it(site: Site, tmp_path: Path) -> None:
    """The connection goes to an address, the certificate is for the name."""
    certificate = _certificate(tmp_path, "news.example")
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(certificate)
    named: list[str | None] = []
    server_tls.sni_callback = lambda _sock, name, _context: named.append(name)
    site.socket = server_tls.wrap_socket(site.socket, server_side=True)
    site.play("/a", 200, b"secret")
    client = make_client(site, tls=ssl.create_default_context(cafile=str(certificate)))
    assert client.get("https://news.example/a").body == b"secret"
    assert named == ["news.example"]
    wrong = client.get("https://other.example/a")
    assert (wrong.reason, wrong.body) == (Reason.UNREACHABLE, None)
    assert "secure" in wrong.detail


def test_a_redirect_that_takes_the_lock_off_is_followed_but_is_no_move(site: Site, tmp_path: Path) -> None:
    certificate = _certificate(tmp_path, "news.example")
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(certificate)
    with secure_site(server_tls) as locked:
        locked.play("/a", 301, b"", Location="http://other.example/b", Set_Cookie="id=1")
        site.play("/b", 200, b"plain")
        pins = {"news.example": locked.pin, "other.example": site.pin}
        client = make_client(site, pins=pins, tls=ssl.create_default_context(cafile=str(certificate)))
        fetched = client.get("https://news.example/a")
    assert (fetched.body, fetched.final_url) == (b"plain", "http://other.example/b")
    assert fetched.moved_to is None
    assert "Cookie" not in site.asked[0][2]


@contextmanager
def secure_site(tls: ssl.SSLContext) -> Iterator[Site]:
    with running(Site()) as locked:
        locked.socket = tls.wrap_socket(locked.socket, server_side=True)
        yield locked


def _certificate(folder: Path, host: str) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
