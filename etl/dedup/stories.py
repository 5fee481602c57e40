"""Articles as weighted terms, with times, go in; groups that tell one event come out.

Theory. Reports of one event share what is rare among the reports of its days (`story_pairs`), each with each and not
only with the next (`linkage`). How alike they must be falls with how crowded the days are: with the share of the others
(and of twenty imagined ones) that hold what an article is weighed by. Where all tell of two floods, nothing that tells
a flood is rare, and reports of one are hardly alike; where each tells of something else, two that share a trade or a
coast look alike soon. The threshold that did best among fifteen reports as among fourteen hundred, of one topic as of
a thousand, fell by .07 each time that share grew e-fold. It is the middle of those that do well where they are chosen
on other events (`python -m etl.evaluate.fit_stories`). Many that are crowded share forms rather than events, so the
least there may be asked for grows with their number.
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
SIMILAR, _FALL = 0.175, 0.07  # mean cosine of what is joined in usual days; less in more crowded ones
_USUAL = 0.0145  # crowding of days full of events, each told by a dozen
_LEAST, _GROWTH, _MOST = 0.05, 0.03, 0.26  # what the threshold may be: among few, more each e-fold of them, and at most
_FEW, _MANY = 20, 3_000  # articles between which the least grows
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
    table = story_pairs.weigh([a.terms for a in articles], [a.weights for a in articles])
    threshold = threshold_in(table.crowding(), len(articles))
    least = max(threshold - _SPREAD, 0.01)
    found = story_pairs.alike(table, least)
    pairs = zip(found.first.tolist(), found.second.tolist(), found.cosine.tolist(), strict=True)
    half_days = [math.floor(a.seen_at.timestamp() / HALF_DAY.total_seconds()) for a in articles]
    groups = link(half_days, pairs, threshold, table.totals)
    return sorted(tuple(articles[i].article_id for i in g) for g in groups if len(g) > 1)


def threshold_in(crowding: float, articles: int) -> float:
    """How alike two groups must be in the mean to be joined, in days so crowded with so many articles."""
    least = _LEAST + _GROWTH * math.log(min(max(articles, _FEW), _MANY) / _FEW)
    return min(max(SIMILAR - _FALL * math.log(max(crowding, 1e-9) / _USUAL), least), _MOST)
