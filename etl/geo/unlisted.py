"""The words of a text and the spans accepted in it go in; places it calls such that no gazetteer has come out.

"The village of X", «село X», «посёлок X»: the text itself says that X is a settlement, so the name stays as a mention
without a place. Only such frames count, since a capitalised word alone is more often a person or a firm: precision
before recall. "X district" is left out (school districts, wards of hospitals).
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.geo.propose import Span
from etl.geo.tokens import Words
from etl.geo.words import common_words, word_set

METHOD = "unlisted"
LIKELY = 0.6  # how sure such a frame is, by judgement
_OF = word_set("village town hamlet settlement township villages")
_CALLED = word_set(
    "село села селі селу селом селище селища селищі смт хутір хутора хуторі селе посёлок посёлка посёлке поселок "
    "поселка поселке деревня деревни деревне деревню станица станицы станице станицу"
)
_LONGEST = 3


def unlisted(words: Words, taken: Sequence[Span]) -> list[Span]:
    """Names framed as settlements that no span accepted touches."""
    used = {i for span in taken for i in range(span.first, span.last + 1)}
    found = []
    for i in words.capitals:
        if words.line[i] == "PROSE" and i not in used and _is_framed(words, i):
            last = i
            while last + 1 < len(words) and last - i + 1 < _LONGEST and _goes_on(words, last + 1, used):
                last += 1
            if words.small[i] not in common_words():
                start, end = words.start[i], words.end[last]
                found.append(Span(words, i, last, start, end, words.text[start:end], (), METHOD))
    return found


def _is_framed(words: Words, i: int) -> bool:
    if i < 1 or words.gap[i] != "SPACE":
        return False
    before = words.small[i - 1]
    if before in _CALLED:
        return True
    return before == "of" and i > 1 and words.gap[i - 1] == "SPACE" and words.small[i - 2] in _OF


def _goes_on(words: Words, i: int, used: set[int]) -> bool:
    is_joined = words.gap[i] in ("SPACE", "HYPHEN")
    return is_joined and i not in used and words.case[i] == "CAPITAL"
