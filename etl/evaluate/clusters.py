"""Gold and predicted clusterings go in; pairwise and BCubed precision, recall and F1 come out.

Pairwise counts pairs of items put together; BCubed (Bagga and Baldwin 1998) averages over items, so that one huge
cluster does not decide alone. An item missing from the prediction is taken as a cluster of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

Clustering = Mapping[Hashable, Hashable]  # item → cluster


def score(gold: Clustering, predicted: Clustering) -> dict[str, float]:
    """P, R, F1 over pairs and B3P, B3R, B3F over items, each rounded to four places."""
    guess = {item: predicted.get(item, ("alone", item)) for item in gold}
    ours, theirs = Counter(guess.values()), Counter(gold.values())
    joint = Counter((gold[item], guess[item]) for item in gold)
    together = sum(map(_pairs, joint.values()))
    scores = _measures(
        _share(together, sum(map(_pairs, ours.values()))), _share(together, sum(map(_pairs, theirs.values())))
    )
    items = len(gold)
    precision = _share(sum(n * n / ours[g] for (_, g), n in joint.items()), items)
    recall = _share(sum(n * n / theirs[c] for (c, _), n in joint.items()), items)
    b3 = _measures(precision, recall)
    return scores | {"B3P": b3["P"], "B3R": b3["R"], "B3F": b3["F1"]}


def recall_by_kind(
    gold: Clustering, predicted: Clustering, kinds: Mapping[Hashable, str], *, origin: str = "orig"
) -> dict[str, float]:
    """For each kind of copy, the share put together with its cluster's origin."""
    origins = {gold[item]: item for item, kind in kinds.items() if kind == origin}
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for item, kind in kinds.items():
        first = origins.get(gold[item])
        if first is not None and kind != origin:
            asked[kind] += 1
            found[kind] += item in predicted and predicted.get(first) == predicted[item]
    return {kind: round(found[kind] / asked[kind], 4) for kind in sorted(asked)}


def merged_by_kind(
    gold: Clustering, predicted: Clustering, kinds: Mapping[Hashable, str], *, prefix: str = "neg_"
) -> dict[str, float]:
    """For each kind of trap, the share wrongly put together with anything."""
    within: dict[Hashable, set[Hashable]] = defaultdict(set)
    for item, cluster in predicted.items():
        within[cluster].add(gold[item])
    asked: Counter[str] = Counter(kind for kind in kinds.values() if kind.startswith(prefix))
    wrong = Counter(
        kind
        for item, kind in kinds.items()
        if kind.startswith(prefix) and item in predicted and len(within[predicted[item]]) > 1
    )
    return {kind: round(wrong[kind] / asked[kind], 4) for kind in sorted(asked)}


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _measures(precision: float, recall: float) -> dict[str, float]:
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"P": round(precision, 4), "R": round(recall, 4), "F1": round(f1, 4)}
