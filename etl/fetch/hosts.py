"""What is remembered of a host between requests: its robots.txt and when it may next be asked.

The warehouse keeps it for all workers (`ops.host_state`); `MemoryHosts` keeps it for one process: tests and
`sources check`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from etl.fetch.client import Clock, utc_now

NEVER_ASKED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """A robots.txt as last read."""

    body: str | None  # None if the answer had none
    status: int  # HTTP status it came with; 0 when the host could not be reached
    fetched_at: datetime


class HostStore(Protocol):
    """A shared memory of hosts, for any thread. `host` is host and port as in an address."""

    def robots(self, host: str) -> RobotsCopy | None:
        """The copy kept, however old."""

    def keep_robots(self, host: str, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one before."""

    def reserve(self, host: str, delay_s: float) -> float:
        """Take the next free slot and push the one after it `delay_s` further; seconds to wait until ours."""

    def back_off(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long: its next slot is no sooner than that."""


class MemoryHosts:
    """A HostStore for one process."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._robots: dict[str, RobotsCopy] = {}
        self._next_at: dict[str, datetime] = {}

    def robots(self, host: str) -> RobotsCopy | None:
        """The copy kept, however old."""
        return self._robots.get(host)

    def keep_robots(self, host: str, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one before."""
        self._robots[host] = copy

    def reserve(self, host: str, delay_s: float) -> float:
        """Take the next free slot; seconds to wait until it."""
        with self._lock:
            now = self._clock()
            slot = max(now, self._next_at.get(host, NEVER_ASKED))
            self._next_at[host] = slot + timedelta(seconds=delay_s)
            return (slot - now).total_seconds()

    def back_off(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long."""
        with self._lock:
            until = self._clock() + timedelta(seconds=seconds)
            self._next_at[host] = max(until, self._next_at.get(host, NEVER_ASKED))
