"""Made-up feeds, pages and texts in: what reading, comparing and tagging them costs against the least one could do."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from etl import markup
from etl.bench.frame import Bench, Pair, World
from etl.bench.made import article
from etl.bench.made import feed as made_feed
from etl.records import Capture, CaptureKind, Feed, Rejected, TextField

_AT = datetime(2022, 7, 4, 12, 0, tzinfo=UTC)
_WORD = re.compile(r"\w+")


@contextmanager
def feed(world: World) -> Iterator[Pair]:
    """Our reading of a feed, against expat's of the same bytes."""
    from xml.etree import ElementTree

    body = made_feed(world.scale.entries)
    yield Pair(
        lambda _: _read(body),
        lambda _: ElementTree.fromstring(body),  # noqa: S314 - our own bytes
        {"entries": world.scale.entries, "bytes": len(body)},
    )


@contextmanager
def feedparser(world: World) -> Iterator[Pair]:
    """Our reading of a feed, against feedparser's as it comes."""
    from etl.sources import reference

    body = made_feed(world.scale.entries // 5)
    reference.default(body)  # its import is paid once a process
    yield Pair(
        lambda _: _read(body),
        lambda _: reference.default(body),
        {"entries": world.scale.entries // 5, "bytes": len(body)},
    )


def _read(body: bytes) -> Feed | Rejected:
    from etl.sources import feeds

    return feeds.parse(body, url="https://made.example/feed", headers={}, fetched_at=_AT)


@contextmanager
def extract(world: World) -> Iterator[Pair]:
    """Our reading of pages, against building their trees."""
    from etl.extract.article import extract as extract_one

    pages = [article(n) for n in range(world.scale.pages)]
    texts = [made.page for made in pages]
    captures = [
        Capture(
            kind=CaptureKind.PAGE,
            url=made.url,
            observed_at=_AT,
            media_type="text/html; charset=utf-8",
            body=text.encode(),
        )
        for made, text in zip(pages, texts, strict=True)
    ]
    extract_one(captures[0])  # models are read once a process
    sizes = {"pages": len(texts), "bytes": sum(len(c.body) for c in captures)}
    yield Pair(lambda _: [extract_one(c) for c in captures], lambda _: [markup.parse(t) for t in texts], sizes)


@contextmanager
def signatures(world: World) -> Iterator[Pair]:
    """Fingerprints of texts, against hashing each of their words once."""
    from xxhash import xxh3_64_intdigest

    from etl.dedup.fingerprint import fingerprint

    texts = [article(n).text for n in range(world.scale.texts)]
    fingerprint(texts[0])
    yield Pair(
        lambda _: [fingerprint(t) for t in texts],
        lambda _: [xxh3_64_intdigest(word) for t in texts for word in t.encode().split()],
        {"texts": len(texts), "words": sum(len(t.split()) for t in texts)},
    )


@contextmanager
def geotag(world: World) -> Iterator[Pair]:
    """Tagging texts by the packaged gazetteer, against finding their words."""
    from etl.evaluate.packaged import open_packaged
    from etl.geo.tag import tag

    parts = [{TextField.TITLE: a.title, TextField.BODY: a.text} for a in map(article, range(world.scale.tagged))]
    with open_packaged(world.home / "gazetteer") as lexicon:
        tag(parts[0], lexicon)
        yield Pair(
            lambda _: [tag(p, lexicon) for p in parts],
            lambda _: [_WORD.findall(text) for p in parts for text in p.values()],
            {"texts": len(parts), "words": sum(len(_WORD.findall(t)) for p in parts for t in p.values())},
        )


BENCHES = [
    Bench("feed", "read a feed", "the standard library's XML parser on the same bytes", feed, time.process_time),
    Bench("feedparser", "read a feed", "feedparser as it comes, on the same bytes", feedparser, time.process_time),
    Bench("extract", "extract articles from pages", "building the trees of the same pages", extract, time.process_time),
    Bench("signatures", "fingerprint texts", "hashing each of their words once", signatures, time.process_time),
    Bench("geotag", "tag texts", "finding their words by a regular expression", geotag, time.process_time),
]
