"""The features of a span in Cyrillic go in; how likely it is a place name comes out, by weights set by hand.

The fitted weights come from English, where a family name is often a town's too and a preposition leaves the name as it
is. In Ukrainian and Russian a name after a preposition of place, or a well-known one, is nearly always the place;
what is to be kept out are given and family names ("Володимир", "Іванов") and capitals that only open a sentence.
A few weights on the same features say so until there is a corpus to fit them on.
"""

from __future__ import annotations

import math

from etl.geo.propose import Span

_BIAS = -1.2
_WEIGHTS = {
    "pv=in": 2.6, "pv=near": 2.6, "pv=from": 2.2, "pv=to": 2.2, "pv=via": 2.0, "pv=visit": 3.0, "pv=and": 0.8,
    "pv=title": 0.6, "pv=COMMA": 0.8, "pv=between": 2.0, "pv=against": 1.0, "pv=CAP": -2.5, "pv=TITLE": -2.0,
    "pv=INITIAL": -4.0, "nx=unit": 1.5, "nx=CAPsur3": -2.0, "nx=INITIAL": -3.0, "nx=INST": -0.5,
    "pop=0": -1.0, "pop=1": -0.8, "pop=2": -0.4, "pop=4": 0.6, "pop=5": 1.4, "pop=6": 2.2, "pop=dem": 3.0,
    "pop=abbr": 3.0, "kind=pC": 2.5, "kind=p1": 1.0, "kind=pR": 2.0, "kind=dem": 1.0, "start=1": -0.6,
    "how=inflected": -0.3, "per=multi": 1.5, "len=2": -1.5, "len=3": -1.0, "len=4": -0.5, "len=9": 1.1,
}  # fmt: skip


def is_slavic(span: Span) -> bool:
    """Whether a span is written in Cyrillic."""
    return not span.key.isascii() and "\u0400" <= span.key[0] <= "\u04ff"


def likely(features: list[str]) -> float:
    """Probability that the span names a place or a people."""
    score = _BIAS + sum(_WEIGHTS.get(feature, 0.0) for feature in features)
    return 1.0 / (1.0 + math.exp(-score))
