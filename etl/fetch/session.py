"""Requests go in; one `Fetched` each comes out, robots.txt obeyed and each host asked slowly.

Order per request: robots.txt (kept a day), a slot of the host, the wait for it, the request. A redirect asks robots.txt
again, that of the host it leads to, and there it needs a slot too. An answer that says `too many requests` slows the
host, so its other feeds and pages wait too. A host that fails again and again (no address, no connection, no answer
in time) is left alone for a while, so that its other pages cost no time-out each. A slot too far off is not waited
for: the request comes back unasked, with what the host's pause is for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from etl.errors import Reason
from etl.fetch import robots
from etl.fetch.answers import Target
from etl.fetch.client import Client
from etl.fetch.guard import FetchError
from etl.fetch.hosts import HostStore, RobotsCopy
from etl.fetch.robots import Rules
from etl.fetch.turns import Turns
from etl.records import Fetched, Outcome, Validators

# The request never reached the host, or was put off: there is no answer to judge by, now or for the next page.
_SAYS_NOTHING_OF_ROBOTS = frozenset({Reason.RATE_LIMITED, Reason.ADDRESS_REFUSED, Reason.SCHEME_REFUSED})
_DEFAULT_PAUSE_S = 60.0  # after "too many requests" without a Retry-After
_MAX_PAUSE_S = 86_400.0
_HOST_FAILURES = frozenset({Reason.DNS_FAILED, Reason.UNREACHABLE, Reason.TIMED_OUT})
_FAILURES = 3  # one after the other, and the host is left alone
_FAILURE_PAUSE_S = 600.0
_PARSED_KEPT = 512  # hosts whose robots.txt is held ready; one's requests come in a row

_T = TypeVar("_T")
Steps = Generator[float, None, Fetched]  # yields seconds to wait before it is taken up again


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How slowly one host is asked."""

    delay_s: float = 1.0  # between two requests to one host
    max_delay_s: float = 30.0  # the longest crawl-delay honoured
    max_wait_s: float = 60.0  # the longest a request waits for a slot


class Session:
    """A polite client. Safe to share between threads if its store is."""

    def __init__(
        self,
        client: Client,
        hosts: HostStore,
        *,
        politeness: Politeness = Politeness(),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._hosts = hosts
        self._turns = Turns(hosts)
        self._politeness = politeness
        self._sleep = sleep
        self._lock = threading.Lock()
        self._rules: dict[str, Rules] = {}
        self._failures: dict[str, int] = {}  # by host, one after the other

    def get(self, url: str, validators: Validators | None = None, *, allow_private: bool = False) -> Fetched:
        """Ask for a document as soon as its host may be asked."""
        return self._drive(self.steps(url, validators, allow_private=allow_private))

    def steps(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        allow_private: bool = False,
        cut_at: int | None = None,
    ) -> Steps:
        """As `get`, for who can do better than sleep: each wait is yielded, in seconds, and the answer returned.

        Of a body longer than `cut_at` bytes its beginning is the answer.
        """
        try:
            target = Target(url)
            yield from self._admitted(target, allow_private)
        except FetchError as failed:
            return self._unasked(url, failed)

        def admit(hop: Target) -> None:
            self._drive(self._admitted(hop, allow_private and hop.host == target.host, coming_from=target.netloc))

        fetched = self._client.get(url, validators, allow_private=allow_private, admit=admit, cut_at=cut_at)
        self._heed(Target(fetched.final_url).netloc, fetched)
        return fetched

    def robots(self, url: str, *, allow_private: bool = False) -> str:
        """What robots.txt says of an address, in words."""
        target = Target(url)
        try:
            rules = self._drive(self._rules_of(target, allow_private))
        except FetchError as failed:
            return f"robots.txt could not be read: {failed.detail.removeprefix('robots.txt: ')}"
        verdict = rules.verdict(target.url)
        return verdict.why + (f", one request every {verdict.delay_s:g} s" if verdict.delay_s else "")

    def _drive(self, steps: Generator[float, None, _T]) -> _T:
        while True:
            try:
                self._sleep(next(steps))
            except StopIteration as done:
                answer: _T = done.value
                return answer

    def _admitted(
        self, target: Target, allow_private: bool, coming_from: str | None = None
    ) -> Generator[float, None, None]:
        """Until the host may be asked for this address. Raises FetchError if it may not."""
        rules = yield from self._rules_of(target, allow_private)
        verdict = rules.verdict(target.url)
        if not verdict.is_allowed:
            raise FetchError(Reason.ROBOTS_REFUSED, verdict.why)
        if coming_from != target.netloc:
            yield from self._turn(target.netloc, verdict.delay_s)

    def _turn(self, host: str, asked_delay_s: float | None) -> Generator[float, None, None]:
        policy = self._politeness
        delay_s = max(policy.delay_s, min(asked_delay_s or 0.0, policy.max_delay_s))
        slot = self._turns.take(host, delay_s, policy.max_wait_s)
        if not slot.is_taken:
            raise _put_off(host, slot.wait_s, slot.pause)
        if slot.wait_s > 0:
            yield slot.wait_s

    def _heed(self, host: str, fetched: Fetched) -> None:
        """One `too many requests` slows the host, not just the feed; so does one failure too many."""
        if fetched.reason is Reason.RATE_LIMITED or (fetched.status == 503 and fetched.retry_after_s):
            asked = _DEFAULT_PAUSE_S if fetched.retry_after_s is None else float(fetched.retry_after_s)
            self._turns.back_off(host, min(asked, _MAX_PAUSE_S), Reason.RATE_LIMITED)
        has_failed = fetched.reason is Reason.TIMED_OUT or (fetched.reason in _HOST_FAILURES and fetched.status is None)
        with self._lock:
            failures = self._failures.pop(host, 0) + 1
            if has_failed:
                self._failures[host] = failures
        if has_failed and failures >= _FAILURES and fetched.reason:
            self._turns.back_off(host, _FAILURE_PAUSE_S, fetched.reason)

    def _rules_of(self, target: Target, allow_private: bool) -> Generator[float, None, Rules]:
        """The host's rules. Raises FetchError where there was no answer to judge by."""
        host, now = target.netloc, self._client.clock()
        rules = self._rules.get(host)
        if rules is None or not robots.is_fresh(rules.copy, now):
            copy = self._hosts.robots(host)
            if copy is None or not robots.is_fresh(copy, now):
                copy = yield from self._read_robots(target, allow_private)
            rules = Rules(copy, self._client.user_agent)
            with self._lock:
                while len(self._rules) >= _PARSED_KEPT:
                    del self._rules[next(iter(self._rules))]
                self._rules[host] = rules
        if rules.copy.status == robots.NO_ANSWER:
            raise FetchError(Reason.UNREACHABLE, f"{host} gave no answer for robots.txt")
        return rules

    def _read_robots(self, target: Target, allow_private: bool) -> Generator[float, None, RobotsCopy]:
        yield from self._turn(target.netloc, None)
        url = f"{target.scheme}://{target.netloc}/robots.txt"
        fetched = self._client.get(url, allow_private=allow_private, cut_at=robots.MAX_BYTES)
        self._heed(target.netloc, fetched)
        failed = FetchError(
            fetched.reason or Reason.UNREACHABLE, f"robots.txt: {fetched.detail}", fetched.retry_after_s
        )
        if fetched.reason in _SAYS_NOTHING_OF_ROBOTS:
            raise failed
        copy = robots.copy_of(fetched, self._client.clock())
        self._hosts.keep_robots(target.netloc, copy)
        if fetched.status is None:
            raise failed
        return copy

    def _unasked(self, url: str, failed: FetchError) -> Fetched:
        return Fetched(
            requested_url=url,
            final_url=url,
            moved_to=None,
            at=self._client.clock(),
            outcome=Outcome.FAILED,
            reason=failed.reason,
            status=None,
            headers={},
            body=None,
            duration_ms=0,
            retry_after_s=failed.retry_after_s,
            detail=failed.detail,
        )


def _put_off(host: str, wait_s: float, pause: Reason | None) -> FetchError:
    if pause in _HOST_FAILURES:
        detail = f"{host} failed {_FAILURES} times running ({pause}): left alone for {round(wait_s)} s"
        return FetchError(pause or Reason.UNREACHABLE, detail, round(wait_s))
    return FetchError(Reason.RATE_LIMITED, f"{host} asked for a pause", round(wait_s))
