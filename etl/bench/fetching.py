"""A thousand feeds that are as they were, on a local server, in; what polling them costs against a bare loop out."""

from __future__ import annotations

import multiprocessing
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from etl import jobs, settings
from etl.bench.frame import Bench, Pair, World
from etl.records import Source, SourceKind
from etl.warehouse import scratch, sources
from etl.warehouse.connect import connect

FEEDS = 1_000
_ETAG = b'"the-same-as-ever"'
_FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Made</title></channel></rss>"
_AT = datetime(2022, 7, 4, 12, 0, tzinfo=UTC)


def address(number: int) -> str:
    """The address of a feed; each has a host of its own."""
    return f"http://made{number}.example/feed"


@contextmanager
def unchanged(world: World) -> Iterator[Pair]:
    """Polls of feeds that answer 304, every host with its robots.txt held, against asking for the same in a loop."""
    with serve() as port, scratch.database(world.server()) as url:
        pins = {f"made{n}.example": f"127.0.0.1:{port}" for n in range(FEEDS)}
        configured = replace(
            settings.read({"DATELINE_DATABASE_URL": url, "DATELINE_HOME": str(world.home)}), pinned_hosts=pins
        )
        made = [Source(name=f"made{n}", kind=SourceKind.FEED, url=address(n), outlet=None) for n in range(FEEDS)]
        with connect(url) as db:
            sources.synchronise(db, made, at=_AT)
        poll(replace(configured, host_delay_s=0), "first")  # robots.txt and ETags come in
        yield Pair(lambda n: poll(configured, f"repeat {n}"), lambda _: _bare(port), {"feeds": FEEDS})


def poll(configured: settings.Settings, run: str) -> None:
    """Queue and fetch, as the DAG does it in four tasks."""
    with jobs.begin(configured, "bench", run) as job:
        jobs.queue_feeds(job, is_forced=True)
        for part, batch in enumerate(jobs.batches_due(job)):
            jobs.fetch(job, batch, part=str(part))


def _bare(port: int) -> None:
    import urllib3

    for number in range(FEEDS):
        with urllib3.PoolManager() as pool:  # a host each: there is no connection to use again
            headers = {"Host": f"made{number}.example", "If-None-Match": _ETAG.decode()}
            pool.request("GET", f"http://127.0.0.1:{port}/feed", headers=headers)


@contextmanager
def serve() -> Iterator[int]:
    """A server in a process of its own, so that its time is nobody's; its port."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        yield here.recv()
    finally:
        server.terminate()
        server.join()


def _serve(told: Connection) -> None:
    with _Server(("127.0.0.1", 0), _Answer) as server:
        told.send(server.server_address[1])
        server.serve_forever()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


class _Answer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (part := self.request.recv(8_192)):
            head += part
        if head.startswith(b"GET /robots.txt"):  # our own name speaks of it too
            answer = b"404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        elif _ETAG in head:
            answer = b"304 Not Modified\r\nETag: " + _ETAG + b"\r\nConnection: close\r\n\r\n"
        else:
            length = str(len(_FEED)).encode()
            answer = b"200 OK\r\nETag: " + _ETAG + b"\r\nContent-Length: " + length + b"\r\nConnection: close\r\n\r\n"
            answer += _FEED
        self.wfile.write(b"HTTP/1.1 " + answer)


BENCHES = [Bench("unchanged", "poll feeds that are as they were", "a bare urllib3 loop over the same", unchanged)]
