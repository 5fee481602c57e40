"""The words of an article go in; the spans that are place names or people-words come out, each with a probability.

A few plain rules go before (`reject`); then two looks, each a logistic model over generic features with fitted
weights. The first look sees a span and its neighbours only. Then the likeliest of overlapping spans are kept, resolved
as if they were places, and the second look adds what the article says: whether the same name stands elsewhere in a
clear frame ("in X"), whether its meaning lies near the other places. So "Jordan" beside Amman is a country, and beside
"Smith" it is not. Names in Cyrillic are judged by weights of their own (`slavic`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path

from etl.geo import slavic
from etl.geo.article_features import ArticleView, article_features
from etl.geo.caseless import caseless
from etl.geo.features import local_features
from etl.geo.groups import group
from etl.geo.headlines import vouched
from etl.geo.lexicon import Gazetteer
from etl.geo.opinion import Opinion, opinion_features
from etl.geo.options import meanings_of
from etl.geo.propose import Span, propose
from etl.geo.reject import is_no_place
from etl.geo.resolve import resolve
from etl.geo.tokens import Words
from etl.geo.usage import usage_of

FIRST_FLOOR = 0.08  # a span less likely than this after the first look is given up
_MOST_OPTIONS = 20
WEIGHTS_FILE = Path(__file__).parent / "tables" / "accept_weights.json"
OPINION_WEIGHTS_FILE = WEIGHTS_FILE.with_name("accept_weights_spacy.json")


@dataclass(frozen=True, slots=True)
class Model:
    """Fitted weights: feature → weight, and the threshold that balances precision and recall."""

    local: Mapping[str, float]
    article: Mapping[str, float]
    local_bias: float
    article_bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate that survived the first look, with everything a model is fitted on."""

    span: Span
    features: list[str]
    likely: float


@cache
def fitted(*, with_opinion: bool = False) -> Model:
    """The model that comes with Dateline, or the one that hears a second reader."""
    path = OPINION_WEIGHTS_FILE if with_opinion else WEIGHTS_FILE
    return Model(**json.loads(path.read_text("utf-8")))


def accept(
    texts: Sequence[Words], gazetteer: Gazetteer, model: Model, home: str | None = None, opinion: Opinion | None = None
) -> list[tuple[Span, float]]:
    """Spans accepted, in order of text, with their probability. With `opinion` the model must be fitted for it."""
    first = first_look(texts, gazetteer, lambda features: probability(features, model.local, model.local_bias), opinion)
    second = second_look(first, gazetteer, home)
    scored = [
        (e.span, e.likely if slavic.is_slavic(e.span) else probability(e.features, model.article, model.article_bias))
        for e in second
    ]
    found = vouched([e.span for e in first], scored, model.threshold)
    others = [name for words in texts for name in caseless(words, gazetteer)]
    if not others:
        return found
    order = {id(words): n for n, words in enumerate(texts)}
    return sorted(found + others, key=lambda name: (order[id(name[0].words)], name[0].start))


def first_look(
    texts: Sequence[Words],
    gazetteer: Gazetteer,
    likely: Callable[[list[str]], float],
    opinion: Opinion | None = None,
) -> list[Example]:
    """Every candidate with its local features."""
    entities = {id(words): opinion(words.text) for words in texts} if opinion else {}
    spans = [span for words in texts for span in propose(words, gazetteer)]
    usage = usage_of(texts, spans)
    found = []
    for span in spans:
        if is_no_place(span, usage):
            continue
        features = local_features(span, meanings_of(span.key, span.handles, gazetteer, _MOST_OPTIONS), usage)
        if opinion:
            features += opinion_features(span, entities[id(span.words)], features)
        found.append(Example(span, features, slavic.likely(features) if slavic.is_slavic(span) else likely(features)))
    return found


def second_look(first: Sequence[Example], gazetteer: Gazetteer, home: str | None = None) -> list[Example]:
    """The likeliest of overlapping candidates, with the article's features."""
    kept = _apart([e for e in first if e.likely >= FIRST_FLOOR])
    groups = group([e.span for e in kept], [e.likely for e in kept], gazetteer, _MOST_OPTIONS)
    meanings = {}
    for g, choice in zip(groups, resolve(groups, home), strict=True):
        if choice.order:
            best = choice.order[0]
            meaning = (g.options[best], choice.evidence(best), choice.probabilities[best])
            meanings.update({id(kept[n].span): meaning for n in g.spans})
    of_surface: dict[str, list[tuple[Span, float]]] = {}
    for e in kept:
        of_surface.setdefault(e.span.surface, []).append((e.span, e.likely))
    view = ArticleView(of_surface, meanings, len(kept))
    return [Example(e.span, e.features + article_features(e.span, e.likely, view), e.likely) for e in kept]


def _apart(examples: list[Example]) -> list[Example]:
    """Of overlapping candidates the likeliest, the longer where they are alike."""
    kept: list[Example] = []
    taken: dict[int, set[int]] = {}
    for e in sorted(examples, key=lambda e: (-round(e.likely, 2), e.span.first - e.span.last, e.span.start)):
        used = taken.setdefault(id(e.span.words), set())
        mine = range(e.span.first, e.span.last + 1)
        if used.isdisjoint(mine):
            used.update(mine)
            kept.append(e)
    order = {id(e.span): n for n, e in enumerate(examples)}
    return sorted(kept, key=lambda e: order[id(e.span)])


def probability(features: list[str], weights: Mapping[str, float], bias: float) -> float:
    """Logistic of the sum of the weights of the features that have one."""
    score = sum(map(weights.get, features, repeat(0.0)), bias)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
