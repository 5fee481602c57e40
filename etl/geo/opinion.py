"""A candidate span and what a second reader made of its text go in; features of their agreement come out.

The second reader is any named-entity tagger (`etl.geo.neural` has one). It is heard as a witness, not obeyed: what it
calls the span, or the longer name the span is a part of, are features like all others, so how far it is believed
depends on what the gazetteer and the words beside say. A name it finds and the gazetteer lacks stays unfound.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from etl.geo.propose import Span


class Entity(NamedTuple):
    """A stretch of text that the second reader calls a name."""

    start: int
    end: int
    label: str  # as in OntoNotes: GPE, LOC, FAC, NORP, PERSON, ORG …


Opinion = Callable[[str], Sequence[Entity]]  # a text → its entities in order, not overlapping
_LABELS = frozenset({"GPE", "LOC", "FAC", "NORP", "PERSON", "ORG", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"})


def opinion_features(span: Span, entities: Sequence[Entity], local: Sequence[str]) -> list[str]:
    """What the second reader says of a span; `local` are the span's other features, some of which it is paired with."""
    said = _said(span, entities)
    known = next((f for f in local if f.startswith("pop=")), "pop=")
    common = next((f for f in local if f.startswith("com=")), "com=")
    kind = next((f for f in local if f.startswith("kind=")), "kind=")
    before = next((f for f in local if f.startswith("pv=")), "pv=")
    place = next((f for f in local if f.startswith("run=")), "run=")
    return [said, *(f"{said}|{other}" for other in (known, common, kind, before, place))]


def _said(span: Span, entities: Sequence[Entity]) -> str:
    """`ner=GPE` for the very span, `ner=<ORG` for a part of a longer one, `ner=>GPE` for a longer span, `ner=none`."""
    at = bisect_right(entities, (span.end, 0, "")) - 1
    while at >= 0 and entities[at].end > span.start:
        start, end, label = entities[at]
        start += 4 if span.words.text[start : start + 4].lower() == "the " else 0
        end -= 2 if span.words.text[end - 2 : end] in ("'s", "’s") else 0
        name = label if label in _LABELS else "other"
        if start < span.end:
            if (start, end) == (span.start, span.end):
                return f"ner={name}"
            if start <= span.start and span.end <= end:
                return f"ner=<{name}"
            return f"ner=>{name}"
        at -= 1
    return "ner=none"
