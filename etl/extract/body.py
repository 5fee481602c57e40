"""A page's tree in, its article's paragraphs and captions out.

trafilatura finds the body; captions are taken from the tree before it looks, and what it returns is read from its
element tree, so paragraphs stay paragraphs. trafilatura crashes in threads: see `pool`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import version

from etl.extract.clean import clean, clean_line
from etl.markup import Tree, block_text, text_of

_BLOCKS = frozenset({"p", "head", "item", "quote", "row", "code", "list", "table", "div", "body", "fw", "ab"})
# A line break after the end of a sentence is how many pages part paragraphs; elsewhere it is a line of an address.
_SENTENCE_LINE = re.compile(r"(?<=[.!?…。！？”»\"])[^\S\n]*\n(?!\n)")


@lru_cache(maxsize=1)
def extractor() -> str:
    """Name and version of what gives the body."""
    return f"trafilatura {version('trafilatura')}"


def take_captions(tree: Tree) -> tuple[str, ...]:
    """Remove every <figcaption> from the tree and give its text, in order and once each."""
    found = []
    for element in list(tree.iter("figcaption")):
        found.append(clean_line(text_of(element)))
        element.drop_tree()
    return tuple(dict.fromkeys(filter(None, found)))


def body_of(tree: Tree, url: str | None) -> list[str]:
    """The body's paragraphs; empty where none is found. The tree is left as it is."""
    import trafilatura
    from trafilatura.settings import Document

    document = trafilatura.bare_extraction(tree, url=url, include_comments=False, output_format="python")
    if not isinstance(document, Document) or document.body is None:
        return []
    raw = block_text(document.body, _BLOCKS, line="lb", cell="cell")
    return [p for p in clean(_SENTENCE_LINE.sub("\n\n", raw)).split("\n\n") if p]
