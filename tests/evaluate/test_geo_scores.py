"""The scores of toponyms agree with their definitions, worked out by hand on small articles."""

from __future__ import annotations

import pytest

from etl.evaluate.toponyms import Tally, Toponym, scores, tally

KYIV = (50.45, 30.52)
LVIV = (49.84, 24.03)  # 470 km off
BROVARY = (50.51, 30.79)  # 20 km off


def at(start: int, end: int, point: tuple[float, float] | None, geonames_id: int | None = None) -> Toponym:
    lat, lon = point or (None, None)
    return Toponym(start, end, lat, lon, geonames_id)


def test_exact_finding_needs_the_very_span() -> None:
    got = scores([tally([at(0, 4, KYIV), at(10, 14, KYIV)], [at(0, 4, KYIV), at(10, 15, KYIV), at(20, 24, KYIV)])])
    assert got["exact_precision"] == pytest.approx(1 / 3, abs=1e-4)
    assert got["exact_recall"] == pytest.approx(1 / 2, abs=1e-4)
    assert got["exact_f1"] == pytest.approx(0.4, abs=1e-4)


def test_end_to_end_takes_an_overlap_that_lies_near() -> None:
    got = scores([tally([at(0, 4, KYIV), at(10, 14, KYIV)], [at(0, 9, BROVARY), at(10, 14, LVIV)])])
    assert got["e2e_precision"] == got["e2e_recall"] == got["e2e_f1"] == 0.5
    assert got["accuracy_161"] == 0.5


def test_an_unresolved_mention_is_found_but_not_placed() -> None:
    got = scores([tally([at(0, 4, KYIV)], [at(0, 4, None)])])
    assert (got["exact_f1"], got["e2e_f1"]) == (1.0, 0.0)


def test_gold_without_a_point_is_left_out_end_to_end_with_the_prediction_on_it() -> None:
    counted = tally([at(0, 4, KYIV), at(10, 14, None)], [at(0, 4, KYIV), at(10, 14, LVIV)])
    got = scores([counted])
    assert counted.on_pointless == 1
    assert (got["e2e_precision"], got["e2e_recall"]) == (1.0, 1.0)


def test_each_gold_is_matched_once_the_longest_overlap_first() -> None:
    counted = tally([at(0, 10, KYIV)], [at(8, 12, LVIV), at(0, 9, KYIV)])
    assert (counted.matched, counted.near) == (1, 1)


def test_an_exact_pair_goes_before_a_longer_overlap() -> None:
    counted = tally([at(0, 20, KYIV), at(0, 4, LVIV)], [at(0, 4, LVIV)])
    assert (counted.exact, counted.near) == (1, 1)


def test_given_gold_counts_what_was_not_resolved() -> None:
    counted = tally([at(0, 4, KYIV), at(10, 14, KYIV)], [at(0, 4, KYIV)])
    assert scores([counted], given_gold=True)["accuracy_161"] == 0.5
    assert scores([counted])["accuracy_161"] == 1.0


def test_ids_are_compared_where_gold_has_one() -> None:
    counted = tally([at(0, 4, KYIV, 1), at(5, 9, KYIV)], [at(0, 4, KYIV, 2), at(5, 9, KYIV, 3)])
    assert (counted.with_id, counted.same_id) == (1, 0)


def test_nothing_at_all_scores_nothing() -> None:
    assert set(scores([Tally()]).values()) == {0.0}
