"""A corpus of articles with or without gold toponyms (JSON Lines) goes in; articles come out.

A line is `{doc_id, text}`, with gold `toponyms: [{start, end, lat, lon, geonames_id}]`, and the outlet's
`home_region` ("US.TX") if known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.errors import CorpusError
from etl.evaluate.toponyms import Toponym


@dataclass(frozen=True, slots=True)
class GeoArticle:
    """One line of the corpus."""

    key: str
    text: str
    gold: tuple[Toponym, ...] | None  # for the scorer only
    home_region: str | None


def read(corpus: Path) -> Iterator[GeoArticle]:
    """The articles in order. Raises CorpusError for a line that is none."""
    try:
        with corpus.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _article(line, f"{corpus}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(str(corpus), str(error)) from None


def _article(line: str, where: str) -> GeoArticle:
    try:
        row = json.loads(line)
        gold = row.get("toponyms")
        return GeoArticle(
            key=str(row["doc_id"]),
            text=str(row["text"]),
            gold=None if gold is None else tuple(_toponym(t) for t in gold),
            home_region=row.get("home_region"),
        )
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(where, f"It must be a JSON object with doc_id and text ({error}).") from None


def _toponym(row: dict[str, Any]) -> Toponym:
    return Toponym(row["start"], row["end"], row.get("lat"), row.get("lon"), row.get("geonames_id"))
