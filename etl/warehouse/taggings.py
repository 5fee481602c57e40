"""Contents in, what geotagging made of them out to the warehouse: taggings with mentions, demonyms and focus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.records import Tagged
from etl.warehouse.connect import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContent:
    """A content as held, with what copies and places need to know of it."""

    content_id: int
    article_id: int
    title: str | None
    standfirst: str | None
    body: str
    captions: str | None  # joined by a blank line
    language_code: str | None
    published_at: datetime | None
    observed_at: datetime  # of the article's first capture
    outlet: str | None
    source_name: str
    home_region: str | None
    url: str


def load(db: Warehouse, content_ids: Sequence[int]) -> dict[int, StoredContent]:
    """Contents by id."""
    rows = db.rows("load_contents", content_ids=list(content_ids))
    return {r.content_id: StoredContent(**r._asdict()) for r in rows}


def keep(
    db: Warehouse,
    run_id: int,
    tagged: Mapping[int, Tagged],
    *,
    tagger: str,
    gazetteer_id: int,
    override_versions: Mapping[int, str],
    at: datetime,
    is_anew: bool = False,
) -> int:
    """Write taggings by content id, in a transaction; one that all the same versions made before stays as it is.

    Unless `is_anew`: then they are known to differ.
    """
    rows = [{"content_id": c, "override_version": override_versions.get(c)} for c in sorted(tagged)]
    same = db.rows("tagged_already", rows=rows, tagger=tagger, gazetteer_id=gazetteer_id) if not is_anew else ()
    done = {r.content_id for r in same}
    fresh = sorted(set(tagged) - done)
    if not fresh:
        return 0
    rows = [row for row in rows if row["content_id"] not in done]
    begun = db.rows("begin_taggings", rows=rows, tagger=tagger, gazetteer_id=gazetteer_id, run_id=run_id, at=at)
    ids = {r.content_id: r.tagging_id for r in begun}
    _mentions(db, [(ids[c], tagged[c]) for c in fresh])
    demonyms = [
        {
            "tagging_id": ids[c],
            "field": d.field,
            "start": d.start,
            "end": d.end,
            "surface": d.surface,
            "place_id": d.place_id,
        }
        for c in fresh
        for d in tagged[c].demonyms
    ]
    db.run("keep_demonyms", rows=demonyms)
    focus = [
        {"tagging_id": ids[c], "level": f.level, "place_id": f.place_id, "weight": f.weight}
        for c in fresh
        for f in tagged[c].focus
    ]
    db.run("keep_focus", rows=focus)
    return len(fresh)


def _mentions(db: Warehouse, taggings: Sequence[tuple[int, Tagged]]) -> None:
    mentions = [(tagging_id, m) for tagging_id, t in taggings for m in t.mentions]
    rows: list[dict[str, Any]] = [
        {
            "tagging_id": tagging_id,
            "field": m.field,
            "start": m.start,
            "end": m.end,
            "surface": m.surface,
            "role": m.role,
            "place_id": m.place_id,
            "lat": m.lat,
            "lon": m.lon,
            "country_code": m.country_code,
            "precision": m.precision,
            "radius_km": m.radius_km,
            "confidence": m.confidence,
            "method": m.method,
            "relation": m.relation.kind if m.relation else None,
            "relation_km": m.relation.distance_km if m.relation else None,
            "bearing": m.relation.bearing if m.relation else None,
            "other_place_id": m.relation.other_place_id if m.relation else None,
        }
        for tagging_id, m in mentions
    ]
    db.run("keep_mentions", rows=rows)
    evidence = [{"tagging_id": tagging_id, **_packed(t)} for tagging_id, t in taggings if _has_candidates(t)]
    db.run("keep_evidence", rows=evidence)


def _has_candidates(tagged: Tagged) -> bool:
    return any(m.candidates for m in tagged.mentions)


def _packed(tagged: Tagged) -> dict[str, Any]:
    """What the mentions of a text could have been, each feature named once: see news.tagging_evidence."""
    features = sorted({name for m in tagged.mentions for c in m.candidates for name in c.evidence})
    number = {name: n for n, name in enumerate(features)}
    candidates = {
        f"{m.field} {m.start} {m.end}": [
            [c.place_id, c.score, *(part for name, value in c.evidence.items() for part in (number[name], value))]
            for c in m.candidates
        ]
        for m in tagged.mentions
        if m.candidates
    }
    return {"features": features, "candidates": candidates}
