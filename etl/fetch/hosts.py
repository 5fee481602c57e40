"""What is remembered of a host between requests: its robots.txt, when it may next be asked, and why not now.

The warehouse keeps it for all workers (`ops.host_state`); `MemoryHosts` keeps it for one process: tests and
`sources check`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from etl.errors import Reason
from etl.fetch.client import Clock, utc_now

NEVER_ASKED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """A robots.txt as last read."""

    body: str | None  # None if the answer had none
    status: int  # HTTP status it came with; 0 when the host could not be reached
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A host's next turn."""

    wait_s: float  # until it comes
    is_taken: bool  # whether it is ours; False if it lies too far off
    pause: Reason | None = None  # why the host is left alone until then, where more than politeness is the cause


class HostStore(Protocol):
    """A shared memory of hosts, for any thread. `host` is host and port as in an address."""

    def robots(self, host: str) -> RobotsCopy | None:
        """The copy kept, however old."""

    def keep_robots(self, host: str, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one before."""

    def reserve(self, host: str, delay_s: float, max_wait_s: float, slots: int = 1) -> Slot:
        """Take the next free slots, `delay_s` apart, and say when the first comes; none if it is too far off."""

    def back_off(self, host: str, seconds: float, why: Reason) -> None:
        """Leave the host alone for so long: its next slot is no sooner than that."""


class MemoryHosts:
    """A HostStore for one process."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._robots: dict[str, RobotsCopy] = {}
        self._next_at: dict[str, datetime] = {}
        self._paused: dict[str, tuple[datetime, Reason]] = {}

    def robots(self, host: str) -> RobotsCopy | None:
        """The copy kept, however old."""
        return self._robots.get(host)

    def keep_robots(self, host: str, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one before."""
        self._robots[host] = copy

    def reserve(self, host: str, delay_s: float, max_wait_s: float, slots: int = 1) -> Slot:
        """Take the next free slots, unless the first is too far off."""
        with self._lock:
            now = self._clock()
            at = max(now, self._next_at.get(host, NEVER_ASKED))
            until, why = self._paused.get(host, (NEVER_ASKED, None))
            wait_s = (at - now).total_seconds()
            is_taken = wait_s <= max_wait_s
            if is_taken:
                self._next_at[host] = at + timedelta(seconds=delay_s * slots)
            return Slot(wait_s=wait_s, is_taken=is_taken, pause=why if until > now else None)

    def back_off(self, host: str, seconds: float, why: Reason) -> None:
        """Leave the host alone for so long."""
        with self._lock:
            until = self._clock() + timedelta(seconds=seconds)
            self._next_at[host] = max(until, self._next_at.get(host, NEVER_ASKED))
            self._paused[host] = (until, why)
