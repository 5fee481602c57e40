"""A number of articles goes in; the real index of fingerprints holds their bands afterwards, as if they had been news.

Written by COPY, for a million take minutes so and a day by the pipeline. Skewed as news is: three of a hundred bands
come from five thousand phrases everyone uses, their frequencies falling as in natural language, so that hot buckets
are crowded far beyond what a look-up takes; three of ten articles share most of their bands with another.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from etl.dedup.fingerprint import BANDS_MAX, BANDS_MIN
from etl.records import Fingerprint
from etl.warehouse import queries
from etl.warehouse.connect import Warehouse
from etl.warehouse.fingerprints import Marked

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.int64]]

QUARTERS = (date(2022, 4, 1), date(2022, 1, 1), date(2021, 10, 1))  # the batch falls in the middle of the first
_BATCH_ON = date(2022, 5, 15)
_DAYS = 90
_EPOCH = date(2000, 1, 1)  # Postgres's
_MEAN = 30  # bands of 400 to 800 words
_LOWEST, _SPAN = -(2**31), 2**28  # a sketch's head lies in the lowest sixteenth of all hashes
_PHRASES, _HOT, _COPIED, _SHARED = 5_000, 0.03, 0.3, 0.7


def fill(db: Warehouse, articles: int, quarters: int) -> None:
    """Index this many made-up articles, spread evenly over the quarters."""
    for number, first in enumerate(QUARTERS[:quarters]):
        db.rows("ensure_bands", days=[first], many=1)
        count = articles // quarters
        days = (first - _EPOCH).days
        table = _bands(1 + number * count, count, range(days, days + _DAYS), seed=number)
        with db.connection.cursor() as cursor:
            cursor.copy_expert(queries.sql("bench_copy_bands"), io.BytesIO(_binary(*table)))
    db.run("bench_settle")


def batch(size: int, number: int) -> list[Marked]:
    """Articles of one day that are not in the index."""
    day = (_BATCH_ON - _EPOCH).days
    owners, buckets, _ = _bands(0, size, range(day, day + 1), seed=1_000 + number)
    bands: list[list[int]] = [[] for _ in range(size)]
    for owner, bucket in zip(owners.tolist(), buckets.tolist(), strict=True):
        bands[owner].append(bucket)
    first = 100_000_000 + number * size
    return [_marked(first + n, sorted(set(mine))) for n, mine in enumerate(bands)]


def _marked(content_id: int, bands: Sequence[int]) -> Marked:
    mark = Fingerprint(text_hash=bytes(16), bands=tuple(bands), sketch=tuple(bands), numbers=(), shingles=500)
    return Marked(content_id, content_id, datetime.combine(_BATCH_ON, time(12), UTC), None, mark)


def _bands(first: int, count: int, days: range, *, seed: int) -> tuple[Numbers, Numbers, Numbers]:
    """Content, bucket and day of each band."""
    import numpy as np

    rng = np.random.default_rng(seed)
    held = np.clip(rng.lognormal(np.log(_MEAN) - 0.1, 0.45, count), BANDS_MIN, BANDS_MAX).astype(np.int64)
    start = np.concatenate(([0], np.cumsum(held)))[:-1]
    owner = np.repeat(np.arange(count), held)
    place = np.arange(len(owner)) - start[owner]
    bucket = rng.integers(_LOWEST, _LOWEST + _SPAN, len(owner))
    hot = rng.random(len(owner)) < _HOT
    phrases = np.random.default_rng(7).integers(_LOWEST, _LOWEST + _SPAN, _PHRASES)
    bucket[hot] = phrases[np.minimum(rng.zipf(1.3, int(hot.sum())) - 1, _PHRASES - 1)]
    copied = (rng.random(count) < _COPIED) & (np.arange(count) > 0)
    before = np.maximum(owner - 1, 0)  # the article it is copied from
    taken = copied[owner] & (place < held[before]) & (rng.random(len(owner)) < _SHARED)
    bucket[taken] = bucket[start[before[taken]] + place[taken]]
    day = rng.integers(days.start, days.stop, count)
    return owner + first, bucket, day[owner]


def _binary(owner: Numbers, bucket: Numbers, day: Numbers) -> bytes:
    """In COPY's binary format and the index's order: an index grows fastest at its end."""
    import numpy as np

    fields = [("n", ">i2"), ("b", ">i4"), ("bucket", ">i4"), ("d", ">i4"), ("day", ">i4"), ("c", ">i4"), ("id", ">i8")]
    order = np.lexsort((owner, day, bucket))
    rows = np.empty(len(order), dtype=fields)
    rows["n"], rows["b"], rows["d"], rows["c"] = 3, 4, 4, 8  # columns, then the width of each
    rows["bucket"], rows["day"], rows["id"] = bucket[order], day[order], owner[order]
    is_first = np.concatenate(([True], rows[1:] != rows[:-1]))
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows[is_first].tobytes() + b"\xff\xff"


def batch_span() -> tuple[date, date]:
    """The days a look-up of a batch reaches over."""
    return _BATCH_ON - timedelta(days=14), _BATCH_ON + timedelta(days=14)
