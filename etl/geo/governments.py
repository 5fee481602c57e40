"""A span and its surroundings go in; whether it acts as a government does comes out.

"Moscow can now focus", "Ukraine's trying to", "Washington accused", "talks with Beijing": a capital or country as the
subject of a verb of will, speech or decision, or between governments. It settles two things: the role (actor), and
which namesake is meant, for the capital acts and the state or the county of its name does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.geo.propose import Span
from etl.geo.words import PREPOSITIONS, word_set

# fmt: off
_WILL = word_set(
    "can could will would may might must should wants want wanted hopes hoped seeks sought tries trying tried plans "
    "planned vows vowed pledged pledges says said accuses accused denies denied claims claimed warns warned insists "
    "insisted agrees agreed refuses refused rejects rejected demands demanded announced announces declared declares "
    "ordered orders threatened threatens urged urges called calls backs backed supports supported imposed imposes "
    "sent sends withdrew recognised recognized annexed invaded launched launches signed decided decides believes "
    "considers responded retaliated condemned condemns welcomed welcomes blamed blames fears sees expects also "
    "never repeatedly"
)
_DOING = word_set(
    "trying planning seeking hoping looking preparing going getting working pushing calling asking threatening "
    "considering taking making fighting winning losing sending demanding"
)
_BETWEEN = word_set("with against between by on over toward towards for")
_TALK = word_set("talks war ties relations sanctions deal negotiations pressure agreement conflict tensions")
# fmt: on
OF_PLACE = frozenset({"in", "at", "near", "to", "from", "via", "visit"})  # classes of prepositions
_REACH = 6  # words back


def acts_as_government(span: Span) -> bool:
    """Whether the words around it make the span an actor."""
    before = words_before(span)
    if before and PREPOSITIONS.get(before[-1]) in OF_PLACE:
        return False
    words, following = span.words, span.last + 1
    if following < len(words) and words.gap[following] == "SPACE" and words.case[following] == "SMALL":
        verb = words.small[following]
        if words.full_end[span.last] > span.end:  # "Ukraine's trying": the verb, not a thing owned
            return verb in _DOING
        if verb in _WILL:
            return True
    return bool(before) and before[-1] in _BETWEEN and bool(_TALK.intersection(before))


def words_before(span: Span) -> Sequence[str]:
    """Small forms of the words before a span within its sentence, nearest last."""
    words, first = span.words, span.first
    return words.small[max(words.sentence_start(first), first - _REACH) : first]
