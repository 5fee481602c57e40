"""Many captures in, their articles or rejections out in the same order, each page in a process with limits.

Theory. A page can make a parser run for minutes, take gigabytes or crash the interpreter, and trafilatura crashes in
threads. So a page is read by a child process (`etl.extract.worker`): a plain subprocess speaking
length-prefixed pickles on its own pipes, which works inside an Airflow task, where `multiprocessing` would import the
task runner again. Time is processor time, kept by the kernel in the child; the wall clock only guards against a child
that waits for nothing. One that dies is replaced; the page it had is tried once more on a fresh one, since the fault
may be an earlier page's, and then rejected. Its neighbours never notice.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from etl.errors import DatelineError, Reason, Stage
from etl.records import Article, Capture, Rejected

_ROOT = Path(__file__).resolve().parents[2]
# Not `-m`: that needs this checkout on the child's path beforehand.
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from etl.extract.worker import main; main(*sys.argv[2:])"
_PATIENCE = 12  # wall seconds a processor second, on a machine shared by many
_START_SECONDS = 120.0  # imports on a busy machine; no page is being read


class WorkerCannotStartError(DatelineError):
    """The extraction worker does not start."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost."""

    seconds: int = 10  # of processor time: a busy machine must not cost an article
    megabytes: int = 500  # of the worker's data, libraries included


class _Died(Exception):  # noqa: N818 - an event inside this module
    """The worker went away while it had a page."""


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
    """One child process, started when first needed and replaced when it dies."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def extract(self, capture: Capture) -> Article | Rejected:
        for is_last in (False, True):
            try:
                return self._ask(capture)
            except TimeoutError:
                return _rejected(capture, Reason.TIMED_OUT, f"took over {self._limits.seconds} s")
            except _Died as death:
                if is_last or self._is_closed:
                    return _rejected(capture, Reason.POISON, str(death))
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._is_closed = True
        self.stop()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):  # a broken pipe has nothing left to flush
                        pipe.close()

    def _ask(self, capture: Capture) -> Article | Rejected:
        try:
            requests, replies = self._pipes()
            send(requests, capture)
            answer = _receive(replies, _PATIENCE * self._limits.seconds)
        except TimeoutError:
            self.stop()
            raise
        except (OSError, EOFError) as gone:
            code = self._buried()
            if code == -signal.SIGXCPU:
                raise TimeoutError from gone
            raise _Died(f"the worker died of signal {-code}" if code < 0 else f"the worker ended with {code}") from gone
        if isinstance(answer, str):  # the worker caught its own end: out of memory
            self.stop()
            raise _Died(answer)
        if not isinstance(answer, Article | Rejected):
            raise TypeError(f"worker answered {type(answer).__name__}")
        return answer

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = _start(self._limits)
        if self._is_closed:
            self.stop()
            raise EOFError
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("opened with pipes")
        return self._process.stdin, self._process.stdout

    def _buried(self) -> int:
        """Exit code of the process that went away."""
        process = self._process
        code = process.wait() if process is not None else 0
        self.stop()
        return code


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", _BOOT, str(_ROOT), str(limits.megabytes), str(limits.seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches us first, and we stop it
    )
    try:
        if process.stdout is None or _receive(process.stdout, _START_SECONDS) != "ready":
            raise EOFError
    except (OSError, EOFError) as gone:
        process.kill()
        process.wait()
        raise WorkerCannotStartError(sys.executable, "Run `python -m etl.extract.worker 500 10` to see why.") from gone
    return process


def send(pipe: IO[bytes], message: object) -> None:
    """Write one message: eight bytes of length, then a pickle."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(8, "big") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> object:
    """Read one message; EOFError where the other side has gone."""
    size = int.from_bytes(_exactly(pipe, 8), "big")
    return pickle.loads(_exactly(pipe, size))  # noqa: S301 - only ever between us and our own child


def _receive(pipe: IO[bytes], seconds: float) -> object:
    ready, _, _ = select.select([pipe], [], [], seconds)
    if not ready:
        raise TimeoutError
    return receive(pipe)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _rejected(capture: Capture, reason: Reason, detail: str) -> Rejected:
    return Rejected(Stage.EXTRACT, reason, capture.url or "", detail)
