"""Ctrl-C that is heard: a signal in, an exception raised again and again until the context is left.

Airflow's task runner takes a KeyboardInterrupt inside a task for an ordinary failure and goes on with the next attempt.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = 0.3


@contextmanager
def insistent() -> Iterator[None]:
    """Within it SIGINT raises KeyboardInterrupt and SIGTERM SystemExit, repeatedly; main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    raised: list[BaseException] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGALRM:
            raised.append(KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number))
            signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS, _AGAIN_SECONDS)
        raise raised[-1]

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    before = {number: signal.signal(number, interrupt) for number in signals}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
