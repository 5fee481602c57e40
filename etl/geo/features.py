"""A candidate span goes in; the generic features that tell a place name from a person, a team or a word come out.

No feature is a word: words are seen only through closed classes (`words`), casing, counts in this text, and what the
gazetteer says of the name. Features are binary, each a short string; pairs that say more together than apart are
listed as crosses. The weights are fitted (`etl.evaluate.fit_geo`) and stand in `accept_weights.json`.
"""

from __future__ import annotations

from etl.geo.neighbours import after, before, run
from etl.geo.options import Meanings, bin_of
from etl.geo.propose import Span
from etl.geo.usage import Usage, is_family_name, is_telling
from etl.geo.words import common_words, given_names, surnames


def local_features(span: Span, meanings: Meanings, usage: Usage) -> list[str]:
    """What the span itself and the words beside it say."""
    name = _name_features(span, meanings, usage)
    left, right = before(span), after(span)
    place, head = run(span)
    kind, known, common, person = name[:4]
    return [
        *name,
        *left,
        *right,
        place,
        head,
        f"{left[0]}|{right[0]}",
        f"{left[0]}|{known}",
        f"{left[0]}|{common}",
        f"{right[0]}|{known}",
        f"{right[0]}|{common}",
        f"{place}|{head}",
        f"{place}|{kind}",
        f"{place}|{common}",
        f"{place}|{known}",
        f"{place}|{person}",
        f"{kind}|{left[0]}",
        f"{kind}|{right[0]}",
        f"{person}|{left[0]}",
        f"{person}|{right[0]}",
        f"{left[1]}|{common}",
    ]


def _name_features(span: Span, meanings: Meanings, usage: Usage) -> list[str]:
    words, first, last = span.words, span.first, span.last
    kind, levels = meanings.kind, meanings.levels
    known = f"pop={meanings.known}"
    level = common_words()
    is_people = meanings.is_people and not words.is_sentence_start(first)  # "French" is no common word there
    common = 0 if is_people else max(6 - (level.get(words.small[i], 60) // 10) for i in range(first, last + 1))
    is_one = first == last
    word = words.word[first]
    form = "one" if is_one else f"n{min(last - first + 1, 4)}"
    title = word.capitalize() if words.case[first] == "CAPITALS" else word
    person = f"giv{int(title in given_names())}sur{surnames().get(title, 3)}" if is_one else "multi"
    if meanings.is_people:
        person = "dem"
    line = words.line[first]
    case = words.case[first]
    written = "caps" if case == "CAPITALS" and line != "CAPITALS" and is_one else "plain"
    small = sum(usage.small[words.small[i]] for i in range(first, last + 1) if words.case[i] != "SMALL")
    length = min(len(word) if is_one else 9, 9)
    middle = usage.middle[word] - int(is_telling(words, first)) if is_one else 0
    family = usage.family[word] - int(is_family_name(words, first)) if is_one else 0
    return [
        f"kind={kind}",
        known,
        f"com={common if is_one else 'm' + str(min(common, 3))}",
        f"per={person}",
        f"form={form}",
        f"line={line}",
        f"write={written}|{kind}",
        f"lv={levels}",
        f"len={length}",
        f"small={min(small, 3)}|{form}",
        f"family={min(family, 2)}",
        f"mid={min(middle, 2)}|start={int(words.is_sentence_start(first))}|com={min(common, 4)}",
        f"family={min(family, 2)}|{known}",
        f"times={min(usage.surfaces[span.surface], 5)}",
        f"opts={bin_of(len(meanings.options), (2, 4, 9, 20))}",
        f"how={span.method if span.method != 'designated' else 'designated' + levels}",
        f"write={written}|{known}",
        f"per={person}|com={common}",
        f"per={person}|{known}",
        f"line={line}|com={common}",
        f"lv={levels}|{known}",
        f"hyph={int(any(words.gap[i] == 'HYPHEN' for i in range(first + 1, last + 1)))}",
    ]
