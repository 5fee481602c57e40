"""Articles with the groups they are in go in, some days at a time; the story of each comes out.

Theory. Days are cut into cells, and the articles of a cell are grouped together with those of the next (a window), so
each article stands in two windows: that of its own cell, where its *home* group is, and that of the cell before. A home
group goes on the *prior* group that holds more than half of its articles of that cell; so a story is a chain of groups,
each in the sight of the last, for as long as reports keep coming, and only what is near in time has to be looked at.
Who is in a story follows from the groups alone, never from the order of arrival. Its id does not: a group that goes on
another takes over its story; one that begins a chain keeps the story most of its articles were in, the larger of two
claims first, unless that lives in earlier days.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

Node = tuple[int, int]  # a cell and a home group in it; of an article in no group, its own number


@dataclass(frozen=True, slots=True)
class Placed:
    """An article and the groups it is in."""

    article_id: int
    cell: int
    home: int | None  # its group in the window of its cell
    prior: int | None  # its group in the window before
    story: int | None  # where it is told now


def chain(placed: Sequence[Placed], first: int, last: int, taken: Set[int]) -> dict[int, int | None]:
    """Story by article for the cells between `first` and `last`; below zero, one to be made; None for one alone.

    What is told in the first cell stays; the last only says what goes on. Stories in `taken` live in earlier days.
    """
    members = _members(placed)
    parents = {node: p for node, those in members.items() if node[0] > first and (p := _parent(node, those, members))}
    root_of = {node: _root(node, parents, first) for node in members if node[0] > first}
    chains: dict[Node, list[Placed]] = defaultdict(list)
    for node, root in root_of.items():
        chains[root] += members[node]
    held = {root: _story(members[root]) for root in chains if root[0] == first}
    names = _named({r: those for r, those in chains.items() if len(those) > 1 and held.get(r) is None},
                   taken | {p.story for p in placed if p.cell == first and p.story is not None})  # fmt: skip
    names |= {root: story for root, story in held.items() if story is not None}
    return {a.article_id: names.get(root_of[node]) for node, those in members.items() if first < node[0] < last
            for a in those}  # fmt: skip


def _members(placed: Iterable[Placed]) -> dict[Node, list[Placed]]:
    members: dict[Node, list[Placed]] = defaultdict(list)
    for p in placed:
        members[p.cell, -p.article_id if p.home is None else p.home].append(p)
    return dict(members)


def _parent(node: Node, those: Sequence[Placed], members: Mapping[Node, object]) -> Node | None:
    """The group of the cell before that holds more than half of these."""
    prior, count = Counter(p.prior for p in those).most_common(1)[0]
    parent = (node[0] - 1, prior) if prior is not None else None
    return parent if parent in members and 2 * count > len(those) else None


def _root(node: Node, parents: Mapping[Node, Node], first: int) -> Node:
    while node[0] > first and node in parents:
        node = parents[node]
    return node


def _story(those: Iterable[Placed]) -> int | None:
    return min((p.story for p in those if p.story is not None), default=None)


def _named(chains: Mapping[Node, Sequence[Placed]], taken: Set[int]) -> dict[Node, int]:
    """The story of each chain that begins here."""
    claims = []
    for root, those in chains.items():
        held = Counter(p.story for p in those if p.story is not None and p.story not in taken)
        claims += [(-count, story, root) for story, count in held.items()]
    names: dict[Node, int] = {}
    used: set[int] = set()
    for _, story, root in sorted(claims):
        if root not in names and story not in used:
            names[root] = story
            used.add(story)
    fresh = (root for root in sorted(chains) if root not in names)
    return names | {root: -number for number, root in enumerate(fresh, 1)}
