"""The words of a text and a gazetteer go in; names in scripts without capitals come out, each with how likely it is.

Theory. Where nothing tells a name from a word, only what is well known is taken for one: a country, a first-level unit,
a large city; less known towns only where something beside says so ("في", "에서", 在, 市), short names sooner doubted
than long ones. Of Chinese and Thai the longest name that begins at each place is taken, from left to right; of Katakana
a whole run; of the others a word, or several, without what is written onto it. A name that makes an institution, a
people or a person is left. Names of less than two characters, and words that are names too (`scripts.STOP_NAMES`),
lead nowhere. What is missed here is many a village; what is found is meant to be right.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from etl.geo import scripts
from etl.geo.fold import fold
from etl.geo.lexicon import ADMIN1, COUNTRY, REGION, Gazetteer, first_word_key, start_key
from etl.geo.propose import Handles, Span
from etl.geo.tokens import Words

_LONGEST = {"han": 9, "thai": 24}
_MOST_WORDS = 3
_SHORT = {"han": 2, "kana": 2, "hangul": 2, "thai": 4, "arabic": 3, "hebrew": 3, "hindi": 3}  # as short names go
_SHORTEST = {"thai": 3, "arabic": 3, "hebrew": 3, "hindi": 2}  # of others two
# How well known (`_known`) → how likely a place: bare, and with something beside that says so.
_LONG_NAME = ((0.0, 0.6), (0.6, 0.8), (0.8, 0.88), (0.9, 0.93))
_SHORT_NAME = ((0.0, 0.0), (0.0, 0.7), (0.7, 0.85), (0.88, 0.92))
_LARGE, _HUGE = 200_000, 1_000_000

Found = tuple[int, int, str, Handles, float]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of one script."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Name:
    """What could be a name: as it is looked up, and where it stands."""

    text: str
    start: int
    end: int
    kind: str


def caseless(words: Words, gazetteer: Gazetteer) -> list[tuple[Span, float]]:
    """Names in order of text, not overlapping."""
    text = words.text
    if not scripts.ANY.search(text):
        return []
    runs = [_Run(str(m.lastgroup), *m.span()) for m in scripts.RUN.finditer(text)]
    is_japanese = 10 * len(scripts.KANA.findall(text)) > len(text)
    found: list[Found] = []
    for n, run in enumerate(runs):
        if found and run.start < found[-1][1]:
            continue  # within a name of several words
        if run.kind in scripts.SPACED:
            found += _spaced(text, runs, n, gazetteer)
        elif run.kind == "kana":
            found += _whole(text, run, gazetteer)
        else:
            found += _unspaced(text, run, gazetteer, is_japanese=is_japanese)
    return [(_span(words, *name[:4]), name[4]) for name in found]


def _span(words: Words, start: int, end: int, key: str, handles: Handles) -> Span:
    first = max(0, bisect_right(words.start, start) - 1)
    last = max(first, bisect_right(words.start, end - 1) - 1)
    return Span(words, first, last, start, end, key, handles, "caseless")


def _unspaced(text: str, run: _Run, gazetteer: Gazetteer, *, is_japanese: bool) -> Iterator[Found]:
    """The longest names of a clause, from left to right."""
    at = run.start
    while at + 1 < run.end:
        found = None
        if gazetteer.find(start_key(text[at : at + 2])):
            ends = range(min(run.end, at + _LONGEST[run.kind]), at + 1, -1)
            found = next((f for end in ends if (f := _clause_name(text, run, at, end, gazetteer))), None)
        if found and is_japanese and not _stands_alone(text, run, found):
            found = None
        if found:
            yield found
        at = found[1] if found else at + 1


def _clause_name(text: str, run: _Run, start: int, end: int, gazetteer: Gazetteer) -> Found | None:
    name = text[start:end]
    if run.kind == "thai" and end < run.end and unicodedata.category(text[end]) == "Mn":
        return None  # a vowel or tone goes on
    if start and text[start - 1] in scripts.NOT_AFTER.get(name, ""):
        return None
    before = text[max(run.start, start - 8) : start]
    is_framed = before.endswith(scripts.PLACE_BEFORE[run.kind]) or text.startswith(scripts.UNITS[run.kind], end)
    return _named(_Name(name, start, end, run.kind), text, gazetteer, is_framed=is_framed)


def _stands_alone(text: str, run: _Run, found: Found) -> bool:
    """In Japanese a name of characters begins its run; what follows is a unit or a particle: else it is a person's."""
    start, end, _, _, likely = found
    if start != run.start and text[start - 1] not in "".join(scripts.UNITS["han"]):
        return False
    unit = next((u for u in scripts.UNITS["han"] if text.startswith(u, end)), "")
    return end + len(unit) >= run.end or likely >= _SHORT_NAME[3][0]


def _whole(text: str, run: _Run, gazetteer: Gazetteer) -> Iterator[Found]:
    is_framed = text.startswith(scripts.UNITS["kana"], run.end)
    name = _Name(text[run.start : run.end], run.start, run.end, run.kind)
    found = _named(name, text, gazetteer, is_framed=is_framed)
    if found:
        yield found


def _spaced(text: str, runs: list[_Run], n: int, gazetteer: Gazetteer) -> Iterator[Found]:
    """The longest name of several words that begins here, with or without what is written onto the first."""
    run = runs[n]
    is_said_before = n > 0 and text[runs[n - 1].start : runs[n - 1].end] in scripts.WORDS_BEFORE[run.kind]
    for start, end, first, is_in in _bare(text[run.start : run.end], run.start, run.kind):
        if run.kind == "hangul":  # its names are one word
            last = n
        elif gazetteer.find(first_word_key(first)):
            last = _reach(text, runs, n)
        else:
            continue
        for m in range(last, n - 1, -1):
            after = text[runs[m + 1].start : runs[m + 1].end] if m + 1 < len(runs) else ""
            is_framed = is_in or is_said_before or after in scripts.WORDS_AFTER[run.kind]
            to = runs[m].end if m > n else end
            name = _Name(first + text[end:to], start, to, run.kind)
            found = _named(name, text, gazetteer, is_framed=is_framed)
            if found:
                yield found
                return


def _reach(text: str, runs: list[_Run], n: int) -> int:
    """The last word a name that begins with word `n` could have."""
    last = n
    while last + 1 < min(len(runs), n + _MOST_WORDS) and _follows(text, runs[last], runs[last + 1], runs[n].kind):
        last += 1
    return last


def _follows(text: str, one: _Run, other: _Run, kind: str) -> bool:
    return other.kind == kind and text[one.end : other.start] == " "


def _bare(name: str, start: int, kind: str) -> Iterator[tuple[int, int, str, bool]]:
    """A word as written, then without prefixes or particles: start, end, name, and whether what went says "in"."""
    yield start, start + len(name), name, False
    if kind == "hangul":
        for particle in scripts.PARTICLES:
            if name.endswith(particle):
                left = name[: -len(particle)]
                yield start, start + len(left), left, particle.startswith(scripts.PLACE_PARTICLES)
        return
    for prefix in scripts.PREFIXES.get(kind, ()):
        if name.startswith(prefix):
            rest = name[len(prefix) :]
            is_in = prefix[-1:] in "بلבל" or prefix in ("بال", "لل")
            hidden = scripts.ARTICLE + rest if prefix.endswith(("ال", "لل")) else rest
            yield start + len(prefix), start + len(name), hidden, is_in


def _named(name: _Name, text: str, gazetteer: Gazetteer, *, is_framed: bool) -> Found | None:
    """The name, if the gazetteer has it and it is known or framed well enough."""
    if len(name.text) < _SHORTEST.get(name.kind, 2) or name.text in scripts.STOP_NAMES:
        return None
    key = fold(name.text)
    handles = gazetteer.find(key)
    if not handles or text.startswith(scripts.NO_PLACE_AFTER[name.kind], name.end):
        return None
    known = max(_known(gazetteer, handle) for handle, _ in handles)
    table = _SHORT_NAME if len(name.text) <= _SHORT[name.kind] else _LONG_NAME
    likely = table[known][is_framed]
    return (name.start, name.end, key, handles, likely) if likely else None


def _known(gazetteer: Gazetteer, handle: int) -> int:
    """3 a country or wider region, 2 a first-level unit, capital or city of a million, 1 a large city, 0 the others."""
    entry = gazetteer.entry(handle)
    if entry.level in (COUNTRY, REGION):
        return 3
    if entry.level is ADMIN1 or entry.feature_code == "PPLC" or entry.population >= _HUGE:
        return 2
    return int(entry.population >= _LARGE)
