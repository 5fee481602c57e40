"""A text and spans that someone else found go in; the places they mean come out, by the same resolving as in `tag`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from etl.geo.groups import group
from etl.geo.lexicon import Entry, Gazetteer
from etl.geo.propose import Span, look_up
from etl.geo.resolve import resolve
from etl.geo.tokens import words_of

_MOST_OPTIONS = 60


def places_of(
    text: str, spans: Sequence[tuple[int, int]], gazetteer: Gazetteer, home_region: str | None = None
) -> list[Entry | None]:
    """The place of each span ([start, end), in order of text), None where the gazetteer has no such name."""
    words = words_of(text)
    found = []
    for start, end in spans:
        first = max(0, bisect_right(words.start, start) - 1)
        last = max(first, bisect_left(words.start, end) - 1)
        key, handles, method = look_up(text[start:end], gazetteer)
        found.append(Span(words, first, last, start, end, key, handles, method))
    places: list[Entry | None] = [None] * len(found)
    groups = group(found, [1.0] * len(found), gazetteer, _MOST_OPTIONS) if len(words) else []
    for g, choice in zip(groups, resolve(groups, home_region), strict=True):
        if choice.order:
            for n in g.spans:
                places[n] = g.options[choice.order[0]].entry
    return places
