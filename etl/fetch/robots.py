"""A copy of robots.txt, an address and our name go in; whether we may ask, and how slowly, come out. Pure.

RFC 9309: a 4xx means no rules, a 5xx or no answer means closed. A copy is good for a day; one that stands
for a 5xx for an hour, and silence for ten minutes, so that a short outage does not cost a day, nor each
page of a dead host a time-out. `Crawl-delay` is no part of the RFC but publishers mean it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from etl.errors import Reason
from etl.fetch.hosts import RobotsCopy
from etl.records import Fetched, Outcome

if TYPE_CHECKING:
    from protego import Protego

NO_ANSWER = 0  # the status of a host that could not be reached
MAX_BYTES = 512_000  # read and used of a longer one; RFC 9309 asks for at least 500 KiB
_GOOD_FOR = timedelta(days=1)
_REFUSAL_GOOD_FOR = timedelta(hours=1)
_SILENCE_GOOD_FOR = timedelta(minutes=10)
_UNREAD = frozenset({Reason.TIMED_OUT, Reason.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a robots.txt says of one address."""

    is_allowed: bool
    delay_s: float | None  # the pause it asks for between requests
    why: str


def is_fresh(copy: RobotsCopy, now: datetime) -> bool:
    """Whether the copy may still be used."""
    return now - copy.fetched_at < _good_for(copy.status)


def _good_for(status: int) -> timedelta:
    if status == NO_ANSWER:
        return _SILENCE_GOOD_FOR
    return _GOOD_FOR if status < 500 else _REFUSAL_GOOD_FOR


def copy_of(fetched: Fetched, now: datetime) -> RobotsCopy:
    """What to keep of an answer."""
    text = (fetched.body or b"").decode("utf-8", errors="replace").replace("\0", "")
    return RobotsCopy(body=text, status=_status(fetched), fetched_at=now)


def _status(fetched: Fetched) -> int:
    """The status to judge by: a failed read is no answer.

    As in RFC 9309 endless redirects mean no rules; so does a login or a "not found" page in their place.
    """
    status = fetched.status or NO_ANSWER
    if 200 <= status < 300 and fetched.outcome is Outcome.FAILED:
        return NO_ANSWER if fetched.reason in _UNREAD else 404
    return 404 if 300 <= status < 400 else status


class Rules:
    """A copy, read once for one name of a robot, and asked for many addresses."""

    def __init__(self, copy: RobotsCopy, user_agent: str) -> None:
        self.copy = copy
        self._name = user_agent.partition("/")[0]

    def verdict(self, url: str) -> Verdict:
        """Judge one address."""
        status = self.copy.status
        if 400 <= status < 500:
            return Verdict(True, None, f"robots.txt answered {status}: no rules")
        if not 200 <= status < 300:
            return Verdict(False, None, f"robots.txt answered {status or 'nothing'}: taken as closed")
        if not self.copy.body:
            return Verdict(True, None, "robots.txt is empty")
        if self._parsed.can_fetch(url, self._name):
            return Verdict(True, self._delay_s, "robots.txt allows it")
        return Verdict(False, self._delay_s, f"robots.txt refuses it to {self._name}")

    @cached_property
    def _parsed(self) -> Protego:
        from protego import Protego

        return Protego.parse(self.copy.body or "")

    @cached_property
    def _delay_s(self) -> float | None:
        delay_s = self._parsed.crawl_delay(self._name)
        return delay_s if delay_s is not None and 0 <= delay_s < float("inf") else None
