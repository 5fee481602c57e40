"""A page's tree and statements in, the article's pictures out: the one it is shared with, then those in figures."""

from __future__ import annotations

from collections.abc import Iterator

from etl.extract.clean import clean_line
from etl.markup import Signals, Tree, absolute, text_of
from etl.records import Image

_MOST = 30


def images(tree: Tree, stated: Signals, url: str | None) -> tuple[Image, ...]:
    """The pictures, once each, with their captions; to be asked before captions are taken from the tree."""
    found: dict[str, str | None] = {}
    shared = absolute(stated.first("og:image", "twitter:image"), url)
    for address, caption in (*(((shared, None),) if shared else ()), *_figures(tree, url)):
        if caption or address not in found:
            found[address] = caption
    return tuple(Image(url=address, caption=caption) for address, caption in found.items())[:_MOST]


def _figures(tree: Tree, url: str | None) -> Iterator[tuple[str, str | None]]:
    for figure in tree.iter("figure"):
        told = figure.find(".//figcaption")
        caption = clean_line(text_of(told)) or None if told is not None else None
        for img in list(figure.iter("img"))[:1]:
            address = absolute(img.get("src") or img.get("data-src"), url)
            if address and address.startswith(("http://", "https://")):
                yield address, caption
