"""Many captures in, their articles or rejections out in the same order, each page in a process with limits.

Theory. A page can make a parser run for minutes, take gigabytes or crash the interpreter, and trafilatura crashes in
threads. So a page is read by a child process (`etl.extract.worker`, kept by `etl.crew`). One that dies is replaced;
the page it had is tried once more on a fresh one, since the fault may be an earlier page's, and then rejected. Its
neighbours never notice.
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from etl.crew import Died, Limits, Member
from etl.errors import Reason, Stage
from etl.records import Article, Capture, Rejected

__all__ = ["Extract", "Limits", "crew", "extract_all"]

Extract = Callable[[Iterable[Capture]], Iterator[Article | Rejected]]


@contextmanager
def crew(workers: int = 1, *, limits: Limits | None = None) -> Iterator[Extract]:
    """Worker processes for the block; what it yields extracts captures, in order, as often as it is called.

    It reads no further ahead than they need. Raises WorkerCannotStartError where no worker can be started at all.
    """
    idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
    members = [_Worker(limits or Limits()) for _ in range(max(1, workers))]
    for worker in members:
        idle.put(worker)
    with ThreadPoolExecutor(len(members), thread_name_prefix="extract") as threads:

        def extract(captures: Iterable[Capture]) -> Iterator[Article | Rejected]:
            waiting: deque[Future[Article | Rejected]] = deque()
            try:
                for capture in captures:
                    waiting.append(threads.submit(_with_idle, idle, capture))
                    if len(waiting) > 2 * len(members):
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:  # also for a caller who has seen enough
                for future in waiting:
                    future.cancel()

        try:
            yield extract
        finally:  # also on Ctrl-C
            for worker in members:
                worker.close()


def extract_all(
    captures: Iterable[Capture], workers: int = 1, *, limits: Limits | None = None
) -> Iterator[Article | Rejected]:
    """Extract each capture, in order, with a crew of its own."""
    with crew(workers, limits=limits) as extract:
        yield from extract(captures)


def _with_idle(idle: queue.SimpleQueue[_Worker], capture: Capture) -> Article | Rejected:
    worker = idle.get()
    try:
        return worker.extract(capture)
    finally:
        idle.put(worker)


class _Worker:
    """One child process, and what its end means for the page it had."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._member = Member("etl.extract.worker", limits)

    def extract(self, capture: Capture) -> Article | Rejected:
        for is_last in (False, True):
            try:
                answer = self._member.ask(capture)
            except TimeoutError:
                return _rejected(capture, Reason.TIMED_OUT, f"took over {self._limits.seconds} s")
            except Died as death:
                if is_last or self._member.is_closed:
                    return _rejected(capture, Reason.POISON, str(death))
            else:
                if not isinstance(answer, Article | Rejected):
                    raise TypeError(f"worker answered {type(answer).__name__}")
                return answer
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._member.close()


def _rejected(capture: Capture, reason: Reason, detail: str) -> Rejected:
    return Rejected(Stage.EXTRACT, reason, capture.url or "", detail)
