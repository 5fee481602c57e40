"""A plain text in, its paragraphs and captions out; title and date come from what is known of it from outside."""

from __future__ import annotations

import re

from etl.extract.captions import parted
from etl.extract.clean import clean

_WRAP = 100  # a text with no longer line than this was wrapped by hand, and its lines are not its paragraphs


def paragraphs(text: str) -> tuple[list[str], list[str]]:
    """(body, captions) of a text. Blank lines part paragraphs; so do line ends, unless the text was wrapped by hand."""
    blocks = clean(text).split("\n\n")
    if _is_wrapped(blocks):
        lines = [" ".join(block.split("\n")) for block in blocks]
    else:
        lines = [line for block in blocks for line in block.split("\n")]
    return parted([line for line in lines if re.search(r"\w", line)])


def _is_wrapped(blocks: list[str]) -> bool:
    lines = [line for block in blocks for line in block.split("\n")]
    inner = [line for block in blocks for line in block.split("\n")[:-1]]
    return bool(inner) and max(map(len, lines)) <= _WRAP and sum(map(len, inner)) / len(inner) > 0.55 * _WRAP
