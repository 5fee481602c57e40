"""Requests go in; one `Fetched` each comes out, robots.txt obeyed and each host asked slowly, one by one.

Order per request: robots.txt (kept a day), a slot of the host, the wait for it, the request. An answer that
says `too many requests` slows the host, so its other feeds and pages wait too. A slot too far off is not
waited for: the request comes back as rate limited, unasked, with the pause to make.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from etl.errors import Reason
from etl.fetch import robots
from etl.fetch.answers import Target
from etl.fetch.client import Client
from etl.fetch.guard import FetchError
from etl.fetch.hosts import HostStore, RobotsCopy
from etl.records import Fetched, Outcome, Validators

# The request never reached the host, or was put off: there is no answer to judge by, now or for the next
# page.
_SAYS_NOTHING_OF_ROBOTS = frozenset({Reason.RATE_LIMITED, Reason.ADDRESS_REFUSED, Reason.SCHEME_REFUSED})
_DEFAULT_PAUSE_S = 60.0  # after "too many requests" without a Retry-After
_MAX_PAUSE_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One document to ask for."""

    url: str
    validators: Validators | None = None
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How slowly one host is asked."""

    delay_s: float = 1.0  # between two requests to one host
    max_delay_s: float = 30.0  # the longest crawl-delay honoured
    max_wait_s: float = 60.0  # the longest a worker waits for a slot


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
        self._politeness = politeness
        self._sleep = sleep

    def get(self, url: str, validators: Validators | None = None, *, allow_private: bool = False) -> Fetched:
        """Ask for a document as soon as its host may be asked."""
        try:
            target = Target(url)
        except FetchError as failed:
            return self._unasked(url, failed.reason, failed.detail)
        copy = self._robots(target, allow_private)
        if isinstance(copy, Fetched):
            return self._unasked(
                url, copy.reason or Reason.UNREACHABLE, f"robots.txt: {copy.detail}", copy.retry_after_s
            )
        if copy.status == robots.NO_ANSWER:
            return self._unasked(url, Reason.UNREACHABLE, f"{target.netloc} gave no answer for robots.txt")
        verdict = robots.verdict(copy, target.url, self._client.user_agent)
        if not verdict.is_allowed:
            return self._unasked(url, Reason.ROBOTS_REFUSED, verdict.why)
        return self._ask(url, target.netloc, validators, allow_private, verdict.delay_s)

    def robots(self, url: str, *, allow_private: bool = False) -> str:
        """What robots.txt says of an address, in words."""
        target = Target(url)
        copy = self._robots(target, allow_private)
        if isinstance(copy, Fetched):
            return f"robots.txt could not be read: {copy.detail}"
        verdict = robots.verdict(copy, target.url, self._client.user_agent)
        return verdict.why + (f", one request every {verdict.delay_s:g} s" if verdict.delay_s else "")

    def _ask(
        self,
        url: str,
        host: str,
        validators: Validators | None,
        allow_private: bool,
        asked_delay_s: float | None,
    ) -> Fetched:
        policy = self._politeness
        delay_s = max(policy.delay_s, min(asked_delay_s or 0.0, policy.max_delay_s))
        wait_s = self._hosts.reserve(host, delay_s)
        if wait_s > policy.max_wait_s:
            return self._unasked(url, Reason.RATE_LIMITED, f"{host} asked for a pause", round(wait_s))
        if wait_s > 0:
            self._sleep(wait_s)
        fetched = self._client.get(url, validators, allow_private=allow_private)
        self._heed(host, fetched)
        return fetched

    def _heed(self, host: str, fetched: Fetched) -> None:
        """One `too many requests` slows the host, not just the feed."""
        if fetched.reason is Reason.RATE_LIMITED or (fetched.status == 503 and fetched.retry_after_s):
            asked = _DEFAULT_PAUSE_S if fetched.retry_after_s is None else float(fetched.retry_after_s)
            self._hosts.back_off(host, min(asked, _MAX_PAUSE_S))

    def _robots(self, target: Target, allow_private: bool) -> RobotsCopy | Fetched:
        """The host's robots.txt, or the failed request for it where there was no answer to judge by."""
        now = self._client.clock()
        copy = self._hosts.robots(target.netloc)
        if copy is not None and robots.is_fresh(copy, now):
            return copy
        url = f"{target.scheme}://{target.netloc}/robots.txt"
        fetched = self._ask(url, target.netloc, None, allow_private, None)
        if fetched.reason in _SAYS_NOTHING_OF_ROBOTS:
            return fetched
        text = (fetched.body or b"")[: robots.MAX_BYTES].decode("utf-8", errors="replace").replace("\0", "")
        copy = RobotsCopy(body=text, status=_robots_status(fetched), fetched_at=now)
        self._hosts.keep_robots(target.netloc, copy)
        return fetched if fetched.status is None else copy

    def _unasked(self, url: str, reason: Reason, detail: str, retry_after_s: int | None = None) -> Fetched:
        return Fetched(
            requested_url=url,
            final_url=url,
            moved_to=None,
            at=self._client.clock(),
            outcome=Outcome.FAILED,
            reason=reason,
            status=None,
            headers={},
            body=None,
            duration_ms=0,
            retry_after_s=retry_after_s,
            detail=detail,
        )


def _robots_status(fetched: Fetched) -> int:
    """The status to judge by. As in RFC 9309 endless redirects mean no rules; a failed read is no answer."""
    status = fetched.status or robots.NO_ANSWER
    if 300 <= status < 400:
        return 404
    if 200 <= status < 300 and fetched.outcome is Outcome.FAILED and fetched.reason is not Reason.TOO_LARGE:
        return robots.NO_ANSWER
    return status


def fetch_all(session: Session, requests: Iterable[Request], workers: int = 8) -> Generator[Fetched, None, None]:
    """Ask for all of them, hosts side by side, one host's in order; answers as they come.

    Leaving the iteration early stops after the requests under way.
    """
    by_host: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        by_host[_host(request.url)].append(request)
    answers: queue.SimpleQueue[Fetched | BaseException] = queue.SimpleQueue()
    stop = threading.Event()

    def ask(of_one_host: list[Request]) -> None:
        try:
            for request in of_one_host:
                if stop.is_set():
                    return
                answers.put(session.get(request.url, request.validators, allow_private=request.allow_private))
        except BaseException as bug:
            answers.put(bug)  # a bug or a lost database belongs to the caller, not to a thread
            raise

    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="dateline-fetch") as pool:
        for of_one_host in by_host.values():
            pool.submit(ask, of_one_host)
        try:
            for _ in range(sum(map(len, by_host.values()))):
                answer = answers.get()
                if isinstance(answer, BaseException):
                    raise answer
                yield answer
        finally:
            stop.set()


def _host(url: str) -> str:
    try:
        return Target(url).netloc
    except FetchError:
        return ""
