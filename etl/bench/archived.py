"""A number of pages in; a WARC file as a crawl of news writes it out: furniture, copies, updates, oddities.

Made so that what costs time in real crawls costs it here: pages carry the furniture real ones do (see `furniture`);
five outlets mark their text up differently; one text in ten is another outlet's too, one page in thirty is seen again
with a changed text; beside them lie requests, pictures, errors, section pages, a page that says gzip, one cut into
chunks. The same number gives the same page.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

from etl.bench import furniture
from etl.bench.furniture import OUTLETS, address, outlet
from etl.bench.made import article

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
        yield _response(f"https://{outlet(n)}.example/section/{n % 9}", at, f"s{n}", _section(n)), False
    body = page(n, day)
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
        yield _response(url, later, f"u{n}", page(n, day, is_updated=True)), True


def page(n: int, day: date, *, is_updated: bool = False) -> bytes:
    """Page `n`, published on a day; its outlet's markup around a text, which is another outlet's where it is a copy."""
    text = article(n - 1 if n % _COPY_EVERY == 4 else n)
    if is_updated:
        added = "The number of those hurt rose to 14, officials said later, and the road stays closed."
        text = replace(text, paragraphs=(*text.paragraphs, added))
    published = f"{day}T0{n % 9}:10:00+00:00"
    style = n % len(OUTLETS)
    opened, body, paragraph = _MARKUP[style]
    closing = "</div>" * opened.count("<div") + (
        "</article>" if "<article" in opened else "</main>" if "<main" in opened else ""
    )
    inner = "\n".join(
        f"{paragraph}{escape(p)}</p>" + (furniture.advert(n) if i == 2 else "") for i, p in enumerate(text.paragraphs)
    )
    end = "</section>" if "<section" in body else "</div>"
    return (
        f'<!DOCTYPE html>\n<html lang="en" class="no-js"><head>{furniture.head(n, text, published)}</head>'
        f'<body class="page page--article">{furniture.above(n)}'
        f"<div class=wrapper>{opened}<header><h1>{escape(text.title)}</h1>"
        f'<p class="byline">By <a rel="author" href="/by/ada">Ada Lindqvist</a></p>'
        f'<time datetime="{published}">{day:%d %B %Y}</time>{furniture.share()}</header>'
        f"<figure><img src=/i/{n}.jpg alt=''><figcaption>A street in {furniture.words(n, 2)}, on Monday. "
        f"Photograph: Ada Lindqvist</figcaption></figure>{body}{inner}{end}{furniture.newsletter()}{closing}"
        f"{furniture.beside(n)}</div>{furniture.below(n)}</body></html>"
    ).encode()


def _section(n: int) -> bytes:
    links = "".join(f'<li><a href="{address(n + i)}">{escape(furniture.words(n + i, 7))}</a></li>' for i in range(60))
    return (
        f"<!doctype html><title>Section</title>{furniture.above(n)}<h1>Section</h1><ul>{links}</ul>{furniture.below(n)}"
    ).encode()


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
