"""An answer that is no feed and no sitemap goes in; what kind of page it is comes out, and the feeds it names.

Theory. A feed says what is new, so a page that names one is a way to it. A page that states it is an article is one.
Any other page with five links that look like articles, or whose links a selector matches, can be read as a list.
"""

from __future__ import annotations

from dataclasses import replace

from etl.fetch.charset import decode
from etl.markup import Outline, Signals, TooDeep, links, signals
from etl.markup import parse as tree_of
from etl.records import Fetched, Rejected, SourceKind
from etl.sources import pages
from etl.sources.examined import Examined

_FEED_TYPES = frozenset(
    {
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/rss+xml",
        "application/xml",
        "text/xml",
    }
)
MAX_NAMED = 10
_MAX_HEAD = 200_000  # characters of a page in which feeds are looked for
_ENOUGH_LINKS = 5  # for a page to be an index


def page(fetched: Fetched, selector: str | None, no_feed: Rejected) -> Examined:
    """Say what a page is; `no_feed` is why it is no feed."""
    url, body = fetched.requested_url, fetched.body or b""
    text, _ = decode(body, fetched.headers.get("content-type"))
    signs = page_signals(text, fetched.final_url)
    if signs is None:
        return Examined(url=url, what="neither a feed nor a page", problem=f"{no_feed.reason}: {no_feed.detail}")
    named = named_feeds(text, fetched.final_url)
    listed = pages.parse(body, url=fetched.final_url, headers=fetched.headers, selector=selector)
    found = Examined(url=url, what="a page that names feeds" if named else "a page", named=named)
    if isinstance(listed, Rejected):
        found = replace(found, problem=None if named else f"{listed.reason}: {listed.detail}")
    elif selector is None and len(listed.items) < _ENOUGH_LINKS:
        few = f"only {len(listed.items)} of its links look like articles; a link_selector would say which are"
        found = replace(found, problem=None if named else few)
    elif selector is not None or not _is_article(signs):
        what = f"{found.what} and lists articles" if named else "a page that lists articles"
        found = replace(found, what=what, kind=SourceKind.PAGES, title=listed.title, items=listed.items)
        return replace(found, language_code=listed.language_code)
    if _is_article(signs):
        return replace(found, what="an article, not a source of them", problem="register what lists it")
    return found


def page_signals(text: str, url: str) -> Signals | None:
    """What a page states of itself; None where there is no page."""
    try:
        tree = tree_of(text) if "<" in text[:10_000] else None
    except TooDeep:
        return None
    return signals(Outline(tree), url) if tree is not None else None


def _is_article(signs: Signals) -> bool:
    kind = (signs.first("og:type") or "").lower()
    return kind == "article" or "article:published_time" in signs.meta


def named_feeds(html: str, base: str) -> tuple[str, ...]:
    """The feeds a page names in its head, absolute, in its order (autodiscovery: `link rel=alternate`)."""
    try:
        tree = tree_of(html[:_MAX_HEAD])
    except TooDeep:
        return ()
    found = links(tree, base) if tree is not None else ()
    named = (link.url for link in found if "alternate" in link.rel and _media_type(link.media_type) in _FEED_TYPES)
    return tuple(dict.fromkeys(named))[:MAX_NAMED]


def _media_type(stated: str | None) -> str:
    return (stated or "").partition(";")[0].strip().lower()
