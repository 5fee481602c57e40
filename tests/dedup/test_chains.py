"""Stories as chains of groups: who goes on whom, which ids stay, who is alone."""

from __future__ import annotations

import random

from etl.dedup.chains import Placed, chain

FIRST, LAST = 0, 9


def stories(*placed: Placed, taken: frozenset[int] = frozenset()) -> dict[int, int | None]:
    return chain(placed, FIRST, LAST, taken)


def test_a_home_group_goes_on_the_prior_group_that_holds_more_than_half_of_it() -> None:
    told = stories(
        Placed(1, 1, home=1, prior=None, story=7),
        Placed(2, 2, home=2, prior=1, story=None),
        Placed(3, 2, home=2, prior=1, story=None),
        Placed(4, 2, home=2, prior=None, story=None),
    )
    assert told == {1: 7, 2: 7, 3: 7, 4: 7}


def test_half_is_not_enough() -> None:
    told = stories(
        Placed(1, 1, home=1, prior=None, story=7),
        Placed(5, 1, home=1, prior=None, story=7),
        Placed(2, 2, home=2, prior=1, story=7),
        Placed(3, 2, home=2, prior=None, story=None),
    )
    assert told[1] == told[5] == 7
    assert told[2] == told[3] == -1  # a story of its own; the larger part keeps the id


def test_an_article_alone_at_home_goes_on_the_group_it_was_in() -> None:
    assert stories(Placed(1, 1, 1, None, None), Placed(2, 2, None, 1, None)) == {1: -1, 2: -1}


def test_who_is_alone_is_in_no_story() -> None:
    assert stories(Placed(1, 1, None, None, 3), Placed(2, 1, None, None, None)) == {1: None, 2: None}
    left = [Placed(2, 2, 2, 1, 3), Placed(3, 2, 2, None, 3), Placed(4, 2, 2, None, 3)]
    assert stories(Placed(1, 1, 1, None, 3), *left) == {1: None, 2: 3, 3: 3, 4: 3}


def test_a_chain_lasts_through_many_cells() -> None:
    line = [Placed(n, n, home=n, prior=n - 1 if n > 1 else None, story=None) for n in range(1, 9)]
    assert set(stories(*line).values()) == {-1}


def test_what_is_told_before_stays_and_its_id_is_not_given_to_others() -> None:
    told = stories(
        Placed(1, 0, 1, None, 5), Placed(2, 1, 2, 1, None), Placed(3, 1, 3, None, 5), Placed(4, 1, 3, None, 5)
    )
    assert told == {2: 5, 3: -1, 4: -1}
    assert stories(Placed(3, 1, 3, None, 5), Placed(4, 1, 3, None, 5), taken=frozenset({5})) == {3: -1, 4: -1}


def test_of_two_claims_the_larger_goes_first() -> None:
    told = stories(*[Placed(n, 1, 1, None, 5) for n in (1, 2, 3)], *[Placed(n, 1, 4, None, 5) for n in (4, 5)])
    assert told == {1: 5, 2: 5, 3: 5, 4: -1, 5: -1}


def test_told_again_nothing_changes() -> None:
    chance = random.Random(3)
    placed = [Placed(n, chance.randint(1, 8), chance.choice([None, n % 7]), chance.choice([None, n % 5]), None)
              for n in range(1, 200)]  # fmt: skip
    told = stories(*placed)
    named = {s: 100 - s for s in told.values() if s is not None}
    settled = [Placed(p.article_id, p.cell, p.home, p.prior, named.get(told[p.article_id] or 0)) for p in placed]
    again = stories(*settled)
    assert again == {p.article_id: p.story for p in settled}


def test_nothing_is_nothing() -> None:
    assert stories() == {}
