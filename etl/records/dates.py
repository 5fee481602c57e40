"""Dates with where they came from. Naive instants are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


def require_aware(*instants: datetime | None) -> None:
    """Refuse an instant that does not say where on Earth it is meant."""
    for at in instants:
        if at is not None and at.tzinfo is None:
            raise ValueError(f"naive datetime refused: {at!r}")


class DateOrigin(StrEnum):
    """Which signal gave a date."""

    JSON_LD = "json_ld"
    META = "meta"
    TIME_ELEMENT = "time_element"
    TEXT = "text"
    URL = "url"
    UPDATE = "update"  # the page tells only when it was last changed: published then or earlier
    FEED = "feed"
    CURATED = "curated"


class DatePrecision(StrEnum):
    """How exact a date is."""

    INSTANT = "instant"  # to the second, offset stated
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with where it came from. An undated thing has none of these, never a guess."""

    at: datetime  # aware; at day precision midnight UTC of that day
    precision: DatePrecision
    origin: DateOrigin
    raw: str = ""  # as stated
    claimed_at: datetime | None = None  # what the feed claimed, where its clock error was corrected in `at`
    clock_version: int | None = None  # of the learned table that corrected it

    def __post_init__(self) -> None:
        require_aware(self.at, self.claimed_at)
