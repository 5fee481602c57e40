"""Blocks of a page in, what only the whole page can tell of each out: where its prose stands and what repeats.

Theory. Prose is a block of some length outside links that ends a sentence. The place of the page that holds most of it,
counting what stands deeper for less, is the centre; how far a block is from there by the tree, and whether it comes
before the first prose or after the last, tells more than any name. Blocks that share tag and class, with their
parent's, were made by one template for one purpose.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from etl.extract.blocks import Block, Place
from etl.extract.title import fold

DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_DENSE_WEIGHT = 3.0
_STOP = re.compile(r"[.!?…。！？؟।](?:[\"'”»’)\]]*(?:\s|$)|(?<=[。！？]))")
PROSE = 80  # characters outside links that make prose of a block that ends a sentence
_FAR = 12
_UNITS = frozenset(("ul", "ol", "dl", "table"))


class View:
    """What rows need to know of the whole page."""

    def __init__(self, found: Sequence[Block], heads: frozenset[str], stated: str, lead: str) -> None:
        self.blocks, self.heads, self.stated, self.lead = found, heads, stated, lead
        self.folded = [fold(b.text) for b in found]
        self.sizes = [_size(b.text) for b in found]
        self.own = [max(0.0, s - b.linked * s / len(b.text)) for s, b in zip(self.sizes, found, strict=True)]
        self.stops = [len(_STOP.findall(b.text)) for b in found]
        self.prose = [
            own if own >= PROSE and stops and b.linked < 0.4 * len(b.text) else 0.0
            for own, stops, b in zip(self.own, self.stops, found, strict=True)
        ]
        self.total = sum(self.prose) or 1.0
        self.repeats = Counter(self.folded)
        self.signs = [_sign(b.place) for b in found]
        self.head_words = set(" ".join(heads).split())
        self._company()
        self._centre()
        self._heads()

    def _company(self) -> None:
        """What the same template place and the same parent hold."""
        self.same_own: dict[Any, float] = defaultdict(float)
        self.same_size: dict[Any, float] = defaultdict(float)
        self.same_prose: dict[Any, float] = defaultdict(float)
        self.same_count: Counter[Any] = Counter()
        self.under: dict[int, float] = defaultdict(float)  # prose by place
        self.under_size: dict[int, float] = defaultdict(float)
        self.under_own: dict[int, float] = defaultdict(float)
        self.under_count: dict[int, int] = defaultdict(int)
        for at, block in enumerate(self.blocks):
            sign = self.signs[at]
            self.same_own[sign] += self.own[at]
            self.same_size[sign] += self.sizes[at]
            self.same_prose[sign] += self.prose[at]
            self.same_count[sign] += 1
            self._add(block.place, self.prose[at], self.sizes[at], self.own[at], 1)
        places: dict[int, Place] = {}
        for block in self.blocks:
            place: Place | None = block.place
            while place is not None and id(place) not in places:
                places[id(place)] = place
                place = place.parent
        for place in sorted(places.values(), key=lambda p: -p.depth):
            if place.parent is not None:
                key = id(place)
                self._add(
                    place.parent, self.under[key], self.under_size[key], self.under_own[key], self.under_count[key]
                )

    def _add(self, place: Place, prose: float, size: float, own: float, count: int) -> None:
        key = id(place)
        self.under[key] += prose
        self.under_size[key] += size
        self.under_own[key] += own
        self.under_count[key] += count

    def _centre(self) -> None:
        """The smallest place that holds most of the page's prose, and the way up from it."""
        self.centre: Place | None = None
        best: dict[int, float] = defaultdict(float)
        places: dict[int, Place] = {}
        for at, block in enumerate(self.blocks):
            share, place = self.prose[at], block.place.parent
            for weight in (1.0, 0.7, 0.4, 0.2):
                if place is None or not share:
                    break
                best[id(place)] += share * weight
                places[id(place)] = place
                place = place.parent
        if best:
            self.centre = places[max(best, key=best.__getitem__)]
        self.above: dict[int, int] = {}
        self._levels: dict[int, tuple[int, int]] = {}
        place, up = self.centre, 0
        while place is not None:
            self.above[id(place)] = up
            place, up = place.parent, up + 1
        inside = [at for at, b in enumerate(self.blocks) if self.prose[at] and self.levels(b.place)[0] == 0]
        self.first, self.last = (inside[0], inside[-1]) if inside else (0, len(self.blocks))

    def _heads(self) -> None:
        h1 = [at for at, b in enumerate(self.blocks) if b.place.tag == "h1" or self.folded[at] in self.heads]
        before = [at for at in h1 if at <= self.first]
        self.head = before[-1] if before else (h1[0] if h1 else -1)

    def levels(self, place: Place) -> tuple[int, int]:
        """Levels from the centre up to what it shares with a place, and from there down to the place."""
        known = self._levels.get(id(place))
        if known is None:
            known = self._levels[id(place)] = self._counted(place)
        return known

    def _counted(self, place: Place) -> tuple[int, int]:
        down, at = 0, place
        while id(at) not in self.above:
            if at.parent is None:
                return _FAR, _FAR
            down, at = down + 1, at.parent
        return min(_FAR, self.above[id(at)]), min(_FAR, down)


def unit_of(place: Place) -> Place:
    """The list or table a block is a part of; else the block."""
    at: Place | None = place
    for _ in range(6):
        if at is None:
            break
        if at.tag in _UNITS:
            return at
        at = at.parent
    return place


def _size(text: str) -> float:
    dense = 0 if text.isascii() else len(DENSE.findall(text))
    return len(text) + (_DENSE_WEIGHT - 1) * dense


def _sign(place: Place) -> tuple[str, ...]:
    above = place.parent or place
    return (place.tag, place.names, above.tag, above.names)
