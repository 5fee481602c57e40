"""A Ctrl-C that somebody swallows is raised again."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress

import pytest

from etl.local.interrupts import insistent


def deaf(seconds: float) -> None:
    """Swallow the first two interrupts, as Airflow's task runner does."""
    for _ in range(2):
        with suppress(BaseException):
            time.sleep(seconds)
    time.sleep(seconds)


def test_it_is_raised_again_until_the_context_is_left() -> None:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), insistent():
        deaf(20)
    assert time.monotonic() - began < 5
    time.sleep(0.5)  # and not afterwards


def test_a_term_ends_it_with_the_usual_exit_code() -> None:
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
    with pytest.raises(SystemExit) as ended, insistent():
        time.sleep(20)
    assert ended.value.code == 128 + signal.SIGTERM


def test_handlers_are_put_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with insistent():
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


def test_outside_the_main_thread_it_does_nothing() -> None:
    reached = []

    def work() -> None:
        with insistent():
            reached.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert reached == [signal.getsignal(signal.SIGINT)]
