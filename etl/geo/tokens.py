"""A text goes in; its words with offsets, casing and what stands between them come out, from one scan.

A word is letters and digits with inner apostrophes ("O'Fallon", "Lugans'k"); a hyphen parts words ("Moscow-backed",
"Winston-Salem": the second is put together again by whoever looks names up). A possessive 's is left out of the word.
A full stop belongs to dotted letters ("U.S.", "W.Va.") and to short forms that begin a name ("St.").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from etl.geo.words import word_set

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|[A-Z]\.[A-Z][a-z]{1,3}\.|(?:St|Mt|Ft|Ste)\.(?=\s[A-Z])|\w+(?:['’ʼ]\w+)*", re.UNICODE
)
_APOSTROPHES = ("'", "’")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|\n|^\s*$")
_LINE = re.compile(r"[^\n]+")
_LONG_LINE, _LONG_TITLE = 400, 160


class Case(IntEnum):
    """How a word is written."""

    SMALL = 0  # begins with a small letter
    CAPITAL = 1  # begins with a capital
    CAPITALS = 2  # more than one letter, all capitals
    OTHER = 3  # digits, or a script without case


class Gap(IntEnum):
    """What stands between a word and the one before it."""

    START = 0  # beginning of text or line
    SPACE = 1
    HYPHEN = 2
    COMMA = 3  # comma and space
    STOP = 4  # the end of a sentence
    OPEN = 5  # an opening quote or bracket
    OTHER = 6
    DOT = 7  # a full stop that does not end a sentence, such as after "J" or "Calif"


class LineCase(IntEnum):
    """How the line a word stands in is written, for there capitals may say nothing."""

    PROSE = 0
    TITLE = 1  # nearly every longer word is capitalised
    CAPITALS = 2


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, in columns."""

    text: str
    start: list[int]
    end: list[int]  # of the word without a possessive 's
    full_end: list[int]  # with it
    word: list[str]
    small: list[str]  # in small letters
    case: list[Case]
    gap: list[Gap]  # before the word
    line: list[LineCase]
    capitals: list[int]  # which words begin with a capital

    def __len__(self) -> int:
        return len(self.start)

    def is_sentence_start(self, i: int) -> bool:
        """Whether a capital here says nothing about the word."""
        return self.gap[i] in (Gap.START, Gap.STOP) or (self.gap[i] is Gap.OPEN and self._opens_speech(i))

    def _opens_speech(self, i: int) -> bool:
        before = self.text[max(0, self.start[i] - 3) : self.start[i]]
        return before[-1:] in "\"“«'‘" or before.strip() == ""


def words_of(text: str) -> Words:
    """Split a text into words."""
    found = Words(text, [], [], [], [], [], [], [], [], [])
    last = 0
    for number, match in enumerate(_WORD.finditer(text)):
        start, full_end = match.span()
        word = match.group()
        if word[-2:-1] in _APOSTROPHES and word[-1] in "sS" and len(word) > 2:
            word = word[:-2]
        case = _case(word)
        if case in _CAPITALISED:
            found.capitals.append(number)
        found.gap.append(_gap(text[last:start]) if last else Gap.START)
        found.start.append(start)
        found.end.append(start + len(word))
        found.full_end.append(full_end)
        found.word.append(word)
        found.small.append(word.lower())
        found.case.append(case)
        last = full_end
    _mark_lines(found)
    return found


def _case(word: str) -> Case:
    first = word[0]
    if first.islower():
        return Case.SMALL
    if first.isupper():
        return Case.CAPITALS if len(word) > 1 and word.isupper() else Case.CAPITAL
    return Case.OTHER


_CAPITALISED = frozenset({Case.CAPITAL, Case.CAPITALS})
_PLAIN_GAPS = {"": Gap.SPACE, ",": Gap.COMMA, ".": Gap.DOT}  # between words, with white space
_HYPHENS = frozenset("-‐‑")
_OPENING = frozenset("\"“«(['‘„")


@lru_cache(2_000)
def _gap(between: str) -> Gap:
    if "\n" in between:
        return Gap.START
    if between in _HYPHENS:
        return Gap.HYPHEN
    mark = between.strip()
    if mark in _PLAIN_GAPS and mark != between:
        return _PLAIN_GAPS[mark]
    if _SENTENCE_END.search(between):
        return Gap.STOP
    return Gap.OPEN if mark[-1:] in _OPENING else Gap.OTHER


def _mark_lines(found: Words) -> None:
    """Give each word the casing of its line, and settle which full stops end a sentence."""
    found.line.extend([LineCase.PROSE] * len(found))
    i = 0
    for match in _LINE.finditer(found.text):
        first = i
        while i < len(found) and found.start[i] < match.end():
            i += 1
        longer = [found.case[j] for j in range(first, i) if found.end[j] - found.start[j] > 3]
        line = _line_case(longer, match.group())
        if line is not LineCase.PROSE:
            found.line[first:i] = [line] * (i - first)
    for j in range(1, len(found)):
        if found.gap[j] is Gap.DOT and not _is_short_form(found.word[j - 1]):
            found.gap[j] = Gap.STOP


def _line_case(longer: list[Case], text: str) -> LineCase:
    if len(longer) < 2 or len(text) > _LONG_LINE:
        return LineCase.PROSE
    if sum(case is Case.CAPITALS for case in longer) >= 0.8 * len(longer):
        return LineCase.CAPITALS
    if (
        len(longer) >= 4
        and len(text) <= _LONG_TITLE
        and not text.rstrip().endswith(".")  # a sentence full of names
        and sum(case is not Case.SMALL for case in longer) >= 0.8 * len(longer)
    ):
        return LineCase.TITLE
    return LineCase.PROSE


# Short forms whose full stop does not end a sentence: titles, months, company forms, and single initials.
_SHORT = word_set(
    "mr mrs ms dr prof rev hon sen rep gov gen col lt sgt capt cmdr maj adm pres supt det jr sr st ste mt ft no vs etc "
    "jan feb mar apr jun jul aug sep sept oct nov dec inc corp co ltd bros dept univ assn ave blvd rd"
)


def _is_short_form(word: str) -> bool:
    return (len(word) == 1 and word.isupper()) or word.endswith(".") or word.lower() in _SHORT
