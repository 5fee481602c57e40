"""A poll, what is known after it and the registry's pause go in; when to ask next, and by which rule, come out. Pure.

Theory. A source says in several ways how often it wants to be asked (ttl, sy:*, Cache-Control, Expires), and its own
rhythm says how often it is worth asking. The longest of these pauses counts, from the registry's own up to a day:
nobody is harmed by being asked more rarely than he allows. Two exceptions. Where everything a poll showed was new,
entries were probably missed in between, and the registry's pause alone counts. And a feed that was quiet of late is
asked at least every four hours, for news does not keep. Then Retry-After (both forms, a week at most), then the hours
and days a feed asks to be left alone in; one that names all of them means none. A failing source waits longer with
each failure; one given up is asked once a week, one gone (410) once a month.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from etl.sources.standing import Poll, Standing

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)
_QUIET = timedelta(hours=4)  # the longest pause that rhythm alone can make
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """When to ask next, and which rule decided it."""

    at: datetime
    rule: str


def next_poll(poll: Poll, known: Standing, *, poll_minutes: int) -> Decision:
    """`known` is what stands after the poll; `poll_minutes` the registry's pause."""
    interval = timedelta(minutes=poll_minutes)
    pause, rule = _failing(known, interval) if poll.reason else _working(poll, known, interval)
    if poll.retry_after_s and timedelta(seconds=poll.retry_after_s) > pause:
        pause, rule = min(timedelta(seconds=poll.retry_after_s), _WEEK), "retry_after"
    return _allowed(Decision(poll.at + pause, rule), known)


def next_refetch(first_at: datetime, now: datetime, steps: Sequence[timedelta]) -> datetime | None:
    """When a page first fetched then is asked again; missed steps are not made up for, None after the last."""
    return next((first_at + step for step in sorted(steps) if first_at + step > now), None)


def _failing(known: Standing, interval: timedelta) -> tuple[timedelta, str]:
    if known.gone_at:
        return _MONTH, "gone"
    if known.given_up_at:
        return _WEEK, "given_up"
    return min(interval * (1 + known.failure_weight), max(_DAY, interval)), "failing"


def _working(poll: Poll, known: Standing, interval: timedelta) -> tuple[timedelta, str]:
    if known.is_overflowing:
        return interval, "overflow"
    age, rule = _fresh_for(poll.headers, poll.at)
    wishes = [
        (interval, "interval"),
        (timedelta(minutes=known.ttl_minutes or 0), "ttl"),
        (age, rule),
        (_quiet_for(known, poll.at), "rhythm"),
    ]
    longest, rule = max(wishes, key=lambda wish: wish[0])  # the first of equals
    most = max(_DAY, interval)
    return (longest, rule) if longest <= most else (most, f"{rule}, a day at most")


def _quiet_for(known: Standing, now: datetime) -> timedelta:
    """Half the usual gap, or an eighth of the present silence where that is longer."""
    if known.rhythm.gap_minutes is None or known.last_new_at is None:
        return timedelta(0)
    usual = timedelta(minutes=known.rhythm.gap_minutes / 2)
    return min(max(usual, (now - known.last_new_at) / 8), _QUIET)


def _fresh_for(headers: Mapping[str, str], now: datetime) -> tuple[timedelta, str]:
    """How long the answer stays fresh by HTTP: max-age less its age in caches, else Expires."""
    if found := _MAX_AGE.search(headers.get("cache-control", "")):
        age = headers.get("age", "").strip()
        spent = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
        return timedelta(seconds=max(int(found[1]) - spent, 0)), "cache_control"
    expires, date = _instant(headers.get("expires")), _instant(headers.get("date"))
    return (max(expires - (date or now), timedelta(0)) if expires else timedelta(0)), "expires"


def _instant(stated: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(stated or "")
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _allowed(decided: Decision, known: Standing) -> Decision:
    """The first moment from then on that lies in no hour or day the source asks to be left alone in."""
    hours = known.skip_hours if len(known.skip_hours) < 24 else frozenset()
    days = known.skip_days if len(known.skip_days) < 7 else frozenset()
    at, rule = decided.at.astimezone(UTC), decided.rule
    for _ in range(24 * 8):
        if at.weekday() in days:
            at, rule = at.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY, "skip_days"
        elif at.hour in hours:
            at, rule = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), "skip_hours"
        else:
            break
    return Decision(at, rule)
