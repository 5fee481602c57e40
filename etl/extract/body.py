"""A page's tree in, its article's paragraphs and captions out, with the name of what found them.

Theory. Each block of the page gets a likelihood of being article (`features`, `forest`), and those above a threshold
are its text: lower where the page does not say it is news, since guides and reviews are made of lists, tables and short
lines that a news page has only around its text. A long text that stands twice is kept once. Where next to nothing is
likely, trafilatura is asked for a second opinion, and believed where it finds more: its rules know pages of kinds that
no one fitted a model to. trafilatura crashes in threads: see `pool`.
Captions are taken from the tree before anything is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from etl.extract.blocks import Block, Place, blocks
from etl.extract.clean import clean, clean_line
from etl.extract.features import Rows, rows
from etl.extract.forest import packaged
from etl.extract.title import fold, headlines
from etl.markup import Node, Outline, Signals, Tree, block_text, plain_text

_OURS = "dateline blocks 1"  # raised with every change of blocks, features or forest
_NEWS, _OTHER = 0.55, 0.4
_LITTLE = 200  # characters; so little text asks for a second opinion
_LONG = 80  # characters; a shorter line may be repeated on purpose
_BLOCKS = frozenset({"p", "head", "item", "quote", "row", "code", "list", "table", "div", "body", "fw", "ab"})
# A line break after the end of a sentence is how many pages part paragraphs; elsewhere it is a line of an address.
_SENTENCE_LINE = re.compile(r"(?<=[.!?…。！？”»\"])[^\S\n]*\n(?!\n)")
_CELLS = frozenset(("td", "th"))


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs of an article as found; empty where there are none."""

    paragraphs: tuple[str, ...]
    extractor: str  # name and version of what found them


def take_captions(page: Outline) -> tuple[str, ...]:
    """Remove every <figcaption> from the page and give its text, in order and once each."""
    found = []
    for at in page.of("figcaption"):
        found.append(clean_line(page.text(at)))
        page.drop(at)
    return tuple(dict.fromkeys(filter(None, found)))


def body_of(tree: Tree, stated: Signals, node: Node | None, url: str | None, *, is_news: bool) -> Body:
    """The body's paragraphs. The tree is left as it is."""
    found, told = evidence(tree, stated, node)
    likely = packaged().likely(told)
    threshold = _NEWS if is_news else _OTHER
    ours = _paragraphs([b for b, p in zip(found, likely, strict=True) if p >= threshold])
    if sum(map(len, ours)) < _LITTLE:
        second = _second_opinion(tree, url)
        if sum(map(len, second)) > sum(map(len, ours)):
            return Body(tuple(second), _second_name())
    return Body(tuple(ours), _OURS)


def evidence(tree: Tree, stated: Signals, node: Node | None) -> tuple[list[Block], Rows]:
    """The blocks of a page and what is noticed of each."""
    text = node.properties.get("articleBody") if node is not None else None
    body = fold(plain_text(unescape(text))) if isinstance(text, str) else ""
    lead = fold(unescape(stated.first("og:description", "description") or ""))
    found = blocks(tree)
    return found, rows(found, headlines(stated), body, lead)


def _paragraphs(kept: Sequence[Block]) -> list[str]:
    seen: set[str] = set()
    out: list[str] = []
    for text in _joined(kept):
        if len(text) > _LONG and text in seen:
            continue
        seen.add(text)
        out.append(_SENTENCE_LINE.sub("\n\n", text) if "\n" in text else text)
    return [p for p in clean("\n\n".join(out)).split("\n\n") if p]


def _joined(kept: Sequence[Block]) -> Iterator[str]:
    """Texts of blocks; cells of one row of a table are one, with bars between."""
    row: Place | None = None
    cells: list[str] = []
    for block in kept:
        place = block.place.parent if block.place.tag in _CELLS else None
        if cells and place is not row:
            yield " | ".join(cells)
            cells = []
        if place is None:
            yield block.text
        else:
            cells.append(block.text)
        row = place
    if cells:
        yield " | ".join(cells)


@lru_cache(maxsize=1)
def _second_name() -> str:
    from importlib.metadata import version

    return f"trafilatura {version('trafilatura')}"


def _second_opinion(tree: Tree, url: str | None) -> list[str]:
    import trafilatura
    from trafilatura.settings import Document

    document = trafilatura.bare_extraction(tree, url=url, include_comments=False, output_format="python", fast=True)
    if not isinstance(document, Document) or document.body is None:
        return []
    raw = block_text(document.body, _BLOCKS, line="lb", cell="cell")
    return [p for p in clean(_SENTENCE_LINE.sub("\n\n", raw)).split("\n\n") if p]
