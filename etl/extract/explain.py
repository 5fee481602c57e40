"""A capture in, what each signal of its page said out, beside what extraction made of it and why."""

from __future__ import annotations

from typing import Any

from etl.extract import datestated
from etl.extract.article import extract
from etl.extract.authors import authors
from etl.extract.node import article_node, is_news_page
from etl.extract.outlet import outlet
from etl.extract.title import elected, stated_titles
from etl.fetch.charset import decode
from etl.markup import Outline, TooDeep, absolute, parse, signals
from etl.records import Capture, Dated, Rejected

_MOST = 8  # statements shown of a kind


def explain(capture: Capture) -> dict[str, Any]:
    """Field by field: what was stated, what won, and why."""
    result = extract(capture)
    told = {"url": capture.url, "verdict": _verdict(result), "signals": _signals(capture)}
    if isinstance(result, Rejected):
        return told
    return told | {
        "title": result.title,
        "authors": list(result.authors),
        "credits": list(result.credits),
        "agencies": list(result.agencies),
        "published": _dated(result.published),
        "modified": _dated(result.modified),
        "refused_dates": list(result.refused_dates),
        "canonical": result.canonical_url,
        "language": f"{result.language_code} ({result.language_confidence})",
        "section": result.section,
        "outlet": result.site_name,
        "paywalled": result.is_paywalled,
        "dateline": result.body[result.dateline.start : result.dateline.end] if result.dateline else None,
        "text": f"{len(result.body)} characters, {result.body.count(chr(10) * 2) + 1} paragraphs by {result.extractor}",
        "standfirst": result.standfirst,
        "captions": len(result.captions),
        "images": len(result.images),
    }


def _verdict(result: object) -> str:
    return f"rejected as {result.reason}: {result.detail}" if isinstance(result, Rejected) else "an article"


def _dated(dated: Dated | None) -> str | None:
    return f"{dated.at.isoformat()} ({dated.precision}, from {dated.origin}: {dated.raw})" if dated else None


def _signals(capture: Capture) -> dict[str, Any]:
    try:
        tree = parse(decode(capture.body, capture.media_type)[0])
    except TooDeep:
        return {}
    if tree is None:
        return {}
    url = absolute(capture.url, None)
    stated = signals(Outline(tree), url)
    node = article_node(stated, url)
    known = outlet(stated, node, url)
    titles = stated_titles(stated, node, known)
    credited = authors(stated, node, known.name)
    names = ("rel=author", "class", "words", "link")
    return {
        "title": titles,
        "title_why": elected(titles, is_news=is_news_page(stated, node))[1],
        "authors": {
            "json_ld": _named(node.properties.get("author"))[:300] or None if node else None,
            "meta": list(stated.meta.get("author", ())),
            **{name: list(texts[:_MOST]) for name, texts in zip(names, stated.bylines, strict=True)},
        },
        "authors_why": f"named by {credited.source}" if credited.source else "nobody is named",
        "published": [f"{origin}: {v}" for v, origin in datestated.published_statements(stated, node)][:_MOST],
        "modified": [f"{origin}: {v}" for v, origin in datestated.modified_statements(stated, node)][:_MOST],
        "canonical": stated.canonical_url,
        "language": stated.language,
        "kind": {"json_ld": list(node.types) if node is not None else None, "og:type": stated.first("og:type")},
    }


def _named(stated: object) -> str:
    """The name of a thing stated, or the names of several."""
    if isinstance(stated, list):
        return ", ".join(filter(None, map(_named, stated[:20])))
    name = stated.get("name") if isinstance(stated, dict) else stated
    return name if isinstance(name, str) else ""
