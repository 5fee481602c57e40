"""Made-up crawls in: what turning them into rows costs, against a bare pass, against themselves, against news-please.

Processor time is this process's and its children's; what Postgres took is told beside it (`postgres_ms`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from etl import settings
from etl.bench import archived
from etl.bench.frame import REPEATS, Bench, Pair, World
from etl.jobs import backfill
from etl.jobs.backfill import Again, Order
from etl.jobs.gazetteers import load_default
from etl.records import Source, SourceKind
from etl.settings import Settings
from etl.warehouse import scratch, sources
from etl.warehouse.connect import connect

FIRST = date(2022, 7, 4)
_AT = datetime(2022, 7, 20, tzinfo=UTC)


def processor() -> float:
    """Seconds this process and its ended children worked."""
    return sum(os.times()[:4])


class Watch:
    """A clock of seconds that were measured elsewhere."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def spend(self, seconds: float) -> None:
        """Move on."""
        self._seconds += seconds

    def __call__(self) -> float:
        """What it shows."""
        return self._seconds


_WATCH = Watch()


@contextmanager
def warc(world: World) -> Iterator[Pair]:
    """A crawl's file to rows, all stages, against one bare pass over it."""
    with crawl(world, [pages(world)]) as (folder, fresh), ExitStack() as stack:
        warehouses = [stack.enter_context(fresh()) for _ in range(REPEATS)]
        sizes = {"pages": pages(world)}

        def ours(n: int) -> None:
            before = _postgres(warehouses[n])
            do(warehouses[n], days=1)
            sizes["postgres_ms"] = round(1000 * (_postgres(warehouses[n]) - before))

        yield Pair(ours, lambda _: _bare(next(folder.glob("*.warc.gz"))), sizes)


@contextmanager
def again(world: World) -> Iterator[Pair]:
    """A finished interval, read again, against the first time."""
    with crawl(world, [pages(world) // 2] * 2) as (_, fresh), ExitStack() as stack:
        warehouses = [stack.enter_context(fresh()) for _ in range(REPEATS)]

        def second(n: int) -> None:
            before = _changes(warehouses[n])
            do(warehouses[n], days=2, again=Again.ALL)
            if _changes(warehouses[n]) != before:
                raise AssertionError("a second run changed rows")

        yield Pair(second, lambda n: do(warehouses[n], days=2), {"pages": pages(world), "days": 2})


@contextmanager
def workers(world: World) -> Iterator[Pair]:
    """Two workers sharing an interval, against one."""
    from etl.local.backfill import work

    with crawl(world, [pages(world) // 2] * 4) as (_, fresh), ExitStack() as stack:
        ones = [stack.enter_context(fresh()) for _ in range(REPEATS)]
        twos = [stack.enter_context(fresh()) for _ in range(REPEATS)]

        def by(count: int, used: Settings) -> None:
            order = Order(start=FIRST, end=FIRST + timedelta(days=4), asked_at=datetime.now(UTC))
            if work(used, used.database_url or "", order, workers=count, tell=lambda _: None):
                raise AssertionError("a day failed")

        yield Pair(lambda n: by(2, twos[n]), lambda n: by(1, ones[n]), {"pages": pages(world) * 2, "days": 4})


@contextmanager
def growth(world: World) -> Iterator[Pair]:
    """The last day of many, against the first: the rate must not fall, nor memory grow."""
    days = max(2, world.scale.held // 1_000)
    with crawl(world, [pages(world)] * days) as (_, fresh), ExitStack() as stack:
        used = stack.enter_context(fresh())
        sizes = {"pages": days * pages(world)}
        spent: list[float] = []
        for day in range(days):
            begun = processor()
            do(used, days=1, first=day)
            spent.append(processor() - begun)
            sizes[f"rss_mb_{'first' if day == 0 else 'last'}"] = psutil.Process().memory_info().rss >> 20
        yield Pair(lambda _: _WATCH.spend(spent[-1]), lambda _: _WATCH.spend(spent[0]), sizes)


def pages(world: World) -> int:
    """How many a file has."""
    return world.scale.pages


@contextmanager
def crawl(world: World, counts: Sequence[int]) -> Iterator[tuple[Path, Callable[[], AbstractContextManager[Settings]]]]:
    """A folder of files, one a day; and what makes a fresh warehouse that knows it."""
    with TemporaryDirectory() as aside, scratch.database(world.server()) as furnished:
        folder = Path(aside)
        for n, count in enumerate(counts):
            day = FIRST + timedelta(days=n)
            archived.write(folder / f"MADE-{day:%Y%m%d}120000-1.warc.gz", day, count, first=n * 100_000)
        with connect(furnished) as db:
            load_default(db, world.home, at=_AT)
            source = Source(name="made", kind=SourceKind.WARC, url=str(folder), outlet=None)
            sources.synchronise(db, [source], at=_AT)
        template = furnished.rpartition("/")[2]

        @contextmanager
        def fresh() -> Iterator[Settings]:
            with scratch.database(world.server(), template=template) as url:
                yield replace(settings.read({}), home=world.home, database_url=url)

        yield folder, fresh


def do(used: Settings, *, days: int, first: int = 0, again: Again = Again.NONE) -> None:
    """Backfill so many days, from the `first` of the crawl on."""
    start = FIRST + timedelta(days=first)
    order = Order(start=start, end=start + timedelta(days=days), asked_at=datetime.now(UTC), again=again)
    if any(done.failure for done in backfill.run(used, order)):
        raise AssertionError("a day failed")


def _bare(path: Path) -> int:
    """One pass, one tree a page."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    from lxml import html

    n = 0
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            if record.http_headers.status_code == 200 and record.http_content_type == "text/html":
                n += html.fromstring(record.reader.read()) is not None
    return n


def _changes(used: Settings) -> str:
    with connect(used.database_url or "") as db:
        return str(db.value("data_digest"))


def _postgres(used: Settings) -> float:
    """Processor seconds the server of a warehouse has used, children that ended included."""
    with connect(used.database_url or "") as db:
        try:
            server = psutil.Process(db.connection.info.backend_pid).parent()
        except psutil.Error:
            return 0.0  # on another machine
        total = 0.0
        for process in [server, *server.children()] if server else []:
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
                total += times.children_user + times.children_system if process is server else 0
        return total


BENCHES = [
    Bench("warc", "a crawl to rows, all stages", "a bare FastWARC pass, one lxml tree a page", warc, processor),
    Bench("warc-again", "a finished interval a second time", "the first time", again),
    Bench("workers", "two workers share an interval", "one worker does it", workers),
    Bench("warc-growth", "the last of many days", "the first of them", growth, _WATCH),
]
