"""Ctrl-C at any moment in; one sentence and exit code 130 out, whatever the clearing up after it made of the exception.

Theory. Python raises KeyboardInterrupt wherever the main thread happens to be. A `finally` that asks a database in the
midst of something replaces it by an error of its own; in a destructor it is printed and forgotten, and the work goes
on. So that it was pressed is remembered: who was asked to stop has stopped, not failed, and what a destructor swallowed
is raised again. Where SIGINT is ignored, as in the background of a script, it stays so.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

CODE = 130
_AGAIN_S = 0.05  # until a destructor has ended


@contextmanager
def heard() -> Iterator[None]:
    """For the block, Ctrl-C ends the process with 130 and one sentence, once all is cleared up; then it is over."""
    was_pressed = threading.Event()

    def press(_number: int, _frame: FrameType | None) -> None:
        was_pressed.set()
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, press)
        sys.unraisablehook = _raised_again
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        was_pressed.set()
    except BaseException:  # whatever clearing up made of a Ctrl-C; where nobody pressed, it is not ours
        if not was_pressed.is_set():
            raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left is to say how it ended
    if was_pressed.is_set():
        click.echo("dateline: stopped", err=True)
        sys.exit(CODE)


def _raised_again(told: UnraisableHookArgs) -> None:
    if issubclass(told.exc_type, KeyboardInterrupt):
        again = threading.Timer(_AGAIN_S, signal.raise_signal, [signal.SIGINT])
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(told)
