"""What tagging found and analysts' corrections go in; the mentions as the analysts want them come out. The last word.

The narrower correction wins: one of a span before one of an outlet and language, of an outlet, of a language, of every
text; of two alike the later. A name's correction changes the mentions found of it; where the gazetteer has no such
name, it makes them, at every place where the name stands as a whole word. A span's correction makes its mention.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from etl.geo.compile import level_of
from etl.geo.lexicon import Entry
from etl.geo.precision import precision_of
from etl.geo.propose import Span
from etl.geo.roles import role_of
from etl.geo.tokens import Words
from etl.records import Mention, Override, Place, TextField

METHOD = "override"
Found = list[tuple[Mention, Entry | None]]


def concerning(
    overrides: Sequence[Override],
    texts: Mapping[TextField, str],
    *,
    outlets: Collection[str | None] = (),
    language: str | None = None,
) -> list[Override]:
    """Those that concern an article: its text, outlet (or source) and language fit; the wider first."""
    hashes = {}
    if any(o.text_hash for o in overrides):
        hashes = {field: hashlib.sha256(text.encode()).digest() for field, text in texts.items()}
    fitting = [
        o
        for o in overrides
        if (o.outlet is None or o.outlet in outlets)
        and (o.language_code is None or o.language_code == language)
        and (o.text_hash is None or (o.field is not None and hashes.get(o.field) == o.text_hash))
        and any(o.surface in text for text in texts.values())
    ]
    return sorted(
        fitting,
        key=lambda o: (o.text_hash is not None, o.outlet is not None, o.language_code is not None, o.override_id),
    )


def version_of(overrides: Sequence[Override]) -> str | None:
    """What to call a set of overrides: their ids."""
    return "+".join(str(n) for n in sorted(o.override_id for o in overrides)) or None


def overridden(
    found: Found, overrides: Sequence[Override], texts: Mapping[TextField, Words], known: Collection[str]
) -> Found:
    """Apply overrides (the wider first) to mentions; `known` are the surfaces the gazetteer has."""
    by_span = {(m.field, m.start, m.end): (m, entry) for m, entry in found}
    spans = list(by_span)
    for override in overrides:
        for field, start in _places(override, spans, texts, known):
            span = (field, start, start + len(override.surface))
            before = by_span.get(span)
            for other in [s for s in by_span if s[0] is field and s[1] < span[2] and span[1] < s[2]]:
                del by_span[other]
            if override.place is not None:
                by_span[span] = _mention(override.place, span, texts[field], before[0] if before else None)
    order = list(texts)
    return [by_span[s] for s in sorted(by_span, key=lambda s: (order.index(s[0]), s[1]))]


def _places(
    override: Override,
    found: Collection[tuple[TextField, int, int]],
    texts: Mapping[TextField, Words],
    known: Collection[str],
) -> list[tuple[TextField, int]]:
    name = override.surface
    if override.field is not None and override.start is not None:
        words = texts.get(override.field)
        is_there = words is not None and words.text.startswith(name, override.start)
        return [(override.field, override.start)] if is_there else []
    if override.place is not None and name not in known:
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return [(field, m.start()) for field, words in texts.items() for m in whole.finditer(words.text)]
    return [(field, start) for field, start, end in found if texts[field].text[start:end] == name]


def _mention(
    place: Place, at: tuple[TextField, int, int], words: Words, before: Mention | None
) -> tuple[Mention, Entry]:
    entry = _entry(place)
    field, start, end = at
    first = max(0, bisect_right(words.start, start) - 1)
    last = max(first, bisect_left(words.start, end) - 1)
    span = Span(words, first, last, start, end, words.text[start:end], (), METHOD)
    made = Mention(
        field=field,
        start=start,
        end=end,
        surface=span.surface,
        role=role_of(span, entry),
        place_id=entry.place_id,
        lat=entry.lat,
        lon=entry.lon,
        country_code=entry.country or None,
        precision=precision_of(entry),
        radius_km=round(entry.radius_km, 1),
        confidence=1.0,
        method=METHOD,
        candidates=before.candidates if before else (),
    )
    is_same = before is not None and before.place_id == entry.place_id
    if before is not None and is_same:
        made = replace(before, confidence=1.0, method=METHOD)
    return made, entry


def _entry(place: Place) -> Entry:
    return Entry(
        place_id=place.place_id,
        name=place.name,
        level=level_of(place),
        feature_class=place.feature_class,
        feature_code=place.feature_code,
        country=place.country_code or "",
        admin1=place.admin1_code or "",
        admin2=place.admin2_code or "",
        lat=place.lat,
        lon=place.lon,
        population=place.population,
        radius_km=place.radius_km,
    )
