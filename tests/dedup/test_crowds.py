"""Pairs told of a crowd: the same whoever is named first, all in one, and few comparisons where all are alike."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from etl.dedup.crowds import Pair, told


class Likes:
    """Which are alike, and how often it was asked."""

    def __init__(self, is_alike: Callable[[int, int], bool]) -> None:
        self._is_alike = is_alike
        self.asked = 0

    def __call__(self, pairs: Sequence[Pair]) -> list[Pair]:
        self.asked += len(pairs)
        return [(a, b) for a, b in pairs if self._is_alike(a, b)]


def parts(members: Sequence[int], pairs: set[Pair]) -> int:
    heads = {m: m for m in members}

    def head(m: int) -> int:
        while heads[m] != m:
            m = heads[m]
        return m

    for a, b in pairs:
        heads[head(a)] = head(b)
    return len({head(m) for m in members})


def test_where_all_are_alike_each_is_a_pair_with_the_first() -> None:
    likes = Likes(lambda a, b: True)
    assert told(range(1000), likes) == {(0, n) for n in range(1, 1000)}
    assert likes.asked == 999


def test_where_likeness_ends_with_time_there_are_several_hubs() -> None:
    likes = Likes(lambda a, b: abs(a - b) <= 14)
    found = told(range(100), likes)
    assert {a for a, b in found} >= {0, 15, 30, 45, 60, 75, 90}
    assert parts(range(100), found) == 1
    assert len(found) < 300


def test_two_parts_that_one_pair_ties_stay_tied() -> None:
    """Neither of the two is a hub."""
    likes = Likes(lambda a, b: a // 50 == b // 50 or {a, b} == {17, 83})
    found = told(range(100), likes)
    assert (17, 83) in found
    assert len(found) == 99


def test_strangers_stay_strangers() -> None:
    likes = Likes(lambda a, b: a // 50 == b // 50)
    assert parts(range(100), told(range(100), likes)) == 2


@pytest.mark.parametrize("seed", range(20))
def test_no_member_is_lost(seed: int) -> None:
    rng = random.Random(seed)
    ties = {(a, b) for a in range(60) for b in range(a) if rng.random() < 0.05}
    likes = Likes(lambda a, b: (max(a, b), min(a, b)) in ties)
    found = told(range(60), likes)
    assert {(max(p), min(p)) for p in found} <= ties
    assert parts(range(60), found) == parts(range(60), ties)
