"""A page's tree in, the same tree without what stands among an article's paragraphs and is not of it.

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
from etl.markup import Tree, is_longer, text_of

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
_MAX_NAMED = 1_500  # the same, over all blocks that carry one word
_MAX_SHARE = 0.4  # and their share of the page's paragraphs


def prune(tree: Tree, *, is_news: bool) -> None:
    """Remove from the tree, in place, what is not article."""
    named = list(_named(tree))
    sizes: dict[Tree, int] = {}
    weight: Counter[str] = Counter()
    for element, words in named:
        if element.tag in ("p", "ul", "ol", "li"):
            size = sizes[element] = _own_text(element)
            weight.update(dict.fromkeys(words, size))
    is_close = any(0 < size <= _MAX_NAMED for size in weight.values())  # else the page's own text decides nothing
    limit = min(_MAX_NAMED, _MAX_SHARE * _enough(tree)) if is_close else _MAX_NAMED
    gone: set[Tree] = set()
    for element, words in named:
        if element in gone or not any(weight[word] <= limit for word in words):
            continue
        if (sizes[element] if element in sizes else _own_text(element)) <= _MAX_BOX:
            gone.update(element.iter("*"))
            _drop(element)
    for element in list(_unnamed(tree, is_news)):
        if _own_text(element) <= _MAX_BOX:
            _drop(element)


def _enough(tree: Tree) -> float:
    """Characters of the page's paragraphs outside links, counted until there are enough to decide by."""
    total, most = 0, _MAX_NAMED / _MAX_SHARE
    for element in tree.iter("p", "li"):
        total += _own_text(element)
        if total >= most:
            break
    return total


def _named(tree: Tree) -> Iterator[tuple[Tree, tuple[str, ...]]]:
    for element in tree.iter("*"):
        class_, key = element.get("class"), element.get("id")
        if class_ or key:
            words = _purposes(class_ or "", key or "")
            if words and element.tag not in _KEPT:
                yield element, words


@lru_cache(maxsize=20_000)
def _purposes(class_: str, key: str) -> tuple[str, ...]:
    return tuple(word for word in labels.words(f"{class_} {key}") if word in _PURPOSES)


def _unnamed(tree: Tree, is_news: bool) -> Iterator[Tree]:
    for element in tree.iter("*"):
        tag = element.tag
        if tag in _KEPT:
            continue
        if (
            tag == "form"
            or labels.is_undisplayed(element)
            or _is_embed(element.get("class") or "")
            or (is_news and tag in _POINTERS and _is_pointer(element))
        ):
            yield element


@lru_cache(maxsize=20_000)
def _is_embed(class_: str) -> bool:
    return bool(_EMBEDS.search(class_))


def _drop(element: Tree) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_pointer(element: Tree) -> bool:
    """A block that only points elsewhere: all link but for a label, and no sentence."""
    if is_longer(element, 2 * _MAX_POINTER):
        return False
    linked = [text_of(a) for a in element.iter("a")]
    if not linked:
        return False
    rest = text = text_of(element)
    if len(text) > _MAX_POINTER or _SENTENCE_END.search(text):
        return False
    for part in linked:
        rest = rest.replace(part, " ", 1)
    return len(rest.split()) <= _LABEL_WORDS and len("".join(linked)) > len(rest)


def _own_text(element: Tree) -> int:
    """Characters outside links; a long block is not measured to its end."""
    if len(element) == 0 and element.tag != "a":
        return min(16 * _MAX_BOX, len(text_of(element)))
    if is_longer(element, 16 * _MAX_BOX):
        return 16 * _MAX_BOX
    return len(text_of(element)) - sum(len(text_of(a)) for a in element.iter("a"))
