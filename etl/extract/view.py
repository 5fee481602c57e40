"""Blocks of a page in, what only the whole page can tell of each out: where its prose stands and what repeats.

Theory. Prose is a block of some length outside links that ends a sentence. The place of the page that holds most of it,
counting what stands deeper for less, is the centre; how far a block is from there by the tree, and whether it comes
before the first prose or after the last, tells more than any name. Blocks that share tag and class, with their
parent's, were made by one template for one purpose. Places are numbered, those above others first, so that what is
asked of all of them is worked out in one pass down or up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from etl.extract.blocks import Block, Place
from etl.extract.glyphs import Bools, Glyphs, Ints
from etl.extract.title import fold

Floats = NDArray[np.float64]

_DENSE_WEIGHT = 3.0
_PROSE = 80  # characters outside links that make prose of a block that ends a sentence
_FAR = 12
_NEAR_UNIT = 6  # a list or table stands at most so many levels up, the block included
_UNITS = frozenset(("ul", "ol", "dl", "table"))


class View:
    """What rows need to know of the whole page. Arrays are by block, or by place where they say so."""

    def __init__(self, found: Sequence[Block], heads: frozenset[str], stated: str, lead: str) -> None:
        self.blocks, self.heads, self.stated, self.lead = found, heads, stated, lead
        self.folded = [fold(b.text) for b in found]
        self.glyphs = Glyphs([b.text for b in found])
        self.counts = self.glyphs.lengths
        self.linked: Ints = np.array([b.linked for b in found])
        self.stops = self.glyphs.sentences()
        self.sizes: Floats = self.counts + (_DENSE_WEIGHT - 1) * self.glyphs.count("dense")
        self.own: Floats = np.maximum(0.0, self.sizes - self.linked * self.sizes / self.counts)
        self.is_prose: Bools = (self.own >= _PROSE) & (self.stops > 0) & (self.linked < 0.4 * self.counts)
        self.prose: Floats = np.where(self.is_prose, self.own, 0.0)
        self.total = float(sum(self.prose.tolist())) or 1.0
        self.head_words = set(" ".join(heads).split())
        repeats = Counter(self.folded)
        self.repeats: Ints = np.array([repeats[text] for text in self.folded])
        self._place()
        self._centre()
        self._head()

    def _place(self) -> None:
        """Number the places in which blocks stand, and say what stands above each."""
        held: dict[int, Place] = {}
        for block in self.blocks:
            place: Place | None = block.place
            while place is not None and place.number not in held:
                held[place.number] = place
                place = place.parent
        self.places = [held[number] for number in sorted(held)]
        numbers = {place.number: at for at, place in enumerate(self.places)}
        self.parents = [numbers[p.parent.number] if p.parent is not None else at for at, p in enumerate(self.places)]
        self.above: Ints = np.array(self.parents)  # by place; the top is its own
        self.at: Ints = np.array([numbers[b.place.number] for b in self.blocks])  # the place of each block

    def held(self, amounts: Floats) -> Floats:
        """By place, the sum over all blocks that stand in it."""
        sums = np.bincount(self.at, amounts, minlength=len(self.places)).tolist()
        for at in range(len(sums) - 1, 0, -1):
            sums[self.parents[at]] += sums[at]
        return np.array(sums)

    def _centre(self) -> None:
        """The smallest place that holds most of the page's prose, and the way to each place from it."""
        best: dict[int, float] = {}
        for block in np.flatnonzero(self.prose).tolist():
            place, share = int(self.at[block]), float(self.prose[block])
            for weight in (1.0, 0.7, 0.4, 0.2):
                if not place:
                    break
                place = self.parents[place]
                best[place] = best.get(place, 0.0) + share * weight
        self._levels(max(best, key=best.__getitem__) if best else None)
        inside = np.flatnonzero((self.prose > 0) & (self.up[self.at] == 0))
        self.first, self.last = (int(inside[0]), int(inside[-1])) if len(inside) else (0, len(self.blocks))

    def _levels(self, centre: int | None) -> None:
        """By place, levels from the centre up to what both share, and from there down to the place."""
        ups, downs = [_FAR] * len(self.places), [_FAR] * len(self.places)
        if centre is not None:
            way = [centre]
            while way[-1]:
                way.append(self.parents[way[-1]])
            level = {place: up for up, place in enumerate(way)}
            for at, above in enumerate(self.parents):
                up = level.get(at)
                ups[at], downs[at] = (ups[above], downs[above] + 1) if up is None else (up, 0)
        self.up: Ints = np.minimum(_FAR, ups)
        self.down: Ints = np.minimum(_FAR, downs)

    def _head(self) -> None:
        h1 = [at for at, b in enumerate(self.blocks) if b.place.tag == "h1" or self.folded[at] in self.heads]
        before = [at for at in h1 if at <= self.first]
        self.head = before[-1] if before else (h1[0] if h1 else -1)

    @cached_property
    def units(self) -> Ints:
        """By place, the list or table it is a part of; else itself."""
        found: list[int] = []
        levels: list[int] = []
        for at, (place, above) in enumerate(zip(self.places, self.parents, strict=True)):
            is_unit = place.tag in _UNITS
            level = 0 if is_unit else levels[above] + 1 if at else _NEAR_UNIT
            levels.append(level)
            found.append(at if is_unit or level >= _NEAR_UNIT else found[above])
        return np.array(found)

    @cached_property
    def templates(self) -> Ints:
        """A number for what each block's place was made by."""
        numbers: dict[tuple[str, ...], int] = {}
        return np.array([numbers.setdefault(_sign(b.place), len(numbers)) for b in self.blocks])

    def column(self, values: Iterable[float]) -> Floats:
        """Numbers, one a block."""
        return np.fromiter(values, dtype=np.float64, count=len(self.blocks))


def _sign(place: Place) -> tuple[str, ...]:
    above = place.parent or place
    return (place.tag, place.names, above.tag, above.names)
