"""Accepted spans go in; groups come out that must mean one place each, with their candidates and what frames them.

One name may mean two places in one text ("Paris" and "Paris, Texas"), so a group is a name together with its frame:
the container named beside it, or the designator that goes with it. Groups of one name still speak for each other:
see `resolve`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from etl.geo.governments import acts_as_government
from etl.geo.lexicon import ADMIN2, Gazetteer
from etl.geo.options import LEVEL_LETTER, Option, contains, meanings_of
from etl.geo.propose import Span
from etl.geo.words import LANDFORMS, SETTLEMENTS, UNITS
from etl.records import NameKind


@dataclass(slots=True)
class Group:
    """Mentions of one name in one frame."""

    key: str
    spans: list[int]  # indexes into the spans given
    options: Sequence[Option]
    points: NDArray[np.float64]  # of the options on the unit sphere, a row each
    has_units: bool  # whether a second-level unit is among them
    designator: str = ""  # "unit" (region, county), "town" (city of), "water", "government" or ""
    containers: set[int] = field(default_factory=set)  # groups named beside it as containing it
    contents: set[int] = field(default_factory=set)  # the reverse
    weight: float = 1.0  # how much it says about the text: root of its mentions times how surely they are places


def group(spans: Sequence[Span], likely: Sequence[float], gazetteer: Gazetteer, most: int) -> list[Group]:
    """Group spans (in order of text, not overlapping) and keep at most `most` options each."""
    frames = [_designator(span) for span in spans]
    beside = _containers(spans, gazetteer)
    groups: dict[tuple[str, str, str], Group] = {}
    of_span: list[Group] = []
    for n, span in enumerate(spans):
        container = spans[beside[n]].key if n in beside else ""
        frame = frames[n]
        if frame == "government" and not any(gazetteer.entry(h).feature_code == "PPLC" for h, _ in span.handles):
            frame = ""  # only a capital is told from its namesakes by that
        identity = (span.key, frame, container)
        if identity not in groups:
            may = meanings_of(span.key, span.handles, gazetteer, most)
            has_units = LEVEL_LETTER[ADMIN2] in may.levels
            groups[identity] = Group(span.key, [], may.options, may.points, has_units, frame)
        groups[identity].spans.append(n)
        of_span.append(groups[identity])
    ordered = list(groups.values())
    number = {id(g): i for i, g in enumerate(ordered)}
    for inner, outer in beside.items():
        a, b = number[id(of_span[inner])], number[id(of_span[outer])]
        if a != b:
            ordered[a].containers.add(b)
            ordered[b].contents.add(a)
    for g in ordered:
        g.weight = math.sqrt(len(g.spans)) * sum(likely[n] for n in g.spans) / len(g.spans)
    return ordered


def _designator(span: Span) -> str:
    """What the words beside a span call the place."""
    words, last, first = span.words, span.last, span.first
    if span.method == "designated" or words.small[last] in UNITS:
        return "unit"
    if last + 1 < len(words) and words.gap[last + 1] == "SPACE":
        after = words.small[last + 1]
        if after in UNITS or after.startswith("област"):
            return "unit"
        if after in LANDFORMS and words.word[last + 1][0].isupper():
            return "water"
    if first > 1 and words.small[first - 1] == "of" and words.gap[first] == "SPACE":
        before = words.small[first - 2]
        if before in SETTLEMENTS:
            return "town"
        if before in UNITS or before == "governor":
            return "unit"
    return "government" if acts_as_government(span) else ""


def _containers(spans: Sequence[Span], gazetteer: Gazetteer) -> dict[int, int]:
    """Span → the span right after it that contains it: "Long Beach, Calif.", "Paris (France)", "Lyon in France"."""
    found: dict[int, int] = {}
    for n, (inner, outer) in enumerate(pairwise(spans)):
        if inner.words is outer.words and inner.key != outer.key and _is_beside(inner, outer):
            inside = [gazetteer.entry(handle) for handle, _ in inner.handles]
            units = [gazetteer.entry(h) for h, kind in outer.handles[:20] if kind is not NameKind.DEMONYM]
            if any(contains(unit, place) for unit in units for place in inside):
                found[n] = n + 1
    return found


def _is_beside(inner: Span, outer: Span) -> bool:
    between = inner.words.text[inner.end : outer.start]
    return between in (", ", " (", ",", " in ", " in the ", " - ", ", in ") or (
        between == " " and outer.method == "abbreviation"
    )
