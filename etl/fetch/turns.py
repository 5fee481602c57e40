"""A host that is to be asked goes in; its next slot comes out, several taken at a time where they are close.

Where the pause between two requests is short, asking the shared store for each slot costs more than the pause is
worth: so as many are taken as fall within a second. One whose time has passed is let go (used late, it would come too
close to the next); with no pause at all, slots are good for a second. So a pause that another worker was told of is
seen that soon; one we are told of ourselves is seen at once. At a pause of over half a second slots are taken singly.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from etl.errors import Reason
from etl.fetch.hosts import HostStore, Slot

_SPAN_S = 1.0  # slots are taken ahead for so long
_MOST = 20  # at once


class Turns:
    """Slots in hand, a line a host. Safe to share between threads if the store is."""

    def __init__(self, hosts: HostStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._hosts = hosts
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, deque[tuple[float, float]]] = {}  # when each comes, and until when it is good

    def take(self, host: str, delay_s: float, max_wait_s: float) -> Slot:
        """The host's next slot, unless it is too far off."""
        if (wait_s := self._in_hand(host)) is not None:
            return Slot(wait_s=wait_s, is_taken=True)
        most = max(1, min(_MOST, int(_SPAN_S / delay_s))) if delay_s > 0 else _MOST
        slot = self._hosts.reserve(host, delay_s, max_wait_s, most)
        if slot.is_taken and most > 1:
            # Counted from the answer: a slot taken for later than it is never brings two requests together.
            first, late_s = self._clock() + slot.wait_s, 0.0 if delay_s > 0 else _SPAN_S
            comes = [first + n * delay_s for n in range(1, most)]
            with self._lock:
                self._held[host] = deque((at, at + late_s) for at in comes)
        return slot

    def back_off(self, host: str, seconds: float, why: Reason) -> None:
        """Leave the host alone for so long; what is in hand of it is let go."""
        with self._lock:
            self._held.pop(host, None)
        self._hosts.back_off(host, seconds, why)

    def _in_hand(self, host: str) -> float | None:
        """Seconds until the next slot in hand; None without one that is still good."""
        with self._lock:
            held, now = self._held.get(host), self._clock()
            while held:
                at, good_until = held.popleft()
                if now <= good_until:
                    return max(0.0, at - now)
            self._held.pop(host, None)
        return None
