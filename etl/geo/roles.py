"""An accepted mention and its surroundings go in; what the place does in the text comes out.

Rules, in order; the first that holds decides:
1. dateline: the mention opens a text, alone before a dash or an agency in brackets ("KYIV, July 4 (Reuters) –").
2. actor: a country or capital doing what only a government does: it is the subject of a verb of will, speech or
   decision ("Moscow can now focus", "Ukraine's trying to", "Washington accused"), or stands between governments
   ("talks with Moscow", "against Russia").
3. speaker: where words were spoken ("said in London", "told reporters in Geneva").
4. event: a preposition of place before it, or a verb of reaching and taking ("captured Mariupol", "in Sloviansk").
5. passing: all else ("Jordan's king", "the Paris agreement").
We chose not to parse: a wrong parse costs more than these rules miss.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.geo.governments import OF_PLACE, acts_as_government, words_before
from etl.geo.lexicon import COUNTRY, Entry
from etl.geo.propose import Span
from etl.geo.words import PREPOSITIONS, SETTLEMENTS, word_set
from etl.records import Role

_DATELINE = re.compile(
    r"(?:,[^\n—–-]{0,60})?(?:\s*\([^)\n]{1,40}\))?\s*(?:—|–|--| - |-\s)"
    r"|(?:,[^\n(]{0,40})?\s*\((?:Reuters|AP|AFP|TASS|UPI)\)"
)
_DATELINE_HEAD = 90  # characters of a paragraph within which a dateline ends
# fmt: off
_SPOKEN = word_set("said told says reporters speaking spoke interview conference statement speech")
_TAKING = word_set(
    "capture captured capturing seize seized took taken leave left reach reached visit visited bombed attacked "
    "attack shelled shelling targeting entered entering near outside liberated besieged struck hit "
    "destroyed control"
)
# fmt: on


def role_of(span: Span, entry: Entry | None) -> Role:
    """The role of one mention; `entry` is what it was resolved to, if anything."""
    if _is_dateline(span):
        return Role.DATELINE
    if entry is not None and _is_government(entry) and acts_as_government(span):
        return Role.ACTOR
    before = words_before(span)
    nearest = PREPOSITIONS.get(before[-1]) if before else None
    if nearest in ("in", "at") and _SPOKEN.intersection(before):
        return Role.SPEAKER
    is_placed = nearest in OF_PLACE or _is_reached(span, before) or _is_called_town(before)
    return Role.EVENT if is_placed else Role.PASSING


def _is_reached(span: Span, before: Sequence[str]) -> bool:
    """After a verb of reaching or taking, or further on in such a list ("targeting Sloviansk and Kramatorsk")."""
    if not before or span.words.gap[span.first] == "COMMA":
        return False
    in_list = before[-1] in ("of", "and", "or")
    return before[-1] in _TAKING or (in_list and bool(_TAKING.intersection(before[-5:])))


def _is_called_town(before: Sequence[str]) -> bool:
    return len(before) > 1 and before[-1] == "of" and before[-2] in SETTLEMENTS


def _is_dateline(span: Span) -> bool:
    words, text = span.words, span.words.text
    if words.gap[span.first] != "START":
        return False
    rest = text[span.end : span.end + _DATELINE_HEAD]
    return _DATELINE.match(rest) is not None


def _is_government(entry: Entry) -> bool:
    return entry.level is COUNTRY or entry.feature_code == "PPLC"
