"""The folder of sample outlets goes in; a web server on loopback comes out that stands for all of them.

It has two states, as a news site has a morning and an afternoon: `advance` goes from what the first poll
finds to what the second does. It answers as a good server would: strong ETags, Last-Modified, and 304 to
who has both or either.
"""

from __future__ import annotations

import hashlib
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from etl.records import Source
from etl.settings import ROOT
from etl.sources import registry

FOLDER = ROOT / "seeds" / "outlets"

_FIRST, _FINAL = "first", "final"
_CHANGED_AT = {_FIRST: datetime(2022, 7, 4, 12, 0, tzinfo=UTC), _FINAL: datetime(2022, 7, 5, 14, 0, tzinfo=UTC)}
_TYPES = {
    ".atom": "application/atom+xml",
    ".html": "text/html; charset=utf-8",
    ".json": "application/feed+json",
    ".rdf": "application/rdf+xml",
    ".rss": "application/rss+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one address answers."""

    status: int
    content_type: str
    body: bytes
    changed_at: datetime
    location: str | None = None

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class Outlets:
    """Running sample outlets."""

    def __init__(self, folder: Path, port: int, is_final: bool) -> None:
        self.sources: list[Source] = registry.read(folder / "sources.yaml")
        self.port = port
        self._states = {_FIRST: _answers(folder, [_FIRST]), _FINAL: _answers(folder, [_FIRST, _FINAL])}
        self._state = _FINAL if is_final else _FIRST

    @property
    def pins(self) -> Mapping[str, str]:
        """Each made-up host with the loopback address that stands for it."""
        hosts = sorted({address.partition("/")[0] for address in self._answers})
        return dict.fromkeys(hosts, f"127.0.0.1:{self.port}")

    def advance(self) -> None:
        """Go from the first state to the final one."""
        self._state = _FINAL

    @property
    def _answers(self) -> Mapping[str, _Answer]:
        return self._states[self._state]

    def answer(self, host: str, path: str) -> _Answer:
        """What an address answers in the present state; 404 for one that is not there."""
        gone = _Answer(404, _TYPES[".html"], b"<!doctype html>\n<title>Not found</title>\n", _CHANGED_AT[_FIRST])
        return self._answers.get(host.partition(":")[0].lower() + urlsplit(path).path, gone)


@contextmanager
def serve(*, final: bool = False, folder: Path = FOLDER) -> Iterator[Outlets]:
    """Serve the sample outlets on a free port of 127.0.0.1 until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    try:
        server.outlets = Outlets(folder, server.server_port, final)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True, name="dateline-outlets")
        thread.start()
        try:
            yield server.outlets
        finally:
            server.shutdown()
            thread.join()
    finally:
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    outlets: Outlets

    def server_bind(self) -> None:
        """Bind as a plain TCP server: the base class looks its own name up, which can take half a second."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "SampleOutlets"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        answer = self.server.outlets.answer(self.headers.get("Host", ""), self.path)
        if answer.status == 200 and self._is_held(answer):
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self._send_validators(answer)
            self.end_headers()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.location:
            self.send_header("Location", answer.location)
        if answer.status == 200:
            self._send_validators(answer)
        self.end_headers()
        self.wfile.write(answer.body)

    def _send_validators(self, answer: _Answer) -> None:
        self.send_header("ETag", answer.etag)
        self.send_header("Last-Modified", format_datetime(answer.changed_at, usegmt=True))

    def _is_held(self, answer: _Answer) -> bool:
        """Whether the asker has this very body: the ETag decides, the date only where there is none (RFC 9110)."""
        if (held := self.headers.get("If-None-Match")) is not None:
            return answer.etag in [tag.strip().removeprefix("W/") for tag in held.split(",")]
        if (since := self.headers.get("If-Modified-Since")) is not None:
            try:
                return answer.changed_at <= parsedate_to_datetime(since)
            except (ValueError, TypeError):
                return False
        return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the demo prints its own story."""


def _answers(folder: Path, layers: list[str]) -> dict[str, _Answer]:
    """Every address with its answer; a later layer lies over an earlier one."""
    special = yaml.safe_load((folder / "answers.yaml").read_text(encoding="utf-8"))
    found: dict[str, _Answer] = {}
    for layer in layers:
        for path in sorted((folder / layer).rglob("*")):
            if path.is_file():
                address = path.relative_to(folder / layer).as_posix()
                found[address] = _answer(path.read_bytes(), path.suffix, layer, special.get(address, {}))
    for address, said in special.items():
        if address not in found:
            found[address] = _answer(b"", "", _FIRST, said)
    return found


def _answer(body: bytes, suffix: str, layer: str, said: Mapping[str, object]) -> _Answer:
    location = said.get("location")
    return _Answer(
        status=int(str(said.get("status", 200))),
        content_type=str(said.get("content_type", _TYPES.get(suffix, "application/octet-stream"))),
        body=body,
        changed_at=_CHANGED_AT[layer],
        location=None if location is None else str(location),
    )
