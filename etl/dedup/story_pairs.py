"""Articles as weighted terms go in; the pairs of them that tell like things come out, with their cosine.

Theory. A term tells the more, the fewer articles hold it: weights are multiplied by the logarithm of that rarity to the
power of 1.6, for it is the rare terms that tell two like events apart. Rarity among few articles says little, so it is
smoothed by twenty imagined ones; and a term nobody else holds counts in an article's length the less, the more articles
there are to share it. Pairs are not all tried: two articles are compared where they share one of the 32 weightiest
terms of both; of a term in more than 120 articles each is paired with the 60 before it in canonical order. So the cost
of an article does not grow with how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, np.dtype[Any]]

_POWER = 1.6  # of rarity
_PRIOR, _PRIOR_SHARE = 20, 0.05  # imagined articles, and the share of them that hold any term
_KEYS = 32  # weightiest terms of an article by which others are found
_NEAREST = 60  # articles before it, among those sharing a term, that one is paired with
_BLOCK = 1024  # articles looked up at a time: bounds memory
_HINT = 0.3  # share of the least cosine that the shared weightiest terms must give before all are compared


@dataclass(frozen=True, slots=True)
class Table:
    """Terms by article: the articles' places in order, each with its terms in order."""

    starts: Column  # where an article's terms begin; one more at the end
    terms: Column  # as numbers from 0
    weights: Column  # rarity included, of length one but for what only it holds
    holders: Column  # of each term

    def crowding(self) -> float:
        """The share of the others that hold a term, in the mean over what articles are weighed by."""
        weight = self.weights.astype(float) ** 2
        others = len(self.starts) - 2 + _PRIOR
        return float(weight @ (self.holders[self.terms] - 1) / (others * max(float(weight.sum()), 1e-9)))

    def totals(self, members: Sequence[int], others: Sequence[Sequence[int]]) -> list[float]:
        """The sum of the cosines of each of these articles with each of those, for every group of those."""
        import numpy as np

        terms, weights = self._all(members)
        dense = np.bincount(terms, weights, minlength=len(self.holders))
        found = [self._all(those) for those in others]
        return [round(float(weights @ dense[terms]), 5) for terms, weights in found]

    def _all(self, members: Sequence[int]) -> tuple[Column, Column]:
        import numpy as np

        at = np.concatenate([np.arange(self.starts[m], self.starts[m + 1]) for m in members])
        return self.terms[at], self.weights[at]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Three columns of equal length: places of two articles, the lesser first, and their cosine."""

    first: Column
    second: Column
    cosine: Column


def alike(table: Table, least: float) -> Pairs:
    """Pairs with a cosine of at least `least`."""
    import numpy as np

    keys = _keys(table)
    parts = [_verified(table, i, j, least) for i, j in _candidates(table, keys, least)]
    first, second, cosine = (np.concatenate(c) for c in zip(*parts, strict=True)) if parts else (np.empty(0),) * 3
    return Pairs(first.astype(np.int64), second.astype(np.int64), np.round(cosine, 5))


def weigh(terms: Sequence[Column], weights: Sequence[Column]) -> Table:
    """What is compared of articles in canonical order, the terms of each ascending."""
    import numpy as np

    size = len(terms)
    lengths = np.array([len(t) for t in terms])
    starts = np.concatenate(([0], np.cumsum(lengths)))
    owners = np.repeat(np.arange(size), lengths)
    _, numbered, holders = np.unique(np.concatenate(terms), return_inverse=True, return_counts=True)
    rarity = np.log((size + 1 + _PRIOR) / (holders + 0.5 + _PRIOR * _PRIOR_SHARE)) ** _POWER
    weighed = np.concatenate(weights).astype(np.float64) * rarity[numbered]
    counts = np.where(holders[numbered] == 1, _PRIOR / (size + _PRIOR), 1.0)
    norms = np.sqrt(np.bincount(owners, weighed**2 * counts, minlength=size) + 1e-12)
    return Table(starts, numbered, (weighed / norms[owners]).astype(np.float32), holders)


@dataclass(frozen=True, slots=True)
class _Keys:
    """The weightiest terms, sorted by term and then by article: an inverted index."""

    owners: Column
    terms: Column
    weights: Column
    begins: Column  # of the term each stands under: where its articles begin


def _keys(table: Table) -> _Keys:
    """Each article's weightiest terms that another holds, too."""
    import numpy as np

    owners = np.repeat(np.arange(len(table.starts) - 1), np.diff(table.starts))
    shared = np.flatnonzero(table.holders[table.terms] > 1)
    order = shared[np.lexsort((table.terms[shared], -table.weights[shared], owners[shared]))]
    ranked = owners[order]
    rank = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    kept = order[rank < _KEYS]
    kept = kept[np.lexsort((owners[kept], table.terms[kept]))]
    under = table.terms[kept]
    return _Keys(owners[kept], under, table.weights[kept], np.searchsorted(under, under))


def _candidates(table: Table, keys: _Keys, least: float) -> Iterator[tuple[Column, Column]]:
    """Pairs worth comparing, some articles at a time."""
    import numpy as np

    size = len(table.starts) - 1
    places = np.arange(len(keys.owners))
    before = np.minimum(places - keys.begins, _NEAREST)  # how many to pair with
    by_owner = np.argsort(keys.owners, kind="stable")
    bounds = np.searchsorted(keys.owners[by_owner], np.arange(0, size + _BLOCK, _BLOCK))
    for low, high in pairwise(bounds):
        mine = by_owner[low:high]
        mine = mine[before[mine] > 0]
        counts = before[mine]
        here = np.repeat(mine, counts)
        steps = np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
        other = here - steps
        pair, inverse = np.unique(keys.owners[here] * size + keys.owners[other], return_inverse=True)
        shared = np.bincount(inverse, keys.weights[here] * keys.weights[other], minlength=len(pair))
        pair = pair[shared >= _HINT * least]
        yield pair % size, pair // size


def _verified(table: Table, first: Column, second: Column, least: float) -> tuple[Column, Column, Column]:
    """The exact cosine of pairs that come in order of the second article; those below `least` are left out."""
    import numpy as np

    cosine = np.zeros(len(first), dtype=np.float64)
    dense = np.zeros(len(table.holders), dtype=np.float32)
    cuts = np.concatenate(([0], np.flatnonzero(np.diff(second)) + 1, [len(second)])) if len(second) else [0, 0]
    for low, high in pairwise(cuts):
        if low == high:
            continue
        own = slice(table.starts[second[low]], table.starts[second[low] + 1])
        dense[table.terms[own]] = table.weights[own]
        others = first[low:high]
        lengths = table.starts[others + 1] - table.starts[others]
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1]) + np.repeat(table.starts[others] - (ends - lengths), lengths)
        products = table.weights[at] * dense[table.terms[at]]
        cosine[low:high] = np.add.reduceat(products, ends - lengths) if lengths.all() else _sums(products, lengths)
        dense[table.terms[own]] = 0
    kept = cosine >= least
    return first[kept], second[kept], cosine[kept]


def _sums(products: Column, lengths: Column) -> Column:
    """Sums of runs some of which are empty."""
    import numpy as np

    return np.bincount(np.repeat(np.arange(len(lengths)), lengths), products, minlength=len(lengths))
