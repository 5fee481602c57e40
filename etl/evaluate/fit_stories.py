"""A corpus of articles by event goes in; how well stories are told where thresholds came from other events comes out.

Run as `python -m etl.evaluate.fit_stories CORPUS`, JSON Lines of `{id, title, text, cluster, topic}`. Topics are parted
in halves, often and by chance; the threshold of `etl.dedup.stories` that does best on one half is measured on the
other, so nothing is measured on what it was chosen by. Printed: BCubed F1 of each threshold over all halves, out of
fold, and of the whole corpus. The threshold in use is the middle of those that do well; it is set by hand.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from etl.dedup import stories
from etl.dedup.stories import Told, group
from etl.dedup.terms import terms, weights
from etl.evaluate import clusters
from etl.evaluate.texts import START

_REPEATS = 10
_GRID = tuple(round(0.12 + 0.01 * n, 2) for n in range(12))

Article = tuple[str, Hashable, Told]  # topic, event, what is compared


def main(arguments: Sequence[str]) -> None:
    """Print the figures."""
    articles = read(Path(arguments[0]))
    curves = [(curve(one), curve(other)) for one, other in halves(articles)]
    for n, threshold in enumerate(_GRID):
        mean = statistics.mean(half[n] for pair in curves for half in pair)
        print(f"threshold {threshold:.2f}: {mean:.3f}")
    unseen = out_of_fold(curves)
    print(f"out of fold: {statistics.mean(unseen):.3f} (deviation {statistics.stdev(unseen):.3f})")
    print(f"as set, whole corpus: {score(articles, stories.SIMILAR):.3f}")


def read(path: Path) -> list[Article]:
    """The articles of a corpus."""
    import numpy as np

    articles = []
    with path.open(encoding="utf8") as lines:
        for number, line in enumerate(lines):
            one: dict[str, Any] = json.loads(line)
            found = dict(sorted(terms(one.get("title"), one["text"]).items()))
            keys, counts = np.array(list(found), dtype=np.int32), np.array(list(found.values()), dtype=np.uint8)
            articles.append((str(one["topic"]), one["cluster"], Told(number, START, keys, weights(counts))))
    return articles


def halves(articles: Sequence[Article]) -> list[tuple[list[Article], list[Article]]]:
    """The articles parted by topic, in several ways."""
    chance = random.Random("halves")  # noqa: S311 - reproducible, not secret
    topics = sorted({topic for topic, _, _ in articles})
    parted = []
    for _ in range(_REPEATS):
        chosen = set(chance.sample(topics, len(topics) // 2))
        parted.append(([a for a in articles if a[0] in chosen], [a for a in articles if a[0] not in chosen]))
    return parted


def out_of_fold(curves: Sequence[tuple[list[float], list[float]]]) -> list[float]:
    """For each half its score under the threshold that did best on the other, neighbours counted in."""
    pairs = [pair for one, other in curves for pair in ((one, other), (other, one))]
    return [measured[_best(chosen)] for chosen, measured in pairs]


def score(articles: Sequence[Article], threshold: float) -> float:
    """BCubed F1 of the stories found."""
    gold: dict[Hashable, Hashable] = {told.article_id: event for _, event, told in articles}
    found: dict[Hashable, Hashable] = {a: a for a in gold}
    with patch.object(stories, "SIMILAR", threshold):
        for members in group([told for _, _, told in articles]):
            found |= dict.fromkeys(members, members[0])
    return clusters.score(gold, found)["B3F"]


def curve(articles: Sequence[Article]) -> list[float]:
    """The score under each threshold tried."""
    return [score(articles, threshold) for threshold in _GRID]


def _best(curve: Sequence[float]) -> int:
    return max(range(1, len(curve) - 1), key=lambda n: sum(curve[n - 1 : n + 2]))


if __name__ == "__main__":
    main(sys.argv[1:])
