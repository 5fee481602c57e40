"""Members of a crowd of alike texts go in; the pairs that are told of it come out, the same whoever arrived first.

Of a large group not every two are compared. The first in order is a hub, and is compared with all; so is the first
that is like no hub, until each is a hub or like one. Pairs with a hub are told. What falls apart by that is joined by
the first alike pair, in order, between what is told already and the rest. So no member is lost, what is told follows
from the members alone, and a thousand that are alike cost a thousand comparisons, not half a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Pair = tuple[int, int]  # two members, in order
Compare = Callable[[Sequence[Pair]], Iterable[Pair]]  # which of these pairs are alike


def told(members: Sequence[int], compare: Compare) -> set[Pair]:
    """The pairs told of these members, given in canonical order."""
    found: set[Pair] = set()
    lone = list(members)
    while lone:
        hub = lone[0]
        alike = set(compare([(hub, m) for m in members if m != hub and not {(hub, m), (m, hub)} & found]))
        found |= alike
        reached = {m for pair in found if hub in pair for m in pair}
        lone = [m for m in lone if m != hub and m not in reached]
    return found | _joints(members, found, compare)


def _joints(members: Sequence[int], found: set[Pair], compare: Compare) -> set[Pair]:
    """The first pairs, in order, between parts that what was found leaves apart."""
    joints: set[Pair] = set()
    rest = list(members)
    while inside := _reached(rest[0], found | joints) if rest else set():
        outside = [m for m in members if m not in inside]
        near = [m for m in members if m in inside]
        joint = next((p for m in outside for p in compare([(n, m) for n in near])), None)
        if joint is None:
            rest = [m for m in rest if m not in inside]
        else:
            joints.add(joint)
    return joints


def _reached(member: int, pairs: Iterable[Pair]) -> set[int]:
    partners: dict[int, set[int]] = {}
    for a, b in pairs:
        partners.setdefault(a, set()).add(b)
        partners.setdefault(b, set()).add(a)
    reached, frontier = {member}, {member}
    while frontier:
        frontier = {other for a in frontier for other in partners.get(a, ())} - reached
        reached |= frontier
    return reached
