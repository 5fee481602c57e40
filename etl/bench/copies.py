"""Made-up articles and a filled index in: what finding and settling copies costs against the least it could cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context

from etl.bench import index
from etl.bench.frame import REPEATS, Bench, Pair, World
from etl.bench.made import article
from etl.evaluate.texts import START, Text, load
from etl.warehouse import copies, scratch, stories
from etl.warehouse.candidates import candidates
from etl.warehouse.connect import Warehouse, array, connect
from etl.warehouse.fingerprints import Comparable, Marked

_AT = datetime(2024, 6, 1, tzinfo=UTC)
_LOADERS = 4
_WARM = 10  # batches looked up before: those of a day leave most of an index in memory


@contextmanager
def look_up(world: World, *, larger: bool) -> Iterator[Pair]:
    """Candidates of a batch, in one query, against as many look-ups by primary key."""
    held, quarters = world.scale.index[larger]
    batches = [index.batch(world.scale.batch, n) for n in range(REPEATS)]
    with scratch.database(world.server()) as url, connect(url, name="bench") as db:
        index.fill(db, held, quarters)
        for n in range(_WARM):
            candidates(db, index.batch(world.scale.batch, REPEATS + n))
        sizes = {"articles": world.scale.batch, "bands": sum(len(m.mark.bands) for m in batches[0]), "held": held}
        yield Pair(lambda n: candidates(db, batches[n]), lambda n: _probe(db, batches[n]), sizes)


@contextmanager
def settle(world: World) -> Iterator[Pair]:
    """The whole stage of a batch, against fingerprinting its texts."""
    from etl.dedup.fingerprint import fingerprint

    with _stocked(world, REPEATS) as (url, run_id, batches), connect(url, name="bench") as db:
        yield Pair(
            lambda n: _deduplicate(db, run_id, batches[n]),
            lambda n: [fingerprint(c.text) for c in batches[n]],
            {"articles": world.scale.batch},
        )


@contextmanager
def again(world: World) -> Iterator[Pair]:
    """The stage on a batch that was settled, against the first time."""
    with _stocked(world, REPEATS) as (url, run_id, batches), connect(url, name="bench") as db:
        work = partial(_deduplicate, db, run_id)
        yield Pair(lambda n: work(batches[n]), lambda n: work(batches[n]), {"articles": world.scale.batch})


@contextmanager
def race(world: World) -> Iterator[Pair]:
    """Four loaders on the same articles at once, against one of them alone."""
    with ExitStack() as stack:
        alone = stack.enter_context(_stocked(world, REPEATS))
        raced = stack.enter_context(_stocked(world, REPEATS))
        pool = stack.enter_context(ProcessPoolExecutor(_LOADERS, mp_context=get_context("spawn")))
        list(pool.map(_loader, [raced[0]] * _LOADERS, [raced[1]] * _LOADERS, [[]] * _LOADERS))  # started, not timed
        sizes = {"articles": world.scale.batch, "loaders": _LOADERS}
        yield Pair(
            lambda n: list(pool.map(_loader, *zip(*[(raced[0], raced[1], raced[2][n])] * _LOADERS, strict=True))),
            lambda n: list(pool.map(_loader, [alone[0]], [alone[1]], [alone[2][n]])),
            sizes,
        )


BENCHES = [
    Bench("lookup", "find candidates of copies", "as many look-ups by primary key", partial(look_up, larger=False)),
    Bench("lookup-more", "the same among more", "as many look-ups by primary key", partial(look_up, larger=True)),
    Bench("copies", "compare a batch and settle its copies and stories", "fingerprinting its texts", settle),
    Bench("copies-again", "settle a batch a second time", "settling it the first time", again),
    Bench("race", "settle a batch by four loaders at once", "by one of them alone", race),
]


def _probe(db: Warehouse, batch: Sequence[Marked]) -> None:
    first, last = index.batch_span()
    asked = [(bucket, m.content_id) for m in batch for bucket in m.mark.bands]
    db.rows(
        "bench_probe",
        buckets=array(bucket for bucket, _ in asked),
        content_ids=array(content for _, content in asked),
        first_on=first,
        last_on=last,
    )


@contextmanager
def _stocked(world: World, batches: int) -> Iterator[tuple[str, int, list[list[Comparable]]]]:
    """A warehouse with articles that wait to be compared, three of ten copies of the one before."""
    size = world.scale.batch
    texts = [_text(n) for n in range(batches * size)]
    with scratch.database(world.server()) as url, connect(url, name="bench") as db:
        run_id, contents = load(db, texts, at=_AT)
        yield url, run_id, [contents[n * size : (n + 1) * size] for n in range(batches)]


def _text(number: int) -> Text:
    is_copy = number % 10 in (3, 6, 9)
    made = article(number - is_copy)
    return Text(
        key=number,
        title=made.title,
        text="\n\n".join(made.paragraphs[: -1 if is_copy else None]),
        url=made.url,
        outlet=f"outlet {number % 7}",
        published_at=START,
        cluster=None,
        kind=None,
    )


def _deduplicate(db: Warehouse, run_id: int, batch: Sequence[Comparable]) -> None:
    with db.transaction():
        copies.deduplicate(db, batch, run_id=run_id, at=_AT)
    stories.settle(db, run_id=run_id, at=_AT)


def _loader(url: str, run_id: int, batch: Sequence[Comparable]) -> None:
    with connect(url, name="bench loader") as db:
        for start in range(0, len(batch), 250):
            _deduplicate(db, run_id, batch[start : start + 250])
