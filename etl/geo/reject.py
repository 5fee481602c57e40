"""A candidate span goes in; whether a plain rule says it is no place name comes out, before any model is asked.

Three rules, each stronger than what a model fitted on a few hundred articles can learn of it:
1. A given name before a family name is a person ("Paris Hilton", "Jordan Smith"), unless a preposition of place stands
   before it ("in Charlotte Brown ..." does not happen; "near Austin Texas" does) or the second word is a place's too.
2. A common word at the start of a sentence ("Reading is fun") is that word, if its capital is not needed anywhere else
   in the article. A dateline or a headline in capitals is left to the model.
3. A river whose bare name is a company's takes the article where it is the river ("the Amazon").
"""

from __future__ import annotations

from etl.geo.governments import OF_PLACE
from etl.geo.propose import Span
from etl.geo.usage import Usage
from etl.geo.words import (
    DIRECTIONS,
    INSTITUTIONS,
    LANDFORMS,
    NAMED_AFTER,
    PREPOSITIONS,
    SETTLEMENTS,
    SPORTS,
    STREETS,
    UNITS,
    common_words,
    given_names,
    surnames,
)

_NOT_FAMILY = DIRECTIONS | INSTITUTIONS | NAMED_AFTER | LANDFORMS | SETTLEMENTS | SPORTS | STREETS | UNITS
_COMPANIES = frozenset({"amazon"})
_COMMON = 20  # level of commonness, see `common_words`


def is_no_place(span: Span, usage: Usage) -> bool:
    """Whether one of the rules turns the span away."""
    words, first = span.words, span.first
    if first != span.last or words.case[first] != "CAPITAL":
        return False
    if words.small[first] in _COMPANIES:
        return first == 0 or words.small[first - 1] != "the"
    return _is_person(span) or (words.line[first] == "PROSE" and _is_plain_word(span, usage))


def _is_person(span: Span) -> bool:
    words, first, following = span.words, span.first, span.first + 1
    if words.word[first] not in given_names() or following >= len(words):
        return False
    if words.gap[following] != "SPACE" or words.case[following] != "CAPITAL":
        return False
    if words.word[following] not in surnames() or words.small[following] in _NOT_FAMILY:
        return False
    before = words.small[first - 1] if first and words.gap[first] == "SPACE" else ""
    return PREPOSITIONS.get(before) not in OF_PLACE


def _is_plain_word(span: Span, usage: Usage) -> bool:
    words, first, following = span.words, span.first, span.first + 1
    if not words.is_sentence_start(first) or common_words().get(words.small[first], 99) > _COMMON:
        return False
    is_followed = following < len(words) and words.gap[following] == "SPACE"
    return is_followed and words.case[following] == "SMALL" and usage.middle[words.word[first]] == 0
