"""How many new entries a poll brought and when go in; the source's rhythm comes out, and whether it fell silent. Pure.

Theory. Two figures say how often a source speaks: the usual gap between new entries (a moving mean, so that a paper
that slows down is noticed within a few polls) and its longest silence (which forgets slowly, so that the nights and
week-ends of a small paper stay known). The first poll shows a whole window at once; its entries' own dates give both
figures a start. A source is silent when it answers and brings nothing for longer than twice its longest silence, ten
usual gaps and a day: all three, for a false alarm a day teaches people to look away. Not done: hours of the day and
days of the week apart; the longest silence covers them, at the price of a later alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

_WEIGHT = 0.3  # of the newest gap in the mean
_FORGET = 0.98  # of the longest silence, at each poll with something new
_ENOUGH = 5  # entries seen before silence means anything
_MAX_SEED = timedelta(days=30)  # dates further apart than that are an archive's, not a rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a source brings something new."""

    gap_minutes: float | None = None  # between two new entries, moving mean
    longest_gap_minutes: float | None = None  # the longest silence, slowly forgotten
    entries: int = 0  # seen so far


def learned(
    known: Rhythm, *, new: int, since: datetime | None, at: datetime, dates: Sequence[datetime], shown: int
) -> Rhythm:
    """The rhythm after a poll that brought `new` entries, the ones before them at `since`."""
    if not new:
        return known
    if since is None:
        return _seeded(dates, at, shown)
    silence = max((at - since).total_seconds() / 60, 0.0)
    gap = silence / new
    mean = gap if known.gap_minutes is None else (1 - _WEIGHT) * known.gap_minutes + _WEIGHT * gap
    return Rhythm(
        gap_minutes=mean,
        longest_gap_minutes=max(silence, _FORGET * (known.longest_gap_minutes or 0.0)),
        entries=known.entries + new,
    )


def silent_after(known: Rhythm) -> timedelta | None:
    """After how long without anything new a source that answers is silent; None while its rhythm is unknown."""
    if known.gap_minutes is None or known.entries < _ENOUGH:
        return None
    minutes = max(24 * 60.0, 2 * (known.longest_gap_minutes or 0.0), 10 * known.gap_minutes)
    return timedelta(minutes=minutes)


def _seeded(dates: Sequence[datetime], at: datetime, shown: int) -> Rhythm:
    """A first guess, from the dates the entries of the first poll state."""
    past = sorted(d for d in dates if at - _MAX_SEED <= d <= at)
    if len(past) < 3:
        return Rhythm(entries=shown)
    gaps = [(b - a).total_seconds() / 60 for a, b in pairwise(past)]
    return Rhythm(gap_minutes=sum(gaps) / len(gaps), longest_gap_minutes=max(gaps), entries=shown)
