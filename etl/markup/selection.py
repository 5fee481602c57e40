"""A page in; its links out, all of them or those a CSS selector matches, with what a reader sees of each.

Selectors run through bs4's soupsieve rather than lxml.cssselect: it knows `:has`, `:is` and `:not` with lists, as the
browser's tools that people copy selectors from do, says at which character a selector is wrong, and comes with bs4.
Its tree is slower to build than lxml's, which an index page read every quarter of an hour does not feel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from etl.markup.tree import Tree, absolute, parse, text_of

_ASIDE = frozenset({"nav", "footer", "form"})
_MAX_LINKS = 20_000


class BadSelector(Exception):  # noqa: N818 - it names what was found
    """No CSS selector; the message says where."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link as it stands on a page."""

    url: str  # absolute, http or https
    text: str  # what a reader sees, else its title or label
    is_aside: bool  # in navigation, a footer or a form


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A page read for its links."""

    title: str | None
    language: str | None  # as <html lang> states it
    links: tuple[PageLink, ...]  # in the page's order


def selector_problem(selector: str) -> str | None:
    """What is wrong with a CSS selector, in a line, if anything."""
    import soupsieve

    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, ValueError, RecursionError) as error:
        return str(error).partition("\n")[0]
    return None


def index_page(html: str, base_url: str, selector: str | None = None) -> IndexPage | None:
    """Read a page for its links; None where there is no markup. Raises BadSelector and TooDeep.

    With a selector: the links it matches, and those that stand in what it matches.
    """
    tree = parse(html)  # refuses what is nested without end before bs4 sees it
    if tree is None:
        return None
    base = tree.find(".//base[@href]")
    home = (absolute(base.get("href"), base_url) if base is not None else None) or base_url
    title = tree.findtext(".//title")
    found = _every(tree, home) if selector is None else _selected(html, home, selector)
    return IndexPage(" ".join((title or "").split()) or None, tree.get("lang"), tuple(found))


def _selected(html: str, base: str, selector: str) -> Iterator[PageLink]:
    if problem := selector_problem(selector):
        raise BadSelector(problem)
    import soupsieve
    from bs4 import BeautifulSoup

    seen: set[int] = set()
    for matched in soupsieve.select(selector, BeautifulSoup(html, "lxml"), limit=_MAX_LINKS):
        for link in [matched] if matched.name == "a" else matched.find_all("a", href=True):
            url = absolute(str(link.get("href") or ""), base)
            if url and id(link) not in seen:
                seen.add(id(link))
                yield PageLink(url, _shown(link.get_text(" "), link), is_aside=False)


def _every(tree: Tree, base: str) -> Iterator[PageLink]:
    for n, element in enumerate(tree.iter("a")):
        url = absolute(element.get("href"), base) if n < _MAX_LINKS else None
        if url:
            is_aside = any(up.tag in _ASIDE for up in element.iterancestors())
            yield PageLink(url, _shown(text_of(element), element), is_aside)


def _shown(text: str, link: Any) -> str:
    return " ".join((text or link.get("title") or link.get("aria-label") or "").split())
