"""A corpus of texts goes in; the places the pipeline finds in them, and scores where the corpus has gold, come out.

Texts are tagged as given, uncleaned. Gold is read by the scorer only, except with `given_gold`, where its spans (and
nothing else of it) are resolved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from etl.errors import CorpusError
from etl.evaluate.toponyms import Toponym, scores, tally
from etl.geo.given import places_of
from etl.geo.lexicon import Entry, Gazetteer
from etl.geo.propose import look_up
from etl.geo.tag import tag
from etl.records import TextField


@dataclass(frozen=True, slots=True)
class _Article:
    key: str
    text: str
    gold: tuple[Toponym, ...] | None
    home_region: str | None


def run(
    corpus: Path,
    gazetteer: Gazetteer,
    predictions: TextIO | None,
    *,
    given_gold: bool = False,
    demonyms: Literal["include", "drop"] = "include",
) -> dict[str, Any]:
    """Tag the corpus; a summary with scores where it has gold. Raises CorpusError."""
    tallies, articles, found = [], 0, 0
    ids = _ById(gazetteer)
    for article in _read(corpus):
        if given_gold:
            predicted = _resolved(article, gazetteer)
        else:
            predicted = _tagged(article, gazetteer, ids, include_demonyms=demonyms == "include")
        articles, found = articles + 1, found + len(predicted)
        _write(predictions, article, predicted)
        if article.gold is not None:
            tallies.append(tally(article.gold, predicted))
    summary: dict[str, Any] = {"items": articles, "toponyms": found, "gazetteer": gazetteer.version}
    return summary | ({"scores": scores(tallies, given_gold=given_gold)} if tallies else {})


class _ById:
    """Points of the places demonyms stand for; a demonym record carries only the id."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._entries: dict[tuple[str, int], Entry | None] = {}

    def entry(self, surface: str, place_id: int) -> Entry | None:
        if (surface, place_id) not in self._entries:
            handles = look_up(surface, self._gazetteer)[1]
            entries = (self._gazetteer.entry(handle) for handle, _ in handles)
            self._entries[surface, place_id] = next((e for e in entries if e.place_id == place_id), None)
        return self._entries[surface, place_id]


def _tagged(article: _Article, gazetteer: Gazetteer, ids: _ById, *, include_demonyms: bool) -> list[Toponym]:
    result = tag({TextField.BODY: article.text}, gazetteer, home_region=article.home_region)
    found = [Toponym(m.start, m.end, m.lat, m.lon, m.place_id) for m in result.mentions]
    for d in result.demonyms if include_demonyms else ():
        place = ids.entry(d.surface, d.place_id)
        found.append(_at(d.start, d.end, place))
    return sorted(found, key=lambda t: (t.start, t.end))


def _resolved(article: _Article, gazetteer: Gazetteer) -> list[Toponym]:
    if article.gold is None:
        raise CorpusError(article.key, "Resolving given spans needs `toponyms` on every line.")
    spans = sorted({(t.start, t.end) for t in article.gold})
    places = places_of(article.text, spans, gazetteer, article.home_region)
    return [_at(start, end, place) for (start, end), place in zip(spans, places, strict=True)]


def _at(start: int, end: int, place: Entry | None) -> Toponym:
    if place is None:
        return Toponym(start, end, None, None)
    return Toponym(start, end, place.lat, place.lon, place.place_id)


def _write(predictions: TextIO | None, article: _Article, predicted: list[Toponym]) -> None:
    if predictions is None:
        return
    for t in predicted:
        row = {
            "doc_id": article.key,
            "start": t.start,
            "end": t.end,
            "text": article.text[t.start : t.end],
            "lat": t.lat,
            "lon": t.lon,
            "geonames_id": t.geonames_id,
        }
        predictions.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read(corpus: Path) -> Iterator[_Article]:
    try:
        with corpus.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _article(line, f"{corpus}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(str(corpus), str(error)) from None


def _article(line: str, where: str) -> _Article:
    try:
        row = json.loads(line)
        gold = row.get("toponyms")
        return _Article(
            key=str(row["doc_id"]),
            text=str(row["text"]),
            gold=None if gold is None else tuple(_toponym(t) for t in gold),
            home_region=row.get("home_region"),
        )
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(where, f"It must be a JSON object with doc_id and text ({error}).") from None


def _toponym(row: dict[str, Any]) -> Toponym:
    return Toponym(row["start"], row["end"], row.get("lat"), row.get("lon"), row.get("geonames_id"))
