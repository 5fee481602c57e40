"""A span goes in; what kind of words stand before and after it, and in its run of capitals, comes out, as features.

A word is seen only through the class it belongs to (`words`), so that what is learned of "Mr" holds for "Sheriff".

In a headline ("Explosions Rock Kyiv") every word has a capital, so there a capital says nothing: a common word counts
as if it were written small, and what is learned of prose holds for headlines.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from etl.geo.propose import Span
from etl.geo.tokens import Case, Words
from etl.geo.words import (
    DIRECTIONS,
    INSTITUTIONS,
    LANDFORMS,
    MONTHS,
    NAMED_AFTER,
    PEOPLE,
    PERSON_AFTER,
    PREPOSITIONS,
    SETTLEMENTS,
    SLAVIC_UNITS,
    SPORTS,
    STREETS,
    TITLES,
    UNITS,
    common_words,
    given_names,
    surnames,
)


def _classes(tables: Iterable[tuple[Iterable[str], str]]) -> dict[str, str]:
    """Word → class; a word in several tables has the class of the first."""
    found: dict[str, str] = {}
    for table, name in tables:
        for word in table:
            found.setdefault(word, name)
    return found


_BEFORE = PREPOSITIONS | {
    word: name
    for word, name in _classes(
        (
            (TITLES, "title"),
            (SETTLEMENTS | UNITS, "settlement"),
            (DIRECTIONS, "dir"),
            (INSTITUTIONS | NAMED_AFTER, "inst"),
        )
    ).items()
    if word not in PREPOSITIONS
}
_AFTER = _classes(
    (
        (UNITS, "unit"),
        (SETTLEMENTS, "settlement"),
        (STREETS, "street"),
        (LANDFORMS, "land"),
        (SPORTS, "sport"),
        (NAMED_AFTER, "named"),
        (INSTITUTIONS, "inst"),
        (MONTHS, "month"),
        (PERSON_AFTER, "person"),
        (PEOPLE, "people"),
        (TITLES, "title"),
        (DIRECTIONS, "dir"),
    )
)


def before(span: Span) -> list[str]:
    """Class of the word before, whether a sentence starts here, and the two classes before together."""
    words, first = span.words, span.first
    gap = words.gap[first]
    start = f"start={int(words.is_sentence_start(first))}"
    if first == 0 or gap == "START":
        return ["pv=START", start, "pv2=none"]
    if gap not in ("SPACE", "HYPHEN", "DOT", "COMMA"):
        return [f"pv={gap}", start, "pv2=none"]
    previous = first - 1
    cls = class_before(words, previous)
    if gap in ("HYPHEN", "COMMA"):
        return [f"pv={gap}", start, f"pv2={cls}"]
    second = "none"
    if previous > 0 and words.gap[previous] == "SPACE":
        second = class_before(words, previous - 1)
    return [f"pv={cls}", start, f"pv2={cls}|{second}"]


def class_before(words: Words, i: int) -> str:
    """What a word says of a name after it."""
    small, case = words.small[i], words.case[i]
    if case == "OTHER":
        return "num"
    if case == "SMALL" or is_plain(words, i):
        return _small_class(small)
    if small in PREPOSITIONS and words.is_sentence_start(i):
        return PREPOSITIONS[small]
    return _capital_class(words, i)


_TELLING_IN_HEADLINES = TITLES | DIRECTIONS | INSTITUTIONS | NAMED_AFTER | LANDFORMS | SPORTS | STREETS | UNITS
_PLAIN = 40  # level of commonness up to which a word in a headline is that word, see `common_words`


def is_plain(words: Words, i: int) -> bool:
    """Whether a word has its capital only because the line's words all have one."""
    if words.line[i] == "PROSE" or words.case[i] == "OTHER":
        return False
    small = words.small[i]
    if small in PREPOSITIONS:
        return True
    level = common_words().get(small) or common_words().get(_stem(small), 99)
    return level <= _PLAIN and small not in _TELLING_IN_HEADLINES


def _stem(small: str) -> str:
    """A verb or plural without its ending: headlines are in the present ("Rocks", "Flees")."""
    return small[:-1] if small.endswith("s") and len(small) > 3 else small


def _capital_class(words: Words, i: int) -> str:
    name = _class_of_name(words.word[i], words.case[i])
    if name:
        return name
    return "First" if words.small[i] in common_words() and words.is_sentence_start(i) else "CAP"


@lru_cache(20_000)
def _class_of_name(word: str, case: Case) -> str:
    """Of a capitalised word; empty where nothing is known of it."""
    small = word.lower()
    title = word.capitalize() if case == "CAPITALS" else word
    tests = (
        (len(word) == 1, "INITIAL"),
        (small in TITLES, "TITLE"),
        (small in DIRECTIONS, "DIR"),
        (title in given_names() and small not in common_words(), "GIVEN"),
        (small in INSTITUTIONS, "INST"),
    )
    return next((name for holds, name in tests if holds), "")


def _small_class(small: str) -> str:
    name = _BEFORE.get(small)
    return name or ("verb" if small.endswith(("ing", "ed")) else "small")


def after(span: Span) -> list[str]:
    """Class of the word after, with the mark between, and whether a possessive follows."""
    words, last = span.words, span.last
    possessive = "poss" if words.full_end[last] > span.end else "bare"
    following = last + 1
    if following >= len(words) or words.gap[following] in ("START", "STOP"):
        return ["nx=END", possessive]
    gap = words.gap[following]
    cls = _class_after(words, following)
    if gap == "SPACE":
        return [f"nx={cls}", possessive]
    if gap == "COMMA":
        return [f"nx=,{cls}", possessive]
    if gap == "HYPHEN":
        return [f"nx=-{cls}", possessive]
    return [f"nx={gap}", possessive]


def _class_after(words: Words, i: int) -> str:
    small, case = words.small[i], words.case[i]
    if case == "OTHER":
        return "num"
    is_capital = case != "SMALL" and not is_plain(words, i)
    name = "unit" if small.startswith(SLAVIC_UNITS) else _AFTER.get(small, "")
    if name:
        return name.upper() if is_capital else name
    if not is_capital:
        return PREPOSITIONS.get(small, "verb" if small.endswith(("ed", "ing")) else "small")
    return _capital_after(words, i)


def _capital_after(words: Words, i: int) -> str:
    word = words.word[i]
    if len(word) == 1:
        return "INITIAL"
    title = word.capitalize() if words.case[i] == "CAPITALS" else word
    return "CAPcommon" if words.small[i] in common_words() else f"CAPsur{surnames().get(title, 3)}"


def run(span: Span) -> tuple[str, str]:
    """Where the span stands in its run of capitalised words, and what the run's last word is."""
    words = span.words
    left = span.first
    while left > 0 and words.gap[left] in ("SPACE", "HYPHEN", "DOT") and is_capital(words, left - 1):
        left -= 1
    right = span.last
    while right + 1 < len(words) and words.gap[right + 1] in ("SPACE", "HYPHEN") and is_capital(words, right + 1):
        right += 1
    if left < span.first and words.is_sentence_start(left) and words.small[left] in common_words():
        left += 1
    place = f"run={min(span.first - left, 3)}{min(right - span.last, 3)}"
    head = "none" if right == span.last else _class_after(words, right)
    return place, f"head={head}"


def is_capital(words: Words, i: int) -> bool:
    """Whether a word begins with a capital that says something."""
    return words.case[i] in ("CAPITAL", "CAPITALS") and not is_plain(words, i)
