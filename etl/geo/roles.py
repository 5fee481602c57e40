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

from etl.geo.lexicon import Entry, Level
from etl.geo.propose import Span
from etl.geo.tokens import Case, Gap
from etl.geo.words import PREPOSITIONS, SETTLEMENTS, word_set
from etl.records import Role

_DATELINE = re.compile(
    r"(?:,[^\n—–-]{0,60})?(?:\s*\([^)\n]{1,40}\))?\s*(?:—|–|--| - |-\s)"
    r"|(?:,[^\n(]{0,40})?\s*\((?:Reuters|AP|AFP|TASS|UPI)\)"
)
_DATELINE_HEAD = 90  # characters of a paragraph within which a dateline ends
# fmt: off
_WILL = word_set(
    "can could will would may might must should wants want wanted hopes hoped seeks sought tries trying tried plans "
    "planned vows vowed pledged pledges says said accuses accused denies denied claims claimed warns warned insists "
    "insisted agrees agreed refuses refused rejects rejected demands demanded announced announces declared declares "
    "ordered orders threatened threatens urged urges called calls backs backed supports supported imposed imposes "
    "sent sends withdrew recognised recognized annexed invaded launched launches signed decided decides believes "
    "considers responded retaliated condemned condemns welcomed welcomes blamed blames fears sees expects has had is "
    "does did also now still never recently repeatedly"
)
_BETWEEN_GOVERNMENTS = word_set("with against between by on over toward towards for")
_TALK = word_set("talks war ties relations sanctions deal negotiations pressure agreement conflict tensions")
_SPOKEN = word_set("said told says reporters speaking spoke interview conference statement speech")
_TAKING = word_set(
    "capture captured capturing seize seized took taken leave left reach reached visit visited bombed attacked "
    "attack shelled shelling targeting entered entering near outside liberated besieged struck hit "
    "destroyed control"
)
# fmt: on
_OF_PLACE = frozenset({"in", "at", "near", "to", "from", "via", "visit"})  # classes of prepositions
_SPOKEN_REACH = 6  # words back within which the speaking stands


def role_of(span: Span, entry: Entry | None) -> Role:
    """The role of one mention; `entry` is what it was resolved to, if anything."""
    if _is_dateline(span):
        return Role.DATELINE
    if entry is not None and _is_government(entry) and _acts(span, is_capital=entry.level is Level.TOWN):
        return Role.ACTOR
    before = _before(span)
    nearest = PREPOSITIONS.get(before[-1]) if before else None
    if nearest in ("in", "at") and _SPOKEN.intersection(before):
        return Role.SPEAKER
    is_placed = nearest in _OF_PLACE or _is_reached(span, before) or _is_called_town(before)
    return Role.EVENT if is_placed else Role.PASSING


def _is_reached(span: Span, before: list[str]) -> bool:
    """After a verb of reaching or taking, or further on in such a list ("targeting Sloviansk and Kramatorsk")."""
    if not before or span.words.gap[span.first] is Gap.COMMA:
        return False
    in_list = before[-1] in ("of", "and", "or")
    return before[-1] in _TAKING or (in_list and bool(_TAKING.intersection(before[-5:])))


def _is_called_town(before: list[str]) -> bool:
    return before[-1:] == ["of"] and before[-2:-1] != [] and before[-2] in SETTLEMENTS


def _is_dateline(span: Span) -> bool:
    words, text = span.words, span.words.text
    if words.gap[span.first] is not Gap.START:
        return False
    rest = text[span.end : span.end + _DATELINE_HEAD]
    return _DATELINE.match(rest) is not None


def _is_government(entry: Entry) -> bool:
    return entry.level is Level.COUNTRY or entry.feature_code == "PPLC"


def _acts(span: Span, *, is_capital: bool) -> bool:
    words, following = span.words, span.last + 1
    before = _before(span)
    if before and PREPOSITIONS.get(before[-1]) in _OF_PLACE:
        return False
    if following < len(words) and words.gap[following] is Gap.SPACE and words.case[following] is Case.SMALL:
        verb = words.small[following]
        is_possessive = words.full_end[span.last] > span.end
        if is_possessive:  # "Ukraine's trying": the verb, not a thing owned
            return verb.endswith("ing") and not words.is_sentence_start(following)
        if verb in _WILL or (not is_capital and verb.endswith(("s", "ed")) and verb in _WILL):
            return True
    return bool(before) and before[-1] in _BETWEEN_GOVERNMENTS and bool(_TALK.intersection(before))


def _before(span: Span) -> list[str]:
    """Small forms of the words before, within the sentence, nearest last."""
    words, i = span.words, span.first
    found: list[str] = []
    while i > 0 and len(found) < _SPOKEN_REACH and words.gap[i] not in (Gap.STOP, Gap.START):
        i -= 1
        found.append(words.small[i])
    return found[::-1]
