"""Pairs of addresses go in; whether each pair leads to one article, by the keys the warehouse uses, comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from etl.dedup.canonical import url_key
from etl.errors import CorpusError


def run(corpus: Path, predictions: TextIO | None) -> dict[str, Any]:
    """Judge every pair `{a, b}`; scores where lines say `same`. Raises CorpusError for a line that is none."""
    items = said = right = 0
    by_gold = {True: [0, 0], False: [0, 0]}  # right, asked
    with corpus.open(encoding="utf8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            pair = _pair(corpus, number, line)
            same = is_same(pair["a"], pair["b"])
            items, said = items + 1, said + same
            if predictions:
                judged = {"a": pair["a"], "b": pair["b"], "same": same}
                predictions.write(json.dumps(judged, ensure_ascii=False) + "\n")
            if isinstance(gold := pair.get("same"), bool):
                right += gold is same
                by_gold[gold][0] += gold is same
                by_gold[gold][1] += 1
    return {"items": items, "same": said} | _scores(right, by_gold)


def is_same(a: str, b: str) -> bool:
    """Whether both addresses have the same key."""
    key = url_key(a)
    return key is not None and key == url_key(b)


def _pair(corpus: Path, number: int, line: str) -> dict[str, Any]:
    try:
        pair: dict[str, Any] = json.loads(line)
        if isinstance(pair["a"], str) and isinstance(pair["b"], str):
            return pair
        raise TypeError("a and b must be addresses")
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{corpus}:{number}", f"{type(error).__name__}: {error}.") from error


def _scores(right: int, by_gold: dict[bool, list[int]]) -> dict[str, Any]:
    asked = sum(n for _, n in by_gold.values())
    if not asked:
        return {}
    shares = {
        name: round(by_gold[gold][0] / by_gold[gold][1], 4)
        for name, gold in (("same_right", True), ("differ_right", False))
        if by_gold[gold][1]
    }
    return {"scores": {"accuracy": round(right / asked, 4), **shares}}
