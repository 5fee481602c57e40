"""When a source is asked next, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etl.errors import Reason
from etl.sources.rhythm import Rhythm
from etl.sources.schedule import next_poll, next_refetch
from etl.sources.standing import Poll, Standing

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)  # a Wednesday
UNKNOWN = Standing()
EXPIRES = {"expires": "Wed, 06 Jul 2022 11:00:00 GMT", "date": "Wed, 06 Jul 2022 09:00:00 GMT"}


def minutes(poll: Poll, known: Standing = UNKNOWN, poll_minutes: int = 15) -> tuple[float, str]:
    decided = next_poll(poll, known, poll_minutes=poll_minutes)
    return (decided.at - NOW).total_seconds() / 60, decided.rule


@pytest.mark.parametrize(
    ("poll", "known", "wanted"),
    [
        ({}, {}, (15, "interval")),
        ({}, {"ttl_minutes": 60}, (60, "ttl")),
        ({}, {"ttl_minutes": 5}, (15, "interval")),
        ({"headers": {"cache-control": "public, max-age=3600"}}, {}, (60, "cache_control")),
        ({"headers": {"cache-control": "max-age=3600", "age": "600"}}, {"ttl_minutes": 40}, (50, "cache_control")),
        ({"headers": {"cache-control": "s-maxage=9999"}}, {}, (15, "interval")),
        ({"headers": {"cache-control": "no-cache"} | EXPIRES}, {}, (120, "expires")),
        ({"headers": {"expires": "0"}}, {}, (15, "interval")),
        ({"headers": {"cache-control": "max-age=604800"}}, {}, (1440, "cache_control, a day at most")),
        ({"retry_after_s": 7200}, {"ttl_minutes": 60}, (120, "retry_after")),
        ({"retry_after_s": 60}, {}, (15, "interval")),
        ({"retry_after_s": 10**9}, {}, (7 * 1440, "retry_after")),
        ({}, {"is_overflowing": True, "ttl_minutes": 600}, (15, "overflow")),
    ],
)
def test_the_longest_wish_counts_up_to_a_day(
    poll: dict[str, Any], known: dict[str, Any], wanted: tuple[float, str]
) -> None:
    assert minutes(Poll(at=NOW, **poll), Standing(**known)) == wanted


def test_the_registry_may_ask_more_rarely_than_daily() -> None:
    assert minutes(Poll(at=NOW), Standing(ttl_minutes=60), poll_minutes=2880) == (2880, "interval")


def test_a_busy_source_is_asked_as_often_as_allowed_and_a_quiet_one_more_rarely() -> None:
    def asked(gap: float, silent_for: timedelta) -> tuple[float, str]:
        return minutes(Poll(at=NOW), Standing(rhythm=Rhythm(gap_minutes=gap), last_new_at=NOW - silent_for))

    assert asked(4, timedelta(minutes=5)) == (15, "interval")
    assert asked(120, timedelta(minutes=5)) == (60, "rhythm")
    assert asked(10, timedelta(hours=16)) == (120, "rhythm")  # it fell quiet
    assert asked(10_000, timedelta(minutes=5)) == (240, "rhythm")


def test_failures_make_it_wait_longer_until_it_is_given_up_and_even_then_it_is_asked() -> None:
    failed = Poll(at=NOW, reason=Reason.SERVER_ERROR)
    assert minutes(failed, Standing(failure_weight=1)) == (30, "failing")
    assert minutes(failed, Standing(failure_weight=29), poll_minutes=60) == (1440, "failing")
    assert minutes(failed, Standing(failure_weight=30, given_up_at=NOW)) == (7 * 1440, "given_up")
    assert minutes(replace(failed, reason=Reason.GONE), Standing(gone_at=NOW)) == (30 * 1440, "gone")


def test_hours_and_days_to_be_left_alone_in() -> None:
    morning = frozenset({9, 10, 11})
    assert minutes(Poll(at=NOW), Standing(skip_hours=morning)) == (180, "skip_hours")
    assert minutes(Poll(at=NOW), Standing(skip_days=frozenset({2}))) == (15 * 60, "skip_days")
    both = Standing(skip_days=frozenset({2, 3}), skip_hours=frozenset({0}))
    assert minutes(Poll(at=NOW), both) == ((15 + 24 + 1) * 60, "skip_hours")
    assert minutes(Poll(at=NOW), Standing(skip_hours=frozenset(range(24)))) == (15, "interval")
    assert minutes(Poll(at=NOW), Standing(skip_days=frozenset(range(7)))) == (15, "interval")


def test_a_page_is_asked_again_at_its_steps_and_missed_ones_are_not_made_up_for() -> None:
    steps = [timedelta(hours=1), timedelta(hours=6), timedelta(days=1)]
    asked = [next_refetch(NOW, NOW + timedelta(hours=h), steps) for h in (0, 1, 7, 24, 500)]
    assert asked == [NOW + timedelta(hours=1), NOW + timedelta(hours=6), NOW + timedelta(days=1), None, None]
    assert next_refetch(NOW, NOW, []) is None
