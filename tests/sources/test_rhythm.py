"""How often a source speaks, and when its silence means something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from etl.sources.rhythm import Rhythm, learned, silent_after

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def polled(known: Rhythm, new: int, hours: float) -> Rhythm:
    return learned(known, new=new, since=NOW, at=NOW + hours * HOUR, dates=(), shown=20)


def test_the_first_poll_is_seeded_by_the_dates_it_shows() -> None:
    dates = [NOW - n * HOUR for n in (1, 2, 4, 10)] + [NOW + HOUR, NOW - timedelta(days=400)]
    seeded = learned(Rhythm(), new=6, since=None, at=NOW, dates=dates, shown=6)
    assert (seeded.gap_minutes, seeded.longest_gap_minutes, seeded.entries) == (180, 360, 6)
    assert learned(Rhythm(), new=6, since=None, at=NOW, dates=(), shown=6) == Rhythm(entries=6)


def test_the_gap_follows_what_comes_and_the_longest_silence_is_slow_to_forget() -> None:
    known = polled(Rhythm(gap_minutes=60, longest_gap_minutes=600, entries=10), 2, 1)
    assert known.gap_minutes == 0.7 * 60 + 0.3 * 30
    assert known.longest_gap_minutes == 0.98 * 600
    assert polled(known, 0, 5) == known


def test_silence_is_judged_by_the_sources_own_rhythm() -> None:
    busy = Rhythm(gap_minutes=10, longest_gap_minutes=480, entries=50)
    weekly = Rhythm(gap_minutes=7 * 1440, longest_gap_minutes=9 * 1440, entries=50)
    assert silent_after(busy) == timedelta(days=1)
    assert silent_after(weekly) == timedelta(days=70)
    assert silent_after(Rhythm(gap_minutes=10, entries=4)) is None
    assert silent_after(Rhythm()) is None
