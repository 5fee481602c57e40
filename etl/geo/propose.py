"""The words of a text and a gazetteer go in; every span that could be a place name comes out, nested ones too.

A span begins and ends with a capitalised word and holds at most five words parted by a space or a hyphen, small ones
allowed inside ("Rio de Janeiro"). Tried in turn: an abbreviation as written ("Calif."), the folded name, a name
before a capitalised designator ("Kherson Province": then only units count), an inflected name (Ukrainian, Russian).
Which of them are places is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from etl.geo.fold import fold
from etl.geo.inflect import nominatives
from etl.geo.lexicon import ADMIN1, ADMIN2, Gazetteer, key_of
from etl.geo.tokens import Words
from etl.geo.words import NAMING_UNITS, SLAVIC_UNITS, UNITS, word_set
from etl.records import NameKind

_LONGEST = 5
_MAX_CANDIDATES = 80
_JOINING = frozenset({"SPACE", "HYPHEN", "DOT"})  # what stands between words of one name
_DEMONYM = NameKind.DEMONYM  # see `lexicon.TOWN`
_LEADING = {"st": "saint", "mt": "mount", "ft": "fort"}

Handles = tuple[tuple[int, NameKind], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that could name a place."""

    words: Words
    first: int  # first word
    last: int  # last word, inclusive
    start: int
    end: int
    key: str  # what was looked up
    handles: Handles
    method: str  # how the name was found

    @property
    def surface(self) -> str:
        """The text of it."""
        return self.words.text[self.start : self.end]


def propose(words: Words, gazetteer: Gazetteer) -> list[Span]:
    """All candidate spans, by start and then longest first."""
    spans: list[Span] = []
    for i in words.capitals:
        for n in range(_reach(words, i), 0, -1):
            if words.case[i + n - 1] != "SMALL" or (n == 2 and words.small[i + 1].startswith(SLAVIC_UNITS)):
                span = _span(words, i, i + n - 1, gazetteer)
                if span is not None:
                    spans.append(span)
    return spans


def look_up(surface: str, gazetteer: Gazetteer) -> tuple[str, Handles, str]:
    """Key, candidates and method for a name given from outside, with every fallback tried."""
    exact = gazetteer.find(key_of(surface, NameKind.ABBREVIATION))
    if exact:
        return surface, exact, "abbreviation"
    key = fold(surface)
    for variant, method in _variants(key):
        handles = _candidates(variant, gazetteer)
        if method == "designated":
            handles = _units_only(handles, gazetteer) or handles
        if handles:
            return variant, handles, method
    for variant in nominatives(key):
        handles = _candidates(variant, gazetteer)
        if handles:
            return variant, handles, "inflected"
    return key, (), "unknown"


def _reach(words: Words, i: int) -> int:
    """How many words from i on could form one name."""
    n = 1
    for gap in words.gap[i + 1 : i + _LONGEST]:
        if gap not in _JOINING:
            break
        n += 1
    return n


def _span(words: Words, first: int, last: int, gazetteer: Gazetteer) -> Span | None:
    start, end = words.start[first], words.end[last]
    if last - first < 2 and end - start <= 6:
        found = _abbreviation(words, start, end, gazetteer)
        if found is not None:
            end, handles = found
            return Span(words, first, last, start, end, words.text[start:end], handles, "abbreviation")
    key = _key(words.key, first, last)
    method = "name"
    handles = _candidates(key, gazetteer)
    if not handles and first < last and words.key[last] in NAMING_UNITS:
        key, method = _key(words.key, first, last - 1), "designated"
        handles = _units_only(_candidates(key, gazetteer), gazetteer)
    if not handles and not key.isascii():
        for guess in nominatives(key):
            handles, method = _candidates(guess, gazetteer), "inflected"
            if handles:
                key = guess
                break
    if not handles and words.full_end[last] > end and first < last:  # "St. Mary's": the 's is part of the name
        key, end, method = fold(words.text[start : words.full_end[last]]), words.full_end[last], "name"
        handles = _candidates(key, gazetteer)
    return Span(words, first, last, start, end, key, handles, method) if handles else None


def _abbreviation(words: Words, start: int, end: int, gazetteer: Gazetteer) -> tuple[int, Handles] | None:
    text = words.text
    if text[end : end + 1] == "." and text[end - 1] != ".":
        handles = gazetteer.find("=" + text[start : end + 1])
        if handles:
            return end + 1, handles
    handles = gazetteer.find("=" + text[start:end])
    return (end, handles) if handles else None


def _key(keys: Sequence[str], first: int, last: int) -> str:
    if first == last:
        return keys[first]
    head = _LEADING.get(keys[first], keys[first])
    return " ".join((head, *keys[first + 1 : last + 1]))


@lru_cache(20_000)
def _variants(key: str) -> tuple[tuple[str, str], ...]:
    """A given name, and what it may be reduced to, in order."""
    words = key.split()
    found = [(key, "name")]
    if words[:1] == ["the"]:
        words = words[1:]
        found.append((" ".join(words), "name"))
    if len(words) > 1:
        if words[-1] in UNITS or words[-1] in ("city", "area", "metropolitan"):
            found.append((" ".join(words[:-1]), "designated"))
        if words[0] in _REDUCIBLE:
            found.append((" ".join(words[1:]), "part"))
        if len(words) > 2 and words[1] == "of":
            found.append((" ".join(words[2:]), "designated"))
        if words[-1].endswith("s") and len(words[-1]) > 4:
            found.append((key[:-1], "name"))
    elif key.endswith("s") and len(key) > 4:
        found.append((key[:-1], "name"))
    return tuple(found)


_REDUCIBLE = word_set(
    "greater northern southern eastern western central north south east west northwestern northeastern southwestern "
    "southeastern northeast northwest southeast southwest mid upper lower metropolitan downtown inner"
)


def _candidates(key: str, gazetteer: Gazetteer) -> Handles:
    handles = gazetteer.find(key)
    if not handles:
        return ()
    people = tuple([h for h in handles if h[1] is _DEMONYM])
    return people or handles[:_MAX_CANDIDATES]


def _units_only(handles: Handles, gazetteer: Gazetteer) -> Handles:
    return tuple(h for h in handles if gazetteer.entry(h[0]).level in (ADMIN1, ADMIN2))
