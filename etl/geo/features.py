"""A candidate span goes in; the generic features that tell a place name from a person, a team or a word come out.

No feature is a word: words are seen only through closed classes (`words`), casing, counts in this text, and what the
gazetteer says of the name. Features are binary, each a short string; pairs that say more together than apart are
listed as crosses. The weights are fitted (`etl.evaluate.fit_geo`) and stand in `accept_weights.json`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from etl.geo.fold import fold
from etl.geo.groups import Option
from etl.geo.lexicon import Level
from etl.geo.propose import Span
from etl.geo.tokens import Case, Gap, LineCase, Words
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
from etl.records import NameKind

_WELL_KNOWN = 50_000
_LEVEL = {Level.TOWN: "P", Level.ADMIN2: "2", Level.ADMIN1: "1", Level.COUNTRY: "C", Level.REGION: "R"}


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
        middle.update(words.word[i] for i in range(len(words)) if _is_telling(words, i))
        small.update(w for w, case in zip(words.small, words.case, strict=True) if case is Case.SMALL)
        family.update(words.word[i] for i in range(1, len(words)) if _is_family_name(words, i))
    return Usage(small, Counter(span.surface for span in spans), middle, family)


def _is_telling(words: Words, i: int) -> bool:
    """Whether the capital of a word says that it is a name."""
    return _is_capital(words, i) and words.line[i] is LineCase.PROSE and not words.is_sentence_start(i)


def _is_family_name(words: Words, i: int) -> bool:
    if words.case[i] is not Case.CAPITAL or words.gap[i] not in (Gap.SPACE, Gap.DOT):
        return False
    return words.word[i - 1][0].isupper() and _class_before(words, i - 1) in ("GIVEN", "TITLE", "INITIAL")


def local_features(span: Span, options: Sequence[Option], usage: Usage) -> list[str]:
    """What the span itself and the words beside it say."""
    name = _name_features(span, options, usage)
    before = _before(span)
    after = _after(span)
    run, head = _run(span)
    kind, known, common, person = name[:4]
    return [
        *name,
        *before,
        *after,
        run,
        head,
        f"{before[0]}|{after[0]}",
        f"{before[0]}|{known}",
        f"{before[0]}|{common}",
        f"{after[0]}|{known}",
        f"{after[0]}|{common}",
        f"{run}|{head}",
        f"{run}|{kind}",
        f"{run}|{common}",
        f"{run}|{known}",
        f"{run}|{person}",
        f"{kind}|{before[0]}",
        f"{kind}|{after[0]}",
        f"{person}|{before[0]}",
        f"{person}|{after[0]}",
        f"{before[1]}|{common}",
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
    levels = "".join(sorted({_LEVEL[o.entry.level] for o in options}))
    small = sum(usage.small[words.small[i]] for i in range(first, last + 1) if words.case[i] is not Case.SMALL)
    length = min(len(word) if is_one else 9, 9)
    middle = usage.middle[word] - int(_is_telling(words, first)) if is_one else 0
    family = usage.family[word] - int(first > 0 and _is_family_name(words, first)) if is_one else 0
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
        f"opts={_bin(len(options), (2, 4, 9, 20))}",
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
    return f"{'p' if _is_main(span, best) else 'a'}{_LEVEL[best.entry.level]}"


def _known(span: Span, options: Sequence[Option], kinds: set[NameKind]) -> str:
    if kinds == {NameKind.DEMONYM}:
        return "dem"
    if NameKind.ABBREVIATION in kinds:
        return "abbr"
    most = max((o.entry.population for o in options if _is_main(span, o)), default=0)
    return str(_bin(most, (500, 3000, 15_000, 60_000, 300_000, 2_000_000)))


def _is_main(span: Span, option: Option) -> bool:
    """Whether this is the place's main name, or as good as.

    In another script than Latin every name is an alias to GeoNames; and a town of some size is as well known by an
    earlier or another spelling that begins alike ("Kiev", "Severodonetsk") as by the one GeoNames now puts first.
    """
    if option.kind is NameKind.PRIMARY or not span.key.isascii():
        return True
    entry = option.entry
    return entry.population >= _WELL_KNOWN and fold(entry.name)[:2] == span.key[:2]


def _bin(value: int, edges: tuple[int, ...]) -> int:
    return sum(value >= edge for edge in edges)


def _before(span: Span) -> list[str]:
    words, first = span.words, span.first
    gap = words.gap[first]
    start = f"start={int(words.is_sentence_start(first))}"
    if first == 0 or gap is Gap.START:
        return ["pv=START", start, "pv2=none"]
    if gap not in (Gap.SPACE, Gap.HYPHEN, Gap.DOT, Gap.COMMA):
        return [f"pv={gap.name}", start, "pv2=none"]
    previous = first - 1
    cls = _class_before(words, previous)
    if gap in (Gap.HYPHEN, Gap.COMMA):
        return [f"pv={gap.name}", start, f"pv2={cls}"]
    second = "none"
    if previous > 0 and words.gap[previous] is Gap.SPACE:
        second = _class_before(words, previous - 1)
    return [f"pv={cls}", start, f"pv2={cls}|{second}"]


def _class_before(words: Words, i: int) -> str:
    small, case = words.small[i], words.case[i]
    if case is Case.OTHER:
        return "num"
    if case is Case.SMALL:
        return _small_class(small)
    if small in PREPOSITIONS and (words.line[i] is not LineCase.PROSE or words.is_sentence_start(i)):
        return PREPOSITIONS[small]
    return _capital_class(words, i)


def _capital_class(words: Words, i: int) -> str:
    small, word = words.small[i], words.word[i]
    title = word.capitalize() if words.case[i] is Case.CAPITALS else word
    is_common = small in common_words()
    tests = (
        (len(word) == 1, "INITIAL"),
        (small in TITLES, "TITLE"),
        (small in DIRECTIONS, "DIR"),
        (title in given_names() and not is_common, "GIVEN"),
        (small in INSTITUTIONS, "INST"),
    )
    for holds, name in tests:
        if holds:
            return name
    return "First" if is_common and words.is_sentence_start(i) else "CAP"


_SMALL_CLASSES = (
    (TITLES, "title"),
    (SETTLEMENTS | UNITS, "settlement"),
    (DIRECTIONS, "dir"),
    (INSTITUTIONS, "inst"),
)


def _small_class(small: str) -> str:
    if small in PREPOSITIONS:
        return PREPOSITIONS[small]
    for table, name in _SMALL_CLASSES:
        if small in table:
            return name
    return "verb" if small.endswith(("ing", "ed")) else "small"


def _after(span: Span) -> list[str]:
    words, last = span.words, span.last
    possessive = "poss" if words.full_end[last] > span.end else "bare"
    following = last + 1
    if following >= len(words) or words.gap[following] in (Gap.START, Gap.STOP):
        return ["nx=END", possessive]
    gap = words.gap[following]
    cls = _class_after(words, following)
    if gap is Gap.SPACE:
        return [f"nx={cls}", possessive]
    if gap is Gap.COMMA:
        return [f"nx=,{cls}", possessive]
    if gap is Gap.HYPHEN:
        return [f"nx=-{cls}", possessive]
    return [f"nx={gap.name}", possessive]


_CLASSES_AFTER = (
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


def _class_after(words: Words, i: int) -> str:
    small, case = words.small[i], words.case[i]
    if case is Case.OTHER:
        return "num"
    is_capital = case is not Case.SMALL
    name = "unit" if small.startswith(SLAVIC_UNITS) else next((n for t, n in _CLASSES_AFTER if small in t), "")
    if name:
        return name.upper() if is_capital else name
    if not is_capital:
        return PREPOSITIONS.get(small, "verb" if small.endswith(("ed", "ing")) else "small")
    return _capital_after(words, i)


def _capital_after(words: Words, i: int) -> str:
    word = words.word[i]
    if len(word) == 1:
        return "INITIAL"
    title = word.capitalize() if words.case[i] is Case.CAPITALS else word
    return "CAPcommon" if words.small[i] in common_words() else f"CAPsur{surnames().get(title, 3)}"


def article_features(span: Span, likely: float, article: ArticleView) -> list[str]:
    """What the rest of the article says, once every candidate has a first likelihood and a first meaning."""
    own = _likely_bin(likely)
    others = [p for other, p in article.of_surface[span.surface] if other is not span]
    twin = _likely_bin(max(others)) if others else "none"
    low = _likely_bin(min(others)) if others else "none"
    best = article.meaning(span)
    found = [f"own={own}", f"twin={twin}", f"low={low}", f"own={own}|twin={twin}", f"twin={twin}|low={low}"]
    if best is None:
        return [*found, "means=none"]
    option, evidence, sure = best
    level = _LEVEL[option.entry.level]
    context = sum(
        v for k, v in evidence.items() if k in ("country", "unit", "near_50", "near_200", "near_500", "inside")
    )
    ctx = f"ctx={min(int(context * 2), 12)}"
    people = _bin(option.entry.population, (500, 3000, 15_000, 60_000, 300_000, 2_000_000))
    beside = "b" if "beside" in evidence else "h" if "holds" in evidence else "-"
    return [
        *found,
        ctx,
        f"means={level}{people}",
        f"beside={beside}",
        f"sure={int(sure * 4)}",
        f"dist={int(-2 * evidence.get('distance', -1.0) * 2)}",
        f"{ctx}|own={own}",
        f"{ctx}|means={level}{people}",
        f"beside={beside}|own={own}",
        f"means={level}{people}|own={own}",
        f"n={_bin(article.count, (4, 10, 25, 60))}|{ctx}",
    ]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """All candidates of an article after the first look."""

    of_surface: dict[str, list[tuple[Span, float]]]
    meanings: dict[int, tuple[Option, dict[str, float], float]]  # by id of the span
    count: int

    def meaning(self, span: Span) -> tuple[Option, dict[str, float], float] | None:
        """The option a span was first taken for, what spoke for it, and how surely."""
        return self.meanings.get(id(span))


def _likely_bin(p: float) -> str:
    return str(sum(p >= edge for edge in (0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.88, 0.95)))


def _run(span: Span) -> tuple[str, str]:
    """Where the span stands in its run of capitalised words, and what the run's last word is."""
    words = span.words
    if words.line[span.first] is not LineCase.PROSE:
        return "run=line", "head=none"
    left = span.first
    while left > 0 and words.gap[left] in (Gap.SPACE, Gap.HYPHEN, Gap.DOT) and _is_capital(words, left - 1):
        left -= 1
    right = span.last
    while right + 1 < len(words) and words.gap[right + 1] in (Gap.SPACE, Gap.HYPHEN) and _is_capital(words, right + 1):
        right += 1
    if left < span.first and words.is_sentence_start(left) and words.small[left] in common_words():
        left += 1
    run = f"run={min(span.first - left, 3)}{min(right - span.last, 3)}"
    head = "none" if right == span.last else _class_after(words, right)
    return run, f"head={head}"


def _is_capital(words: Words, i: int) -> bool:
    return words.case[i] in (Case.CAPITAL, Case.CAPITALS)
