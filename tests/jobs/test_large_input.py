"""Two thousand files of a day, five thousand entries of a feed: all accounted for, twice the same, in little memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from etl import jobs
from etl.bench.made import article, feed
from etl.errors import Stage
from etl.jobs import Job
from etl.local import outlets
from etl.records import Counts, Source, SourceKind
from etl.sources import registry
from etl.warehouse import runs, sources
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW

pytestmark = pytest.mark.slow

Begin = Callable[..., Job]
DAY = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)
DOCUMENTS, ENTRIES, PAGES, HOSTS = 2_000, 5_000, 20, 4
BROKEN = {  # name of the document → its metadata, and what is said of it
    "no-metadata": (None, "missing"),
    "no-yaml": ("date: [2022-07-04\n", "no YAML"),
    "no-day": ("date: yesterday\n", "no day like"),
    "naive": ("date: 2022-07-04T10:00:00\nprecision: instant\n", "no instant like"),
    "unknown-key": ("date: 2022-07-04\nauthor: Nobody\n", "unknown author"),
}
UNREADABLE = {
    "empty": (b"", "empty_body"),
    "binary": (b"%PDF-1.7 \x00\x01", "not_html"),
    "wordless": (b"--", "no_text"),
}


@contextmanager
def growth_below(megabytes: int) -> Iterator[None]:
    """Sample this process's resident memory; fail if it ever stood that much above the start."""
    process, stop = psutil.Process(), threading.Event()
    start = peak = process.memory_info().rss

    def sample() -> None:
        nonlocal peak
        while not stop.wait(0.05):
            peak = max(peak, process.memory_info().rss)

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    try:
        yield
    finally:
        stop.set()
        sampler.join()
    assert (peak - start) / 1e6 < megabytes


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Files of one day; among them some whose metadata or bytes are broken."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for n in range(DOCUMENTS):
        made = article(n)
        (folder / f"{n:05}.txt").write_text(made.text)
        (folder / f"{n:05}.yaml").write_text(f"date: 2022-07-04\ntitle: {made.title}\nurl: {made.url}\n")
    for name, (metadata, _) in BROKEN.items():
        (folder / f"01000-{name}.txt").write_text("A text like any other, with words enough to be read.")
        if metadata is not None:
            (folder / f"01000-{name}.yaml").write_text(metadata)
    for name, (body, _) in UNREADABLE.items():
        (folder / f"00500-{name}.txt").write_bytes(body)
        (folder / f"00500-{name}.yaml").write_text("date: 2022-07-04\n")
    return folder


def rest(job: Job) -> dict[Stage, Counts]:
    """The stages after fetching, and the account of the whole run."""
    for stage in (jobs.extract, jobs.deduplicate, jobs.geotag):
        stage(job)
    jobs.check(job)
    counts = runs.counts(job.db, job.run_id)
    assert all(c.balances for c in counts.values())
    return counts


def read_archive(begin: Begin) -> tuple[Job, dict[Stage, Counts]]:
    job = begin("news_backfill", interval=DAY)
    jobs.queue_archives(job, *DAY, names=["large"])
    for batch in jobs.batches_due(job, names=["large"], archives_of=DAY):
        jobs.fetch(job, batch, archives_of=DAY)
    return job, rest(job)


@pytest.mark.timeout(600)
def test_a_large_day_of_files(ready: Warehouse, begin: Begin, archive: Path) -> None:
    source = Source(name="large", kind=SourceKind.FILES, url=str(archive), outlet=None)
    sources.synchronise(ready, [source], at=NOW, is_whole=False)
    with growth_below(400):
        job, counts = read_archive(begin)
    readable = DOCUMENTS + len(UNREADABLE)
    assert counts[Stage.FETCH] == Counts(1 + readable + len(BROKEN), 1 + readable, 0, {"bad_file": len(BROKEN)})
    assert counts[Stage.EXTRACT].rejected == {reason: 1 for _, reason in UNREADABLE.values()}
    for stage in (Stage.DEDUPLICATE, Stage.GEOTAG):
        assert counts[stage] == Counts(DOCUMENTS, DOCUMENTS)
    said = {r.item_key: r.detail for r in ready.rows("rejections_of_run", run_id=job.run_id)}
    for name, (_, why) in BROKEN.items():
        assert why in said[f"file:large/01000-{name}.txt"]

    before = ready.value("data_digest")
    _, again = read_archive(begin)
    assert ready.value("data_digest") == before
    assert again[Stage.FETCH] == counts[Stage.FETCH]
    assert again.get(Stage.EXTRACT, Counts()).kept == 0


def address(n: int) -> str:
    return f"http://host{n % HOSTS}.example/story-{n}.html"


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[outlets.Outlets]:
    """A feed of many entries on a few hosts; all but a few of the pages are gone."""
    root = tmp_path / "outlet"
    files = {"made.example/feed.rss": feed(ENTRIES, address)}
    for n in range(PAGES):
        files[address(n).removeprefix("http://")] = article(n).page.encode()
    for name, body in files.items():
        path = root / "first" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    (root / "answers.yaml").write_text("{}\n")
    source = Source(name="large", kind=SourceKind.FEED, url="http://made.example/feed.rss", outlet="Made")
    registry.append(root / "sources.yaml", [source])
    with outlets.serve(folder=root) as running:
        yield running


def poll(begin: Begin, outlet: outlets.Outlets) -> dict[Stage, Counts]:
    job = begin(pins=dict(outlet.pins))
    jobs.queue_feeds(job, names=["large"], is_forced=True)
    for batch in jobs.batches_due(job, names=["large"]):
        jobs.fetch(job, batch)
    return rest(job)


@pytest.mark.timeout(600)
def test_a_large_feed_of_mostly_missing_pages(ready: Warehouse, begin: Begin, outlet: outlets.Outlets) -> None:
    sources.synchronise(ready, outlet.sources, at=NOW, is_whole=False)
    with growth_below(400):
        counts = poll(begin, outlet)
    assert counts[Stage.FETCH] == Counts(1 + ENTRIES, 1 + PAGES, 0, {"not_found": ENTRIES - PAGES})
    assert [counts[s] for s in (Stage.EXTRACT, Stage.DEDUPLICATE, Stage.GEOTAG)] == [Counts(PAGES, PAGES)] * 3

    before = ready.value("data_digest")
    assert poll(begin, outlet) == {Stage.FETCH: Counts(1, 1)}
    assert ready.value("data_digest") == before
