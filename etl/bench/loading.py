"""Made-up articles go into scratch databases: a load against a bare INSERT; a repeat and growth against a load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from etl.bench.frame import REPEATS, Bench, Pair, World
from etl.bench.made import Made, article
from etl.records import Article, CaptureKind, Dated, DateOrigin, DatePrecision, Outcome, Source, SourceKind
from etl.warehouse import articles, captures, runs, scratch, sources
from etl.warehouse.articles import Extracted
from etl.warehouse.captures import FetchRow, StoredCapture
from etl.warehouse.connect import Warehouse, connect

_AT = datetime(2022, 7, 4, 12, 0, tzinfo=UTC)
_PUBLISHED = Dated(datetime(2022, 7, 4, 7, 0, tzinfo=UTC), DatePrecision.INSTANT, DateOrigin.META)
_SOURCE = Source(name="made", kind=SourceKind.FEED, url="https://made.example/feed", outlet="Made")


@contextmanager
def load(world: World) -> Iterator[Pair]:
    """Captures and articles of a batch, against one INSERT of the same texts."""
    size = world.scale.batch
    batches = [batch_of(n * size, size) for n in range(REPEATS)]
    with _warehouse(world) as ours, _warehouse(world) as bare:
        bare.run("bench_table")
        yield Pair(lambda n: write(ours, batches[n]), lambda n: _insert(bare, batches[n]), {"articles": size})


@contextmanager
def replay(world: World) -> Iterator[Pair]:
    """A batch that is there already, against the same batch the first time."""
    size = world.scale.batch
    batches = [batch_of(n * size, size) for n in range(REPEATS)]
    with _warehouse(world) as db:
        yield Pair(lambda n: write(db, batches[n]), lambda n: write(db, batches[n]), {"articles": size})


@contextmanager
def growth(world: World) -> Iterator[Pair]:
    """A batch into a warehouse that holds many articles, against one that holds none."""
    size, held = world.scale.batch, world.scale.held
    batches = [batch_of(n * size, size) for n in range(REPEATS)]
    with ExitStack() as stack:
        empty = [stack.enter_context(_warehouse(world)) for _ in range(REPEATS)]
        grown = stack.enter_context(_warehouse(world))
        first = REPEATS * size
        for start in range(first, first + held, size):
            write(grown, batch_of(start, min(size, first + held - start)))
        grown.run("bench_statistics")
        sizes = {"articles": size, "held": held}
        yield Pair(lambda n: write(grown, batches[n]), lambda n: write(empty[n], batches[n]), sizes)


BENCHES = [
    Bench("load", "capture and keep a batch of articles", "one INSERT of the same texts into a bare table", load),
    Bench("replay", "keep a batch a second time", "keeping it the first time", replay),
    Bench("growth", "keep a batch in a grown warehouse", "keeping it in an empty one", growth),
]


@contextmanager
def _warehouse(world: World) -> Iterator[Warehouse]:
    with scratch.database(world.server()) as url, connect(url, name="bench") as db:
        enrol(db)
        yield db


def enrol(db: Warehouse) -> None:
    """Register the source that made-up articles come from."""
    sources.synchronise(db, [_SOURCE], at=_AT, is_whole=False)


def batch_of(first: int, count: int) -> list[Made]:
    """So many made-up articles."""
    return [article(number) for number in range(first, first + count)]


def write(db: Warehouse, batch: Sequence[Made]) -> tuple[int, ...]:
    """As the jobs do it: bytes are committed first, then what they say. Answers the new contents."""
    run_id = runs.begin(db, "bench", "1", interval=None, code_version="bench", at=_AT)
    source_id = next(s.source_id for s in sources.stored(db) if s.source.name == _SOURCE.name)
    rows = [_row(made, source_id) for made in batch]
    with db.transaction():
        fetch_ids = captures.keep(db, run_id, rows, _AT)
    extracted = [
        Extracted(capture=_capture(row, fetch_id), article=_article(made), keys=(made.url,))
        for made, row, fetch_id in zip(batch, rows, fetch_ids, strict=True)
    ]
    with db.transaction():
        stored = articles.keep(db, run_id, extracted, code_version="bench", at=_AT)
    return tuple(content_id for content_id, _ in stored.new_contents)


def _insert(db: Warehouse, batch: Sequence[Made]) -> None:
    db.run("bench_insert", rows=[{"url": m.url, "title": m.title, "body": m.text} for m in batch])


def _row(made: Made, source_id: int) -> FetchRow:
    return FetchRow(
        source_id=source_id,
        kind=CaptureKind.PAGE,
        requested_url=made.url,
        final_url=made.url,
        fetched_at=_AT,
        observed_at=_AT,
        outcome=Outcome.FETCHED,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=made.page.encode(),
    )


def _capture(row: FetchRow, fetch_id: int) -> StoredCapture:
    return StoredCapture(
        fetch_id=fetch_id,
        source_id=row.source_id,
        source_name=_SOURCE.name,
        time_zone=_SOURCE.time_zone,
        kind=row.kind,
        requested_url=row.requested_url,
        final_url=row.final_url,
        observed_at=row.observed_at,
        headers=row.headers,
        blob_hash=row.blob_hash or b"",
        body=row.body or b"",
    )


def _article(made: Made) -> Article:
    return Article(
        title=made.title,
        standfirst=None,
        body=made.text,
        captions=(),
        authors=("Ada Lindqvist",),
        published=_PUBLISHED,
        modified=None,
        language_code="en",
        language_confidence=0.99,
        canonical_url=made.url,
        extractor="bench",
    )
