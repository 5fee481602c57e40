"""A candidate span goes in; the generic features that tell a place name from a person, a team or a word come out.

No feature is a word: words are seen only through closed classes (`words`), casing, counts in this text, and what the
gazetteer says of the name. Features are binary, each a short string; pairs that say more together than apart are
listed as crosses. The weights are fitted (`etl.evaluate.fit_geo`) and stand in `accept_weights.json`.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.geo.fold import fold
from etl.geo.groups import Option
from etl.geo.lexicon import Level
from etl.geo.neighbours import after, before, run
from etl.geo.propose import Span
from etl.geo.tokens import Case, Gap, LineCase
from etl.geo.usage import Usage, is_family_name, is_telling
from etl.geo.words import common_words, given_names, surnames
from etl.records import NameKind

_WELL_KNOWN = 50_000
PEOPLE_EDGES = (500, 3000, 15_000, 60_000, 300_000, 2_000_000)
LEVEL_LETTER = {Level.TOWN: "P", Level.ADMIN2: "2", Level.ADMIN1: "1", Level.COUNTRY: "C", Level.REGION: "R"}


def local_features(span: Span, options: Sequence[Option], usage: Usage) -> list[str]:
    """What the span itself and the words beside it say."""
    name = _name_features(span, options, usage)
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


def _name_features(span: Span, options: Sequence[Option], usage: Usage) -> list[str]:
    words, first, last = span.words, span.first, span.last
    kinds = {o.kind for o in options}
    kind = _kind(span, options, kinds)
    known = f"pop={_known(span, options, kinds)}"
    level = common_words()
    is_people = kinds == {NameKind.DEMONYM} and not words.is_sentence_start(first)  # "French" is no common word there
    common = 0 if is_people else max(6 - (level.get(words.small[i], 60) // 10) for i in range(first, last + 1))
    is_one = first == last
    word = words.word[first]
    form = "one" if is_one else f"n{min(last - first + 1, 4)}"
    title = word.capitalize() if words.case[first] is Case.CAPITALS else word
    person = f"giv{int(title in given_names())}sur{surnames().get(title, 3)}" if is_one else "multi"
    if kinds == {NameKind.DEMONYM}:
        person = "dem"
    line = words.line[first]
    case = words.case[first]
    written = "caps" if case is Case.CAPITALS and line is not LineCase.CAPITALS and is_one else "plain"
    levels = "".join(sorted({LEVEL_LETTER[o.entry.level] for o in options}))
    small = sum(usage.small[words.small[i]] for i in range(first, last + 1) if words.case[i] is not Case.SMALL)
    length = min(len(word) if is_one else 9, 9)
    middle = usage.middle[word] - int(is_telling(words, first)) if is_one else 0
    family = usage.family[word] - int(is_family_name(words, first)) if is_one else 0
    return [
        f"kind={kind}",
        known,
        f"com={common if is_one else 'm' + str(min(common, 3))}",
        f"per={person}",
        f"form={form}",
        f"line={line.name}",
        f"write={written}|{kind}",
        f"lv={levels}",
        f"len={length}",
        f"small={min(small, 3)}|{form}",
        f"family={min(family, 2)}",
        f"mid={min(middle, 2)}|start={int(words.is_sentence_start(first))}|com={min(common, 4)}",
        f"family={min(family, 2)}|{known}",
        f"times={min(usage.surfaces[span.surface], 5)}",
        f"opts={bin_of(len(options), (2, 4, 9, 20))}",
        f"how={span.method if span.method != 'designated' else 'designated' + levels}",
        f"write={written}|{known}",
        f"per={person}|com={common}",
        f"per={person}|{known}",
        f"line={line.name}|com={common}",
        f"lv={levels}|{known}",
        f"hyph={int(any(words.gap[i] is Gap.HYPHEN for i in range(first + 1, last + 1)))}",
    ]


def _kind(span: Span, options: Sequence[Option], kinds: set[NameKind]) -> str:
    if NameKind.ABBREVIATION in kinds:
        return "abbr"
    if NameKind.DEMONYM in kinds:
        return "dem"
    best = max(options, key=lambda o: (_is_main(span, o), o.entry.level, o.entry.population))
    return f"{'p' if _is_main(span, best) else 'a'}{LEVEL_LETTER[best.entry.level]}"


def _known(span: Span, options: Sequence[Option], kinds: set[NameKind]) -> str:
    if kinds == {NameKind.DEMONYM}:
        return "dem"
    if NameKind.ABBREVIATION in kinds:
        return "abbr"
    most = max((o.entry.population for o in options if _is_main(span, o)), default=0)
    return str(bin_of(most, PEOPLE_EDGES))


def _is_main(span: Span, option: Option) -> bool:
    """Whether this is the place's main name, or as good as.

    In another script than Latin every name is an alias to GeoNames; and a town of some size is as well known by an
    earlier or another spelling that begins alike ("Kiev", "Severodonetsk") as by the one GeoNames now puts first.
    """
    if option.kind is NameKind.PRIMARY or not span.key.isascii():
        return True
    entry = option.entry
    return entry.population >= _WELL_KNOWN and fold(entry.name)[:2] == span.key[:2]


def bin_of(value: int, edges: tuple[int, ...]) -> int:
    """How many of the edges a value reaches."""
    return sum(value >= edge for edge in edges)
