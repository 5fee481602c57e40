"""All words of an article go in; how it uses each of them, counted once, comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from etl.geo.neighbours import class_before, is_capital
from etl.geo.propose import Span
from etl.geo.tokens import Words


@dataclass(frozen=True, slots=True)
class Usage:
    """How the words of a whole article are used."""

    small: Counter[str]  # how often a word stands in small letters
    surfaces: Counter[str]  # how often a span's text is a candidate
    middle: Counter[str]  # how often a word is capitalised where prose would not have to
    family: Counter[str]  # how often a capitalised word follows a given name, a title or an initial


def usage_of(texts: Sequence[Words], spans: Sequence[Span]) -> Usage:
    """Count once per article."""
    small: Counter[str] = Counter()
    middle: Counter[str] = Counter()
    family: Counter[str] = Counter()
    for words in texts:
        middle.update([words.word[i] for i in words.capitals if is_telling(words, i)])
        small.update([w for w, case in zip(words.small, words.case, strict=True) if case == "SMALL"])
        family.update([words.word[i] for i in words.capitals if is_family_name(words, i)])
    return Usage(small, Counter([span.surface for span in spans]), middle, family)


def is_telling(words: Words, i: int) -> bool:
    """Whether the capital of a word says that it is a name."""
    return words.line[i] == "PROSE" and is_capital(words, i) and not words.is_sentence_start(i)


def is_family_name(words: Words, i: int) -> bool:
    """Whether a capitalised word stands after a given name, a title or an initial."""
    if i == 0 or words.case[i] != "CAPITAL" or words.gap[i] not in ("SPACE", "DOT"):
        return False
    return words.word[i - 1][0].isupper() and class_before(words, i - 1) in ("GIVEN", "TITLE", "INITIAL")
