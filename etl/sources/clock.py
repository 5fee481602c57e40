"""When a feed's entries were first seen and what time they claim go in; the feed's clock error comes out. Pure.

Theory. Nobody sees an article before it is published, so `lag = first seen - claimed` of an honest feed is never
below zero, and starts near zero where the feed is polled often. A publisher who writes local time and labels it UTC
shifts every lag by his offset: east of Greenwich it turns negative, which nothing else explains; west of it all lags
begin at some whole hour, which a slow feed might also do. So:

1. Only entries first seen within half an hour of the poll before count; the first poll of a source proves nothing.
2. The low end of the lags (a tenth of them may lie lower: clocks are set wrong by hand too) is compared with the
   offset of the source's own zone, then whole hours, then half hours; what is left over must be a delay of minutes.
3. Nine tenths of the lags must lie within an hour above that offset: a steady error, not a slow desk.
4. Twelve entries are enough for an error that makes articles come from the future, or for one that the source's own
   zone explains; otherwise thirty.

Known exception: a feed held back by exactly some hours looks like one west of Greenwich, which rule 4 makes rarer, not
impossible. Daylight saving moves an offset by an hour: only the latest entries are looked at, so it is learned anew
within days. An offset that does not fit one entry (it would still lie ahead, or be far older than the poll before)
leaves that entry as claimed. Not done: offsets that are no half hours; those are clocks set wrong, and drift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from etl.records import Dated, DateOrigin, DatePrecision

LATEST = 60  # entries looked at
MOST_WAITED = 30  # minutes between the poll that showed an entry and the one before

_AHEAD = timedelta(minutes=15)  # tolerated between a publisher's clock and ours
_EARLY = 5  # minutes a lag may lie below its offset
_SPREAD = 60  # minutes within which a steady feed's lags lie
_STEADY = 0.9
_FEW, _MANY = 12, 30
_FARTHEST = 14 * 60
_SLOW_DESK = 120  # minutes an entry may appear after the poll that could have shown it
_DAY_ANYWHERE = timedelta(hours=14)  # how far local days run ahead of UTC


@dataclass(frozen=True, slots=True)
class Offset:
    """What is to be added to claimed times."""

    minutes: int
    entries: int  # it was learned from
    rule: str  # honest, own_zone, whole_hour or half_hour


@dataclass(frozen=True, slots=True)
class Learned:
    """An offset in force."""

    minutes: int = 0
    version: int | None = None  # of the learned table; None where nothing was learned


@dataclass(frozen=True, slots=True)
class Judged:
    """A claimed date after examination."""

    dated: Dated | None  # None where the claim cannot be
    claimed_at: datetime | None
    rule: str  # undated, as_claimed, corrected, does_not_fit or future_date


def learn(lags: Sequence[float], *, zone_minutes: int) -> Offset | None:
    """The clock error that these lags (minutes) show; None while they show none for certain.

    `zone_minutes` is the offset from UTC of the source's own zone.
    """
    latest = sorted(lags[-LATEST:])
    if len(latest) < _FEW:
        return None
    low = latest[len(latest) // 10]
    for minutes, rule, most in _candidates(low, zone_minutes):
        if -_EARLY <= low - minutes < most and _is_steady(latest, minutes):
            enough = _FEW if minutes < 0 or rule == "own_zone" else _MANY
            return Offset(minutes, len(latest), rule) if len(latest) >= enough else None
    return Offset(0, len(latest), "honest") if -_EARLY <= low < _SPREAD else None


def judge(dated: Dated | None, *, seen_at: datetime, waited_minutes: float | None, learned: Learned) -> Judged:
    """The date to believe of an entry first seen then; `waited_minutes` after the poll before, None at the first."""
    if dated is None:
        return Judged(None, None, "undated")
    if dated.precision not in {DatePrecision.INSTANT, DatePrecision.MINUTE}:
        is_ahead = dated.at > seen_at + _DAY_ANYWHERE
        return Judged(None if is_ahead else dated, dated.at, "future_date" if is_ahead else "as_claimed")
    rule = "as_claimed"
    if learned.minutes and dated.origin is DateOrigin.FEED:
        if _fits(dated.at, seen_at, waited_minutes, learned.minutes):
            at = dated.at + timedelta(minutes=learned.minutes)
            return Judged(
                replace(dated, at=at, claimed_at=dated.at, clock_version=learned.version), dated.at, "corrected"
            )
        rule = "does_not_fit"
    if dated.at > seen_at + _AHEAD:
        return Judged(None, dated.at, "future_date")
    return Judged(dated, dated.at, rule)


def _candidates(low: float, zone_minutes: int) -> Iterator[tuple[int, str, int]]:
    """Offsets that could be, the likeliest first, each with the most minutes of delay it leaves to explain."""
    near = [m for m in range(-_FARTHEST, _FARTHEST + 1, 30) if m and -_EARLY <= low - m < _SPREAD]
    if zone_minutes:
        yield -zone_minutes, "own_zone", 45
    if -_EARLY <= low < 45:
        return  # an honest feed with a short delay
    yield from ((m, "whole_hour", 20) for m in near if m % 60 == 0)
    yield from ((m, "half_hour", 20) for m in near if m % 60)
    yield from ((m, "whole_hour", 45) for m in near if m % 60 == 0)


def _is_steady(lags: Sequence[float], minutes: int) -> bool:
    within = sum(-_EARLY <= lag - minutes <= _SPREAD for lag in lags)
    return within >= _STEADY * len(lags)


def _fits(claimed: datetime, seen_at: datetime, waited_minutes: float | None, minutes: int) -> bool:
    delay = (seen_at - claimed).total_seconds() / 60 - minutes
    if delay < -_AHEAD.total_seconds() / 60:
        return False
    return waited_minutes is None or minutes > 0 or delay <= waited_minutes + _SLOW_DESK
