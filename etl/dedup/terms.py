"""A headline and a text go in; the terms that tell which event they are about come out, with how much each counts.

Theory. Reports of one event share names, figures and particular words, not sentences. Terms are the folded words and,
three times as heavy, the names: runs of capitalised words, whole and word by word, but for a lone capital that begins
a sentence; four times as heavy, words with a digit: ages, magnitudes, sums and dates tell two like events apart. The
headline counts twice. Words of up to three letters are left out: they bind sentences, and where two articles of one
language stand among many of another they would pass for rare. A term's weight grows with the logarithm of its count,
so that a long text is not about everything it repeats. Scripts without capitals have no names and are compared by
words alone. Kept are half a hash and the count, five bytes a term: of the hundred thousand terms of a week one in forty
thousand shares its half with another, and two of one text that do are one.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from etl.dedup import fold

if TYPE_CHECKING:
    import numpy as np

    Column = np.ndarray[Any, np.dtype[Any]]

MAX_CHARACTERS = 20_000  # an event is told early
MAX_TERMS = 150
MAX_COUNT = 255  # one byte; what counts more is everywhere in its text
_TITLE, _NAME, _FIGURE = 2, 3, 4
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORT, _UNSPACED = 3, "\u0e00"  # letters; from here on, scripts whose letters are compared one by one
_NAME_MARK, _FIGURE_MARK = "\x1f", "\x1e"  # keep the name "may" apart from the word


def terms(title: str | None, text: str) -> dict[int, int]:
    """Upper half, signed, of the 64-bit hash of each term → how often it counts; the heaviest 150."""
    from xxhash import xxh3_64_intdigest

    counts: defaultdict[str, int] = defaultdict(int)
    for part, times in ((title or "", _TITLE), (text[:MAX_CHARACTERS], 1)):
        for word in fold.words(part):
            if len(word) > _SHORT or word >= _UNSPACED:
                counts[word] += times
            if _DIGIT.search(word):
                counts[_FIGURE_MARK + word] += times * _FIGURE
        for name in _names(part):
            counts[_NAME_MARK + name] += times * _NAME
    found: defaultdict[int, int] = defaultdict(int)
    for term, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_TERMS]:
        half = xxh3_64_intdigest(term.encode(errors="replace")) >> 32
        found[half - 2**32 if half >= 2**31 else half] += n
    return {half: min(n, MAX_COUNT) for half, n in found.items()}


def weights(counts: Column) -> Column:
    """What terms weigh before rarity, float32, by how often they count: 1 to 255."""
    return _weight_of()[counts]


@cache
def _weight_of() -> Column:
    import numpy as np

    return np.array([0.0, *(round(1 + math.log(n), 4) for n in range(1, MAX_COUNT + 1))], dtype=np.float32)


def _names(text: str) -> Iterator[str]:
    """The names in a text: each capitalised run, and each word of it."""
    for sentence in _SENTENCE.split(text):
        run: list[str] = []
        starts = 0
        for place, token in enumerate([*_TOKEN.findall(sentence), ""]):
            if token[:1].isupper():
                starts = starts if run else place
                run.append(token.casefold())
            elif run:
                yield from _parts(run, is_lone_start=starts == 0 and len(run) == 1)
                run = []


def _parts(run: list[str], *, is_lone_start: bool) -> Iterator[str]:
    if is_lone_start:
        return
    yield from run
    if len(run) > 1:
        yield " ".join(run)
