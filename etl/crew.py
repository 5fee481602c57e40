"""A message goes in; what a child process with limits on time and memory makes of it comes out, or word of its end.

Theory. Someone's bytes can make a parser run for minutes, take gigabytes or crash the interpreter. So what reads them
runs in a child: a plain subprocess speaking length-prefixed pickles on its own pipes, which works inside an Airflow
task, where `multiprocessing` would import the task runner again. The child is kept for the next message and replaced
when it dies. Time is processor time, kept by the kernel in the child (SIGPROF ends it); the wall clock only guards
against a child that waits for nothing. Both sides of the pipe are here: `Member` asks, `serve` answers.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from etl.errors import DatelineError

_ROOT = Path(__file__).resolve().parents[1]
# Not `-m`: that needs this checkout on the child's path beforehand.
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from importlib import import_module; "
    "import_module(sys.argv[2]).main(*sys.argv[3:])"
)
_PATIENCE = 12  # wall seconds a processor second, on a machine shared by many
_START_SECONDS = 120.0  # imports on a busy machine; no message is being read


class WorkerCannotStartError(DatelineError):
    """The worker process does not start."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may cost."""

    seconds: float = 10  # of processor time: a busy machine must not cost an answer
    megabytes: int = 500  # of the child's data, libraries included


class Died(Exception):  # noqa: N818 - an event, told to whoever asked
    """The child went away while it had a message."""


class Member:
    """One child process, started when first needed and replaced when it dies."""

    def __init__(self, module: str, limits: Limits) -> None:
        """`module` has a `main(megabytes, seconds)` that calls `serve`."""
        self.is_closed = False
        self._module = module
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, message: object) -> object:
        """The child's answer; TimeoutError where it took too long, Died where it ended otherwise.

        Raises WorkerCannotStartError where no child can be started at all.
        """
        try:
            requests, replies = self._pipes()
            _send(requests, message)
            answer = _receive_within(replies, _PATIENCE * self._limits.seconds)
        except TimeoutError:
            self.stop()
            raise
        except (OSError, EOFError) as gone:
            code = self._buried()
            if code == -signal.SIGPROF:
                raise TimeoutError from gone
            raise Died(f"the worker died of signal {-code}" if code < 0 else f"the worker ended with {code}") from gone
        if isinstance(answer, _LastWord):
            self.stop()
            raise Died(answer.told)
        return answer

    def close(self) -> None:
        """End the child, and start none again."""
        self.is_closed = True
        self.stop()

    def stop(self) -> None:
        """End the child; the next message starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):  # a broken pipe has nothing left to flush
                        pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = _start(self._module, self._limits)
        if self.is_closed:
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


@dataclass(frozen=True, slots=True)
class _LastWord:
    """What a child says that noticed its own end."""

    told: str


def serve(answer: Callable[[object], object], megabytes: str, seconds: str, *, warm_up: Callable[[], None]) -> None:
    """Be the child: answer messages until the other side closes the pipe.

    Memory is limited before anything else happens; `warm_up` pays for imports before any message's time runs. Standard
    output is kept for the protocol: whatever a library prints goes to standard error.
    """
    limit = int(megabytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warm_up()
    with contextlib.suppress(EOFError, BrokenPipeError):  # our parent has what it wanted, or is gone
        _send(replies, "ready")
        while True:
            message = _receive(requests)
            signal.setitimer(signal.ITIMER_PROF, float(seconds))  # even if our parent is gone
            try:
                found = answer(message)
            except MemoryError:  # perhaps by what earlier messages left behind: a fresh child may do better
                found = _LastWord("out of memory")
            _send(replies, found)
            signal.setitimer(signal.ITIMER_PROF, 0)  # reading the next message is not this one's cost
            if isinstance(found, _LastWord):
                return


def _start(module: str, limits: Limits) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", _BOOT, str(_ROOT), module, str(limits.megabytes), str(limits.seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches us first, and we stop it
    )
    try:
        if process.stdout is None or _receive_within(process.stdout, _START_SECONDS) != "ready":
            raise EOFError
    except (OSError, EOFError) as gone:
        process.kill()
        process.wait()
        raise WorkerCannotStartError(sys.executable, f"Run `python -m {module} 500 10` to see why.") from gone
    return process


def _send(pipe: IO[bytes], message: object) -> None:
    """Write one message: eight bytes of length, then a pickle."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(8, "big") + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> object:
    """Read one message; EOFError where the other side has gone."""
    size = int.from_bytes(_exactly(pipe, 8), "big")
    return pickle.loads(_exactly(pipe, size))  # noqa: S301 - only ever between us and our own child


def _receive_within(pipe: IO[bytes], seconds: float) -> object:
    ready, _, _ = select.select([pipe], [], [], seconds)
    if not ready:
        raise TimeoutError
    return _receive(pipe)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
