"""Two states of one article go in; what its publisher changed comes out, as typed edits with their places.

Theory. Publishers edit sentences: a figure, a name, whom they quote. So sentences are aligned (`alignment`), and in
order, for a pair of states of one sentence:
1. each figure that changed beside words that did not is a *number* edit, with what it counts;
2. other upstreams named (`upstream`) make an *attribution* edit;
3. a capitalised name that took the place of another is a *name* edit (where it is a place the views say so, for places
   are tagged later);
4. what else changed is *reworded*.
A sentence without a partner was *added* or *removed*, *moved* if it is found elsewhere, and a *correction* if it says
that it corrects. Headlines, captions, standfirsts and authors are compared whole; figures in them count, too.
Not done: sentences split or joined are told as removed and added; no reading of what a rewording means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from etl.dedup import upstream
from etl.dedup.alignment import Span, align
from etl.dedup.figures import Figure, figures, fold, value_of
from etl.dedup.trivial import untrivial

_MOST_TOKENS = 400
_READ = 2000  # characters of a sentence that are looked into
_TOKEN = re.compile(r"\w+(?:['’ʼ-]\w+)*")
_CORRECTS = re.compile(
    r"\W*(?:corrections?|corrected|clarification|editor'?s note|this (?:article|story|report) (?:has been"
    r"|was) (?:corrected"
    r"|amended|updated to correct)|an earlier version|a previous version|виправлен\w+|уточнення|спростування"
    r"|у попередній версії|исправлен\w+|поправка|уточнение|в предыдущей версии|в более ранней версии|korrektur"
    r"|berichtigung|anm(?:\.|erkung) der red|in einer (?:früheren|vorherigen) version|correctif|rectificatif|erratum"
    r"|une version précédente|corrección|fe de erratas|rectificación|una versión anterior)\b",
    re.IGNORECASE,
)


class EditKind(StrEnum):
    """What was changed."""

    HEADLINE = "headline"
    BYLINE = "byline"
    NUMBER = "number"
    NAME = "name"
    ATTRIBUTION = "attribution"
    CORRECTION = "correction"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change."""

    kind: EditKind
    field: str  # title, standfirst, body, caption, author
    before: Span | None  # None for what was added
    after: Span | None
    number_before: Decimal | None = None
    number_after: Decimal | None = None
    measure: str | None = None  # what the number counts, if a known family
    about: tuple[str, ...] = ()  # words around the number that both have


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What an article said at one time."""

    title: str = ""
    standfirst: str = ""
    body: str = ""
    captions: str = ""
    authors: str = ""  # one a line


def edits(before: State, after: State) -> list[Edit]:
    """What changed from one state to the next, field by field, in reading order."""
    found = [*_whole(before.title, after.title, "title", EditKind.HEADLINE)]
    found += _whole(before.standfirst, after.standfirst, "standfirst", EditKind.REWORDED)
    found += _running(before.body, after.body, "body")
    found += _running(before.captions, after.captions, "caption")
    found += _whole(before.authors, after.authors, "author", EditKind.BYLINE)
    return found


def _whole(before: str, after: str, field: str, kind: EditKind) -> Iterator[Edit]:
    """A short field as one: that it changed, and the figures in it."""
    if untrivial(before) == untrivial(after):
        return
    old, new = Span(0, len(before), before), Span(0, len(after), after)
    if kind is EditKind.REWORDED:
        kind = EditKind.ADDED if not before else EditKind.REMOVED if not after else kind
    yield _edit(kind, field, old if before else None, new if after else None)
    yield from _numbers(old, new, field)


def _running(before: str, after: str, field: str) -> list[Edit]:
    return _moves([e for a, b in align(before, after) for e in _changed(a, b, field)])


def _changed(a: Span | None, b: Span | None, field: str) -> Iterator[Edit]:
    """The edits that made one state of a sentence of the other."""
    if a is None or b is None:
        only = a or b
        is_notice = only is not None and _CORRECTS.match(only.text)
        lone = EditKind.REMOVED if b is None else EditKind.ADDED
        yield _edit(EditKind.CORRECTION if is_notice else lone, field, a, b)
        return
    if _CORRECTS.match(b.text):
        yield _edit(EditKind.CORRECTION, field, a, b)
        return
    typed = [*_numbers(a, b, field), *_attributions(a, b, field), *_names(a, b, field)]
    yield from typed
    if not typed or _without_typed(a.text, typed, "before") != _without_typed(b.text, typed, "after"):
        yield _edit(EditKind.REWORDED, field, a, b)


def _without_typed(text: str, typed: Sequence[Edit], side: str) -> list[str]:
    """The words of a sentence but for those a typed edit tells of."""
    told = [w for e in typed if (span := getattr(e, side)) for w in _TOKEN.findall(span.text)]
    rest = Counter(told)
    kept = []
    for word in _TOKEN.findall(text):
        if rest[word]:
            rest[word] -= 1
        else:
            kept.append(word.casefold())
    return kept


def _numbers(a: Span, b: Span, field: str) -> Iterator[Edit]:
    """Figures that took the place of others: aligned in order, those with the same surroundings."""
    old, new = figures(a.text[:_READ]), figures(b.text[:_READ])
    for x, y in _aligned(old, new):
        if x.value != y.value:
            about = tuple(sorted(x.about & y.about))
            yield replace(
                _edit(EditKind.NUMBER, field, _cut(a, x.start, x.end), _cut(b, y.start, y.end)),
                number_before=x.value,
                number_after=y.value,
                measure=y.measure or x.measure,
                about=about,
            )


def _aligned(old: Sequence[Figure], new: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Figures of the same thing: by measure, else by words around them; each is used once, in order."""
    free = list(new)
    for x in old:
        fits = [y for y in free if y.measure == x.measure and (x.measure or x.about & y.about)]
        if fits:
            best = max(fits, key=lambda y: (y.value == x.value, len(x.about & y.about)))
            free.remove(best)
            yield x, best


def _attributions(a: Span, b: Span, field: str) -> Iterator[Edit]:
    old, new = upstream.find(a.text[:_READ]), upstream.find(b.text[:_READ])
    gone = [u for u in old if u.name not in {v.name for v in new}]
    come = [u for u in new if u.name not in {v.name for v in old}]
    for place in range(max(len(gone), len(come))):
        before = _cut(a, gone[place].start, gone[place].end) if place < len(gone) else None
        after = _cut(b, come[place].start, come[place].end) if place < len(come) else None
        yield _edit(EditKind.ATTRIBUTION, field, before, after)


def _names(a: Span, b: Span, field: str) -> Iterator[Edit]:
    """Capitalised words that took the place of others, but for the first of a sentence and what is attributed."""
    old, new = _tokens(a.text), _tokens(b.text)
    said = {u.surface for s in (a, b) for u in upstream.find(s.text[:_READ])}
    words = [m[0] for m in old], [m[0] for m in new]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        x, y = old[i1:i2], new[j1:j2]
        if tag == "replace" and i1 and j1 and all(m[0][0].isupper() and value_of(fold(m[0])) is None for m in (*x, *y)):
            before, after = _cut(a, x[0].start(), x[-1].end()), _cut(b, y[0].start(), y[-1].end())
            if not any(before.text in s or after.text in s for s in said):
                yield _edit(EditKind.NAME, field, before, after)


def _tokens(text: str) -> list[re.Match[str]]:
    return list(_TOKEN.finditer(text[:_READ]))[:_MOST_TOKENS]


def _cut(span: Span, start: int, end: int) -> Span:
    return Span(span.start + start, span.start + end, span.text[start:end])


def _edit(kind: EditKind, field: str, before: Span | None, after: Span | None) -> Edit:
    return Edit(kind=kind, field=field, before=before, after=after)


def _moves(found: Sequence[Edit]) -> list[Edit]:
    """A sentence that went here and came there was moved."""
    come = {untrivial(e.after.text): e for e in found if e.kind is EditKind.ADDED and e.after}
    told, moved = [], set()
    for e in found:
        twin = come.get(untrivial(e.before.text)) if e.kind is EditKind.REMOVED and e.before else None
        if twin and id(twin) not in moved:
            moved.add(id(twin))
            told.append(replace(e, kind=EditKind.MOVED, after=twin.after))
        else:
            told.append(e)
    return [e for e in told if id(e) not in moved]
