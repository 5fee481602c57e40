"""A scripted web server, sources that read it and a clock that tests move: runs of ingestion at any hour."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from itertools import count
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from etl import jobs
from etl.jobs import Job
from etl.records import Source, SourceKind
from etl.settings import Settings
from etl.warehouse import runs, sources
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.fetch.conftest import Site

WORDS = "The council of {name} met on Monday and decided to keep the old bridge open for another year. "


@dataclass
class Newsroom:
    """One database, one server, one clock."""

    db: Warehouse
    settings: Settings
    site: Site
    now: datetime = NOW
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, name: str = "courier", kind: SourceKind = SourceKind.FEED, path: str = "/feed", **more: Any) -> int:
        """Register a source of news.example."""
        url = path if kind in {SourceKind.WARC, SourceKind.FILES} else f"http://news.example{path}"
        source = Source(name=name, kind=kind, url=url, outlet=name.title(), **more)
        sources.synchronise(self.db, [source], at=self.now, is_whole=False)
        return next(s.source_id for s in sources.stored(self.db) if s.source.name == name)

    @contextmanager
    def job(self, name: str = "news_ingest", **more: Any) -> Iterator[Job]:
        with jobs.begin(self.settings, name, f"run {next(self.numbers)}", clock=lambda: self.now, **more) as job:
            yield job

    def poll(self, after: timedelta = timedelta(0), *, is_forced: bool = True, reads: bool = False) -> dict[str, str]:
        """One run that fetches, and extracts if it `reads`; what became of each item, by key."""
        self.now += after
        with self.job() as job:
            jobs.queue_feeds(job, is_forced=is_forced)
            return self._work(job, None, reads=reads)

    def backfill(self, start: datetime, end: datetime) -> dict[str, str]:
        """One run that reads what archives have of an interval."""
        with self.job("news_backfill", interval=(start, end)) as job:
            jobs.queue_archives(job, start, end)
            return self._work(job, (start, end), reads=True)

    def _work(self, job: Job, archives_of: tuple[datetime, datetime] | None, *, reads: bool) -> dict[str, str]:
        for part, batch in enumerate(jobs.batches_due(job, archives_of=archives_of)):
            jobs.fetch(job, batch, part=str(part), archives_of=archives_of)
        if reads:
            jobs.extract(job)
        jobs.check(job, is_backfill=archives_of is not None)
        assert all(c.balances for c in runs.counts(self.db, job.run_id).values())
        return {
            key: reason or detail or state
            for key, state, reason, detail in self.ask(
                "SELECT item_key, state, reason, detail FROM ops.ledger WHERE run_id = %s ORDER BY 1", job.run_id
            )
        }

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.db.connection.cursor() as cursor:
            cursor.execute(question, values or None)
            return cursor.fetchall()

    def state(self, name: str = "courier") -> Any:
        """What polling knows of a source, as stored."""
        with self.db.connection.cursor() as cursor:
            cursor.execute(
                "SELECT t.* FROM ops.source_state t JOIN ops.source s USING (source_id) WHERE source_name = %s", (name,)
            )
            [row] = cursor.fetchall()
            return SimpleNamespace(
                **{column.name: value for column, value in zip(cursor.description or (), row, strict=True)}
            )

    def asked(self, path: str) -> int:
        """How often the server was asked for a path."""
        return self.site.paths().count(path)

    def headers(self, path: str) -> dict[str, str]:
        """What the last request for a path said."""
        return next(h for _, p, h in reversed(self.site.asked) if p == path)


def entry(
    n: int | str,
    *,
    guid: str | None = None,
    link: str | None = "",
    title: str | None = None,
    text: str = "",
    at: datetime | str | None = None,
) -> str:
    """An item of an RSS feed; by default it links to /n."""
    link = f"http://news.example/{n}" if link == "" else link
    when = at if isinstance(at, str) or at is None else at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return (
        f"<item><title>{escape(title or f'Story {n}')}</title><guid isPermaLink='false'>{guid or n}</guid>"
        + (f"<link>{escape(link)}</link>" if link else "")
        + (f"<pubDate>{when}</pubDate>" if when else "")
        + (f"<description>{escape(text)}</description>" if text else "")
        + "</item>"
    )


def feed(*entries: str, channel: str = "") -> bytes:
    """An RSS feed."""
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>{channel}'
        + "".join(entries)
        + "</channel></rss>"
    ).encode()


def stop_reading(room: Newsroom, reader: ModuleType, start: datetime, end: datetime) -> int:
    """Ctrl-C once an archive's `reader` has stored two batches of two; at which byte it stopped. Its run is over."""
    whole = reader._store
    stored: list[int] = []

    def stops(*some: object) -> object:
        if len(stored) == 2:
            raise KeyboardInterrupt
        stored.append(1)
        return whole(*some)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_BATCH", 2)
        patch.setattr(reader, "_store", stops)
        with pytest.raises(KeyboardInterrupt):
            room.backfill(start, end)
    [(done, kept, offset)] = room.ask("SELECT is_done, records, next_offset FROM ops.archive_offset")
    assert (done, kept, offset > 0) == (False, 4, True)
    with room.db.connection.cursor() as cursor:
        cursor.execute("UPDATE ops.run SET finished_at = started_at")
    return int(offset)


def page(name: str, sentences: int = 8) -> bytes:
    """A page that is an article."""
    text = "".join(f"<p>{WORDS.format(name=name)} Point {i} of the agenda took an hour.</p>" for i in range(sentences))
    return f"<!doctype html><html lang=en><title>{name}</title><article><h1>{name}</h1>{text}</article>".encode()


def whole_text(name: str) -> str:
    """A text that can stand for its page."""
    return "".join(f"<p>{WORDS.format(name=name)} Matter {i} was put off.</p>" for i in range(9))


@contextmanager
def open_newsroom(db: Warehouse, settings: Settings) -> Iterator[Newsroom]:
    """Serve until the block ends."""
    site = Site()
    threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    pins = dict.fromkeys(("news.example", "other.example"), site.pin)
    try:
        yield Newsroom(db, replace(settings, pinned_hosts=pins), site)
    finally:
        site.over.set()
        site.shutdown()
        site.server_close()
