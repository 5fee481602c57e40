"""A page's outline in, the same without what stands among an article's paragraphs and is not of it.

Theory. Between paragraphs templates set pointers to other articles, forms, embedded posts of social networks, consent
notices and boxes. They are told by what they are: a block that is all link but for a label of a few words and is no
sentence; a block whose class names its purpose; what the page itself hides. Names are matched as whole words of a class
("newsletter-signup" is newsletter and signup), so that "shareholder" is no "share".
Exceptions, since templates also wrap the article itself in "paywall" or "popular": a block with much text of its own
stays, and a word that names much of a page's text names no box on that page. Pointers go from news pages only: in
guides and reviews, links between the paragraphs are contents as often as not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from etl.extract import labels
from etl.markup import Outline

_PURPOSES = frozenset(
    {
        "advert", "advertisement", "ads", "adslot", "sponsor", "sponsored", "promo", "promobox", "promotion",
        "newsletter", "subscribe", "subscription", "signup", "paywall", "regwall", "offer", "donate", "donation",
        "related", "recirc", "recirculation", "recommended", "recommendation", "recommendations", "readmore",
        "readalso", "alsoread", "mostread", "popular", "trending", "outbrain", "taboola",
        "share", "sharing", "sharebar", "social", "socials", "follow", "followus",
        "breadcrumb", "breadcrumbs", "pagination", "pager", "tags", "taglist", "keywords", "topics",
        "consent", "cookie", "cookies", "gdpr", "optin", "modal", "popup", "overlay", "tooltip",
        "disclaimer", "copyright", "legal", "feedback", "rating", "vote", "poll", "quiz",
        "byline", "authorbox", "authorbio", "biography", "timestamp", "readingtime",
        "credit", "credits", "caption", "captions", "imagecaption", "mediacaption",
        "comments", "commentlist", "disqus", "login", "print",
    }
)  # fmt: skip
# Class names that the networks' own embed codes carry.
_EMBEDS = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|bluesky-embed|mastodon-embed)\b"
)
_KEPT = frozenset(("html", "body", "main", "article", "h1", "h2", "h3", "h4"))
_POINTERS = frozenset(("p", "div", "blockquote"))
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]['\"”»’)]*$")
_LABEL_WORDS = 5
_MAX_POINTER = 250  # characters
_MAX_BOX = 500  # characters outside links
_LONG = 16 * _MAX_BOX  # characters beyond which a block is not measured
_MAX_NAMED = 1_500  # the same, over all blocks that carry one word
_MAX_SHARE = 0.4  # and their share of the page's paragraphs


def prune(page: Outline, *, is_news: bool) -> None:
    """Remove from the page, in place, what is not article."""
    named = list(_named(page))
    weight: Counter[str] = Counter()
    for at, words in named:
        if page.tags[at] in ("p", "ul", "ol", "li"):
            weight.update(dict.fromkeys(words, _own_text(page, at)))
    is_close = any(0 < size <= _MAX_NAMED for size in weight.values())  # else the page's own text decides nothing
    limit = min(_MAX_NAMED, _MAX_SHARE * _enough(page)) if is_close else _MAX_NAMED
    end = 0  # of what was dropped last
    for at, words in named:
        if at >= end and any(weight[word] <= limit for word in words) and _own_text(page, at) <= _MAX_BOX:
            page.drop(at)
            end = page.ends[at]
    for at in list(_unnamed(page, is_news)):
        if _own_text(page, at) <= _MAX_BOX:
            page.drop(at)


def _enough(page: Outline) -> float:
    """Characters of the page's paragraphs outside links, counted until there are enough to decide by."""
    total, most = 0, _MAX_NAMED / _MAX_SHARE
    for at in page.of("p", "li"):
        total += _own_text(page, at)
        if total >= most:
            break
    return total


def _named(page: Outline) -> Iterator[tuple[int, tuple[str, ...]]]:
    for at in page.living():
        attributes = page.attributes[at]
        if attributes and ("class" in attributes or "id" in attributes):
            words = _purposes(attributes.get("class", ""), attributes.get("id", ""))
            if words and page.tags[at] not in _KEPT:
                yield at, words


@lru_cache(maxsize=20_000)
def _purposes(class_: str, key: str) -> tuple[str, ...]:
    return tuple(word for word in labels.words(f"{class_} {key}") if word in _PURPOSES)


def _unnamed(page: Outline, is_news: bool) -> Iterator[int]:
    for at in page.living():
        tag, attributes = page.tags[at], page.attributes[at]
        if tag in _KEPT:
            continue
        if (
            tag == "form"
            or (attributes and (labels.is_undisplayed(attributes) or _is_embed(attributes.get("class", ""))))
            or (is_news and tag in _POINTERS and _is_pointer(page, at))
        ):
            yield at


@lru_cache(maxsize=20_000)
def _is_embed(class_: str) -> bool:
    return bool(_EMBEDS.search(class_))


def _is_pointer(page: Outline, at: int) -> bool:
    """A block that only points elsewhere: all link but for a label, and no sentence."""
    if page.size(at) > 2 * _MAX_POINTER or not page.within(at, "a"):
        return False
    rest = text = page.text(at)
    if len(text) > _MAX_POINTER or _SENTENCE_END.search(text):
        return False
    linked = list(map(page.text, page.within(at, "a")))
    for part in linked:
        rest = rest.replace(part, " ", 1)
    return len(rest.split()) <= _LABEL_WORDS and len("".join(linked)) > len(rest)


def _own_text(page: Outline, at: int) -> int:
    """Characters outside links; a long block is not measured to its end."""
    if page.size(at) > _LONG:
        return _LONG
    return len(page.text(at)) - sum(len(page.text(a)) for a in page.within(at, "a"))
