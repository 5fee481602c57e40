"""Gold and predicted toponyms of articles go in; recognition and resolution scores come out.

Definitions, as in the geoparsing literature: a prediction is found exactly when its span is a gold span; it overlaps
when the spans share a character (one to one: exact pairs first, then the longest overlaps). End to end, a gold
toponym with coordinates counts as right when a prediction overlaps it and lies within 161 km (100 miles). Gold
toponyms without coordinates are left out there, as are the predictions on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from etl.geo.extent import km

NEAR_KM = 161.0


@dataclass(frozen=True, slots=True)
class Toponym:
    """A span with a point, if it has one."""

    start: int
    end: int
    lat: float | None
    lon: float | None
    geonames_id: int | None = None
    confidence: float | None = None  # of a prediction


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one or more articles."""

    gold: int = 0
    predicted: int = 0
    exact: int = 0
    gold_with_point: int = 0
    on_pointless: int = 0  # predictions on gold without a point
    matched: int = 0  # overlapping pairs whose gold has a point
    near: int = 0  # of them within 161 km
    with_id: int = 0
    same_id: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))


def tally(gold: Sequence[Toponym], predicted: Sequence[Toponym]) -> Tally:
    """Compare one article."""
    pairs = _pairs(gold, predicted)
    pointed = [(g, p) for g, p in pairs if g.lat is not None]
    with_id = [(g, p) for g, p in pointed if g.geonames_id is not None]
    return Tally(
        gold=len(gold),
        predicted=len(predicted),
        exact=sum((g.start, g.end) == (p.start, p.end) for g, p in pairs),
        gold_with_point=sum(g.lat is not None for g in gold),
        on_pointless=len(pairs) - len(pointed),
        matched=len(pointed),
        near=sum(_is_near(g, p) for g, p in pointed),
        with_id=len(with_id),
        same_id=sum(g.geonames_id == p.geonames_id for g, p in with_id),
    )


def scores(tallies: Iterable[Tally], *, given_gold: bool = False) -> dict[str, float]:
    """Precision, recall and F1 of finding exactly and of end to end; accuracy of resolving."""
    t = sum(tallies, Tally())
    found = _prf(t.exact, t.predicted, t.gold)
    placed = _prf(t.near, t.predicted - t.on_pointless, t.gold_with_point)
    resolved = t.gold_with_point if given_gold else t.matched
    return {
        **{f"exact_{name}": value for name, value in found.items()},
        **{f"e2e_{name}": value for name, value in placed.items()},
        "accuracy_161": _share(t.near, resolved),
        "same_id": _share(t.same_id, t.with_id),
    }


def calibration(articles: Iterable[tuple[Sequence[Toponym], Sequence[Toponym]]]) -> list[tuple[float, int, float]]:
    """Per tenth of confidence: its lower bound, predictions, and the share of them that are found and placed right."""
    counts = [[0, 0] for _ in range(10)]
    for gold, predicted in articles:
        right = {(p.start, p.end) for g, p in _pairs(gold, predicted) if g.lat is not None and _is_near(g, p)}
        for p in predicted:
            if p.confidence is not None and p.lat is not None:
                tenth = counts[min(int(p.confidence * 10), 9)]
                tenth[0] += 1
                tenth[1] += (p.start, p.end) in right
    return [(n / 10, total, _share(right, total)) for n, (total, right) in enumerate(counts) if total]


def _pairs(gold: Sequence[Toponym], predicted: Sequence[Toponym]) -> list[tuple[Toponym, Toponym]]:
    """One-to-one: exact spans first, then greedily by length of overlap."""
    free: dict[tuple[int, int], list[int]] = {}
    for n, p in enumerate(predicted):
        free.setdefault((p.start, p.end), []).append(n)
    pairs, used, left = [], set(), []
    for n, g in enumerate(gold):
        same = free.get((g.start, g.end))
        if same:
            used.add(same[0])
            pairs.append((g, predicted[same.pop(0)]))
        else:
            left.append(n)
    overlaps = sorted(
        (-shared, n, m)
        for n in left
        for m, p in enumerate(predicted)
        if m not in used and (shared := min(gold[n].end, p.end) - max(gold[n].start, p.start)) > 0
    )
    done: set[int] = set()
    for _, n, m in overlaps:
        if n not in done and m not in used:
            done.add(n)
            used.add(m)
            pairs.append((gold[n], predicted[m]))
    return pairs


def _is_near(g: Toponym, p: Toponym) -> bool:
    if g.lat is None or g.lon is None or p.lat is None or p.lon is None:
        return False
    return km(g.lat, g.lon, p.lat, p.lon) <= NEAR_KM


def _prf(right: int, predicted: int, gold: int) -> dict[str, float]:
    precision, recall = _share(right, predicted), _share(right, gold)
    f1 = 0.0 if precision + recall == 0 else round(2 * precision * recall / (precision + recall), 4)
    return {"precision": precision, "recall": recall, "f1": f1}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
