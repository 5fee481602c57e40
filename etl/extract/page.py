"""A decoded page in, an article or a rejection out: the order in which one page's questions are answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import unescape

from etl.errors import Reason, Stage
from etl.extract import dates
from etl.extract.authors import authors, people
from etl.extract.body import extractor, paragraphs, take_captions
from etl.extract.clean import clean_line
from etl.extract.datetext import date_in_text
from etl.extract.kind import why_not_article
from etl.extract.language import language_of
from etl.extract.node import article_node
from etl.extract.prune import prune
from etl.extract.standfirst import standfirst
from etl.extract.title import fold, title
from etl.extract.trim import trim
from etl.markup import Node, Signals, TooDeep, Tree, parse, signals
from etl.records import Article, Capture, Dated, DateOrigin, DatePrecision, Rejected

_MIN_TEXT = 25  # letters; less than a sentence is no text


def read_page(capture: Capture, text: str) -> Article | Rejected:
    """Extract one HTML page."""
    try:
        tree = parse(text)
    except TooDeep:
        return _rejected(capture, Reason.TOO_DEEP, "markup nested more than 256 deep")
    if tree is None:
        return _rejected(capture, Reason.NO_TEXT, "no markup")
    stated = signals(tree, capture.url)
    node = article_node(stated, capture.url)
    captions = take_captions(tree)
    is_news = node is not None and any("News" in t or "Report" in t for t in node.types)
    prune(tree, is_news=is_news)
    body = paragraphs(tree, capture.url)
    problem = why_not_article(stated, node, capture.url, body)
    if problem:
        return _rejected(capture, Reason.NOT_AN_ARTICLE, problem)
    body = [p for p in without_headline(body, stated) if p not in captions]
    body = trim(body, title(stated, node, site_name(stated), capture.url), authors(stated, node, site_name(stated)), is_news=is_news)
    joined = "\n\n".join(body)
    if sum(c.isalpha() for c in joined) < _MIN_TEXT:
        return _rejected(capture, Reason.NO_TEXT, f"{len(joined)} characters of text found")
    lead = standfirst(stated, node, tree, joined)
    return _article(capture, stated, node, _Text(joined, lead, captions), _published(capture, stated, node, tree))


@dataclass(frozen=True, slots=True)
class _Text:
    body: str
    standfirst: str | None
    captions: tuple[str, ...]


def _article(capture: Capture, stated: Signals, node: Node | None, text: _Text, published: Dated | None) -> Article:
    site = site_name(stated)
    language, confidence = language_of(text.body, stated.language or capture.hints.language_code)
    return Article(
        title=title(stated, node, site, capture.url) or capture.hints.title,
        standfirst=text.standfirst,
        body=text.body,
        captions=text.captions,
        authors=authors(stated, node, site) or people(capture.hints.authors, site),
        published=published,
        modified=dates.modified(stated, node, zone=capture.time_zone, seen=capture.observed_at),
        language_code=language,
        language_confidence=confidence,
        canonical_url=stated.canonical_url,
        alias_urls=_aliases(stated),
        site_name=site,
        section=stated.first("article:section"),
        extractor=extractor(),
    )


def _published(capture: Capture, stated: Signals, node: Node | None, tree: Tree) -> Dated | None:
    seen = capture.observed_at
    page = dates.published(stated, node, capture.url, zone=capture.time_zone, seen=seen)
    best = _better(page, capture.hints.published, seen)
    return best or date_in_text(tree, capture.url, seen)


def _better(page: Dated | None, hinted: Dated | None, seen: datetime) -> Dated | None:
    """The page's date, unless it is only a day (or none) and the feed knows the time."""
    if hinted is None or not dates.is_possible(hinted, seen):
        return page
    if page is None or hinted.origin is DateOrigin.CURATED:
        return hinted
    is_finer = page.precision is DatePrecision.DAY and hinted.precision is not DatePrecision.DAY
    return hinted if is_finer and abs((hinted.at - page.at).total_seconds()) <= 36 * 3600 else page


def site_name(stated: Signals) -> str | None:
    """The outlet as the page names itself."""
    publishers = (n.properties.get("publisher") for n in stated.nodes)
    named = (p.get("name") for p in publishers if isinstance(p, dict))
    name = stated.first("og:site_name", "application-name") or next((n for n in named if isinstance(n, str)), None)
    return clean_line(name) or None if name else None


def without_headline(body: list[str], stated: Signals) -> list[str]:
    """The body without a headline repeated among its first paragraphs."""
    node_heads = (n.properties.get("headline") for n in stated.nodes)
    named = (stated.title_tag, *stated.headings, stated.first("og:title"), *node_heads)
    heads = {fold(unescape(h)) for h in named if isinstance(h, str)} - {""}
    return [p for at, p in enumerate(body) if at >= 4 or fold(p) not in heads]


def _aliases(stated: Signals) -> tuple[str, ...]:
    og = stated.first("og:url") or ""
    found = (stated.amp_url, og if og.startswith(("http://", "https://")) else None)
    return tuple(dict.fromkeys(u for u in found if u and u != stated.canonical_url))


def _rejected(capture: Capture, reason: Reason, detail: str) -> Rejected:
    return Rejected(Stage.EXTRACT, reason, capture.url or "", detail)
