"""Numbers in, a window of made-up reports out, as stories compare them; and what grouping many costs against few.

Each event has names and words of its own, drawn anew by each report, among words that everybody uses with frequencies
that fall as in natural language; events are told by one to hundreds of reports, most by few; three of ten reports are
of no event. A window of so many is grouped at once, against the same number in windows of a thousand.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from etl.bench.frame import REPEATS, Bench, Pair, World
from etl.dedup.stories import Told, group

_START = datetime(2022, 5, 12, tzinfo=UTC)
_DAYS = 8  # two stretches
_TERMS, _OWN, _DRAWN = 100, 40, 18  # of a report; of an event; drawn of those
_WORDS = 60_000
_LONE, _SMALL = 0.3, 1_000


def reports(count: int, seed: int) -> list[Told]:
    """Reports in canonical order."""
    import numpy as np

    rng = np.random.default_rng(seed)
    event = np.minimum(rng.zipf(1.7, count) * rng.integers(1, count // 4 + 2, count), count)
    event = np.where(rng.random(count) < _LONE, count + np.arange(count), event)
    seconds = np.sort(rng.integers(0, _DAYS * 86_400, count))
    told = []
    for n in range(count):
        own = int(event[n]) * _OWN + rng.permutation(_OWN)[:_DRAWN]
        common = np.unique(np.minimum(rng.zipf(1.25, _TERMS - _DRAWN), _WORDS)) - 2 * _WORDS
        terms = np.concatenate((common, np.sort(own)))
        weights = np.where(terms < 0, 1.2, 2.4).astype(np.float32)
        told.append(Told(n, _START + timedelta(seconds=int(seconds[n])), terms, weights))
    return told


@contextmanager
def grow(world: World) -> Iterator[Pair]:
    """A window of many reports, against as many in small windows."""
    size = world.scale.told
    windows = [reports(size, seed) for seed in range(REPEATS)]
    few = [
        [reports(min(_SMALL, size), 100 + n * REPEATS + repeat) for n in range(max(size // _SMALL, 1))]
        for repeat in range(REPEATS)
    ]
    yield Pair(lambda n: group(windows[n]), lambda n: [group(some) for some in few[n]], {"articles": size})


BENCHES = [
    Bench("stories", "group a window of reports", "grouping as many in windows of 1,000", grow, time.process_time)
]
