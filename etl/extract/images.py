"""A page's outline and statements in, the article's pictures out: the one it is shared with, then those in figures."""

from __future__ import annotations

from collections.abc import Iterator

from etl.extract.clean import clean_line
from etl.markup import Outline, Signals, absolute
from etl.records import Image

_MOST = 30


def images(page: Outline, stated: Signals, url: str | None) -> tuple[Image, ...]:
    """The pictures, once each, with their captions; to be asked before captions are taken from the tree."""
    found: dict[str, str | None] = {}
    shared = absolute(stated.first("og:image", "twitter:image"), url)
    for address, caption in (*(((shared, None),) if shared else ()), *_figures(page, url)):
        if caption or address not in found:
            found[address] = caption
    return tuple(Image(url=address, caption=caption) for address, caption in found.items())[:_MOST]


def _figures(page: Outline, url: str | None) -> Iterator[tuple[str, str | None]]:
    for figure in page.of("figure"):
        caption = next((clean_line(page.text(at)) or None for at in page.within(figure, "figcaption")), None)
        for at in page.within(figure, "img")[:1]:
            get = page.attributes[at].get
            address = absolute(get("src") or get("data-src"), url)
            if address and address.startswith(("http://", "https://")):
                yield address, caption
