"""An article in, the row of what extraction says of it beside its text out."""

from __future__ import annotations

from typing import Any

from etl.records import Article, Dated, DatePrecision


def row(article: Article, article_id: int, content_hash: bytes) -> dict[str, Any]:
    """One row for `keep_details`."""
    opening = article.dateline
    return {
        "article_id": article_id,
        "content_hash": content_hash,
        "agencies": article.agencies,
        "credits": article.credits,
        "is_paywalled": article.is_paywalled,
        "published_offset": _offset(article.published),
        "modified_precision": article.modified.precision if article.modified else None,
        "refused_dates": article.refused_dates,
        "dateline_start": opening.start if opening else None,
        "dateline_end": opening.end if opening else None,
        "dateline_place": opening.place if opening else None,
        "dateline_on": opening.dated_on.isoformat() if opening and opening.dated_on else None,
        "dateline_agency": opening.agency if opening else None,
        "images": [{"url": image.url, "caption": image.caption} for image in article.images],
        "quotes": [[start, end] for start, end in article.quotes],
    }


def _offset(dated: Dated | None) -> float | None:
    """Seconds ahead of UTC, where an instant was stated with its offset."""
    if dated is None or dated.precision is not DatePrecision.INSTANT:
        return None
    ahead = dated.at.utcoffset()
    return ahead.total_seconds() if ahead is not None else None
