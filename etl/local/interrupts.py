"""Ctrl-C that is heard: a signal in, an exception raised again and again until the context is left.

Airflow's task runner takes a KeyboardInterrupt inside a task for an ordinary failure and goes on with the next
attempt. It uses the alarm clock itself, so a thread of ours repeats the signal.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = 0.03  # shorter than what Airflow does between two tasks, where nobody swallows it


@contextmanager
def insistent() -> Iterator[None]:
    """Within it SIGINT raises KeyboardInterrupt and SIGTERM SystemExit, repeatedly; main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    left, repeaters = threading.Event(), list[threading.Thread]()

    def interrupt(number: int, _frame: FrameType | None) -> None:
        if left.is_set():
            return
        if not repeaters:
            repeaters.append(threading.Thread(target=_repeat, args=(number, left), daemon=True))
            repeaters[0].start()
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        left.set()
        for repeater in repeaters:
            repeater.join()
        for number, handler in before.items():
            signal.signal(number, handler)


def _repeat(number: int, left: threading.Event) -> None:
    while not left.wait(_AGAIN_SECONDS):
        main = threading.main_thread().ident
        if main is not None:
            signal.pthread_kill(main, number)
