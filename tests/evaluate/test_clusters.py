"""The scores are the textbook's, on clusterings small enough to count by hand."""

from __future__ import annotations

from collections.abc import Hashable

import pytest

from etl.evaluate.clusters import merged_by_kind, recall_by_kind, score

GOLD: dict[Hashable, Hashable] = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: "c"}


@pytest.mark.parametrize(
    ("predicted", "expected"),
    [
        (GOLD, {"P": 1, "R": 1, "F1": 1, "B3P": 1, "B3R": 1, "B3F": 1}),
        # all apart: no pair is claimed, so none is wrong
        ({i: i for i in GOLD}, {"P": 1, "R": 0, "F1": 0, "B3P": 1, "B3R": 0.5, "B3F": 0.6667}),
        # all together: 4 of 15 pairs are right
        (dict.fromkeys(GOLD, 0), {"P": 0.2667, "R": 1, "F1": 0.4211, "B3P": 0.3889, "B3R": 1, "B3F": 0.56}),
        # 3 put with b: pairs 12, 34, 35, 45, of which 12 and 45 are right of 12, 13, 23, 45
        ({1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 2},
         {"P": 0.5, "R": 0.5, "F1": 0.5, "B3P": 0.7778, "B3R": 0.7778, "B3F": 0.7778}),
        # 2 not predicted: alone
        ({1: 0, 3: 0, 4: 1, 5: 1, 6: 2}, {"P": 1, "R": 0.5, "F1": 0.6667, "B3P": 1, "B3R": 0.7778, "B3F": 0.875}),
    ],
    ids=["right", "apart", "together", "one astray", "one missing"],
)  # fmt: skip
def test_score(predicted: dict[Hashable, Hashable], expected: dict[str, float]) -> None:
    assert score(GOLD, predicted) == pytest.approx(expected, abs=1e-4)


def test_nothing_to_score() -> None:
    assert score({}, {}) == pytest.approx({"P": 1, "R": 1, "F1": 1, "B3P": 1, "B3R": 1, "B3F": 1})


def test_recall_and_wrong_merges_by_kind() -> None:
    kinds: dict[Hashable, str] = {1: "orig", 2: "brief", 3: "brief", 4: "orig", 5: "exact", 6: "neg_template"}
    predicted: dict[Hashable, Hashable] = {1: 0, 2: 0, 3: 3, 4: 1, 5: 1, 6: 1}
    assert recall_by_kind(GOLD, predicted, kinds) == {"brief": 0.5, "exact": 1.0}
    assert merged_by_kind(GOLD, predicted, kinds) == {"neg_template": 1.0}
    assert merged_by_kind(GOLD, GOLD, kinds) == {"neg_template": 0.0}
