"""A corpus of texts goes in; the places the pipeline finds in them, and scores where the corpus has gold, come out.

Texts are tagged as given, uncleaned. Gold is read by the scorer only, except with `given_gold`, where its spans (and
nothing else of it) are resolved.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TextIO

from etl.errors import CorpusError
from etl.evaluate.geo_corpus import GeoArticle, read
from etl.evaluate.toponyms import Toponym, calibration, scores, tally
from etl.geo.accept import Model
from etl.geo.given import places_of
from etl.geo.lexicon import Entry, Gazetteer
from etl.geo.opinion import Opinion
from etl.geo.propose import look_up
from etl.geo.tag import tag
from etl.records import TextField


def run(
    corpus: Path,
    gazetteer: Gazetteer,
    predictions: TextIO | None,
    *,
    given_gold: bool = False,
    demonyms: Literal["include", "drop"] = "include",
    opinion: Opinion | None = None,
) -> dict[str, Any]:
    """Tag the corpus; a summary with scores where it has gold. Raises CorpusError."""
    tallies, pairs, articles, found = [], [], 0, 0
    for article in read(corpus):
        if given_gold:
            predicted = _resolved(article, gazetteer)
        else:
            predicted = tagged(article, gazetteer, include_demonyms=demonyms == "include", opinion=opinion)
        articles, found = articles + 1, found + len(predicted)
        _write(predictions, article, predicted)
        if article.gold is not None:
            tallies.append(tally(article.gold, predicted))
            pairs.append((article.gold, predicted))
    summary: dict[str, Any] = {"items": articles, "toponyms": found, "gazetteer": gazetteer.version}
    if tallies:
        summary["scores"] = scores(tallies, given_gold=given_gold)
    if tallies and not given_gold:
        summary["calibration"] = [
            {"confidence": at, "predictions": n, "right": share} for at, n, share in calibration(pairs)
        ]
    return summary


def tagged(
    article: GeoArticle,
    gazetteer: Gazetteer,
    *,
    include_demonyms: bool = True,
    model: Model | None = None,
    opinion: Opinion | None = None,
) -> list[Toponym]:
    """What the pipeline finds in an article, demonyms standing for their place where asked."""
    result = tag(
        {TextField.BODY: article.text}, gazetteer, home_region=article.home_region, model=model, opinion=opinion
    )
    found = [
        Toponym(m.start, m.end, m.lat, m.lon, m.place_id, m.confidence)
        if m.relation is None
        else replace(_at(m.start, m.end, _named(m.surface, m.place_id, gazetteer)), confidence=m.confidence)
        for m in result.mentions
    ]
    if include_demonyms:
        found += [_at(d.start, d.end, _named(d.surface, d.place_id, gazetteer)) for d in result.demonyms]
    return sorted(found, key=lambda t: (t.start, t.end))


def _named(surface: str, place_id: int | None, gazetteer: Gazetteer) -> Entry | None:
    """The place a name stands for itself, as gold has it: not the area it anchors."""
    entries = (gazetteer.entry(handle) for handle, _ in look_up(surface, gazetteer)[1])
    return next((e for e in entries if e.place_id == place_id), None)


def _resolved(article: GeoArticle, gazetteer: Gazetteer) -> list[Toponym]:
    if article.gold is None:
        raise CorpusError(article.key, "Resolving given spans needs `toponyms` on every line.")
    spans = sorted({(t.start, t.end) for t in article.gold})
    places = places_of(article.text, spans, gazetteer, article.home_region)
    return [_at(start, end, place) for (start, end), place in zip(spans, places, strict=True)]


def _at(start: int, end: int, place: Entry | None) -> Toponym:
    if place is None:
        return Toponym(start, end, None, None)
    return Toponym(start, end, place.lat, place.lon, place.place_id)


def _write(predictions: TextIO | None, article: GeoArticle, predicted: list[Toponym]) -> None:
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
