"""Captures in on standard input, articles or rejections out on standard output; `pool` starts it and ends it.

Its memory is limited before anything else happens. Standard output is kept for the protocol: whatever a library prints
goes to standard error.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import IO

from etl.errors import Reason, Stage
from etl.extract.pool import receive, send
from etl.records import Capture, Rejected


def main(megabytes: str, seconds: str) -> None:
    """Serve until the other side closes the pipe."""
    limit = int(megabytes) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _warm_up()
    send(replies, "ready")
    try:
        _serve(requests, replies, int(seconds))
    except (EOFError, BrokenPipeError):
        return  # our parent has what it wanted, or is gone


def _serve(requests: IO[bytes], replies: IO[bytes], seconds: int) -> None:
    from etl.extract.article import extract

    while True:
        capture = receive(requests)
        if not isinstance(capture, Capture):
            raise TypeError(type(capture).__name__)
        _allow(seconds)
        try:
            answer = extract(capture)
        except MemoryError:  # perhaps by what earlier pages left behind: a fresh worker tries again
            send(replies, "out of memory")
            return
        except Exception as error:  # noqa: BLE001 - parsers meet pages their authors never saw; one page must not stop the rest
            told = f"{type(error).__name__}: {error}"[:200]
            answer = Rejected(Stage.EXTRACT, Reason.POISON, capture.url or "", f"the reader broke on it: {told}")
        send(replies, answer)


def _allow(seconds: int) -> None:
    """Let the kernel end us (SIGXCPU) once this page has used its processor time, even if our parent is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, resource.RLIM_INFINITY))


def _warm_up() -> None:
    """Pay the heavy imports once, before any page's time runs."""
    import ftfy  # noqa: F401
    import htmldate  # noqa: F401
    import trafilatura  # noqa: F401

    from etl.extract.language import language_of

    language_of("Loads the model, so that no page waits for it or is charged for it.")


if __name__ == "__main__":
    main(*sys.argv[1:])
