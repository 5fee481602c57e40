"""A large warehouse and an empty one go in; out comes how long a batch of tagged articles takes in each.

The batch is written as the jobs write it: captures, articles, taggings with candidates, each committed by itself. What
follows from them (reports, tallies, words) is kept by triggers, and so is part of the time.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from etl.bench import loading
from etl.bench.frame import REPEATS, Result
from etl.bench.made import Made
from etl.records import Candidate, Mention, Role, Tagged, TextField
from etl.warehouse import runs, taggings
from etl.warehouse.connect import Warehouse

_AT = datetime(2022, 7, 4, 13, 0, tzinfo=UTC)
_FIRST = 10_000_000  # numbers of articles that no history has
_MENTIONS, _CANDIDATES = 4, 2
_EVIDENCE = {"population": 1.25, "exact_name": 0.5, "same_country": 0.75, "near_others": 0.4, "usual": 0.61}


def compared(grown: Warehouse, empty: Warehouse, *, size: int, held: int, places: int) -> Result:
    """A batch among many articles, against the same batch among none; turns are taken."""
    batches = [loading.batch_of(_FIRST + n * size, size) for n in range(REPEATS + 1)]
    for db in (grown, empty):
        loading.enrol(db)
        _load(db, batches[REPEATS], places)  # upper pages are read, statements planned
    ours, limit = [], []
    for n in range(REPEATS):
        limit.append(_load(empty, batches[n], places))
        ours.append(_load(grown, batches[n], places))
    ours_s, limit_s = statistics.median(ours), statistics.median(limit)
    sizes = {"articles": size, "mentions": size * _MENTIONS, "held": held}
    what, against = "keep and tag a batch in a large warehouse", "keeping and tagging it in an empty one"
    return Result("growth-tagged", what, against, ours_s, limit_s, ours_s / limit_s, sizes)


def _load(db: Warehouse, batch: Sequence[Made], places: int) -> float:
    rng = random.Random(batch[0].number)  # noqa: S311 - reproducible, not secret
    found = [_tagged(rng, places) for _ in batch]
    start = time.perf_counter()
    contents = loading.write(db, batch)
    run_id = runs.begin(db, "bench", "1", interval=None, code_version="bench", at=_AT)
    with db.transaction():
        made = dict(zip(contents, found, strict=True))
        taggings.keep(db, run_id, made, tagger="bench 1", gazetteer_id=1, override_versions={}, at=_AT)
    return time.perf_counter() - start


def _tagged(rng: random.Random, places: int) -> Tagged:
    return Tagged(mentions=tuple(_mention(n, _place(rng, places)) for n in range(_MENTIONS)), demonyms=(), focus=())


def _place(rng: random.Random, places: int) -> int:
    return int(3 * ((places / 3) ** rng.random() - 1)) + 1  # as `history_stage` draws them


def _mention(n: int, place_id: int) -> Mention:
    others = [place_id, 1 + place_id % 1000][:_CANDIDATES]
    candidates = tuple(Candidate(place_id=p, score=1.5 - k, evidence=_EVIDENCE) for k, p in enumerate(others))
    return Mention(
        field=TextField.BODY, start=n * 40, end=n * 40 + 6, surface="Zagreb", role=Role.EVENT, place_id=place_id,
        lat=1.0, lon=1.0, country_code="AA", precision=1, radius_km=5, confidence=0.8, method="prior",
        candidates=candidates,
    )  # fmt: skip
