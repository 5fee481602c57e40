"""A tree in, what the page states about itself out: JSON-LD nodes, meta tags, microdata, <time>, headings, links.

Statements only, in the page's own words; which of them to believe is for `etl.extract` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from etl.markup.bylines import bylines
from etl.markup.jsonld import Node, nodes
from etl.markup.outline import Outline
from etl.markup.standing import Standing
from etl.markup.times import TimeElement, times
from etl.markup.tree import Tree, absolute

_MAX_VALUE = 5_000  # characters of one statement
_MAX_SCRIPT = 2_000_000
_PROPERTIES = frozenset(("headline", "datepublished", "datecreated", "datemodified", "author", "creator"))
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
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


def signals(page: Outline, base_url: str | None) -> Signals:
    """Read every statement of a page once."""
    title, standing = next(iter(page.of("title")), None), Standing(page)
    language = page.attributes[0]
    return Signals(
        nodes=nodes(_scripts(page)),
        meta=_meta(page),
        microdata=_microdata(page),
        times=times(page, standing),
        title_tag=(text_of_title(page.elements[title]) or None) if title is not None else None,
        headings=tuple(filter(None, map(page.text, page.of("h1")))),
        headings_alone=tuple(filter(None, (_alone(page, at) for at in page.of("h1")))),
        language=language.get("lang") or language.get(_XML_LANGUAGE) or language.get("xml:lang"),
        canonical_url=_linked(page, "canonical", base_url),
        amp_url=_linked(page, "amphtml", base_url),
        bylines=bylines(page, standing),
        has_password_field=any(page.attributes[at].get("type", "").lower() == "password" for at in page.of("input")),
    )


def text_of_title(title: Tree) -> str:
    """Text of <title>, which `text_of` would take for hidden."""
    return " ".join("".join(title.itertext()).split())


def _scripts(page: Outline) -> Iterator[str]:
    for at in page.of("script"):
        if "ld+json" in page.attributes[at].get("type", "").lower() and (text := page.elements[at].text):
            yield text[:_MAX_SCRIPT]


def _alone(page: Outline, heading: int) -> str | None:
    """The heading without the kicker its markup sets apart; None where it sets none apart."""
    for at in range(heading + 1, page.ends[heading]):
        if _KICKER.search(page.attributes[at].get("class", "")):
            kicker, whole = page.text(at), page.text(heading)
            if kicker and whole.startswith(kicker):
                return whole[len(kicker) :].lstrip(" -–—:|•·") or None
    return None


def _meta(page: Outline) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for get in (page.attributes[at].get for at in page.of("meta")):
        value = " ".join(get("content", "").split())[:_MAX_VALUE]
        names = {get(a, "").strip().lower() for a in ("property", "name", "itemprop", "http-equiv")}
        for name in names - {""}:
            if value:
                found[name] = (*found.get(name, ()), value)
    return found


def _microdata(page: Outline) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for at, attributes in enumerate(page.attributes):
        for name in attributes["itemprop"].lower().split() if "itemprop" in attributes else ():
            if name in _PROPERTIES and (value := _content(page, at)):
                found[name] = (*found.get(name, ()), _value_of(page, at, value)[:_MAX_VALUE])
    return found


def _value_of(page: Outline, at: int, value: str) -> str:
    # A nested item (author as a Person) is named by its own "name".
    inner = range(at + 1, page.ends[at])
    name = next((n for n in inner if page.attributes[n].get("itemprop") == "name"), None)
    return " ".join(value.split()) if name is None else page.attributes[name].get("content") or page.text(name)


def _content(page: Outline, at: int) -> str:
    attributes = page.attributes[at]
    return attributes.get("content") or attributes.get("datetime") or page.text(at)


def _linked(page: Outline, rel: str, base_url: str | None) -> str | None:
    for attributes in (page.attributes[at] for at in page.of("link")):
        if rel in attributes.get("rel", "").lower().split():
            return absolute(attributes.get("href"), base_url)
    return None
