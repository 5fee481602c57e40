"""Two texts go in; the sentences that differ come out, each paired with the state of it in the other, if there is one.

Theory. Texts are cut into sentences, trivia left out. Equal ones (spaces and quotes folded) are aligned by the longest
common runs; what stands between the same equal sentences is paired by the words it shares, the most alike first.
Cost is bounded: sentences beyond 5,000 are not read; beyond a million cells equal ones are matched as a set, and a gap
with more than ten thousand possible pairs is left unpaired.
Not done: a sentence split in two is one that went and two that came.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from etl.dedup.trivial import untrivial

_MOST_SENTENCES, _MOST_CELLS, _MOST_PAIRS = 5000, 1_000_000, 10_000
_ALIKE = 0.4  # share of words two sentences need to be states of one
_READ = 2000  # characters of a sentence that are compared
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?…]+[\"'”»)\]]*(?=\s)|[。！？]|(?=\n)|$)")
_TOKEN = re.compile(r"\w+(?:['’ʼ-]\w+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a field."""

    start: int  # Unicode code points
    end: int
    text: str


Paired = tuple[Span | None, Span | None]
Matched = list[tuple[int, int]]  # (place, the gap between equal sentences it stands in)


def align(before: str, after: str) -> list[Paired]:
    """The sentences that differ, in reading order: a state and the next one, or one of them and None."""
    old, new = _sentences(before), _sentences(after)
    gone, come = _unmatched(old, new)
    pairs: list[Paired] = []
    for block_gone, block_come in _blocks(gone, come):
        pairs += _paired([old[i] for i in block_gone], [new[j] for j in block_come])
    return pairs


def _sentences(text: str) -> list[Span]:
    """Sentences with their places, those of trivia left out."""
    spans = []
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip() and untrivial(line):
            for m in _SENTENCE.finditer(line):
                said = m[0].strip()
                if said:
                    at = start + m.start() + len(m[0]) - len(m[0].lstrip())
                    spans.append(Span(at, at + len(said), said))
        start += len(line)
        if len(spans) >= _MOST_SENTENCES:
            break
    return spans[:_MOST_SENTENCES]


def _unmatched(old: Sequence[Span], new: Sequence[Span]) -> tuple[Matched, Matched]:
    """Sentences without an equal one opposite, each with the gap between equal ones it stands in."""
    a, b = [untrivial(s.text) for s in old], [untrivial(s.text) for s in new]
    if len(a) * len(b) > _MOST_CELLS:
        return _without(a, Counter(b)), _without(b, Counter(a))
    gone, come = [], []
    for gap, (tag, i1, i2, j1, j2) in enumerate(SequenceMatcher(None, a, b, autojunk=False).get_opcodes()):
        if tag != "equal":
            gone += [(i, gap) for i in range(i1, i2)]
            come += [(j, gap) for j in range(j1, j2)]
    return gone, come


def _without(mine: Sequence[str], theirs: Counter[str]) -> Matched:
    rest, gap = [], 0
    for place, said in enumerate(mine):
        if theirs[said]:
            theirs[said] -= 1
            gap += 1
        else:
            rest.append((place, gap))
    return rest


def _blocks(gone: Matched, come: Matched) -> Iterator[tuple[list[int], list[int]]]:
    """What went and what came between the same equal sentences."""
    for gap in sorted({g for _, g in gone} | {g for _, g in come}):
        yield [i for i, g in gone if g == gap], [j for j, g in come if g == gap]


def _paired(gone: Sequence[Span], come: Sequence[Span]) -> Iterator[Paired]:
    """Pairs of states of one sentence, the most alike first taken; then those without a partner."""
    partner: dict[int, int] = {}
    if len(gone) * len(come) <= _MOST_PAIRS:
        old, new = [_words(s.text) for s in gone], [_words(s.text) for s in come]
        scores = [(_shared(x, y), -i, -j) for i, x in enumerate(old) for j, y in enumerate(new)]
        for score, i, j in sorted(scores, reverse=True):
            if score >= _ALIKE and -i not in partner and -j not in partner.values():
                partner[-i] = -j
    yield from ((s, come[partner[i]] if i in partner else None) for i, s in enumerate(gone))
    taken = set(partner.values())
    yield from ((None, s) for j, s in enumerate(come) if j not in taken)


def _words(text: str) -> Counter[str]:
    return Counter(w.casefold() for w in _TOKEN.findall(text[:_READ]))


def _shared(a: Counter[str], b: Counter[str]) -> float:
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 0.0
