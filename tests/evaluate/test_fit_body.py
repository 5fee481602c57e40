"""What blocks are labelled with, and that a forest learns what is there to learn."""

from __future__ import annotations

import numpy as np

from etl.evaluate import boost
from etl.evaluate.fit_body import label

GOLD = "The bridge\nWork on the new crossing will begin in September.\nShe said: no comment."


def test_a_block_is_labelled_by_its_share_of_the_gold_text() -> None:
    texts = ["The bridge", "Menu", "Work on the new crossing will begin in May", "no comment.", "Read all about it now"]
    assert label(texts, GOLD) == [1, 0, 5 / 6, 0, 0]


def test_a_short_block_that_joins_its_neighbour_is_right() -> None:
    assert label(["Work on the new crossing will", "begin", "in May"], GOLD) == [1, 1, 0]


def test_a_forest_learns_a_rule_of_two_features_and_the_same_each_time() -> None:
    draw = np.random.default_rng(7)
    rows = draw.normal(size=(4_000, 6)).astype(np.float32)
    labels = ((rows[:, 1] > 0) & (rows[:, 4] < 0.5)).astype(float)
    first, second = (boost.fit(rows, labels, np.ones(4_000), trees=60) for _ in range(2))
    fresh = draw.normal(size=(1_000, 6)).astype(np.float32)
    right = (fresh[:, 1] > 0) & (fresh[:, 4] < 0.5)
    assert ((first.likely(fresh) > 0.5) == right).mean() > 0.95
    assert (first.likely(fresh) == second.likely(fresh)).all()
