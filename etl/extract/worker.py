"""Captures in on standard input, articles or rejections out on standard output; `pool` starts it and ends it."""

from __future__ import annotations

import sys

from etl.crew import serve
from etl.errors import Reason, Stage
from etl.records import Capture, Rejected


def main(megabytes: str, seconds: str) -> None:
    """Serve until the other side closes the pipe."""
    serve(_answer, megabytes, seconds, warm_up=_warm_up)


def _answer(capture: object) -> object:
    from etl.extract.article import extract

    if not isinstance(capture, Capture):
        raise TypeError(type(capture).__name__)
    try:
        return extract(capture)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - parsers meet pages their authors never saw; one page must not stop the rest
        told = f"{type(error).__name__}: {error}"[:200]
        return Rejected(Stage.EXTRACT, Reason.POISON, capture.url or "", f"the reader broke on it: {told}")


def _warm_up() -> None:
    """Pay the imports that every page needs once, before any page's time runs; a rare page pays for its own."""
    import gc

    from etl.extract import article  # noqa: F401
    from etl.extract.forest import packaged
    from etl.extract.language import language_of

    language_of("Loads the model, so that no page waits for it or is charged for it.")
    packaged()
    gc.freeze()  # what the libraries hold is never rubbish, and need not be looked through at each page
    gc.set_threshold(50_000, 20, 20)  # a page is thousands of elements, which die together when it is done


if __name__ == "__main__":
    main(*sys.argv[1:])
