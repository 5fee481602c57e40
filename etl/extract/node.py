"""A page's JSON-LD nodes in, the one that speaks of this page's article out.

Theory. Pages carry nodes for their teasers too. The article's own node is of an article type and, in this order:
says it is this address (url, @id, mainEntityOfPage), has the page's own heading as headline, or stands outermost and
first. A node deep inside another (an ItemList of teasers, an isPartOf) is not taken unless it says it is this page.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from etl.extract.title import fold
from etl.markup import Node, Signals

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|Opinion\w*|LiveBlog\w*|Analysis\w*)$")
_NOT_ARTICLE = re.compile(r"(?:AggregateReview|ClaimReview|JobPosting|EmployerReview|UserReview)$")
INDEX_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage", "ContactPage", "CheckoutPage"})


def article_node(signals: Signals, url: str | None) -> Node | None:
    """The node of the article itself; None where the page has none."""
    found = [n for n in signals.nodes if _is_article(n)]
    here = {a for a in map(_address, (url, signals.canonical_url, signals.first("og:url"))) if a}
    heads = {fold(h) for h in (*signals.headings, signals.first("og:title") or "") if h}
    titled = [n for n in found if n.properties.get("headline")]
    tiers = (
        [n for n in titled if here & _addresses(n)],
        [n for n in titled if fold(str(n.properties["headline"])) in heads],
        [n for n in found if n.depth <= 1 and (n.properties.get("headline") or n.properties.get("datePublished"))],
    )
    chosen = next(filter(None, tiers), [])
    return max(chosen, key=lambda n: (-n.depth, _fullness(n)), default=None)


def is_news(node: Node | None) -> bool:
    """Whether the page says it is news, not a guide or a review."""
    return node is not None and any("News" in t or "Report" in t or "LiveBlog" in t for t in node.types)


def is_news_page(signals: Signals, node: Node | None) -> bool:
    """Whether the page is news by its JSON-LD, or without any by stating an article's section."""
    if node is not None:
        return is_news(node)
    return (signals.first("og:type") or "").lower() == "article" and bool(signals.first("article:section"))


def _is_article(node: Node) -> bool:
    return any(_ARTICLE.search(t) and not _NOT_ARTICLE.search(t) for t in node.types)


def _fullness(node: Node) -> int:
    return sum(bool(node.properties.get(k)) for k in ("headline", "datePublished", "author", "articleBody"))


def _addresses(node: Node) -> set[str]:
    values = [node.properties.get(k) for k in ("url", "@id", "mainEntityOfPage")]
    flat = (v.get("@id") or v.get("url") if isinstance(v, dict) else v for v in values)
    return {a for a in map(_address, flat) if a}


def _address(url: object) -> str | None:
    """Host and path, enough to tell one page of a site from another."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    return f"{(parts.hostname or '').removeprefix('www.')}{path}" if path else None
