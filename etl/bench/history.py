"""A number goes in; out comes a scratch warehouse of that many articles with places, stories and copies.

Made by set-based statements (`sql/queries/bench_history.sql`): a million take minutes so and days by the pipeline. A
day has nine hundred articles on average, fewer at weekends and thrice as many on some; three hundred outlets and sixty
thousand places are named with frequencies that fall as in news; texts have the lengths of news. Left out are bodies;
of accounts there is what a backfill leaves, and of the index of copies the last quarter, as maintenance leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from etl.bench.made import article
from etl.warehouse import scratch
from etl.warehouse.connect import Warehouse, connect

LAST_ON = date(2022, 6, 30)  # a larger history reaches further back, and its days are no fuller
A_DAY = 913
_PLACES = 60_000
_PIECES = 2_000
_CHUNK = 20_000
_AT = datetime(2022, 7, 1, tzinfo=UTC)
_TEXTS = (
    "raw.blob_key",
    "ops.fetch",
    "news.article",
    "news.article_key",
    "news.observation",
    "news.content",
    "news.content_detail",
    "news.observed_content",
    "news.version",
)
_PLACED = ("news.tagging", "news.mention", "news.tagging_evidence", "news.focus", "news.story_feature")
_MARKED = ("news.fingerprint", "ops.line_seen")
_TIED = (
    "news.story",
    "news.story_article",
    "news.copy_of",
    "news.copy_pair",
    "news.upstream",
    "news.edit",
    "ops.ledger",
    "ops.coverage_day",
    "ops.story_cell",
    "ops.change",
)
_DERIVED = (
    "news.article_now",
    "news.report",
    "news.article_words",
    "news.place_tally",
    "news.place_source_tally",
    "ops.source",
    "geo.place",
)


@contextmanager
def warehouse(server: str, articles: int, *, places: int) -> Iterator[Warehouse]:
    """A scratch warehouse of so many articles and places for the block."""
    with scratch.database(server) as url, connect(url, name="bench") as db:
        fill(db, articles, places)
        yield db


def places_for(articles: int) -> int:
    """How many places there are to name: as many as the packaged gazetteer sees named, fewer for a trial."""
    return min(_PLACES, max(1_000, articles))


def fill(db: Warehouse, articles: int, places: int) -> None:
    """Make the articles, in the order of their days."""
    days = max(45, round(articles / A_DAY))
    tables = [*_TEXTS, *_PLACED, *_MARKED, *_TIED, *_DERIVED]
    sizes = {"articles": articles, "places": places, "pieces": _PIECES, "days": days}
    first_on = LAST_ON - timedelta(days=days - 1)
    db.run("history_strip", tables=tables)
    db.run("history_stage", rows=[*_pieces()], at=_AT, first_on=first_on, **sizes)
    db.run("history_texts", **sizes)
    db.run("history_places", **sizes)
    db.run("history_evidence")
    db.run("history_marks")
    db.run("history_accounts")
    db.run("history_ties", first_on=first_on, **sizes)
    db.run("history_restore", tables=[*_TEXTS, *_PLACED, *_MARKED, *_TIED])
    db.run("bench_statistics")
    for first in range(1, articles + 1, _CHUNK):
        db.run("history_articles_now", first=first, last=min(articles, first + _CHUNK - 1))
    db.run("history_tallies")
    db.run("history_words", **sizes)
    db.run("history_restore", tables=list(_DERIVED))
    db.run("history_settle")


def _pieces() -> Iterator[dict[str, object]]:
    """Halves of made-up texts: about two hundred words each, of which articles are put together."""
    for n in range(_PIECES // 2):
        paragraphs = article(n).paragraphs
        middle = len(paragraphs) // 2
        yield {"n": 2 * n, "body": "\n\n".join(paragraphs[:middle])}
        yield {"n": 2 * n + 1, "body": "\n\n".join(paragraphs[middle:])}
