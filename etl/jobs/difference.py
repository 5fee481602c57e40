"""What is held and what today's code makes of the same bytes go in; what differs comes out, as rows of a report. Pure.

Texts are compared by their words, each as often as it stands: the share that only one of them has. Mentions are
matched by field, words and which of their like they are, so that a text that moved by a line moves no mention; one
matched that means another place moved, by so many kilometres where both are known.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Plain = Mapping[str, Any]  # as JSON

_WORD = re.compile(r"\w+")
_SHOWN = 200  # characters of a text shown in a report
_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would change of an article."""

    kind: str
    rule: str
    before: str | None
    after: str | None
    amount: float | None = None


def texts(held: Plain, read: Plain) -> Iterator[Difference]:
    """What differs between two contents: fields of news.content by name."""
    for name in ("title", "standfirst", "body", "captions", "authors"):
        before, after = _words(held[name]), _words(read[name])
        if before != after:
            kind, shown = (
                ("text", _where(before, after)) if name == "body" else (name, (before[:_SHOWN], after[:_SHOWN]))
            )
            yield Difference(kind, read["extractor"], *shown, share(before, after))
    before_at, after_at = held["published_at"], read["published_at"]
    if before_at != after_at:
        days = abs((after_at - before_at).total_seconds()) / 86_400 if before_at and after_at else None
        origin = read["published_origin"] or held["published_origin"] or ""
        yield Difference("date", origin, _shown(before_at), _shown(after_at), days)


def _words(value: str | Sequence[str] | None) -> str:
    return value if isinstance(value, str) else "; ".join(value or ())


def _shown(at: object) -> str | None:
    return str(at) if at else None


def _where(before: str, after: str) -> tuple[str, str]:
    """The two texts from where they part."""
    most = min(len(before), len(after))
    at = next((i for i in range(most) if before[i] != after[i]), most)
    start = max(0, at - 20)
    return before[start : start + _SHOWN], after[start : start + _SHOWN]


def share(before: str, after: str) -> float:
    """The share of the words of both that only one has, 0 to 1."""
    a, b = Counter(_WORD.findall(before)), Counter(_WORD.findall(after))
    both = (a & b).total()
    every = a.total() + b.total()
    return (every - 2 * both) / every if every else 0.0


def places(held: Plain, read: Plain) -> Iterator[Difference]:
    """What differs between two taggings, both as `tagged_json.normal` gives them."""
    before, after = _numbered(held["mentions"]), _numbered(read["mentions"])
    evidence = 0
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            kind = "mention_added" if old is None else "mention_removed"
            one: Plain = new or old or {}
            yield Difference(
                kind, one["method"], _told(old) if old else None, _told(new) if new else None, one["confidence"]
            )
        elif _meaning(old) != _meaning(new):
            yield Difference("mention_moved", new["method"], _told(old), _told(new), _km(old, new))
        elif old["role"] != new["role"]:
            yield Difference(
                "mention_role", new["method"], f"{_told(old)} {old['role']}", f"{_told(new)} {new['role']}"
            )
        else:
            evidence += _without_span(old) != _without_span(new)
    others = any(_spanless(held[k]) != _spanless(read[k]) for k in ("demonyms", "focus"))
    if evidence or others:
        yield Difference("evidence", "", None, f"{evidence} mentions", float(evidence))


def _numbered(mentions: Iterable[Plain]) -> dict[tuple[str, str, int], Plain]:
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for m in mentions:
        kind = (m["field"], m["surface"])
        found[*kind, seen[kind]] = m
        seen[kind] += 1
    return found


def _meaning(m: Plain) -> tuple[object, ...]:
    return m["place_id"], m["lat"], m["lon"]


def _without_span(m: Plain) -> dict[str, Any]:
    return {k: v for k, v in m.items() if k not in {"start", "end"}}


def _spanless(some: Iterable[Plain]) -> list[dict[str, Any]]:
    return [_without_span(one) for one in some]


def _told(m: Plain) -> str:
    where = "unresolved" if m["place_id"] is None else f"{m['place_id']} ({m['lat']:.3f} {m['lon']:.3f})"
    return f"{m['surface']} = {where}"


def _km(a: Plain, b: Plain) -> float | None:
    """Great-circle distance, where both are somewhere."""
    if a["lat"] is None or b["lat"] is None:
        return None
    lat1, lat2 = math.radians(a["lat"]), math.radians(b["lat"])
    north, east = (lat2 - lat1) / 2, math.radians(b["lon"] - a["lon"]) / 2
    h = math.sin(north) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(east) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(h)))
