"""Benches in, results out: how many times as long a step of ours takes as a raw limit on the same data.

Seconds differ from machine to machine and from hour to hour; a ratio taken in one run much less. So both sides take
turns, limit first (limit, ours, limit, ours …), and the medians are compared. What runs in this process alone is
measured in processor time, which other work on the machine hardly touches; where Postgres works, by the clock.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

REPEATS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much data the benches use."""

    name: str
    batch: int  # articles of one load
    held: int  # articles the warehouse has before, where growth is measured
    texts: int  # compared
    told: int  # reports grouped into stories at once
    tagged: int  # texts tagged
    pages: int
    entries: int  # of a feed
    index: tuple[tuple[int, int], tuple[int, int]]  # articles in the index of copies and quarters they span, twice


SCALES = {
    "small": Scale(
        name="small",
        batch=1_000,
        held=5_000,
        texts=500,
        told=10_000,
        tagged=200,
        pages=200,
        entries=500,
        index=((10_000, 1), (100_000, 1)),
    ),
    "full": Scale(
        name="full",
        batch=1_000,
        held=50_000,
        texts=2_000,
        told=100_000,
        tagged=1_000,
        pages=1_000,
        entries=5_000,
        index=((1_000_000, 1), (3_000_000, 3)),
    ),
}


@dataclass(frozen=True, slots=True)
class World:
    """What benches may use."""

    scale: Scale
    home: Path  # for compiled look-up files
    server: Callable[[], str]  # the address of a running server, on which databases may be made


@dataclass(frozen=True, slots=True)
class Pair:
    """The two sides, ready to run. Each gets the number of the repeat; only what happens inside is timed."""

    ours: Callable[[int], object]
    limit: Callable[[int], object]
    sizes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Bench:
    """One thing measured."""

    name: str
    what: str  # we do, in words
    limit: str  # it is compared with, in words
    prepare: Callable[[World], AbstractContextManager[Pair]]  # makes the data; not timed
    clock: Callable[[], float] = time.perf_counter


@dataclass(frozen=True, slots=True)
class Result:
    """What one bench gave: medians of the repeats, and their ratio."""

    name: str
    what: str
    limit: str
    ours_s: float
    limit_s: float
    ratio: float
    sizes: Mapping[str, int]


def measure(bench: Bench, world: World) -> Result:
    """Run one bench."""
    ours: list[float] = []
    limit: list[float] = []
    with bench.prepare(world) as pair:
        for n in range(REPEATS):
            limit.append(_timed(pair.limit, n, bench.clock))
            ours.append(_timed(pair.ours, n, bench.clock))
        sizes = dict(pair.sizes)
    ours_s, limit_s = statistics.median(ours), statistics.median(limit)
    return Result(bench.name, bench.what, bench.limit, ours_s, limit_s, ours_s / limit_s, sizes)


def report(scale: Scale, results: Iterable[Result]) -> dict[str, Any]:
    """All of a run as plain JSON values, in figures worth reading."""
    return {
        "scale": scale.name,
        "repeats": REPEATS,
        "python": platform.python_version(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": psutil.cpu_count()},
        "results": [
            {**asdict(r), "ours_s": round(r.ours_s, 5), "limit_s": round(r.limit_s, 5), "ratio": round(r.ratio, 2)}
            for r in results
        ],
    }


def _timed(work: Callable[[int], object], n: int, clock: Callable[[], float]) -> float:
    start = clock()
    work(n)
    return clock() - start
