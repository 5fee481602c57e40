"""A tree in; its elements as lists out, in document order: tags, attributes, texts, and what stands in what.

Theory. A dozen readers ask the same of the same elements: class, id, text, how long it is, what it stands in. Asking
lxml costs ten times what asking a list does, so each thing is asked once of all elements. An element is known by its
number; what stands in it has the numbers from its own up to `ends`, so that sums over it are differences of two.
What is drawn (the inside of svg) is nobody's text and has no numbers. What is dropped goes from the tree as well.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate

from etl.markup.tree import BLOCKS, HIDDEN, Tree

_NONE: Mapping[str, str] = {}
_CODE = frozenset(("script", "style"))


class Outline:
    """The elements of a page by number."""

    def __init__(self, tree: Tree) -> None:
        """List the elements of a tree, which must not be changed afterwards but by `drop`."""
        self.tree = tree
        self.elements: list[Tree] = _elements(tree)
        self.tags: list[str] = [element.tag for element in self.elements]
        self.attributes: list[Mapping[str, str]] = [dict(a) if (a := e.items()) else _NONE for e in self.elements]
        numbers = dict(zip(self.elements, range(len(self.elements)), strict=True))
        self.parents: list[int] = [-1, *(numbers[element.getparent()] for element in self.elements[1:])]
        self.ends = _ends(self.parents)  # one more than the last number within
        # The text an element begins with and the one behind it, "" for none; a script's is none.
        tagged = zip(self.tags, self.elements, strict=True)
        self.leads: list[str] = ["" if tag in _CODE else element.text or "" for tag, element in tagged]
        self.tails: list[str] = [element.tail or "" for element in self.elements]
        self._leads = list(accumulate([len(e.text or "") for e in self.elements], initial=0))
        self._tails = list(accumulate(map(len, self.tails), initial=0))
        self._dropped: set[int] = set()
        self._by_tag: dict[str, list[int]] = defaultdict(list)
        for at, tag in enumerate(self.tags):
            self._by_tag[tag].append(at)

    def of(self, *tags: str) -> list[int]:
        """The elements of these tags, in document order."""
        found = [at for tag in tags for at in self._by_tag.get(tag, ())]
        return sorted(found) if len(tags) > 1 else found

    def within(self, at: int, tag: str) -> list[int]:
        """The elements of a tag that stand in another, or are it."""
        found = self._by_tag.get(tag)
        return found[bisect_left(found, at) : bisect_left(found, self.ends[at])] if found else []

    def children(self, at: int) -> Iterator[int]:
        """The elements right within another."""
        child, end = at + 1, self.ends[at]
        while child < end:
            yield child
            child = self.ends[child]

    def size(self, at: int) -> int:
        """Characters of all texts within an element but code, those of what was dropped included."""
        end = self.ends[at]
        return self._leads[end] - self._leads[at] + self._tails[end] - self._tails[at + 1]

    def text(self, at: int) -> str:
        """The visible text of an element on one line, blocks and line breaks apart by a space: `text_of`."""
        if self.ends[at] == at + 1:
            return "" if self.tags[at] in HIDDEN or at in self._dropped else " ".join(self.leads[at].split())
        pieces: list[str] = []
        self._gather(at, pieces)
        return " ".join("".join(pieces).split())

    def _gather(self, at: int, out: list[str]) -> None:
        """Recursion is bounded: no tree is deeper than `parse` lets through."""
        tag, end, child = self.tags[at], self.ends[at], at + 1
        if tag in HIDDEN or at in self._dropped:
            return
        is_block = tag in BLOCKS
        out.append(f" {self.leads[at]}" if is_block else self.leads[at])
        while child < end:
            self._gather(child, out)
            out.append(self.tails[child])
            child = self.ends[child]
        if is_block:
            out.append(" ")

    def drop(self, at: int) -> None:
        """Take an element out of the tree, as if it had not been there; what follows it stays."""
        self._dropped.update(range(at, self.ends[at]))
        element = self.elements[at]
        if element.getparent() is not None:
            element.drop_tree()

    def is_dropped(self, at: int) -> bool:
        """Whether it, or what it stands in, was dropped."""
        return at in self._dropped

    def living(self) -> Iterator[int]:
        """The elements that were not dropped."""
        every = range(len(self.tags))
        return iter([at for at in every if at not in self._dropped] if self._dropped else every)


def _elements(tree: Tree) -> list[Tree]:
    """All but what is drawn."""
    found = list(tree.iter("*"))
    drawn = {below for drawing in tree.iter("svg") for below in drawing.iterdescendants()}
    return [element for element in found if element not in drawn] if drawn else found


def _ends(parents: list[int]) -> list[int]:
    ends = list(range(1, len(parents) + 1))
    for at in range(len(parents) - 1, 0, -1):
        above = parents[at]
        ends[above] = max(ends[above], ends[at])
    return ends
