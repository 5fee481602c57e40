"""Articles as weighted terms, with times, go in; groups that tell one event come out.

Theory. Each article is a vector of its terms, weighted by rarity among the articles given (tf-idf), of length one.
Rarity among few articles says little, so it is smoothed by twenty imagined ones; and a term nobody else holds counts
in an article's length the less, the more articles there are to share it. With two articles or five hundred, the same
threshold then means the same.
Groups are joined by average linkage: two become one while the mean similarity of their members is at least .23. Single
linkage chains events that share a place; complete linkage splits long ones. Articles more than four days apart are not
compared and do not count in the mean, so a story lives as long as reports keep coming. Terms that stand in over 250 of
the articles given are left out: they tell nothing and cost most. The order of the articles given decides ties, so give
them in canonical order.
Not done: learning rarity over a longer past, telling two floods of one week apart by their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float64]]
    Column = np.ndarray[Any, np.dtype[Any]]

WINDOW = timedelta(days=4)
_SIMILAR = 0.23  # mean similarity of what is joined; best between .20 and .25 on mixed events
_PRIOR, _PRIOR_SHARE = 20, 0.05  # imagined articles, and the share of them that hold any term
_CROWD = 250  # articles holding a term that still counts
_FEW, _SLICE = 16, 2048  # articles holding a rare term; terms multiplied at a time


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of an article."""

    article_id: int
    seen_at: datetime
    terms: Sequence[int]  # distinct
    weights: Sequence[float]  # of those, before rarity


def group(articles: Sequence[Told]) -> list[tuple[int, ...]]:
    """Every group of at least two articles that tell one event, as ids in the order given."""
    import numpy as np

    if not articles:
        return []
    similarity = _similarities(articles)
    groups = []
    for members in _components(similarity):
        joined = _join(similarity[np.ix_(members, members)])
        groups += [sorted(members[i] for i in g) for g in joined if len(g) > 1]
    return sorted(tuple(articles[i].article_id for i in g) for g in groups)


def _similarities(articles: Sequence[Told]) -> Matrix:
    """Cosine of each two articles; NaN on the diagonal and outside the window, where nothing is compared."""
    import numpy as np

    size = len(articles)
    postings = _postings(articles)
    lone = postings.holders == 1
    counts = np.where(lone, _PRIOR / (size + _PRIOR), 1.0)
    norms = np.sqrt(np.bincount(postings.owners, postings.weights**2 * counts, minlength=size) + 1e-12)
    cosine = (_rare_products(postings, size) + _common_products(postings, size)) / np.outer(norms, norms)
    times = np.array([a.seen_at.timestamp() for a in articles])
    cosine[np.abs(times[:, None] - times[None, :]) > WINDOW.total_seconds()] = np.nan
    np.fill_diagonal(cosine, np.nan)
    rounded: Matrix = np.round(cosine, 6)  # sums taken in another order must not decide
    return rounded


@dataclass(frozen=True, slots=True)
class _Postings:
    """Who holds which term, in order of terms: three columns of equal length."""

    owners: Column  # place of the article
    weights: Column  # of the term in it, rarity included
    holders: Column  # how many articles hold the term


def _postings(articles: Sequence[Told]) -> _Postings:
    """All terms but those of a crowd."""
    import numpy as np

    owners = np.repeat(np.arange(len(articles)), [len(a.terms) for a in articles])
    terms = np.concatenate([np.asarray(a.terms, dtype=np.int64) for a in articles])
    weights = np.concatenate([np.asarray(a.weights, dtype=np.float64) for a in articles])
    order = np.lexsort((owners, terms))
    _, counts = np.unique(terms, return_counts=True)
    holders = np.repeat(counts, counts)
    telling = holders <= _CROWD
    rarity = np.log((len(articles) + 1 + _PRIOR) / (holders + 0.5 + _PRIOR * _PRIOR_SHARE))
    return _Postings(owners[order][telling], (weights[order] * rarity)[telling], holders[telling])


def _rare_products(postings: _Postings, size: int) -> Matrix:
    """Most terms stand in a handful of articles, so their pairs are listed."""
    import numpy as np

    total = np.zeros(size * size)
    for holders in range(2, _FEW + 1):
        mine = postings.holders == holders
        if mine.any():
            owners = postings.owners[mine].reshape(-1, holders)
            weights = postings.weights[mine].reshape(-1, holders)
            cells = owners[:, :, None] * size + owners[:, None, :]
            products = weights[:, :, None] * weights[:, None, :]
            total += np.bincount(cells.ravel(), products.ravel(), minlength=size * size)
    return total.reshape(size, size)


def _common_products(postings: _Postings, size: int) -> Matrix:
    """The others are worth a matrix, taken in slices to bound memory."""
    import numpy as np

    mine = postings.holders > _FEW
    owners, weights, holders = postings.owners[mine], postings.weights[mine], postings.holders[mine]
    columns = _runs(holders)
    total = np.zeros((size, size))
    for start in range(0, int(columns[-1]) + 1 if len(columns) else 0, _SLICE):
        here = (columns >= start) & (columns < start + _SLICE)
        table = np.zeros((size, _SLICE))
        table[owners[here], columns[here] - start] = weights[here]
        total += table @ table.T
    return total


def _runs(lengths: Column) -> Column:
    """Number the runs of a column in which each run repeats its own length."""
    import numpy as np

    starts = np.zeros(len(lengths), dtype=np.int64)
    place = 0
    while place < len(lengths):
        starts[place] = 1
        place += int(lengths[place])
    return np.cumsum(starts) - 1


def _components(similarity: Matrix) -> list[list[int]]:
    """What average linkage could join at all: articles tied by pairs similar enough."""
    import numpy as np

    ties = similarity >= _SIMILAR
    unseen = set(np.flatnonzero(ties.any(axis=1)).tolist())
    groups = []
    while unseen:
        group: set[int] = set()
        frontier = {min(unseen)}
        while frontier:
            group |= frontier
            frontier = set(np.flatnonzero(ties[sorted(frontier)].any(axis=0)).tolist()) - group
        unseen -= group
        groups.append(sorted(group))
    return groups


def _join(similarity: Matrix) -> list[list[int]]:
    """Average linkage over the pairs that are compared: the closest two groups are joined while close enough."""
    import numpy as np

    groups = {i: [i] for i in range(len(similarity))}
    compared = np.isfinite(similarity).astype(float)
    total = np.nan_to_num(similarity)
    mean = np.where(compared > 0, similarity, -1.0)
    while True:
        a, b = divmod(int(mean.argmax()), len(mean))
        if mean[a, b] < _SIMILAR:
            return list(groups.values())
        for table in (total, compared):
            table[a] += table[b]
            table[:, a] = table[a]
            table[[a, b], [a, b]] = 0.0
            table[b] = table[:, b] = 0.0
        row = np.where(compared[a] > 0, total[a] / np.maximum(compared[a], 1.0), -1.0)
        mean[a] = mean[:, a] = row
        mean[b] = mean[:, b] = -1.0
        groups[a] += groups.pop(b)
