"""A page's tree in, its blocks of text out, in document order: what they say and where they stand.

Theory. A reader sees a page as blocks: runs of text between tags that break lines. Everything that tells an article's
blocks from the rest is either in the block, in the tags and names around it, or in how the same place of the page is
used elsewhere. Only elements that hold text are looked at, once each: the empty wrappers of a template cost nothing.
Names are read as whole words of a class, id, role or itemprop ("newsletter-signup" is newsletter and signup, so that
"shareholder" is no "share") and are told apart by what they are for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from etl.extract import labels
from etl.markup import Tree

# One name group a line, each for one purpose of a block.
_PURPOSES: dict[str, str] = {
    "text": "body content article story post entry text richtext copy prose paragraph main wysiwyg "
    "articlebody storybody",
    "lead": "lead lede intro standfirst summary excerpt dek subtitle subhead subheadline deck description "
    "preamble ingress",
    "head": "headline title heading header hero masthead",
    "side": "sidebar aside rail widget side secondary complementary sticky",
    "menu": "nav navigation menu navbar breadcrumb breadcrumbs toolbar tabs tab skip pagination pager submenu dropdown",
    "foot": "footer copyright legal disclaimer colophon bottom imprint contentinfo",
    "share": "share sharing sharebar social socials follow followus facebook twitter whatsapp addthis "
    "sharethis bookmark",
    "others": "related recirc recirculation recommended recommendation recommendations readmore readalso "
    "alsoread more mostread popular trending outbrain taboola teaser teasers card cards carousel "
    "slider latest recent next previous prev list grid feed item items tile promo promobox promotion "
    "suggested similar onward",
    "advert": "ad ads advert advertisement adslot sponsor sponsored banner commercial dfp gpt adsense affiliate",
    "call": "newsletter subscribe subscription signup paywall regwall offer donate donation membership "
    "register cta app optin support",
    "reply": "comment comments commentlist disqus reply respond replies discussion reviews",
    "facts": "byline author authors authorbox authorbio bio biography date time timestamp meta published "
    "updated posted readingtime dateline info details kicker category section label eyebrow",
    "tags": "tag tags taglist keywords topics topic categories",
    "figure": "caption captions figcaption credit credits image images img photo photos gallery media video "
    "audio player picture figure slideshow thumbnail thumb imagecaption mediacaption embed",
    "form": "form search login modal popup cookie cookies consent gdpr overlay dialog lightbox tooltip "
    "feedback rating vote poll quiz input button btn print",
    "unseen": "hidden hide visually sr invisible screenreader offscreen assistive",
    "quote": "quote quotes pullquote blockquote",
    "box": "box infobox factbox toc callout note inset panel contents key keypoints highlights table faq",
}
PURPOSES = tuple(_PURPOSES)
_PURPOSE_OF = {word: 1 << at for at, words in enumerate(_PURPOSES.values()) for word in words.split()}

# Tags that say something of all that stands in them.
KINDS = (
    "article", "main", "nav", "aside", "footer", "header", "form", "figure", "list", "table", "blockquote", "heading",
    "button", "section", "definition", "address", "details", "pre",
)  # fmt: skip
_KIND_OF = {
    **{k: k for k in KINDS},
    "ul": "list", "ol": "list", "td": "table", "th": "table", "figcaption": "figure", "picture": "figure",
    "video": "figure", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading",
    "h6": "heading", "label": "form", "select": "form", "textarea": "form", "option": "form", "fieldset": "form",
    "dl": "definition", "dialog": "details", "menu": "nav", "code": "pre",
}  # fmt: skip
_KIND_BIT = {tag: 1 << KINDS.index(kind) for tag, kind in _KIND_OF.items()}
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr img"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_UNREAD_TAGS = (
    "script style template noscript svg iframe head object math canvas select textarea option audio video map"
)
_UNREAD = frozenset(_UNREAD_TAGS.split())
_WHOLE = frozenset(("html", "body"))
_SENTENCE_END = re.compile(r"[.!?…。！？؟।:][\"'”»’)\]]*$")
_SPACES, _BREAK, _BLANK = re.compile(r"\s+"), "\n", " \t\r\n"
_MOST = 20_000  # blocks of a page; what comes after is not read


@dataclass(slots=True)
class Place:
    """What an element says of the text in it; worked out from its parent's."""

    number: int  # greater than its parent's
    parent: Place | None  # None at the root
    block: Place  # the nearest element that breaks lines, perhaps itself
    depth: int
    tag: str
    names: str  # class, for telling places of one template from another
    own: int  # bits of the purposes its names speak of
    near: int  # the same, with its parent's and grandparent's
    far: int  # the same, with all above
    kinds: int  # bits of the kinds of tag it is and stands in
    is_linked: bool
    is_unread: bool  # script and the like
    is_unseen: bool  # hidden by the page


@dataclass(slots=True)
class Block:
    """One run of text."""

    place: Place
    text: str  # white space folded; lines of one paragraph apart by a newline
    linked: int  # characters inside links
    link_count: int
    strong: int  # characters in bold
    holder: Place  # what the text stands in directly, where that is one inline element; else the place


_Run = list[tuple[str, Place]]


def blocks(tree: Tree) -> list[Block]:
    """Every block with something to read."""
    places: dict[Tree, Place] = {}
    found: list[Block] = []
    for run in _runs(tree, places):
        block = _block(run)
        if block is not None:
            found.append(block)
            if len(found) >= _MOST:
                break
    return found


def _runs(tree: Tree, places: dict[Tree, Place]) -> Iterator[_Run]:
    """Pieces of text that stand in one block, none of another between them. Line breaks are pieces of their own."""
    run: _Run = []
    pieces: list[tuple[str, Tree]] = []
    _gather(tree, pieces)
    for piece, element in pieces:
        place = places.get(element) or _place(element, places)
        if run and (run[-1][1].block is not place.block):
            yield run
            run = []
        if piece is _BREAK and (not run or run[-1][0] is _BREAK or _SENTENCE_END.search(run[-1][0].rstrip()[-4:])):
            if run:
                yield run
            run = []
            continue
        is_folded = piece is _BREAK or (piece.isprintable() and "  " not in piece)
        run.append((piece if is_folded else _SPACES.sub(" ", piece), place))
    if run:
        yield run


def _gather(element: Tree, out: list[tuple[str, Tree]]) -> None:
    """Every text that may be read and every line break, in order, with the element it stands in.

    Recursion is bounded: no tree is deeper than `parse` lets through.
    """
    text = element.text
    if text and text.strip(_BLANK) and element.tag != "title":
        out.append((text, element))
    for child in element:
        tag = child.tag
        if tag == "br":
            out.append((_BREAK, element))
        if tag not in _UNREAD:
            _gather(child, out)
        tail = child.tail
        if tail and tail.strip(_BLANK):
            out.append((tail, element))


def _block(run: _Run) -> Block | None:
    text = "".join(piece for piece, _ in run)
    text = "\n".join(line for line in (" ".join(raw.split()) for raw in text.split("\n")) if line)
    if not text:
        return None
    linked = strong = 0
    links = set()
    for piece, place in run:
        if place.is_linked:
            linked += len(piece.strip())
            links.add(id(place))
        if place.tag in ("b", "strong"):
            strong += len(piece)
    holders = {id(place): place for piece, place in run if piece.strip()}
    block = run[0][1].block
    holder = next(iter(holders.values())) if len(holders) == 1 else block
    return Block(block, text, min(linked, len(text)), len(links), min(strong, len(text)), holder)


def _place(element: Tree, places: dict[Tree, Place]) -> Place:
    """The place of an element, and of all above it."""
    above = []
    while element is not None and element not in places:
        above.append(element)
        element = element.getparent()
    place = places[element] if element is not None else None
    for below in reversed(above):
        place = places[below] = _below(below, place, len(places))
    if place is None:
        raise AssertionError("a text stands in an element")
    return place


def _below(element: Tree, parent: Place | None, number: int) -> Place:
    tag = element.tag if isinstance(element.tag, str) else ""
    attributes = dict(found) if (found := element.items()) else {}
    own = 0 if tag in _WHOLE or not attributes else _named(attributes)
    names = "" if tag in _WHOLE else attributes.get("class", "")
    is_unseen = bool(attributes) and _is_unseen(attributes)
    if parent is None:
        place = Place(number, None, None, 0, tag, names, own, own, own, 0, False, tag in _UNREAD, is_unseen)  # type: ignore[arg-type]
        place.block = place
        return place
    above = parent.parent
    place = Place(
        number,
        parent,
        parent.block,
        parent.depth + 1,
        tag,
        names,
        own,
        own | parent.own | (above.own if above is not None else 0),
        own | parent.far,
        parent.kinds | _KIND_BIT.get(tag, 0),
        parent.is_linked or tag == "a",
        parent.is_unread or tag in _UNREAD,
        parent.is_unseen or is_unseen,
    )
    if tag not in _INLINE:
        place.block = place
    return place


def _named(attributes: Mapping[str, str]) -> int:
    get = attributes.get
    return _purposes(get("class"), get("id"), get("itemprop"), get("role"))


@lru_cache(maxsize=20_000)
def _purposes(*names: str | None) -> int:
    found = 0
    for word in labels.words(" ".join(filter(None, names))[:400]):
        found |= _PURPOSE_OF.get(word, 0)
    return found


def _is_unseen(attributes: Mapping[str, str]) -> bool:
    return attributes.get("aria-hidden") == "true" or labels.is_undisplayed(attributes)
