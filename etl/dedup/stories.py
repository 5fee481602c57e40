"""Articles as weighted terms, with times, go in; groups that tell one event come out.

Theory. Reports of one event share what is rare among the reports of its days (`story_pairs`), each with each and not
only with the next (`linkage`). How alike they must be grows with how many are looked at: among twenty, hardly anything
is rare; among thousands, whatever two share that is not common is. The threshold that did best grew by .03 each time
the number of articles grew e-fold, from twenty to three thousand; beyond, it is held. It is the middle of those that do
well where they are chosen on other events (`python -m etl.evaluate.fit_stories`).
The order of the articles given decides ties, so give them in canonical order.
Not done: learning rarity over a longer past, telling two floods of one week apart by their places.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from etl.dedup import story_pairs
from etl.dedup.linkage import link

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, np.dtype[Any]]

HALF_DAY = timedelta(hours=12)
SIMILAR, _GROWTH = 0.175, 0.03  # mean cosine of what is joined among five hundred; more among more
_LEAST, _USUAL, _MOST = 20, 500, 3_000  # articles
_SPREAD = 0.1  # pairs this much less alike than the threshold count as not alike


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of an article."""

    article_id: int
    seen_at: datetime
    terms: Column  # distinct, ascending
    weights: Column  # of those, before rarity


def group(articles: Sequence[Told]) -> list[tuple[int, ...]]:
    """Every group of at least two articles that tell one event, as ids in the order given."""
    if len(articles) < 2:
        return []
    threshold = threshold_among(len(articles))
    least = max(threshold - _SPREAD, 0.01)
    table = story_pairs.weigh([a.terms for a in articles], [a.weights for a in articles])
    found = story_pairs.alike(table, least)
    pairs = zip(found.first.tolist(), found.second.tolist(), found.cosine.tolist(), strict=True)
    half_days = [math.floor(a.seen_at.timestamp() / HALF_DAY.total_seconds()) for a in articles]
    groups = link(half_days, pairs, threshold, table.totals)
    return sorted(tuple(articles[i].article_id for i in g) for g in groups if len(g) > 1)


def threshold_among(articles: int) -> float:
    """How alike two groups must be in the mean to be joined, among so many articles."""
    return SIMILAR + _GROWTH * math.log(min(max(articles, _LEAST), _MOST) / _USUAL)
