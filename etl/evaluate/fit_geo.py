"""Corpora with gold spans go in; the weights of the acceptance model come out, as a table beside its user.

Run as `python -m etl.evaluate.fit_geo LEXICON CORPUS... [--check] [--spacy]`. Two logistic regressions (see
`etl.geo.accept`), fitted by full-batch Adam with an L2 penalty; the second sees likelihoods of the first that come from
other articles (cross-fitted), as it will in use. The weakest weights are dropped until at most a thousand are left, and
the rest are fitted again. No weight belongs to a word: the features are those of `etl.geo.features`.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etl.evaluate import geo
from etl.evaluate.geo_corpus import GeoArticle, read
from etl.evaluate.toponyms import Toponym, calibration, scores, tally
from etl.geo import accept, neural
from etl.geo.accept import Example, Model
from etl.geo.lexicon import Gazetteer, Lexicon
from etl.geo.opinion import Opinion
from etl.geo.tokens import words_of

MOST_WEIGHTS = 1000
_FOLDS = 5
_STEPS = 300
_RATE = 0.05
_PENALTY = 2.0
_SEEN = 8  # a feature seen less often is not used
_THRESHOLD = 0.45

Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted regression."""

    weights: dict[str, float]
    bias: float

    def likely(self, features: list[str]) -> float:
        """Probability of a row of features."""
        return accept.probability(features, self.weights, self.bias)


def fit(
    articles: Sequence[GeoArticle], gazetteer: Gazetteer, most: int = MOST_WEIGHTS, opinion: Opinion | None = None
) -> Model:
    """Fit both looks."""
    first = [accept.first_look([words_of(a.text)], gazetteer, lambda _: 0.5, opinion) for a in articles]
    local = regress(*_table(first, articles), most // 2)
    crossed = _cross_fitted(first, articles, most // 2)
    second = [accept.second_look(examples, gazetteer) for examples in crossed]
    article = regress(*_table(second, articles), most - len(local.weights))
    return Model(local.weights, article.weights, local.bias, article.bias, _THRESHOLD)


def regress(rows: Rows, gold: Sequence[bool], most: int) -> Logistic:
    """One regression with at most so many weights."""
    counts = Counter(feature for row in rows for feature in row)
    names = sorted(name for name, n in counts.items() if n >= _SEEN)
    model = _descend(rows, gold, names)
    if len(names) > most:
        strength = {name: abs(model.weights[name]) * math.sqrt(counts[name]) for name in names}
        names = sorted(sorted(names, key=lambda name: -strength[name])[:most])
        model = _descend(rows, gold, names)
    return model


def _cross_fitted(first: Sequence[list[Example]], articles: Sequence[GeoArticle], most: int) -> list[list[Example]]:
    found: list[list[Example]] = [[] for _ in first]
    for fold in range(_FOLDS):
        others = [n for n in range(len(first)) if n % _FOLDS != fold]
        model = regress(*_table([first[n] for n in others], [articles[n] for n in others]), most)
        for n in range(fold, len(first), _FOLDS):
            found[n] = [Example(e.span, e.features, model.likely(e.features)) for e in first[n]]
    return found


def _table(examples: Sequence[list[Example]], articles: Sequence[GeoArticle]) -> tuple[Rows, list[bool]]:
    rows, gold = [], []
    for found, article in zip(examples, articles, strict=True):
        spans = {(t.start, t.end) for t in article.gold or ()}
        for example in found:
            rows.append(example.features)
            gold.append((example.span.start, example.span.end) in spans)
    return rows, gold


def _descend(rows: Rows, gold: Sequence[bool], names: Sequence[str]) -> Logistic:
    number = {name: n for n, name in enumerate(names)}
    column_of = np.fromiter((number.get(f, -1) for row in rows for f in row), np.int32)
    row_of = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])
    row_of, column_of = row_of[column_of >= 0], column_of[column_of >= 0]
    y = np.asarray(gold, dtype=float)
    weights, bias = np.zeros(len(names)), _log_odds(float(y.mean()))
    mean, square = np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    for step in range(1, _STEPS + 1):
        scores = np.bincount(row_of, weights[column_of], len(rows)) + bias
        error = 1 / (1 + np.exp(-scores)) - y
        slope = np.append(np.bincount(column_of, error[row_of], len(names)) + _PENALTY * weights, error.sum())
        move = _adam(slope, mean, square, step)
        weights -= move[:-1]
        bias -= float(move[-1])
    return Logistic({name: round(float(w), 3) for name, w in zip(names, weights, strict=True)}, round(bias, 3))


def _log_odds(share: float) -> float:
    share = min(max(share, 0.001), 0.999)
    return math.log(share / (1 - share))


def _adam(slope: NDArray[Any], mean: NDArray[Any], square: NDArray[Any], step: int) -> NDArray[Any]:
    """One step of Adam (Kingma and Ba, 2015), the rate falling to nothing over the last third."""
    mean *= 0.9
    mean += 0.1 * slope
    square *= 0.999
    square += 0.001 * slope * slope
    rate = _RATE * min(1.0, 3 * (1 - step / (_STEPS + 1)))
    moved: NDArray[Any] = rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return moved


def check(articles: Sequence[GeoArticle], gazetteer: Gazetteer, opinion: Opinion | None = None) -> dict[str, Any]:
    """Scores and calibration of articles tagged by models that have not seen them (cross-validation)."""
    pairs: list[tuple[Sequence[Toponym], Sequence[Toponym]]] = []
    for fold in range(_FOLDS):
        model = fit([a for n, a in enumerate(articles) if n % _FOLDS != fold], gazetteer, opinion=opinion)
        unseen = articles[fold::_FOLDS]
        pairs += [(a.gold or (), geo.tagged(a, gazetteer, model=model, opinion=opinion)) for a in unseen]
    return {"scores": scores(tally(*pair) for pair in pairs), "calibration": calibration(pairs)}


def main(arguments: Sequence[str]) -> None:
    """Fit on the corpora named and write the table; with --check, say instead how well that does on unseen articles.

    With --spacy, fit the table that hears the second reader.
    """
    lexicon, *corpora = (Path(a) for a in arguments if not a.startswith("--"))
    opinion = cache(neural.entities) if "--spacy" in arguments else None  # asked for each article in every fold
    articles = [article for corpus in corpora for article in read(corpus)]
    with Lexicon.open(lexicon) as gazetteer:
        if "--check" in arguments:
            print(json.dumps(check(articles, gazetteer, opinion), indent=1))
            return
        model = fit(articles, gazetteer, opinion=opinion)
    table = asdict(model)
    for part in ("local", "article"):
        table[part] = {name: weight for name, weight in sorted(table[part].items()) if weight}
    path = accept.OPINION_WEIGHTS_FILE if opinion else accept.WEIGHTS_FILE
    path.write_text(json.dumps(table, indent=0, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(table['local'])} + {len(table['article'])} weights written to {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
