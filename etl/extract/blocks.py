"""A page's tree in, its blocks of text out, in document order: what they say and where they stand.

Theory. A reader sees a page as blocks: runs of text between tags that break lines. Everything that tells an article's
blocks from the rest is either in the block, in the tags and names around it, or in how the same place of the page is
used elsewhere. Only elements that hold text are looked at, once each: the empty wrappers of a template cost nothing.
What the names and tags around a text are for is told in `purposes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from etl.extract import labels
from etl.extract.purposes import KIND_BIT, purposes
from etl.markup import Tree

_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr img"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_UNREAD_TAGS = (
    "script style template noscript svg iframe head object math canvas select textarea option audio video map"
)
_UNREAD = frozenset(_UNREAD_TAGS.split())
_STRONG = frozenset(("b", "strong"))
_WHOLE = frozenset(("html", "body"))
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:][\"'”»’)\]]*$")
_SPACES, _BREAK, _BLANK = re.compile(r"\s+"), "\n", " \t\r\n"
_MOST = 20_000  # blocks of a page; what comes after is not read


@dataclass(slots=True)
class Place:
    """What an element says of the text in it; worked out from its parent's."""

    number: int  # greater than its parent's
    parent: Place | None  # None at the root
    block: Place  # the nearest element that breaks lines, perhaps itself
    depth: int
    tag: str
    names: str  # class, for telling places of one template from another
    own: int  # bits of the purposes its names speak of
    near: int  # the same, with its parent's and grandparent's
    far: int  # the same, with all above
    kinds: int  # bits of the kinds of tag it is and stands in
    is_linked: bool
    is_unread: bool  # script and the like
    is_unseen: bool  # hidden by the page


@dataclass(slots=True)
class Block:
    """One run of text."""

    place: Place
    text: str  # white space folded; lines of one paragraph apart by a newline
    linked: int  # characters inside links
    link_count: int
    strong: int  # characters in bold
    holder: Place  # what the text stands in directly, where that is one inline element; else the place


_Run = list[tuple[str, Place]]


def blocks(tree: Tree) -> list[Block]:
    """Every block with something to read."""
    places: dict[Tree, Place] = {}
    found: list[Block] = []
    for run in _runs(tree, places):
        block = _block(run)
        if block is not None:
            found.append(block)
            if len(found) >= _MOST:
                break
    return found


def _runs(tree: Tree, places: dict[Tree, Place]) -> Iterator[_Run]:
    """Pieces of text that stand in one block, none of another between them. Line breaks are pieces of their own."""
    run: _Run = []
    pieces: list[tuple[str, Tree]] = []
    _gather(tree, pieces)
    for piece, element in pieces:
        place = places.get(element) or _place(element, places)
        if run and (run[-1][1].block is not place.block):
            yield run
            run = []
        if piece is _BREAK and (not run or run[-1][0] is _BREAK or _SENTENCE_END.search(run[-1][0].rstrip()[-4:])):
            if run:
                yield run
            run = []
            continue
        is_folded = piece is _BREAK or (piece.isprintable() and "  " not in piece)
        run.append((piece if is_folded else _SPACES.sub(" ", piece), place))
    if run:
        yield run


def _gather(element: Tree, out: list[tuple[str, Tree]]) -> None:
    """Every text that may be read and every line break, in order, with the element it stands in.

    Recursion is bounded: no tree is deeper than `parse` lets through.
    """
    text = element.text
    if text and text.strip(_BLANK) and element.tag != "title":
        out.append((text, element))
    for child in element:
        tag = child.tag
        if tag == "br":
            out.append((_BREAK, element))
        if tag not in _UNREAD:
            _gather(child, out)
        tail = child.tail
        if tail and tail.strip(_BLANK):
            out.append((tail, element))


def _block(run: _Run) -> Block | None:
    if len(run) == 1:  # as nearly all of them
        return _whole(*run[0])
    text = "".join(piece for piece, _ in run)
    text = "\n".join(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)
    if not text:
        return None
    linked = strong = 0
    links = set()
    for piece, place in run:
        if place.is_linked:
            linked += len(piece.strip())
            links.add(id(place))
        if place.tag in _STRONG:
            strong += len(piece)
    holders = {id(place): place for piece, place in run if piece.strip()}
    block = run[0][1].block
    holder = next(iter(holders.values())) if len(holders) == 1 else block
    return Block(block, text, min(linked, len(text)), len(links), min(strong, len(text)), holder)


def _whole(piece: str, place: Place) -> Block | None:
    text = piece.strip()
    size, is_linked = len(text), place.is_linked
    strong = size if place.tag in _STRONG else 0
    return Block(place.block, text, size if is_linked else 0, int(is_linked), strong, place) if text else None


def _place(element: Tree, places: dict[Tree, Place]) -> Place:
    """The place of an element, and of all above it."""
    above = []
    while element is not None and element not in places:
        above.append(element)
        element = element.getparent()
    place = places[element] if element is not None else None
    for below in reversed(above):
        place = places[below] = _below(below, place, len(places))
    if place is None:
        raise AssertionError("a text stands in an element")
    return place


def _below(element: Tree, parent: Place | None, number: int) -> Place:
    tag = element.tag if isinstance(element.tag, str) else ""
    attributes = dict(element.items())
    own = _named(attributes) if attributes and tag not in _WHOLE else 0
    names = attributes.get("class", "") if tag not in _WHOLE else ""
    is_unseen = bool(attributes) and _is_unseen(attributes)
    if parent is None:
        place = Place(number, None, None, 0, tag, names, own, own, own, 0, False, tag in _UNREAD, is_unseen)  # type: ignore[arg-type]
        place.block = place
        return place
    above = parent.parent
    place = Place(
        number,
        parent,
        parent.block,
        parent.depth + 1,
        tag,
        names,
        own,
        own | parent.own | (above.own if above is not None else 0),
        own | parent.far,
        parent.kinds | KIND_BIT.get(tag, 0),
        parent.is_linked or tag == "a",
        parent.is_unread or tag in _UNREAD,
        parent.is_unseen or is_unseen,
    )
    if tag not in _INLINE:
        place.block = place
    return place


def _named(attributes: Mapping[str, str]) -> int:
    get = attributes.get
    return purposes(get("class"), get("id"), get("itemprop"), get("role"))


def _is_unseen(attributes: Mapping[str, str]) -> bool:
    return attributes.get("aria-hidden") == "true" or labels.is_undisplayed(attributes)
