"""Rows to test with: a run, a source, a capture, an article, each with sensible defaults."""

from __future__ import annotations

from datetime import datetime

from etl.records import Article, CaptureKind, Dated, DateOrigin, DatePrecision, Outcome, Source, SourceKind
from etl.warehouse import articles, captures, runs, sources
from etl.warehouse.articles import Extracted, Stored
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW


def make_run(db: Warehouse, name: str = "manual__1", *, at: datetime = NOW) -> int:
    return runs.begin(db, "news_ingest", name, interval=None, code_version="0", at=at)


def make_source(db: Warehouse, name: str = "courier", *, kind: SourceKind = SourceKind.FEED) -> int:
    source = Source(name=name, kind=kind, url=f"https://{name}.example/feed", outlet=name.title())
    sources.synchronise(db, [source], at=NOW, is_whole=False)
    return next(s.source_id for s in sources.stored(db) if s.source.name == name)


def make_capture(
    db: Warehouse, run_id: int, source_id: int, body: bytes, observed_at: datetime = NOW
) -> captures.StoredCapture:
    row = captures.FetchRow(
        source_id=source_id,
        kind=CaptureKind.PAGE,
        requested_url="https://courier.example/1",
        final_url="https://courier.example/1",
        fetched_at=observed_at,
        observed_at=observed_at,
        outcome=Outcome.FETCHED,
        headers={"content-type": "text/html"},
        body=body,
    )
    with db.transaction():
        [fetch_id] = captures.keep(db, run_id, [row], NOW)
    return captures.load(db, [fetch_id])[0]


def make_article(body: str = "The bridge over the Donets is closed.", *, title: str = "Bridge closed") -> Article:
    return Article(
        title=title,
        standfirst=None,
        body=body,
        captions=(),
        authors=("Olena Kovalenko",),
        published=Dated(datetime.fromisoformat("2022-07-04T10:00:00+03:00"), DatePrecision.INSTANT, DateOrigin.META),
        modified=None,
        language_code="en",
        language_confidence=0.99,
        canonical_url=None,
        extractor="test 1",
    )


def store(
    db: Warehouse,
    run_id: int,
    source_id: int,
    text: str,
    *,
    keys: tuple[str, ...] = ("https://courier.example/1",),
    observed_at: datetime = NOW,
    at: datetime = NOW,
) -> Stored:
    """Capture and write an article that says `text`, as the warehouse did at `at`."""
    capture = make_capture(db, run_id, source_id, text.encode(), observed_at)
    with db.transaction():
        return articles.keep(
            db, run_id, [Extracted(capture=capture, article=make_article(text), keys=keys)], code_version="0", at=at
        )
