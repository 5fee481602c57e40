"""What templates call an element in, and its tag; what it is for out, a bit for each purpose.

Theory. Names are read as whole words of a class, id, role or itemprop ("newsletter-signup" is newsletter and signup, so
that "shareholder" is no "share") and are told apart by what they are for. Tags speak of all that stands in them.
"""

from __future__ import annotations

from functools import lru_cache

from etl.extract import labels

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
KIND_BIT = {tag: 1 << KINDS.index(kind) for tag, kind in _KIND_OF.items()}


@lru_cache(maxsize=20_000)
def purposes(*names: str | None) -> int:
    """The bits of what names speak of."""
    found = 0
    for word in labels.words(" ".join(filter(None, names))[:400]):
        found |= _PURPOSE_OF.get(word, 0)
    return found
