"""A number of pages in; a WARC file as a crawl of news writes it out: furniture, copies, updates, oddities.

Made so that what costs time in real crawls costs it here: pages carry scripts, styles, menus, related stories and
comments around their text; five outlets mark theirs up differently; one text in ten is another outlet's too, one page
in thirty is seen again with a changed text; beside them lie requests, pictures, errors, section pages, a page that says
gzip, one cut into chunks. The same number gives the same page.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

from etl.bench.made import Made, article

_OUTLETS = ("courier", "gazette", "wire", "observer", "tribune")
_COPY_EVERY, _UPDATE_EVERY, _ODD_EVERY = 10, 30, 40
_MARKUP = (  # tags around a text: article, its body, a paragraph
    ('<article class="story">', '<div class="story-body" itemprop="articleBody">', "<p>"),
    ('<main id="content">', '<section class="article__text">', '<p class="article__paragraph">'),
    ('<div class="post">', '<div class="entry-content">', "<p>"),
    ('<div id="main"><div class="col-8">', '<div class="text-block">', '<p class="text">'),
    ('<article data-id="1">', '<div class="c-entry">', '<p id="p">'),
)


def write(path: Path, day: date, pages: int, *, first: int = 0) -> int:
    """Write the pages of one day, each record in a gzip member of its own; how many are articles' pages."""
    with path.open("wb") as out:
        out.write(
            gzip.compress(_block("warcinfo", "", f"{day}T00:00:00Z", "i", block=b"software: made\r\n"), 6, mtime=0)
        )
        articles = 0
        for n in range(first, first + pages):
            for block, is_article in _records(n, day):
                articles += is_article
                out.write(gzip.compress(block, 6, mtime=0))
    return articles


def _records(n: int, day: date) -> Iterator[tuple[bytes, bool]]:
    url, at = address(n), f"{day}T{n % 24:02d}:{n // 24 % 60:02d}:00Z"
    yield _block("request", url, at, f"q{n}", block=b"GET / HTTP/1.1\r\nHost: made.example\r\n\r\n"), False
    odd = n % _ODD_EVERY
    if odd == 7:
        yield _response(url + "/gone", at, f"g{n}", b"<h1>Not found</h1>", status="404 Not Found"), False
    elif odd == 13:
        yield _response(url + ".jpg", at, f"j{n}", bytes(range(256)) * 200, media_type="image/jpeg"), False
    elif odd == 21:
        yield _response(f"https://{_outlet(n)}.example/section/{n % 9}", at, f"s{n}", _section(n)), False
    body = page(n)
    if odd == 5:
        packed = zlib.compressobj(wbits=31)
        zipped = packed.compress(body) + packed.flush()
        yield _response(url, at, f"r{n}", zipped, more="Content-Encoding: gzip\r\n"), True
    elif odd == 9:
        yield _response(url, at, f"r{n}", _chunked(body), more="Transfer-Encoding: chunked\r\n"), True
    else:
        yield _response(url, at, f"r{n}", body), True
    if n % _UPDATE_EVERY == 3:
        later = f"{day}T23:{n % 60:02d}:30Z"
        yield _response(url, later, f"u{n}", page(n, is_updated=True)), True


def address(n: int) -> str:
    """Where page `n` stands."""
    return f"https://{_outlet(n)}.example/news/2022/story-{n}.html"


def page(n: int, *, is_updated: bool = False) -> bytes:
    """Page `n`; its outlet's markup around a text, which is another outlet's where it is a copy."""
    text = article(n - 1 if n % _COPY_EVERY == 4 else n)
    if is_updated:
        added = "The number of those hurt rose to 14, officials said later, and the road stays closed."
        text = replace(text, paragraphs=(*text.paragraphs, added))
    style = n % len(_OUTLETS)
    opened, body, paragraph = _MARKUP[style]
    closing = "</div>" * opened.count("<div") + (
        "</article>" if "<article" in opened else "</main>" if "<main" in opened else ""
    )
    inner = "\n".join(
        f"{paragraph}{escape(p)}</p>" + (_advert(n) if i == 2 else "") for i, p in enumerate(text.paragraphs)
    )
    end = "</section>" if "<section" in body else "</div>"
    title = escape(text.title)
    return (
        f'<!DOCTYPE html>\n<html lang="en" class="no-js"><head>{_head(n, text)}</head><body class="page page--article">'
        f"{_consent()}{_menu(n)}<div class=wrapper>{opened}<header><h1>{title}</h1>"
        f'<p class="byline">By <a rel="author" href="/by/ada">Ada Lindqvist</a></p>'
        f'<time datetime="2022-07-04T0{n % 9}:10:00Z">4 July 2022</time>{_share()}</header>'
        f"<figure><img src=/i/{n}.jpg alt=''><figcaption>A street in {_words(n, 2)}, on Monday. "
        f"Photograph: Ada Lindqvist</figcaption></figure>{body}{inner}{end}{_newsletter()}{closing}"
        f"{_related(n)}{_comments(n)}</div>{_footer()}{_script(n, 25)}</body></html>"
    ).encode()


def _head(n: int, text: Made) -> str:
    title, url = escape(text.title), address(n)
    linked = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": text.title,
        "datePublished": f"2022-07-04T0{n % 9}:10:00+00:00",
        "author": [{"@type": "Person", "name": "Ada Lindqvist"}],
        "publisher": {"@type": "Organization", "name": _outlet(n).title()},
    }
    metas = "".join(f'<meta name="tracking-{i}" content="{n * i}">' for i in range(12))
    return (
        f'<meta charset="utf-8"><title>{title} | {_outlet(n).title()}</title><link rel="canonical" href="{url}">'
        f'<meta property="og:title" content="{title}"><meta property="og:url" content="{url}"><meta property="og:type" '
        f'content="article"><meta property="og:site_name" content="{_outlet(n).title()}"><meta name="description" '
        f'content="{escape(text.paragraphs[0][:150])}">{metas}'
        f'<script type="application/ld+json">{json.dumps(linked)}</script>'
        f"<style>{'.c-block__item{margin:0 auto;padding:1rem}' * 300}</style>{_script(n, 15)}"
    )


def _script(n: int, kilobytes: int) -> str:
    piece = f"window.__state=window.__state||{{}};window.__state['k{n}']={{id:{n},tags:['a','b'],url:'/x?y=1&z=2'}};"
    return f"<script>{piece * (kilobytes * 1024 // len(piece))}</script>"


def _menu(n: int) -> str:
    inner = "".join(f'<li><a href="/topic/{i}">Topic {i}</a></li>' for i in range(6))
    items = "".join(
        f'<li class="menu__item"><a href="/section/{i}?from={n}">Section {i} of all</a><ul>{inner}</ul></li>'
        for i in range(24)
    )
    return f'<header class="site"><a href="/">{_outlet(n).title()}</a><nav><ul class="menu">{items}</ul></nav></header>'


def _related(n: int) -> str:
    cards = "".join(
        f'<div class="card"><a href="{address(n + i * 7)}"><img src=/t/{i}.jpg alt="">'
        f"<h3>{escape(_words(n + i * 7, 6))}</h3></a>"
        f"<p class=card__text>{escape(_words(n + i * 11, 14))}</p><span>{i} hours ago</span></div>"
        for i in range(1, 19)
    )
    return f'<aside class="related"><h2>More on this</h2>{cards}</aside>'


def _comments(n: int) -> str:
    some = "".join(
        f'<li class="comment"><b>reader{i}</b><p>{escape(_words(n + i * 13, 18))}.</p><a href="#r{i}">Reply</a></li>'
        for i in range(n % 7)
    )
    return f'<section id="comments"><h2>Comments</h2><ol>{some}</ol></section>'


def _section(n: int) -> bytes:
    links = "".join(f'<li><a href="{address(n + i)}">{escape(_words(n + i, 7))}</a></li>' for i in range(60))
    return f"<!doctype html><title>Section</title>{_menu(n)}<h1>Section</h1><ul>{links}</ul>{_footer()}".encode()


def _words(n: int, count: int) -> str:
    return " ".join(article(n % 500).text.split()[:count])


def _consent() -> str:
    told = "<p>We use cookies to make this site work.</p><button>Accept all</button>"
    return f'<div class="consent" role="dialog">{told}</div>'


def _share() -> str:
    sites = "".join(
        f'<li><a href="https://share.example/{s}"><svg><path d="M0 0h24v24H0z"/></svg>{s}</a></li>' for s in "abcd"
    )
    return f'<ul class="share">{sites}</ul>'


def _advert(n: int) -> str:
    return f'<div class="ad" id="ad-{n}"><span>Advertisement</span><iframe title="ad"></iframe></div>'


def _newsletter() -> str:
    told = "<h2>Sign up for our morning letter</h2><input type=email><button>Sign up</button>"
    return f'<form class="newsletter">{told}</form>'


def _footer() -> str:
    links = "".join(f'<li><a href="/about/{i}">About {i}</a></li>' for i in range(30))
    return f"<footer><ul>{links}</ul><p>© 2022 Made. All rights reserved.</p></footer>"


def _outlet(n: int) -> str:
    return _OUTLETS[n % len(_OUTLETS)]


def _chunked(body: bytes) -> bytes:
    pieces = [body[i : i + 8_000] for i in range(0, len(body), 8_000)]
    return b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in pieces) + b"0\r\n\r\n"


def _response(
    url: str, at: str, name: str, body: bytes, *, status: str = "200 OK", media_type: str = "text/html", more: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nServer: made\r\n{more}\r\n"
    return _block("response", url, at, name, block=head.encode() + body)


def _block(kind: str, url: str, at: str, name: str, *, block: bytes) -> bytes:
    content = "application/warc-fields" if kind == "warcinfo" else f"application/http; msgtype={kind}"
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Date: {at}\r\nWARC-Record-ID: <urn:uuid:{name}>\r\n"
        f"Content-Type: {content}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"
