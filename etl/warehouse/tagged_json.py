"""What tagging found in, JSON out, and back: numbers as the warehouse keeps them and in one order, to be compared."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from etl.records import Candidate, Demonym, Focus, Mention, Relation, RelationKind, Role, Tagged, TextField

Plain = Mapping[str, Any]  # as JSON

_REAL = ("radius_km", "confidence", "relation_km")


def plain(tagged: Tagged) -> dict[str, Any]:
    """What tagging found as JSON, numbers as the warehouse keeps them."""
    found = {
        "mentions": [_mention(m) for m in tagged.mentions],
        "demonyms": [
            {"field": d.field.value, "start": d.start, "end": d.end, "surface": d.surface, "place_id": d.place_id}
            for d in tagged.demonyms
        ],
        "focus": [{"level": f.level, "place_id": f.place_id, "weight": f.weight} for f in tagged.focus],
    }
    return normal(found)


def _mention(m: Mention) -> dict[str, Any]:
    return {
        "field": m.field.value,
        "start": m.start,
        "end": m.end,
        "surface": m.surface,
        "role": m.role.value,
        "place_id": m.place_id,
        "lat": m.lat,
        "lon": m.lon,
        "country_code": m.country_code,
        "precision": m.precision,
        "radius_km": m.radius_km,
        "confidence": m.confidence,
        "method": m.method,
        "relation": m.relation.kind.value if m.relation else None,
        "relation_km": m.relation.distance_km if m.relation else None,
        "bearing": m.relation.bearing if m.relation else None,
        "other_place_id": m.relation.other_place_id if m.relation else None,
        "candidates": [{"place_id": c.place_id, "score": c.score, "evidence": dict(c.evidence)} for c in m.candidates],
    }


def normal(tagged: Plain) -> dict[str, Any]:
    """In one order, with single-precision numbers where the warehouse keeps those."""
    mentions = [
        {**m, **{k: _single(m[k]) for k in _REAL}}
        | {
            "candidates": [
                {**c, "score": _single(c["score"]), "evidence": _floats(c["evidence"])} for c in m["candidates"]
            ]
        }
        | {k: None if m[k] is None else float(m[k]) for k in ("lat", "lon")}
        for m in tagged["mentions"] or ()
    ]
    return {
        "mentions": sorted(mentions, key=_place),
        "demonyms": sorted(tagged["demonyms"] or (), key=_place),
        "focus": sorted(
            ({**f, "weight": _single(f["weight"])} for f in tagged["focus"] or ()),
            key=lambda f: (f["level"], f["place_id"]),
        ),
    }


def _place(m: Plain) -> tuple[str, int, int]:
    return m["field"], m["start"], m["end"]


def _floats(evidence: Plain) -> dict[str, float]:
    return {k: float(v) for k, v in sorted(evidence.items())}


def _single(value: float | None) -> float | None:
    return None if value is None else float(struct.unpack("f", struct.pack("f", value))[0])


def tagged_of(found: Plain) -> Tagged:
    """What tagging found, from its JSON."""
    return Tagged(
        mentions=tuple(_mention_of(m) for m in found["mentions"]),
        demonyms=tuple(
            Demonym(
                field=TextField(d["field"]),
                start=d["start"],
                end=d["end"],
                surface=d["surface"],
                place_id=d["place_id"],
            )
            for d in found["demonyms"]
        ),
        focus=tuple(Focus(**f) for f in found["focus"]),
    )


def _mention_of(m: Plain) -> Mention:
    names = ("start", "end", "surface", "place_id", "lat", "lon", "country_code", "precision", "radius_km")
    return Mention(
        field=TextField(m["field"]),
        role=Role(m["role"]),
        confidence=m["confidence"],
        method=m["method"],
        relation=_relation(m) if m["relation"] else None,
        candidates=tuple(Candidate(**c) for c in m["candidates"]),
        **{name: m[name] for name in names},
    )


def _relation(m: Plain) -> Relation:
    return Relation(
        kind=RelationKind(m["relation"]),
        lat=m["lat"],
        lon=m["lon"],
        radius_km=m["radius_km"],
        precision=m["precision"],
        distance_km=m["relation_km"],
        bearing=m["bearing"],
        other_place_id=m["other_place_id"],
    )
