"""A number in; what stands around the text of page `n` out: head, menus, cards, comments, scripts.

Sized after 123 news pages in twenty languages, whose median page had 258 KB and 1,021 elements: 40 metas, 27 links, 34
scripts with the state of the page as JSON in them, 27 inline drawings, 137 list items, 200 links, 30 pictures; six
elements in ten with a class, 33 characters long. Only figures were taken from them.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape

from etl.bench.made import Made, article

OUTLETS = ("courier", "gazette", "wire", "observer", "tribune")
_TEXTS = 500  # that furniture is worded with
_STATED = 72  # teasers in the page's state
_ICON = (
    '<svg class="o-icon o-icon--{0} o-icon--small" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1 15h-2v-6h2v6zm0-8h-2V7h2v2zM19.4 13c0-.3.1-.6"'
    ' fill="currentColor" fill-rule="evenodd"/></svg>'
)


def outlet(n: int) -> str:
    """Whose page it is."""
    return OUTLETS[n % len(OUTLETS)]


def address(n: int) -> str:
    """Where page `n` stands."""
    return f"https://{outlet(n)}.example/news/2022/story-{n}.html"


def words(n: int, count: int) -> str:
    """The first words of some text."""
    return " ".join(_words(n % _TEXTS)[:count])


def head(n: int, text: Made, published: str) -> str:
    """What stands in the head."""
    title, url, name = escape(text.title), address(n), outlet(n).title()
    metas = "".join(f'<meta name="{outlet(n)}:tracking-{i}" content="{n * i}-{words(n + i, 3)}">' for i in range(32))
    links = "".join(
        f'<link rel="preload" as="script" crossorigin="anonymous" href="{url}"><script defer src="{url}"></script>'
        for url in (f"https://static.{outlet(n)}.example/bundles/{n % 97}/chunk-{i}.js" for i in range(25))
    )
    return (
        f'<meta charset="utf-8"><title>{title} | {name}</title><link rel="canonical" href="{url}">'
        f'<meta property="og:title" content="{title}"><meta property="og:url" content="{url}"><meta property="og:type" '
        f'content="article"><meta property="og:site_name" content="{name}"><meta name="description" '
        f'content="{escape(text.paragraphs[0][:150])}">{metas}{links}'
        f'<script type="application/ld+json">{json.dumps(_linked(n, text, published))}</script>'
        f"<style>{'.c-block__item{margin:0 auto;padding:1rem}' * 400}</style>{_tracking(n, 15)}"
    )


def above(n: int) -> str:
    """What stands before a text: consent, the outlet's name, menus."""
    told = "<p>We use cookies to make this site work.</p><button>Accept all</button>"
    sections = "".join(_menu(n, i) for i in range(20))
    return (
        f'<div class="consent" role="dialog">{told}</div><header class="site"><a href="/">{outlet(n).title()}</a>'
        f'<button class="c-header__toggle js-toggle-menu" aria-expanded="false">{_ICON.format("menu")}Menu</button>'
        f'<nav class="c-navigation c-navigation--primary"><ul class="menu c-navigation__list">{sections}</ul></nav>'
        "</header>"
    )


def beside(n: int) -> str:
    """What stands after a text: other stories, comments."""
    cards = "".join(_card(n, i) for i in range(1, 25))
    some = "".join(
        f'<li class="comment c-comment c-comment--level-1"><b>reader{i}</b><p>{escape(words(n + i * 13, 18))}.</p>'
        f'<a href="#r{i}">Reply</a></li>'
        for i in range(n % 7)
    )
    return (
        f'<aside class="related c-related-stories"><h2>More on this</h2>{cards}</aside>'
        f'<section id="comments"><h2>Comments</h2><ol>{some}</ol></section>'
    )


def below(n: int) -> str:
    """The foot of a page, and the state it was made from."""
    links = "".join(
        f'<li class="c-footer__item"><a class="c-footer__link" href="/about/{i}">About {i}</a></li>' for i in range(30)
    )
    foot = f'<footer class="c-footer"><ul>{links}</ul><p>© 2022 Made. All rights reserved.</p></footer>'
    return f'{foot}<script id="__STATE__" type="application/json">{_state(n)}</script>{_tracking(n, 25)}'


def share() -> str:
    """Where a story can be sent."""
    sites = "".join(
        f'<li class="c-share__item"><a class="c-share__link c-share__link--{s} js-share" href="https://share.example/{s}">'
        f"{_ICON.format(s)}{s}</a></li>"
        for s in "abcd"
    )
    return f'<ul class="share c-share">{sites}</ul>'


def advert(n: int) -> str:
    """A place for an advertisement."""
    return f'<div class="ad" id="ad-{n}"><span>Advertisement</span><iframe title="ad"></iframe></div>'


def newsletter() -> str:
    """An offer."""
    told = "<h2>Sign up for our morning letter</h2><input type=email><button>Sign up</button>"
    return f'<form class="newsletter">{told}</form>'


def _menu(n: int, i: int) -> str:
    inner = "".join(
        f'<li class="c-navigation__item c-navigation__item--level-2"><a class="c-navigation__link" href="/topic/{k}">'
        f"Topic {k}</a></li>"
        for k in range(5)
    )
    return (
        f'<li class="menu__item c-navigation__item"><a class="c-navigation__link js-track" href="/part/{i}?from={n}">'
        f'Section {i} of all</a><ul class="c-navigation__list c-navigation__list--level-2">{inner}</ul></li>'
    )


def _card(n: int, i: int) -> str:
    url, image = address(n + i * 7), f"https://images.{outlet(n)}.example/t/{n % 89}/{i}"
    sources = "".join(
        f'<source media="(min-width: {w}px)" srcset="{image}-{w}.webp 1x, {image}-{2 * w}.webp 2x">' for w in (980, 480)
    )
    return (
        f'<div class="card o-teaser o-teaser--article o-teaser--small js-teaser" data-id="{n + i}" data-at="{i}">'
        f'<div class="o-teaser__media o-teaser__media--16-9"><a class="o-teaser__link" href="{url}"><picture>{sources}'
        f'<img class="o-teaser__image lazyload" loading="lazy" width="480" height="270" src="{image}-480.jpg" alt="">'
        f'</picture></a></div><div class="o-teaser__content"><div class="o-teaser__heading o-teaser__heading--small">'
        f'<a class="o-teaser__link js-track" href="{url}" data-at="1"><h3>{escape(words(n + i * 7, 6))}</h3></a></div>'
        f"<p class=card__text>{escape(words(n + i * 11, 14))}</p><div class='o-teaser__meta'>"
        f"<div class='o-teaser__timestamp'>"
        f"<span class='u-visually-hidden'>Published</span><span>{i} hours ago</span></div><div class='o-teaser__tag'>"
        f"<span>{escape(words(n + i, 1))}</span></div></div>"
        f'<button class="o-teaser__save js-save" type="button">{_ICON.format("save")}</button></div></div>'
    )


def _linked(n: int, text: Made, published: str) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": text.title,
        "datePublished": published,
        "author": [{"@type": "Person", "name": "Ada Lindqvist"}],
        "publisher": {"@type": "Organization", "name": outlet(n).title()},
    }


def _state(n: int) -> str:
    """The stories around this one as data, as pages drawn by scripts carry them."""
    teasers = {
        f"story-{n + i * 3}": {
            "__typename": "ArticleTeaser",
            "id": n * 1_000 + i,
            "url": address(n + i * 3),
            "headline": {"text": words(n + i * 3, 8), "kicker": words(n + i, 2), "isLive": i % 9 == 0},
            "summary": words(n + i * 5, 90),
            "image": [{"url": f"/t/{n}/{i}-{w}.webp", "width": w, "ratio": 1.78} for w in (240, 480, 980, 1_440)],
            "tags": [{"slug": word, "label": word.title()} for word in words(n + i * 7, 6).split()],
            "tracking": {"section": i % 20, "variant": None, "token": f"{(n + 1) * (i + 1) * 0x9E3779B1:x}" * 8},
        }
        for i in range(_STATED)
    }
    return json.dumps({"page": n, "outlet": outlet(n), "teasers": teasers}).replace("</", "<\\/")


def _tracking(n: int, kilobytes: int) -> str:
    piece = f"window.__state=window.__state||{{}};window.__state['k{n}']={{id:{n},tags:['a','b'],url:'/x?y=1&z=2'}};"
    return f"<script>{piece * (kilobytes * 1024 // len(piece))}</script>"


@cache
def _words(n: int) -> list[str]:
    return article(n).text.split()
