"""A page's outline and the body made of it in, the spans of the body that the page sets apart as quotations out."""

from __future__ import annotations

from etl.extract.clean import clean_line
from etl.markup import Outline

_MOST = 50
_SHORT = 20  # characters


def quoted(page: Outline) -> tuple[str, ...]:
    """The texts of the page's block quotations; to be asked before the page is pruned."""
    found = (clean_line(page.text(at)) for at in page.of("blockquote")[:_MOST])
    return tuple(text for text in found if len(text) >= _SHORT)


def quotes(body: str, texts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Where whole paragraphs of a body stand in these texts: [start, end) in code points, neighbours as one."""
    spans: list[tuple[int, int]] = []
    start = 0
    for paragraph in body.split("\n\n"):
        line = " ".join(paragraph.split())
        if len(line) >= _SHORT and any(line in text for text in texts):
            begun = spans.pop()[0] if spans and spans[-1][1] == start - 2 else start
            spans.append((begun, start + len(paragraph)))
        start += len(paragraph) + 2
    return tuple(spans)
