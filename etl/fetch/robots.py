"""A copy of robots.txt, an address and our name go in; whether we may ask, and how slowly, come out. Pure.

RFC 9309: a 4xx means no rules, a 5xx or no answer means closed. A copy is good for a day; one that stands
for a 5xx for an hour, and silence for ten minutes, so that a short outage does not cost a day, nor each
page of a dead host a time-out. `Crawl-delay` is no part of the RFC but publishers mean it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from etl.fetch.hosts import RobotsCopy

NO_ANSWER = 0  # the status of a host that could not be reached
MAX_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
_GOOD_FOR = timedelta(days=1)
_REFUSAL_GOOD_FOR = timedelta(hours=1)
_SILENCE_GOOD_FOR = timedelta(minutes=10)


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


def verdict(copy: RobotsCopy, url: str, user_agent: str) -> Verdict:
    """Judge one address by the copy."""
    if 400 <= copy.status < 500:
        return Verdict(True, None, f"robots.txt answered {copy.status}: no rules")
    if not 200 <= copy.status < 300:
        return Verdict(False, None, f"robots.txt answered {copy.status or 'nothing'}: taken as closed")
    if not copy.body:
        return Verdict(True, None, "robots.txt is empty")
    return _by_rules(copy.body, url, user_agent.partition("/")[0])


def _by_rules(body: str, url: str, name: str) -> Verdict:
    from protego import Protego

    rules = Protego.parse(body)
    delay = rules.crawl_delay(name)
    if rules.can_fetch(url, name):
        return Verdict(True, delay, "robots.txt allows it")
    return Verdict(False, delay, f"robots.txt refuses it to {name}")
