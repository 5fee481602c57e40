"""A headline and a text go in; the terms that tell which event they are about come out, with weights before rarity.

Theory. Reports of one event share names, figures and particular words, not sentences. Terms are the folded words and,
three times as heavy, the names: runs of capitalised words, whole and word by word, but for a lone capital that begins
a sentence; four times as heavy, words with a digit: ages, magnitudes, sums and dates tell two like events apart. The
headline counts twice. Words of up to three letters are left out: they bind sentences, and where two articles of one
language stand among many of another they would pass for rare. A term's weight grows with the logarithm of its count,
so that a long text is not about everything it repeats. Scripts without capitals have no names and are compared by
words alone.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator

from etl.dedup import fold

MAX_CHARACTERS = 20_000  # an event is told early
MAX_TERMS = 150
_TITLE, _NAME, _FIGURE = 2.0, 3.0, 4.0
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORT, _UNSPACED = 3, "\u0e00"  # letters; from here on, scripts whose letters are compared one by one
_NAME_MARK, _FIGURE_MARK = "\x1f", "\x1e"  # keep the name "may" apart from the word


def terms(title: str | None, text: str) -> dict[int, float]:
    """Signed 64-bit hash of each term → its weight; the heaviest 150."""
    from xxhash import xxh3_64_intdigest

    counts: defaultdict[str, float] = defaultdict(float)
    for part, times in ((title or "", _TITLE), (text[:MAX_CHARACTERS], 1.0)):
        for word in fold.words(part):
            if len(word) > _SHORT or word >= _UNSPACED:
                counts[word] += times
            if _DIGIT.search(word):
                counts[_FIGURE_MARK + word] += times * _FIGURE
        for name in _names(part):
            counts[_NAME_MARK + name] += times * _NAME
    heaviest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_TERMS]
    hashed = ((xxh3_64_intdigest(term.encode(errors="replace")), n) for term, n in heaviest)
    return {h - 2**64 if h >= 2**63 else h: round(1 + math.log(n), 4) for h, n in hashed}


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
