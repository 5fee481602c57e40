"""Candidates of an article, and how likely each is, go in; those accepted, headlines vouched for by prose, come out.

A headline says too little to tell a name from a word ("Explosions Rock Kyiv"), but what it names the article names
again. So a name that the prose uses as a place wherever it stands is that place in a headline too, unless a person, a
team, a school or a street is named there.
"""

from __future__ import annotations

from collections.abc import Sequence

from etl.geo.neighbours import after, before
from etl.geo.propose import Span

_SURE = 0.6  # how likely a name must be everywhere in the prose
_MOST = 0.9  # how likely that makes it in a headline
_OTHERS = frozenset({"pv=GIVEN", "pv=TITLE", "pv=title", "pv=INITIAL", "nx=SPORT", "nx=NAMED", "nx=STREET"})

Scored = list[tuple[Span, float]]


def vouched(candidates: Sequence[Span], scored: Scored, threshold: float) -> Scored:
    """Accepted spans (`scored` holds whatever had a second look), with those of headlines, in order of text."""
    accepted = {id(span): (span, p) for span, p in scored if p >= threshold}
    if all(line == "PROSE" for line in {span.words.line[span.first] for span in candidates}):
        return list(accepted.values())
    sure = _sure(scored)
    for span in sorted(candidates, key=lambda span: span.first - span.last):
        p = sure.get(span.key, 0.0)
        if p >= _SURE and _is_headline(span) and _OTHERS.isdisjoint((*before(span), *after(span))):
            own = accepted.get(id(span))
            if own is not None or not any(_overlap(span, other) for other, _ in accepted.values()):
                accepted[id(span)] = span, max(min(p, _MOST), own[1] if own else 0.0)
    return [accepted[id(span)] for span in candidates if id(span) in accepted]


def _sure(scored: Scored) -> dict[str, float]:
    """Name → how likely it is a place where prose is least sure of it."""
    least: dict[str, float] = {}
    for span, p in scored:
        if not _is_headline(span):
            least[span.key] = min(p, least.get(span.key, 1.0))
    return least


def _is_headline(span: Span) -> bool:
    return span.words.line[span.first] != "PROSE"


def _overlap(one: Span, other: Span) -> bool:
    return one.words is other.words and one.first <= other.last and other.first <= one.last
