"""A corpus of texts (JSON Lines) goes in; the same texts as articles of a scratch warehouse come out, ready to compare.

A line is `{id, title, text, url, outlet, published}`, of which only `id` and `text` are needed; `published` is a day
number or an ISO date. `cluster` and `kind`, the gold answers, are read for the score alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from etl.errors import CorpusError
from etl.extract.dateline import dateline
from etl.records import Article, Source, SourceKind
from etl.warehouse import details, runs, sources
from etl.warehouse.connect import Warehouse
from etl.warehouse.fingerprints import Comparable

START = datetime(2024, 1, 1, tzinfo=UTC)  # day 0, and the day of texts without one


@dataclass(frozen=True, slots=True)
class Text:
    """One line of the corpus."""

    key: Hashable
    title: str | None
    text: str
    url: str | None
    outlet: str
    published_at: datetime | None
    cluster: Hashable | None
    kind: str | None

    @property
    def body(self) -> str:
        """As it is stored; an empty text must be clustered, too."""
        return self.text.replace("\x00", "").strip() or "—"


def read(path: Path) -> list[Text]:
    """The texts in order. Raises CorpusError for a line that is none."""
    texts = []
    with path.open(encoding="utf8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                texts.append(_text(json.loads(line)))
            except (ValueError, KeyError, TypeError, OverflowError) as error:
                raise CorpusError(f"{path}:{number}", f"{type(error).__name__}: {error}.") from error
    return texts


def load(db: Warehouse, texts: Sequence[Text], *, at: datetime) -> tuple[int, list[Comparable]]:
    """Store the texts as articles, one each; answers the run and what to compare, in order."""
    run_id = runs.begin(db, "eval", at.isoformat(), interval=None, code_version="eval", at=at)
    with db.transaction():
        outlets = sorted({t.outlet for t in texts})
        sources.synchronise(db, [_source(i, outlet) for i, outlet in enumerate(outlets)], at=at)
        named = {s.source.outlet: s.source_id for s in sources.stored(db)}
        rows = [{"source_id": named[t.outlet], "observed_at": t.published_at or START} for t in texts]
        articles = [r.article_id for r in db.rows("make_articles", rows=rows, run_id=run_id, at=at)]
        keys = [_key_row(a, n, t) for n, (a, t) in enumerate(zip(articles, texts, strict=True))]
        db.run("keep_keys", rows=keys, run_id=run_id, at=at)
        rows = [_content_row(a, t) for a, t in zip(articles, texts, strict=True)]
        stored = db.rows("keep_contents", rows=rows, run_id=run_id, at=at, code_version="eval")
        db.run("keep_details", rows=[_detail_row(r, t) for r, t in zip(rows, texts, strict=True)])
    contents = {r.article_id: r.content_id for r in stored}
    return run_id, [_comparable(a, contents[a], t) for a, t in zip(articles, texts, strict=True)]


def _text(line: dict[str, Any]) -> Text:
    return Text(
        key=line["id"],
        title=line.get("title") or None,
        text=str(line["text"]),
        url=line.get("url") or None,
        outlet=line.get("outlet") or "unknown outlet",
        published_at=_instant(line.get("published")),
        cluster=line.get("cluster"),
        kind=line.get("kind"),
    )


def _instant(published: object) -> datetime | None:
    if published is None or published == "":
        return None
    if isinstance(published, int | float):
        return START + timedelta(days=published)
    at = datetime.fromisoformat(str(published))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _source(number: int, outlet: str) -> Source:
    return Source(
        name=f"outlet-{number}",
        kind=SourceKind.FEED,
        url=f"https://feed.invalid/{number}",
        outlet=outlet,
        country_code=None,
        language_code=None,
    )


def _key_row(article_id: int, number: int, text: Text) -> dict[str, Any]:
    """Addresses of a corpus may repeat, so the key carries the line's place; its order stays that of the address."""
    return {
        "article_key": f"{(text.url or 'urn:dateline:eval')[:1900]}#{number}",
        "article_id": article_id,
        "kind": "urn",
    }


def _content_row(article_id: int, text: Text) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "content_hash": hashlib.blake2b(text.body.encode(errors="replace"), digest_size=16).digest(),
        "title": text.title,
        "body": text.body,
        "authors": [],
        "published_at": text.published_at,
        "published_precision": "day" if text.published_at else None,
        "extractor": "eval",
    }


def _detail_row(content: dict[str, Any], text: Text) -> dict[str, Any]:
    """What extraction would say beside the text: its dateline."""
    about = (text.published_at or START).date()
    article = Article(
        title=text.title,
        standfirst=None,
        body=text.body,
        captions=(),
        authors=(),
        published=None,
        modified=None,
        language_code=None,
        language_confidence=None,
        canonical_url=None,
        dateline=dateline(text.body, about),
    )
    return details.row(article, content["article_id"], content["content_hash"])


def _comparable(article_id: int, content_id: int, text: Text) -> Comparable:
    return Comparable(
        content_id=content_id,
        article_id=article_id,
        outlet=text.outlet,
        published_at=text.published_at,
        observed_at=text.published_at or START,
        title=text.title,
        text=text.body,
    )
