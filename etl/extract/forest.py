"""Rows of features in, the likelihood that each block is of the article out: a small boosted forest read from a table.

Theory. Whether a block is text depends on several things at once (a short line is a heading between paragraphs and a
menu entry elsewhere), so the model is a sum of small trees of yes-or-no questions (J. Friedman, Greedy function
approximation: a gradient boosting machine, 2001). It is fitted by `etl.evaluate.fit_body`; the table names the features
it was fitted with, and is refused where they are not those of `features`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from etl.extract.features import NAMES, Rows

TABLE = Path(__file__).parent / "tables" / "body_forest.json"


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one depth, each stored level by level: question n leads to questions 2n + 1 (no) and 2n + 2 (yes)."""

    bias: float
    features: NDArray[np.int64]  # tree × question: the column asked
    thresholds: NDArray[np.float32]  # tree × question: whether it is above this; infinite where nothing is asked
    leaves: NDArray[np.float32]  # tree × leaf: what it adds

    def likely(self, rows: Rows) -> NDArray[np.float64]:
        """Probability a row."""
        total = np.full(len(rows), self.bias)
        depth = self.leaves.shape[1].bit_length() - 1
        lines = np.arange(len(rows))[:, None] * rows.shape[1]
        trees = np.arange(len(self.features))[None, :]
        values, features, thresholds = rows.ravel(), self.features.ravel(), self.thresholds.ravel()
        at = np.zeros((len(rows), len(self.features)), dtype=np.int64)
        for _ in range(depth):
            asked = trees * self.features.shape[1] + at
            is_above = values.take(lines + features.take(asked)) > thresholds.take(asked)
            at = 2 * at + 1 + is_above
        leaves = (trees - 1) * self.leaves.shape[1] + 1 + at  # the first leaf comes after all questions
        total += self.leaves.ravel().take(leaves).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-total)))


def read(path: Path = TABLE) -> Forest:
    """A forest from its table. Raises ValueError for one fitted with other features."""
    table = json.loads(path.read_text(encoding="utf8"))
    if table["names"] != NAMES:
        raise ValueError(f"{path.name} was fitted with other features: run python -m etl.evaluate.fit_body")
    thresholds = [[np.inf if t is None else t for t in tree] for tree in table["thresholds"]]
    return Forest(
        float(table["bias"]),
        np.array(table["features"], dtype=np.int64),
        np.array(thresholds, dtype=np.float32),
        np.array(table["leaves"], dtype=np.float32),
    )


def write(forest: Forest, path: Path = TABLE) -> None:
    """The table of a forest: a tree a line, so that a change can be read."""
    thresholds = [[None if np.isinf(t) else round(float(t), 4) for t in tree] for tree in forest.thresholds]
    parts = {
        "bias": json.dumps(round(forest.bias, 5)),
        "names": json.dumps(NAMES),
        "features": _lines(forest.features.tolist()),
        "thresholds": _lines(thresholds),
        "leaves": _lines([[round(float(v), 4) for v in tree] for tree in forest.leaves]),
    }
    body = ",\n".join(f'"{key}": {value}' for key, value in parts.items())
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{{\n{body}\n}}\n", encoding="utf8")


@lru_cache(maxsize=1)
def packaged() -> Forest:
    """The forest beside this module."""
    return read()


def _lines(trees: Sequence[Sequence[object]]) -> str:
    return "[\n" + ",\n".join(json.dumps(tree) for tree in trees) + "\n]"
