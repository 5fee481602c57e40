"""Rows with their labels and weights in, a boosted forest out: histograms, trees of one depth, logistic loss.

J. Friedman, Greedy function approximation: a gradient boosting machine, 2001; each tree sees a sample of the rows and
of the columns, and the same data and seed give the same forest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from etl.extract.forest import Forest

_BINS = 32
_TREES = 120
_DEPTH = 4
_RATE = 0.12
_PENALTY = 10.0
_ROWS, _COLUMNS = 0.5, 0.3  # shares that a tree sees
_LEAST = 25.0  # weight a side of a question must have

Floats = NDArray[np.float64]


def fit(rows: NDArray[np.float32], labels: Floats, weights: Floats, *, trees: int = _TREES, seed: int = 1) -> Forest:
    """Fit a forest; labels are between 0 and 1."""
    draw = np.random.default_rng(seed)
    edges = [_edges(column) for column in rows.T]
    binned = np.array([np.searchsorted(e, c, side="left") for e, c in zip(edges, rows.T, strict=True)], dtype=np.int16)
    useful = np.array([at for at, e in enumerate(edges) if len(e)])
    weights = weights * (len(weights) / weights.sum())
    share = float(np.average(labels, weights=weights))
    bias = float(np.log(share / (1 - share)))
    raw, grown = np.full(len(rows), bias), []
    for _ in range(trees):
        likely = 1 / (1 + np.exp(-raw))
        slope, curve = (likely - labels) * weights, np.maximum(likely * (1 - likely), 1e-6) * weights
        seen = np.flatnonzero(draw.random(len(rows)) < _ROWS)
        columns = useful[draw.random(len(useful)) < _COLUMNS]
        tree = _tree(binned[:, seen], slope[seen], curve[seen], columns)
        grown.append(tree)
        raw += tree[2][_leaf(binned, *tree[:2])]
    features = np.array([f for f, _, _ in grown])
    cuts = [[_cut(edges, f, b) for f, b in zip(fs, bs, strict=True)] for fs, bs, _ in grown]
    leaves = np.array([leaf for _, _, leaf in grown], dtype=np.float32)
    return Forest(bias, np.maximum(features, 0), np.array(cuts, dtype=np.float32), leaves)


def _edges(column: NDArray[np.float32]) -> Floats:
    values = np.unique(column)
    if len(values) <= _BINS:
        return np.asarray((values[1:] + values[:-1]) / 2, dtype=np.float64)
    return np.asarray(np.unique(np.quantile(column, np.linspace(0, 1, _BINS + 1)[1:-1])), dtype=np.float64)


def _cut(edges: list[Floats], feature: int, bin_: int) -> float:
    return float(edges[feature][bin_]) if feature >= 0 else float("inf")


def _tree(binned: NDArray[np.int16], slope: Floats, curve: Floats, columns: NDArray[Any]) -> tuple[Any, Any, Floats]:
    """(column a question, bin a question, value a leaf); a question of column -1 is answered no."""
    features = np.full(2**_DEPTH - 1, -1)
    bins = np.zeros(2**_DEPTH - 1, dtype=np.int64)
    node = np.zeros(len(slope), dtype=np.int64)
    for level in range(_DEPTH):
        first = 2**level - 1
        features[first : 2 * first + 1], bins[first : 2 * first + 1] = _split(
            binned, slope, curve, columns, node=node, nodes=2**level
        )
        at = first + node
        node = 2 * node + _answers(binned, features[at], bins[at])
    slopes, curves = np.bincount(node, slope, 2**_DEPTH), np.bincount(node, curve, 2**_DEPTH)
    return features, bins, -_RATE * slopes / (curves + _PENALTY)


def _split(
    binned: NDArray[np.int16], slope: Floats, curve: Floats, columns: NDArray[Any], *, node: NDArray[Any], nodes: int
) -> tuple[Any, Any]:
    """The best question of each node of one level."""
    size = _BINS + 1
    slopes, curves = np.bincount(node, slope, nodes)[:, None], np.bincount(node, curve, nodes)[:, None]
    best, feature, cut = np.full(nodes, 1e-6), np.full(nodes, -1), np.zeros(nodes, dtype=np.int64)
    for column in columns:
        key = node * size + binned[column]
        low = np.bincount(key, slope, nodes * size).reshape(nodes, size).cumsum(1)[:, :-1]
        weight = np.bincount(key, curve, nodes * size).reshape(nodes, size).cumsum(1)[:, :-1]
        gain = low**2 / (weight + _PENALTY) + (slopes - low) ** 2 / (curves - weight + _PENALTY)
        gain = gain - slopes**2 / (curves + _PENALTY)
        gain[(weight < _LEAST / 4) | (curves - weight < _LEAST / 4)] = -1
        top = gain.argmax(1)
        value = gain[np.arange(nodes), top]
        better = value > best
        best[better], feature[better], cut[better] = value[better], column, top[better]
    return feature, cut


def _answers(binned: NDArray[np.int16], features: NDArray[Any], bins: NDArray[Any]) -> NDArray[Any]:
    found = binned[np.maximum(features, 0), np.arange(binned.shape[1])]
    return np.asarray((features >= 0) & (found > bins))


def _leaf(binned: NDArray[np.int16], features: NDArray[Any], bins: NDArray[Any]) -> NDArray[Any]:
    node = np.zeros(binned.shape[1], dtype=np.int64)
    for level in range(_DEPTH):
        at = 2**level - 1 + node
        node = 2 * node + _answers(binned, features[at], bins[at])
    return node
