"""A text goes in; its words with offsets, casing and what stands between them come out, from one scan.

A word is letters and digits with inner apostrophes ("O'Fallon", "Lugans'k"); a hyphen parts words ("Moscow-backed",
"Winston-Salem": the second is put together again by whoever looks names up). A possessive 's is left out of the word.
A full stop belongs to dotted letters ("U.S.", "W.Va.") and to short forms that begin a name ("St.").
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from etl.geo.fold import fold
from etl.geo.words import word_set

_WORD = re.compile(
    r"((?:[^\W\d_]\.){2,}|[A-Z]\.[A-Z][a-z]{1,3}\.|(?:St|Mt|Ft|Ste)\.(?=\s[A-Z])|\w+(?:['’ʼ]\w+)*)", re.UNICODE
)
_APOSTROPHES = ("'", "’")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|\n|^\s*$")
_LINE = re.compile(r"[^\n]+")
_LONG_LINE, _LONG_TITLE = 400, 160


# Literals, not enums: before Python 3.12 each `Case.SMALL` costs 0.3 µs, and every word is asked.
Case = Literal[
    "SMALL",  # begins with a small letter
    "CAPITAL",  # begins with a capital
    "CAPITALS",  # more than one letter, all capitals
    "OTHER",  # digits, or a script without case
]
Gap = Literal[  # what stands between a word and the one before it
    "START",  # beginning of text or line
    "SPACE",
    "HYPHEN",
    "COMMA",  # comma and space
    "STOP",  # the end of a sentence
    "OPEN",  # an opening quote or bracket
    "OTHER",
    "DOT",  # a full stop that does not end a sentence, such as after "J" or "Calif"
]
LineCase = Literal[  # how the line a word stands in is written, for there capitals may say nothing
    "PROSE",
    "TITLE",  # nearly every longer word is capitalised
    "CAPITALS",
]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, in columns."""

    text: str
    start: Sequence[int]
    end: Sequence[int]  # of the word without a possessive 's
    full_end: Sequence[int]  # with it
    word: Sequence[str]
    small: Sequence[str]  # in small letters
    key: Sequence[str]  # folded
    case: Sequence[Case]
    gap: Sequence[Gap]  # before the word
    line: Sequence[LineCase]
    capitals: Sequence[int]  # which words begin with a capital
    sentences: Sequence[int]  # which words begin a sentence or line

    def __len__(self) -> int:
        return len(self.start)

    def is_sentence_start(self, i: int) -> bool:
        """Whether a capital here says nothing about the word."""
        return self.gap[i] in ("START", "STOP") or (self.gap[i] == "OPEN" and self._opens_speech(i))

    def sentence_start(self, i: int) -> int:
        """The first word of the sentence or line that a word stands in."""
        return self.sentences[bisect_right(self.sentences, i) - 1]

    def _opens_speech(self, i: int) -> bool:
        before = self.text[max(0, self.start[i] - 3) : self.start[i]]
        return before[-1:] in "\"“«'‘" or before.strip() == ""


def words_of(text: str) -> Words:
    """Split a text into words."""
    parts = _WORD.split(text)  # what stands between words, and words, in turn
    written = parts[1::2]
    if not written:
        return Words(text, *[()] * 11)
    at = list(accumulate(map(len, parts)))
    start, full_end = at[:-1:2], at[1::2]
    word, small, key, case = zip(*map(_shape, written), strict=True)
    end = [a + len(w) for a, w in zip(start, word, strict=True)]
    gap: list[Gap] = ["START", *map(_gap, parts[2:-1:2])]
    for i in [i for i, g in enumerate(gap) if g == "DOT"]:
        if not _is_short_form(word[i - 1]):
            gap[i] = "STOP"
    capitals = [i for i, c in enumerate(case) if c in _CAPITALISED]
    sentences = [i for i, g in enumerate(gap) if g in _BREAKS]
    line = _lines(text, start, end, case)
    return Words(text, start, end, full_end, word, small, key, case, gap, line, capitals, sentences)


@lru_cache(50_000)  # texts repeat their words; a few megabytes
def _shape(written: str) -> tuple[str, str, str, Case]:
    """A word without a possessive, in small letters, folded, and its casing."""
    word = written
    if word[-2:-1] in _APOSTROPHES and word[-1] in "sS" and len(word) > 2:
        word = word[:-2]
    small = word.lower()
    return word, small, fold(small), _case(word)


def _case(word: str) -> Case:
    first = word[0]
    if first.islower():
        return "SMALL"
    if first.isupper():
        return "CAPITALS" if len(word) > 1 and word.isupper() else "CAPITAL"
    return "OTHER"


_CAPITALISED = frozenset({"CAPITAL", "CAPITALS"})
_BREAKS = frozenset({"START", "STOP"})
_PLAIN_GAPS: dict[str, Gap] = {"": "SPACE", ",": "COMMA", ".": "DOT"}  # between words, with white space
_HYPHENS = frozenset("-‐‑")
_OPENING = frozenset("\"“«(['‘„")


@lru_cache(2_000)
def _gap(between: str) -> Gap:
    if "\n" in between:
        return "START"
    if between in _HYPHENS:
        return "HYPHEN"
    mark = between.strip()
    if mark in _PLAIN_GAPS and mark != between:
        return _PLAIN_GAPS[mark]
    if _SENTENCE_END.search(between):
        return "STOP"
    return "OPEN" if mark[-1:] in _OPENING else "OTHER"


def _lines(text: str, start: Sequence[int], end: Sequence[int], case: Sequence[Case]) -> list[LineCase]:
    """The casing of each word's line."""
    lines: list[LineCase] = ["PROSE"] * len(start)
    i = 0
    for match in _LINE.finditer(text):
        first, i = i, bisect_left(start, match.end(), i)
        if match.end() - match.start() <= _LONG_LINE:
            longer = [case[j] for j in range(first, i) if end[j] - start[j] > 3]
            lines[first:i] = [_line_case(longer, match.group())] * (i - first)
    return lines


def _line_case(longer: list[Case], text: str) -> LineCase:
    if len(longer) < 2:
        return "PROSE"
    if longer.count("CAPITALS") >= 0.8 * len(longer):
        return "CAPITALS"
    if (
        len(longer) >= 4
        and len(text) <= _LONG_TITLE
        and not text.rstrip().endswith(".")  # a sentence full of names
        and len(longer) - longer.count("SMALL") >= 0.8 * len(longer)
    ):
        return "TITLE"
    return "PROSE"


# Short forms whose full stop does not end a sentence: titles, months, company forms, and single initials.
_SHORT = word_set(
    "mr mrs ms dr prof rev hon sen rep gov gen col lt sgt capt cmdr maj adm pres supt det jr sr st ste mt ft no vs etc "
    "jan feb mar apr jun jul aug sep sept oct nov dec inc corp co ltd bros dept univ assn ave blvd rd"
)


def _is_short_form(word: str) -> bool:
    return (len(word) == 1 and word.isupper()) or word.endswith(".") or word.lower() in _SHORT
