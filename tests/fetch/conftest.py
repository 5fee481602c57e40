"""A web server that does whatever a test tells it to, on loopback, under made-up names pinned to it."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from etl.fetch.client import Client, Limits
from etl.fetch.guard import Resolve

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
LIMITS = Limits(max_bytes=100_000, total_s=5, connect_s=1)
AGENT = "Dateline/0.1 (test)"

Play = Callable[["Handler"], object]  # writes an answer to a request


class Handler(BaseHTTPRequestHandler):
    """Answers by the script of its path."""

    server: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.headers["Host"], self.path, dict(self.headers.items())))
        path = self.path.partition("?")[0]
        if play := self.server.plays.get(path):
            play(self)
        else:
            self.answer(404)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


class Site(ThreadingHTTPServer):
    """A server with a script a path, that remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.plays: dict[str, Play] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.over = threading.Event()  # lets endless answers end with the test

    def server_bind(self) -> None:
        """As the base class, without looking its own name up, which can take half a second."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is what many of these tests are about."""

    def play(self, path: str, status: int = 200, body: bytes = b"hello", **headers: str) -> None:
        """Script a plain answer."""
        self.plays[path] = lambda handler: handler.answer(status, body, **headers)

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [path for _, path, _ in self.asked]

    @property
    def pin(self) -> str:
        return f"127.0.0.1:{self.server_port}"


@pytest.fixture
def site() -> Iterator[Site]:
    with running(Site()) as server:
        yield server


@contextmanager
def running(server: Site) -> Iterator[Site]:
    """The server, answering until the block ends."""
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(site: Site) -> Client:
    """A client that knows the server as news.example and other.example."""
    return make_client(site)


def nothing_resolves(host: str, port: int) -> list[str]:
    """No test asks a real name server."""
    raise OSError(f"unknown {host}")


def make_client(
    site: Site,
    *,
    pins: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
    resolve: Resolve = nothing_resolves,
    tls: ssl.SSLContext | None = None,
) -> Client:
    """A client with small limits that knows the server as news.example and other.example."""
    known = {"news.example": site.pin, "other.example": site.pin} if pins is None else pins
    return Client(AGENT, pins=known, limits=limits, clock=lambda: NOW, resolve=resolve, tls=tls)
