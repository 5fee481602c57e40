"""Feeds whose clocks are wrong, and honest ones that must be left alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.records import Dated, DateOrigin, DatePrecision
from etl.sources.clock import Learned, judge, learn

SEEN = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)


def lags(error: float, n: int, spread: float = 20, seed: int = 1) -> list[float]:
    """First seen less claimed, minutes, of a feed polled every quarter of an hour whose clock is `error` off."""
    draw = random.Random(seed)
    return [error + draw.uniform(0, spread) for _ in range(n)]


@pytest.mark.parametrize(
    ("found", "zone", "wanted"),
    [
        (lags(-180, 12), 180, (-180, "own_zone")),  # Kyiv's summer time written as UTC
        (lags(-180, 12), 0, (-180, "whole_hour")),  # the same, zone unknown
        (lags(-330, 12), 0, (-330, "half_hour")),  # India
        (lags(-345, 12), 345, (-345, "own_zone")),  # Nepal
        (lags(240, 12), -240, (240, "own_zone")),  # New York
        (lags(240, 30), 0, (240, "whole_hour")),
        ([*lags(-180, 18), *lags(0, 1)], 180, (-180, "own_zone")),  # one set by hand
        (lags(0, 40), 180, (0, "honest")),
        (lags(3, 40, spread=40), -240, (0, "honest")),
    ],
)
def test_a_steady_error_is_learned(found: list[float], zone: int, wanted: tuple[int, str]) -> None:
    offset = learn(found, zone_minutes=zone)
    assert offset is not None
    assert (offset.minutes, offset.rule) == wanted


@pytest.mark.parametrize(
    ("found", "zone"),
    [
        (lags(-180, 11), 180),  # too few
        (lags(240, 29), 0),  # too few for what a slow desk explains as well
        (lags(60, 60, spread=600), 0),  # a slow feed
        ([*lags(-180, 30), *lags(0, 30)], 180),  # two clocks
        (lags(-200, 40, spread=400), 0),  # dates set by hand, all over
        ([], 0),
    ],
)
def test_what_is_not_steady_teaches_nothing(found: list[float], zone: int) -> None:
    assert learn(found, zone_minutes=zone) is None


@given(
    hours=st.integers(-12, 13),
    delays=st.lists(st.floats(0, 15), min_size=30, max_size=60),
    seed=st.randoms(use_true_random=False),
)
def test_any_whole_hour_is_found_whatever_the_order(hours: int, delays: list[float], seed: random.Random) -> None:
    found = [-60 * hours + d for d in delays]
    offset = learn(found, zone_minutes=60 * hours)
    assert offset is not None
    assert offset.minutes == -60 * hours
    seed.shuffle(found)
    assert learn(found, zone_minutes=60 * hours) == offset


def claimed(lag_minutes: float, precision: DatePrecision = DatePrecision.INSTANT) -> Dated:
    return Dated(SEEN - timedelta(minutes=lag_minutes), precision, DateOrigin.FEED, "raw")


KYIV = Learned(-180, 7)


def test_a_correction_keeps_the_claim_and_names_its_version() -> None:
    judged = judge(claimed(-170), seen_at=SEEN, waited_minutes=15, learned=KYIV)
    assert judged.rule == "corrected"
    assert judged.dated is not None
    assert judged.dated.at == SEEN - timedelta(minutes=10)
    assert (judged.dated.claimed_at, judged.dated.clock_version) == (SEEN + timedelta(minutes=170), 7)
    assert judged.dated.raw == "raw"


@pytest.mark.parametrize(
    ("lag", "learned", "rule"),
    [
        (10, Learned(), "as_claimed"),
        (-14, Learned(), "as_claimed"),  # clocks differ a little
        (-16, Learned(), "future_date"),
        (-170, Learned(), "future_date"),  # not yet learned
        (-60 * 24, KYIV, "future_date"),  # no offset explains a day
        (5, KYIV, "does_not_fit"),  # this one was right
        (100, Learned(240, 8), "does_not_fit"),
    ],
)
def test_what_no_offset_explains_is_left_or_refused(lag: float, learned: Learned, rule: str) -> None:
    judged = judge(claimed(lag), seen_at=SEEN, waited_minutes=15, learned=learned)
    assert judged.rule == rule
    assert (judged.dated is None) is (rule == "future_date")
    assert judged.claimed_at == claimed(lag).at


def test_a_day_is_not_corrected_and_undated_stays_undated() -> None:
    day = claimed(-13 * 60, DatePrecision.DAY)
    assert judge(day, seen_at=SEEN, waited_minutes=15, learned=KYIV).dated == day
    late = claimed(-15 * 60, DatePrecision.DAY)
    assert judge(late, seen_at=SEEN, waited_minutes=15, learned=KYIV).rule == "future_date"
    nothing = judge(None, seen_at=SEEN, waited_minutes=None, learned=KYIV)
    assert (nothing.dated, nothing.claimed_at, nothing.rule) == (None, None, "undated")
