"""A tree in, what the page states about itself out: JSON-LD nodes, meta tags, microdata, <time>, headings, links.

Statements only, in the page's own words; which of them to believe is for `etl.extract` to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from etl.markup.bylines import bylines
from etl.markup.jsonld import Node, nodes
from etl.markup.standing import Standing
from etl.markup.times import TimeElement, times
from etl.markup.tree import Tree, absolute, text_of

_MAX_VALUE = 5_000  # characters of one statement
_MAX_SCRIPT = 2_000_000
# Names templates give to the few words above a headline.
_KICKER = re.compile(
    r"overline|kicker|eyebrow|dachzeile|roofline|topline|surtitle|pre-?title|antetitulo", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What a page says of itself."""

    nodes: tuple[Node, ...]
    meta: Mapping[str, tuple[str, ...]]  # name, property or http-equiv in lower case → contents, in order
    microdata: Mapping[str, tuple[str, ...]]  # itemprop in lower case → values, in order
    times: tuple[TimeElement, ...]
    title_tag: str | None
    headings: tuple[str, ...]  # h1 texts, in order
    headings_alone: tuple[str, ...]  # those with a kicker set apart within, less the kicker
    language: str | None  # <html lang>
    canonical_url: str | None
    amp_url: str | None
    bylines: tuple[tuple[str, ...], ...]  # printed names: stated by markup, by class or id, by words, by link
    has_password_field: bool

    def first(self, *names: str) -> str | None:
        """The first non-empty content among meta tags of these names, the first name first."""
        return next((v for n in names for v in self.meta.get(n, ())), None)


def signals(tree: Tree, base_url: str | None) -> Signals:
    """Read every statement of a page once."""
    scripts = (
        s.text[:_MAX_SCRIPT] for s in tree.iter("script") if s.text and "ld+json" in (s.get("type") or "").lower()
    )
    title, standing = tree.find(".//title"), Standing()
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    return Signals(
        nodes=nodes(scripts),
        meta=_meta(tree),
        microdata=_microdata(tree),
        times=times(tree, standing),
        title_tag=(text_of_title(title) or None) if title is not None else None,
        headings=tuple(filter(None, (text_of(h) for h in tree.iter("h1")))),
        headings_alone=tuple(filter(None, (_alone(h) for h in tree.iter("h1")))),
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang"),
        canonical_url=_linked(tree, "canonical", base_url),
        amp_url=_linked(tree, "amphtml", base_url),
        bylines=bylines(tree, standing),
        has_password_field=any((i.get("type") or "").lower() == "password" for i in tree.iter("input")),
    )


def text_of_title(title: Tree) -> str:
    """Text of <title>, which `text_of` would take for hidden."""
    return " ".join("".join(title.itertext()).split())


def _alone(heading: Tree) -> str | None:
    """The heading without the kicker its markup sets apart; None where it sets none apart."""
    for part in heading.iterdescendants():
        if isinstance(part.tag, str) and _KICKER.search(part.get("class") or ""):
            kicker, whole = text_of(part), text_of(heading)
            if kicker and whole.startswith(kicker):
                return whole[len(kicker) :].lstrip(" -–—:|•·") or None
    return None


def _meta(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in tree.iter("meta"):
        value = " ".join((element.get("content") or "").split())[:_MAX_VALUE]
        names = {(element.get(a) or "").strip().lower() for a in ("property", "name", "itemprop", "http-equiv")}
        for name in names - {""}:
            if value:
                found[name] = (*found.get(name, ()), value)
    return found


def _microdata(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in tree.xpath("//*[@itemprop]"):
        value = element.get("content") or element.get("datetime") or text_of(element)
        for name in element.get("itemprop").lower().split():
            if value and name in ("headline", "datepublished", "datecreated", "datemodified", "author", "creator"):
                found[name] = (*found.get(name, ()), _value_of(element, value)[:_MAX_VALUE])
    return found


def _value_of(element: Tree, value: str) -> str:
    # A nested item (author as a Person) is named by its own "name".
    name = element.find(".//*[@itemprop='name']")
    return (name.get("content") or text_of(name)) if name is not None else " ".join(value.split())


def _linked(tree: Tree, rel: str, base_url: str | None) -> str | None:
    for element in tree.iter("link"):
        if rel in (element.get("rel") or "").lower().split():
            return absolute(element.get("href"), base_url)
    return None
