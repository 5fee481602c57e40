"""Pairs with how alike they are go in, with when each member was; groups come out.

Theory. Groups are joined by average linkage: the two closest become one while the mean likeness of their members, pair
by pair, is at least the threshold. Single linkage chains events that share a place; complete linkage splits long ones.
Pairs not given count as nothing alike; pairs more than four days apart are not compared and do not count in the mean,
so a group lasts as long as reports keep coming.
Of a crowd not all pairs are given: a group of twenty or more is then compared in full with those it has a pair with,
and the joining goes on.
A second look joins what was left over: a group of up to three goes to the larger group it is most alike, if that is at
least .6 of the threshold and no other comes near. A report that tells an event in few words is like it alone, though
not very; what merely shares a place or a trade with an event shares it with others, too.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, np.dtype[Any]]

_APART = 8  # half-days beyond which two are not compared
_SMALL, _ENOUGH, _MARGIN = 3, 0.6, 0.15  # members; shares of the threshold

_CROWD = 20  # members

Pair = tuple[int, int, float]
Totals = Callable[[Sequence[int], Sequence[Sequence[int]]], list[float]]  # how alike a group is to others, in sum


def link(half_days: Sequence[int], pairs: Iterable[Pair], threshold: float, totals: Totals) -> list[list[int]]:
    """Groups of places in `half_days`, of one member too; ties are decided by place."""
    groups = _Groups(half_days, pairs)
    groups.join(threshold)
    while groups.compare_crowds(totals) and groups.join(threshold):
        pass
    groups.attach(threshold)
    return sorted(sorted(g) for g in groups.members.values())


class _Groups:
    """Groups under way: who is in them, when, and how alike any two are in sum."""

    def __init__(self, half_days: Sequence[int], pairs: Iterable[Pair]) -> None:
        import numpy as np

        first, last = (min(half_days), max(half_days)) if half_days else (0, 0)
        bins = np.arange(last - first + 1)
        self._near = (np.abs(bins[:, None] - bins[None, :]) <= _APART).astype(np.int64)
        self._spans = {n: (t, t) for n, t in enumerate(half_days)}  # the first and last of its times
        self.members: dict[int, list[int]] = {n: [n] for n in range(len(half_days))}
        self._times = {n: np.bincount([t - first], minlength=len(bins)) for n, t in enumerate(half_days)}
        self.total: dict[int, dict[int, float]] = {n: {} for n in self.members}
        for a, b, like in pairs:
            if abs(half_days[a] - half_days[b]) <= _APART:
                self.total[a][b] = self.total[b][a] = like

    def mean(self, a: int, b: int) -> float:
        """How alike two groups are, over the pairs that are compared."""
        return round(self.total[a][b] / self._compared(a, b), 6)

    def _compared(self, a: int, b: int) -> int:
        (first, last), (other_first, other_last) = self._spans[a], self._spans[b]
        if max(last, other_last) - min(first, other_first) <= _APART:  # then each is compared with each
            return len(self.members[a]) * len(self.members[b])
        return int(self._times[a] @ self._near @ self._times[b])

    def compare_crowds(self, totals: Totals) -> bool:
        """Take crowds in full, in place of the pairs given; answers whether there are any."""
        crowds = sorted(a for a, those in self.members.items() if len(those) >= _CROWD)
        for a in crowds:
            others = sorted(self.total[a])
            found = totals(self.members[a], [self.members[b] for b in others]) if others else []
            for b, total in zip(others, found, strict=True):
                share = self._compared(a, b) / (len(self.members[a]) * len(self.members[b]))
                self.total[a][b] = self.total[b][a] = total * share
        return bool(crowds)

    def join(self, threshold: float) -> bool:
        """Join the closest two while they are close enough; answers whether any were."""
        before = len(self.members)
        means = ((self.mean(a, b), a, b) for a in self.total for b in self.total[a] if a < b)
        heap = [(-like, a, b) for like, a, b in means if like >= threshold]
        heapq.heapify(heap)
        while heap:
            like, a, b = heapq.heappop(heap)
            if a not in self.members or b not in self.members or self.mean(a, b) != -like:
                continue  # one of them has been joined since
            self._merge(a, b)
            for c in self.total[a]:
                if (new := self.mean(a, c)) >= threshold:
                    heapq.heappush(heap, (-new, min(a, c), max(a, c)))
        return len(self.members) < before

    def attach(self, threshold: float) -> None:
        """The second look, all at once, so that none depends on another."""
        moves: dict[int, int] = {}
        for a in sorted(self.members):
            if len(self.members[a]) > _SMALL:
                continue
            near = sorted((-self.mean(a, b), b) for b in self.total[a] if len(self.members[b]) > len(self.members[a]))
            best, into = near[0] if near else (0.0, -1)
            second = near[1][0] if len(near) > 1 else 0.0
            if -best >= _ENOUGH * threshold and second - best >= _MARGIN * threshold:
                moves[a] = into
        for a, first in moves.items():
            into = first
            while into not in self.members:  # it went elsewhere itself
                into = moves[into]
            self._merge(into, a)

    def _merge(self, a: int, b: int) -> None:
        """Make the second part of the first."""
        self.members[a] += self.members.pop(b)
        self._times[a] = self._times[a] + self._times.pop(b)
        (first, last), (other_first, other_last) = self._spans[a], self._spans.pop(b)
        self._spans[a] = min(first, other_first), max(last, other_last)
        mine, theirs = self.total[a], self.total.pop(b)
        mine.pop(b, None)
        theirs.pop(a, None)
        for c, like in theirs.items():
            del self.total[c][b]
            mine[c] = self.total[c][a] = mine.get(c, 0.0) + like
