"""Texts go in; whether another text quotes them comes out: runs of eight folded words in common. Pure.

Meant for finding what is left of an article, not for telling copies: one run is enough. A text of four to seven words,
as many headlines are, is sought as a whole; a shorter one says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from etl.dedup.fold import words

_RUN = 8
_LEAST = 4
_WHOLE = 20  # words a text must have to be known again by all of them


class Quoted:
    """Texts that others may quote."""

    def __init__(self, texts: Iterable[str | None]) -> None:
        self._runs: set[tuple[str, ...]] = set()
        for text in texts:
            said = words(text or "")
            n = min(_RUN, len(said))
            if n >= _LEAST:
                self._runs.update(tuple(said[i : i + n]) for i in range(len(said) - n + 1))
        self._lengths = {len(run) for run in self._runs}

    def is_in(self, text: str) -> bool:
        """Whether the text, free of markup, quotes one of them."""
        said = words(text)
        return any(tuple(said[i : i + n]) in self._runs for n in self._lengths for i in range(len(said) - n + 1))


def text_hash(body: str) -> str | None:
    """What a body is known again by, wherever it stands: its folded words; None for one too short for that."""
    said = words(body)
    return hashlib.sha256(" ".join(said).encode()).hexdigest() if len(said) >= _WHOLE else None
