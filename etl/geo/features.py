"""A candidate span goes in; the generic features that tell a place name from a person, a team or a word come out.

No feature is a word: words are seen only through closed classes (`words`), casing, counts in this text, and what the
gazetteer says of the name. Features are binary, each a short string; pairs that say more together than apart are
listed as crosses. The weights are fitted (`etl.evaluate.fit_geo`) and stand in `accept_weights.json`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from etl.geo.neighbours import after, before, run
from etl.geo.options import Meanings, bin_of
from etl.geo.propose import Span
from etl.geo.tokens import Case, LineCase
from etl.geo.usage import Usage, is_family_name, is_telling
from etl.geo.words import common_words, given_names, surnames


def local_features(span: Span, meanings: Meanings, usage: Usage) -> list[str]:
    """What the span itself and the words beside it say."""
    name = _name_features(span, meanings, usage)
    left, right = before(span), after(span)
    place, head = run(span)
    told = name[:4]
    return [
        *name,
        *left,
        *right,
        place,
        head,
        f"{left[0]}|{right[0]}",
        *_with_left(left[0], left[1], told),
        *_with_right(right[0], told),
        *_with_run(place, head, told),
    ]


# Crosses are told apart by few words, so each is written out once; so are the features of a name.
_remembered = lru_cache(20_000)


@_remembered
def _with_left(left: str, start: str, told: tuple[str, ...]) -> tuple[str, ...]:
    kind, known, common, person = told
    return f"{left}|{known}", f"{left}|{common}", f"{kind}|{left}", f"{person}|{left}", f"{start}|{common}"


@_remembered
def _with_right(right: str, told: tuple[str, ...]) -> tuple[str, ...]:
    kind, known, common, person = told
    return f"{right}|{known}", f"{right}|{common}", f"{kind}|{right}", f"{person}|{right}"


@_remembered
def _with_run(place: str, head: str, told: tuple[str, ...]) -> tuple[str, ...]:
    kind, known, common, person = told
    return f"{place}|{head}", f"{place}|{kind}", f"{place}|{common}", f"{place}|{known}", f"{place}|{person}"


class _Name(NamedTuple):
    """All that is told of a name itself; numbers above what makes a difference are cut off."""

    kind: str
    known: str
    levels: str
    options: int  # how many, as a bin
    common: int  # 0 no common word to 5 one of the commonest
    person: str
    form: str
    line: LineCase
    written: str
    length: int
    small: int  # times its words stand small in the article
    family: int  # times it follows a given name, a title or an initial elsewhere
    middle: int  # times it stands capitalised elsewhere where prose would not have to
    start: int
    times: int
    method: str
    hyphen: int


def _name_features(span: Span, meanings: Meanings, usage: Usage) -> tuple[str, ...]:
    words, first, last = span.words, span.first, span.last
    own = range(first, last + 1)
    is_start, is_one = words.is_sentence_start(first), first == last
    level = common_words()
    common = 0  # a people-word within a sentence is none
    if is_start or not meanings.is_people:
        common = max([6 - (level.get(words.small[i], 60) // 10) for i in own])
    word, case, line = words.word[first], words.case[first], words.line[first]
    small = sum([usage.small[words.small[i]] for i in own if words.case[i] != "SMALL"])
    middle = usage.middle[word] - is_telling(words, first) if is_one else 0
    family = usage.family[word] - is_family_name(words, first) if is_one else 0
    person = "dem" if meanings.is_people else _person(word, case) if is_one else "multi"
    return _told(
        _Name(
            kind=meanings.kind,
            known=meanings.known,
            levels=meanings.levels,
            options=bin_of(len(meanings.options), (2, 4, 9, 20)),
            common=common,
            person=person,
            form="one" if is_one else f"n{min(last - first + 1, 4)}",
            line=line,
            written="caps" if case == "CAPITALS" and line != "CAPITALS" and is_one else "plain",
            length=min(len(word), 9) if is_one else 9,
            small=min(small, 3),
            family=min(family, 2),
            middle=min(middle, 2),
            start=int(is_start),
            times=min(usage.surfaces[span.surface], 5),
            method=span.method,
            hyphen=int("HYPHEN" in words.gap[first + 1 : last + 1]),
        )
    )


@_remembered
def _person(word: str, case: Case) -> str:
    title = word.capitalize() if case == "CAPITALS" else word
    return f"giv{int(title in given_names())}sur{surnames().get(title, 3)}"


@_remembered
def _told(name: _Name) -> tuple[str, ...]:
    """As features; the first four are those that others are paired with."""
    known = f"pop={name.known}"
    return (
        f"kind={name.kind}",
        known,
        f"com={name.common if name.form == 'one' else 'm' + str(min(name.common, 3))}",
        f"per={name.person}",
        f"form={name.form}",
        f"line={name.line}",
        f"write={name.written}|{name.kind}",
        f"lv={name.levels}",
        f"len={name.length}",
        f"small={name.small}|{name.form}",
        f"family={name.family}",
        f"mid={name.middle}|start={name.start}|com={min(name.common, 4)}",
        f"family={name.family}|{known}",
        f"times={name.times}",
        f"opts={name.options}",
        f"how={name.method if name.method != 'designated' else 'designated' + name.levels}",
        f"write={name.written}|{known}",
        f"per={name.person}|com={name.common}",
        f"per={name.person}|{known}",
        f"line={name.line}|com={name.common}",
        f"lv={name.levels}|{known}",
        f"hyph={name.hyphen}",
    )
