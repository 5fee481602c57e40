"""A decoded page in, an article or a rejection out: the order in which one page's questions are answered."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape

from etl.errors import Reason, Stage
from etl.extract import dates
from etl.extract.agencies import agencies
from etl.extract.authors import Credited, authors
from etl.extract.body import body_of, take_captions
from etl.extract.captions import parted
from etl.extract.clean import clean
from etl.extract.dateline import dateline
from etl.extract.datetext import date_in_text
from etl.extract.images import images
from etl.extract.kind import why_not_article
from etl.extract.language import language_of
from etl.extract.names import people
from etl.extract.node import article_node, is_news, is_news_page
from etl.extract.outlet import Outlet
from etl.extract.outlet import outlet as outlet_of
from etl.extract.paywall import is_paywalled, why_stub
from etl.extract.prune import prune
from etl.extract.quotes import quoted, quotes
from etl.extract.standfirst import standfirst
from etl.extract.title import fold, headlines, title
from etl.extract.trim import trim
from etl.markup import Node, Outline, Signals, TooDeep, absolute, parse, plain_text, signals
from etl.records import Article, Capture, Dated, Image, Rejected

_MIN_TEXT = 25  # letters; less than a sentence is no text
_ENOUGH = 500  # characters and paragraphs looked through for them
_HEAD = 5  # paragraphs in which a headline or a byline may be repeated


@dataclass(frozen=True, slots=True)
class _Page:
    """What every question is asked of."""

    capture: Capture
    url: str | None  # None also where the address cannot be read
    outline: Outline
    stated: Signals
    node: Node | None
    outlet: Outlet
    images: tuple[Image, ...]
    quoted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a page, told apart."""

    title: str | None
    standfirst: str | None
    paragraphs: tuple[str, ...]
    captions: tuple[str, ...]
    credited: Credited
    extractor: str


def read_page(capture: Capture, text: str) -> Article | Rejected:
    """Extract one HTML page."""
    try:
        tree = parse(text)
    except TooDeep:
        return _rejected(capture, Reason.TOO_DEEP, "markup nested more than 256 deep")
    if tree is None:
        return _rejected(capture, Reason.NO_TEXT, "no markup")
    outline, url = Outline(tree), absolute(capture.url, None)
    stated = signals(outline, url)
    node = article_node(stated, url)
    known, pictures, set_apart = outlet_of(stated, node, url), images(outline, stated, url), quoted(outline)
    page = _Page(capture, url, outline, stated, node, known, pictures, set_apart)
    words = _words(page)
    problem = why_not_article(stated, page.node, url, list(words.paragraphs), pictures=len(page.images))
    if problem:
        return _rejected(capture, *problem)
    stub = why_stub(stated, list(words.paragraphs))
    if stub:
        return _rejected(capture, Reason.PAYWALL_STUB, stub)
    letters = sum(sum(map(str.isalpha, p[:_ENOUGH])) for p in words.paragraphs[:_ENOUGH])
    if letters < _MIN_TEXT:
        return _rejected(capture, Reason.NO_TEXT, f"{letters} letters of text found")
    return _article(page, words)


def _words(page: _Page) -> _Text:
    """Find the text. The page is pruned on the way, after everything else has been read off it."""
    node, stated = page.node, page.stated
    figures = take_captions(page.outline)
    prune(page.outline, is_news=is_news(node))
    found = body_of(page.outline.tree, stated, node, page.url, is_news=is_news(node))
    body = [p for p in _without_headline(list(found.paragraphs), stated) if p not in figures]
    credited = authors(stated, node, page.outlet.name, body[:_HEAD])
    if not credited.people:
        hinted = people(page.capture.hints.authors, page.outlet.name)
        credited = Credited(hinted, credited.others, "feed") if hinted else credited
    told = title(stated, node, page.outlet, is_news=is_news_page(stated, node))
    headline = told or page.capture.hints.title
    body, beside = parted(trim(body, headline, credited.people, is_news=is_news(node)))
    name = found.extractor
    data = _stated_body(node) if node is not None and len(body) <= 1 else []
    if data and (not body or fold(" ".join(data)) == fold(body[0])):
        body, name = data, "JSON-LD articleBody"  # a page drawn by scripts; as data the text kept its paragraphs
    lead = standfirst(stated, node, page.outline.tree, "\n\n".join(body))
    return _Text(headline, lead, tuple(body), (*figures, *beside), credited, name)


def _article(page: _Page, words: _Text) -> Article:
    capture, stated = page.capture, page.stated
    body = "\n\n".join(words.paragraphs)
    published = _published(page)
    opening = dateline(body, (published.at if published else capture.observed_at).date())
    named = (*agencies(words.credited.others), *((opening.agency,) if opening and opening.agency else ()))
    language, confidence = language_of(body, stated.language or capture.hints.language_code)
    return Article(
        title=words.title,
        standfirst=words.standfirst,
        body=body,
        captions=words.captions,
        authors=words.credited.people,
        agencies=tuple(dict.fromkeys(named)),
        credits=words.credited.others,
        published=published,
        modified=_modified(page),
        language_code=language,
        language_confidence=confidence,
        canonical_url=stated.canonical_url,
        alias_urls=_aliases(stated),
        site_name=page.outlet.name,
        section=stated.first("article:section"),
        dateline=opening,
        images=page.images,
        quotes=quotes(body, page.quoted),
        is_paywalled=is_paywalled(stated),
        refused_dates=dates.refused(stated, page.node, zone=capture.time_zone, seen=capture.observed_at),
        extractor=words.extractor,
    )


def _published(page: _Page) -> Dated | None:
    capture, seen = page.capture, page.capture.observed_at
    stated = dates.published(page.stated, page.node, page.url, zone=capture.time_zone, seen=seen)
    best = dates.better(stated, capture.hints.published, seen)
    if best is not None:
        return best
    searched, changed = date_in_text(page.outline.tree, page.url, seen), _modified(page)
    is_the_change = searched is None or (changed is not None and searched.at.date() == changed.at.date())
    return dates.last_change(changed) if changed is not None and is_the_change else searched


def _modified(page: _Page) -> Dated | None:
    return dates.modified(page.stated, page.node, zone=page.capture.time_zone, seen=page.capture.observed_at)


def _without_headline(body: list[str], stated: Signals) -> list[str]:
    """The body without a headline repeated among its first paragraphs."""
    heads = headlines(stated)
    return [p for at, p in enumerate(body) if at >= _HEAD or fold(p) not in heads]


def _stated_body(node: Node) -> list[str]:
    stated = node.properties.get("articleBody")
    text = clean(plain_text(unescape(stated))) if isinstance(stated, str) else ""
    return [p for p in text.split("\n\n") if p]


def _aliases(stated: Signals) -> tuple[str, ...]:
    og = stated.first("og:url") or ""
    found = (stated.amp_url, og if og.startswith(("http://", "https://")) else None)
    return tuple(dict.fromkeys(u for u in found if u and u != stated.canonical_url))


def _rejected(capture: Capture, reason: Reason, detail: str) -> Rejected:
    return Rejected(Stage.EXTRACT, reason, capture.url or "", detail)
