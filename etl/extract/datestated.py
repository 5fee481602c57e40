"""A page's statements in, those on its publication and its last change out, surest first, each with its origin.

Theory. JSON-LD of the article, JSON-LD of the page, meta tags of publication, microdata, dates shown, meta tags of the
document. Of the dates shown those outside teasers and comments count, those that say so or state a time first, then the
nearest to the heading; but the first below the heading that says "published" is the article's wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from etl.markup import Node, Signals, TimeElement
from etl.records import DateOrigin

# Names seen in the heads of news pages, most exact first.
_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "article.published",
    "published-date",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "published",
    "published_time",
    "publishdate",
    "article_date_original",
    "citation_publication_date",
    "citation_date",
    "date",
)
_LAST_META = ("dcterms.date", "dc.date")  # of the document: its making, or its last change
_OTHER_META = re.compile(
    r"^(?!.*(?:modif|updat|expir|review|last)).*(?:publi(?:sh|cation)|release).?.?(?:date|time|on)", re.IGNORECASE
)
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")

_UPDATED = re.compile(
    r"\b(?:last\s+)?(?:updated?|modified|revised|reviewed)\b|aktualisiert|mis à jour|modifié|actualizad|aggiornat|"
    r"atualizad|bijgewerkt|uppdaterad|oppdatert|opdateret|aktualiz|zaktualiz|güncelle|обновлено|оновлено|更新|업데이트|수정|"
    r"آخر تحديث",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"publi[sc]|veröffentlicht|erschienen|publié|posted|опубликовано|опубліковано|"
    r"公開|発行|발행|نشر",
    re.IGNORECASE,
)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "MedicalWebPage", "AboutPage", "FAQPage"})


def published_statements(signals: Signals, node: Node | None) -> Iterator[tuple[str, DateOrigin]]:
    """What the page states on its publication, surest first."""
    if node is not None:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            yield from ((v, DateOrigin.JSON_LD) for v in strings(node.properties.get(key)))
    for page in _page_nodes(signals):
        yield from ((v, DateOrigin.JSON_LD) for v in strings(page.properties.get("datePublished")))
    for name in _PUBLISHED_META:
        yield from ((v, DateOrigin.META) for v in signals.meta.get(name, ()))
    for name, values in signals.meta.items():
        if _OTHER_META.search(name) and name not in (*_PUBLISHED_META, *_LAST_META):
            yield from ((v, DateOrigin.META) for v in values)
    for name in ("datepublished", "datecreated"):
        yield from ((v, DateOrigin.META) for v in signals.microdata.get(name, ()))
    yield from ((s, DateOrigin.TIME_ELEMENT) for t in _by_trust(signals.times) for s in (t.stated, t.shown) if s)
    for name in _LAST_META:
        yield from ((v, DateOrigin.META) for v in signals.meta.get(name, ()))


def modified_statements(signals: Signals, node: Node | None) -> Iterator[tuple[str, DateOrigin]]:
    """What the page states on its last change, surest first."""
    for about in (node, *_page_nodes(signals)):
        if about is not None:
            yield from ((v, DateOrigin.JSON_LD) for v in strings(about.properties.get("dateModified")))
    for name in _MODIFIED_META:
        yield from ((v, DateOrigin.META) for v in signals.meta.get(name, ()))
    yield from ((v, DateOrigin.META) for v in signals.microdata.get("datemodified", ()))
    for t in signals.times:
        if is_update(t) and not t.is_aside:
            yield from ((s, DateOrigin.TIME_ELEMENT) for s in (t.stated, t.shown) if s)


def _by_trust(times: tuple[TimeElement, ...]) -> list[TimeElement]:
    """Those not about a change, surest first; see the theory."""
    usable = [t for t in times if not is_update(t)]
    first = next((t for t in usable if t.is_below_heading and (t.is_named or _SAID.match(t.shown))), None)
    told = [first] if first is not None and (_SAID.search(first.hint) or _SAID.search(first.shown)) else []

    def says_so(t: TimeElement) -> bool:
        return t.itemprop == "datepublished" or "publi" in t.hint or bool(t.stated)

    plain = [t for t in usable if t.is_named and not t.is_aside]
    return [*told, *sorted(plain, key=lambda t: (not says_so(t), t.distance))]


def is_update(t: TimeElement) -> bool:
    """Whether a date is shown as that of a change or a review."""
    is_named_so = any(word in t.hint for word in ("updat", "modif", "review"))
    return "modif" in t.itemprop or is_named_so or bool(_UPDATED.search(t.shown))


def _page_nodes(signals: Signals) -> list[Node]:
    """The data's statements on the page as a page."""
    return [n for n in signals.nodes if n.depth <= 1 and _PAGE_TYPES.intersection(n.types)]


def strings(value: object) -> list[str]:
    """The values of a property as texts."""
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | int) and str(v).strip()]
