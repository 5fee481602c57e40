"""What a feed says about being polled, as it wrote it, goes in; minutes, hours and days come out."""

from __future__ import annotations

import re

_PERIOD_MINUTES = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_MAX_TTL = 10_080  # a week: a feed that asks for more is mistaken
_SKIP = re.compile(r"<skip(hours|days)\b[^<>]*>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)
_ONE = re.compile(r"<(?:hour|day)\b[^<>]*>\s*(\w{1,12})\s*<", re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def pause_minutes(ttl: str | None, period: str | None, frequency: str | None) -> int | None:
    """The longest pause a feed asks for, from RSS `ttl` or the syndication module, at most a week."""
    stated = [_whole(ttl)]
    if (minutes := _PERIOD_MINUTES.get((period or "").strip().lower())) is not None:
        stated.append(minutes // max(1, _whole(frequency) or 1))
    longest = max((minutes for minutes in stated if minutes), default=0)
    return min(longest, _MAX_TTL) or None


def skips(feed: str) -> tuple[frozenset[int], frozenset[int]]:
    """Hours (0 to 23, UTC) and days (0 = Monday) in which an RSS feed asks not to be read.

    >>> skips("<skipHours><hour>24</hour><hour>7</hour></skipHours><skipDays><day>Sunday</day></skipDays>")
    (frozenset({0, 7}), frozenset({6}))
    """
    hours: set[int] = set()
    days: set[int] = set()
    for kind, inside in _SKIP.findall(feed):
        for said in _ONE.findall(inside):
            if kind.lower() == "hours" and (hour := _whole(said)) is not None and hour <= 24:
                hours.add(hour % 24)  # RSS 0.91 counts from 1 to 24
            elif kind.lower() == "days" and said[:3].lower() in _DAYS:
                days.add(_DAYS.index(said[:3].lower()))
    return frozenset(hours), frozenset(days)


def _whole(stated: object) -> int | None:
    text = str(stated or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
