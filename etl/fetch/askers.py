"""Requests go in at any time; answers come out as they arrive: hosts side by side, one host's requests in order.

A few threads ask for all hosts. A host whose turn has not come is set aside until then and holds no thread, so slow
hosts, however many pages they owe, delay nobody. Few answers may wait to be taken: threads stop asking while the
taker is busy, which bounds the memory that bodies take.
"""

from __future__ import annotations

import heapq
import queue
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import Self

from etl.fetch.answers import Target
from etl.fetch.guard import FetchError
from etl.fetch.session import Session, Steps
from etl.records import Fetched, Validators

WORKERS = 12
_UNTAKEN = 4  # answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One document to ask for."""

    url: str
    validators: Validators | None = None
    allow_private: bool = False
    tag: int = 0  # the asker's own mark: two requests may name one address
    cut_at: int | None = None  # bytes: of a longer body its beginning is the answer


@dataclass(slots=True)
class _Host:
    """What one host is to be asked, in order; the first may be under way."""

    waiting: deque[Request] = field(default_factory=deque)
    asked: Request | None = None
    steps: Steps | None = None


class Askers:
    """Threads that ask. Leaving the block stops them after the requests under way."""

    def __init__(self, session: Session, workers: int = WORKERS) -> None:
        self._session = session
        self._hosts: dict[str, _Host] = {}
        self._due: list[tuple[float, int, str]] = []  # heap: when, order of arrival, host
        self._order = count()
        self._changed = threading.Condition()
        self._is_over = False
        self._answers: queue.Queue[tuple[Request, Fetched] | BaseException] = queue.Queue(_UNTAKEN)
        self._threads = [
            threading.Thread(target=self._work, daemon=True, name=f"dateline-fetch-{n}") for n in range(workers)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        while any(thread.is_alive() for thread in self._threads):
            self._take(0.05)  # a thread may be waiting to hand over an answer

    def ask(self, requests: Iterable[Request]) -> None:
        """Add requests, each behind what its host is asked already."""
        with self._changed:
            for request in requests:
                name = _host(request.url)
                if name not in self._hosts:
                    self._hosts[name] = _Host()
                    heapq.heappush(self._due, (0.0, next(self._order), name))
                self._hosts[name].waiting.append(request)
            self._changed.notify_all()

    def answers(self, most: int, max_bytes: int, linger_s: float) -> list[tuple[Request, Fetched]]:
        """Wait for an answer; then take what else comes within a moment, up to a number and a size.

        Raises what went wrong in a thread: a bug or a lost database belongs to the caller.
        """
        taken = [self._answer(None)]
        size, until = len(taken[0][1].body or b""), time.monotonic() + linger_s
        while len(taken) < most and size < max_bytes:
            try:
                taken.append(self._answer(max(0.0, until - time.monotonic())))
            except queue.Empty:
                break
            size += len(taken[-1][1].body or b"")
        return taken

    def withdraw(self) -> list[Request]:
        """Take back what is not under way; those that are will still be answered."""
        with self._changed:
            back: list[Request] = []
            set_aside = {name for _, _, name in self._due}
            for name, host in self._hosts.items():
                if host.asked and name in set_aside:
                    back.append(host.asked)
                    host.asked = host.steps = None
                back += host.waiting
                host.waiting.clear()
            return back

    def _answer(self, timeout_s: float | None) -> tuple[Request, Fetched]:
        answer = self._answers.get(timeout=timeout_s) if timeout_s != 0 else self._answers.get_nowait()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _take(self, timeout_s: float) -> None:
        try:
            self._answers.get(timeout=timeout_s)
        except queue.Empty:
            return

    def _work(self) -> None:
        try:
            while (name := self._next()) is not None:
                self._step(name)
        except BaseException as bug:  # noqa: BLE001 - whatever it is, it is raised where answers are taken
            self._answers.put(bug)

    def _next(self) -> str | None:
        """The host whose turn it is; None when all is over."""
        with self._changed:
            while not self._is_over:
                left_s = self._due[0][0] - time.monotonic() if self._due else None
                if left_s is not None and left_s <= 0:
                    name = heapq.heappop(self._due)[2]
                    self._changed.notify()  # somebody has to watch for the next one
                    return name
                self._changed.wait(left_s)
        return None

    def _step(self, name: str) -> None:
        """Take a host's first request one step further, and put the host back in line."""
        with self._changed:
            host = self._hosts[name]
            if host.asked is None and host.waiting:
                host.asked = host.waiting.popleft()
                host.steps = _steps(self._session, host.asked)
            asked, steps = host.asked, host.steps
            if asked is None or steps is None:
                del self._hosts[name]
                return
        wait_s = 0.0
        try:
            wait_s = next(steps)
        except StopIteration as done:
            self._answers.put((asked, done.value))
            host.asked = host.steps = None
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + wait_s, next(self._order), name))
            self._changed.notify()


def _steps(session: Session, request: Request) -> Steps:
    return session.steps(request.url, request.validators, allow_private=request.allow_private, cut_at=request.cut_at)


def fetch_all(session: Session, requests: Iterable[Request], workers: int = WORKERS) -> Generator[Fetched, None, None]:
    """Ask for all of them; answers as they come. Leaving early stops after the requests under way."""
    with Askers(session, workers) as askers:
        asked = list(requests)
        askers.ask(asked)
        for _ in asked:
            yield askers.answers(1, 0, 0)[0][1]


def _host(url: str) -> str:
    try:
        return Target(url).netloc
    except FetchError:
        return ""
