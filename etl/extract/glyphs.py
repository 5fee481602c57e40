"""Texts in; how many characters of each kind each of them has out, counted for all of them at once.

A page has hundreds of short texts, so they are laid end to end as numbers and each kind is counted by one sum. What
kind a character is, is asked of it once: the table is filled as characters are met.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_CLOSERS = "\"'”»’)]"
_IS_OF = (  # in this order a bit each; what needs no question of its own is listed
    ("digit", str.isdigit),
    ("capital", str.isupper),
    ("small", str.islower),
    ("space", str.isspace),
    ("dense", lambda c: _DENSE.match(c) is not None),  # a character a word or syllable
    ("comma", ",、，،".__contains__),
    ("quote", '"“”„«»「」'.__contains__),
    ("closer", _CLOSERS.__contains__),
    ("stop", ".!?…。！？؟।".__contains__),
    ("full_stop", "。！？".__contains__),  # ends a sentence without a space behind it
    ("colon", ":：".__contains__),
    ("bar", "|•›".__contains__),
    ("right", "©@".__contains__),
    ("line", "\n".__contains__),
)
_BIT = {name: 2 << n for n, (name, _) in enumerate(_IS_OF)}
_KNOWN = 1


class Glyphs:
    """The characters of some texts, none of them empty."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._joined = "\n".join([*texts, ""])
        self._codes = np.frombuffer(self._joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self.lengths: Ints = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self._ends = np.cumsum(self.lengths + 1) - 1
        self._starts = self._ends - self.lengths
        self._kinds = _kinds(self._codes)

    def count(self, kind: str, within: int | None = None) -> Ints:
        """Characters of a kind a text, in its first so many or in all of it."""
        ends = self._ends if within is None else np.minimum(self._ends, self._starts + within)
        spans = np.column_stack([self._starts, ends]).ravel()
        return np.add.reduceat(self._is(kind), spans, dtype=np.int64)[::2]

    def begins(self, kind: str) -> Bools:
        """Whether the first character is of a kind."""
        found: Bools = self._is(kind)[self._starts]
        return found

    def ends(self, kind: str) -> Bools:
        """Whether the last one is of a kind, quotation marks and brackets after it aside."""
        at, is_closer = self._ends - 1, self._is("closer")
        while (inside := is_closer[at] & (at > self._starts)).any():
            at = at - inside
        return self._is(kind)[at] & ~is_closer[at]

    def ends_with(self, char: str, within: int) -> Bools:
        """Whether a character is among the last so many."""
        return self._any(np.flatnonzero(self._codes == ord(char)), self._ends - within)

    def has(self, word: str) -> Bools:
        """Whether a word is in it."""
        found = [m.start() for m in re.finditer(re.escape(word), self._joined)] if word in self._joined else []
        return self._any(np.array(found, dtype=np.int64), self._starts)

    def sentences(self) -> Ints:
        """How many ends of sentences a text has: a stop before a space, quotation marks and brackets between aside."""
        stops = np.flatnonzero(self._is("stop"))
        behind, is_closer = stops + 1, self._is("closer")
        while (inside := is_closer[behind]).any():
            behind = behind + inside
        ends = stops[self._is("full_stop")[stops] | self._is("space")[behind]]
        return np.bincount(self._text_of(ends), minlength=len(self.lengths))

    def _any(self, places: Ints, least: Ints) -> Bools:
        texts = self._text_of(places)
        found = np.zeros(len(self.lengths), dtype=np.bool_)
        found[texts[places >= least[texts]]] = True
        return found

    def _text_of(self, places: Ints) -> Ints:
        return np.searchsorted(self._starts, places, side="right") - 1

    def _is(self, kind: str) -> Bools:
        found: Bools = (self._kinds & _BIT[kind]) != 0
        return found


def _kinds(codes: NDArray[np.uint32]) -> NDArray[np.uint16]:
    table = _table()
    found = table[codes]
    if not found.all():
        for code in np.unique(codes[found == 0]).tolist():
            char = chr(code)
            table[code] = _KNOWN | sum(_BIT[name] for name, is_it in _IS_OF if is_it(char))
        found = table[codes]
    return found


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint16]:
    """Kinds by code point, none where it was not met yet."""
    return np.zeros(0x110000, dtype=np.uint16)
