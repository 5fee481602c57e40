"""Corpora with gold texts go in; the forest that tells an article's blocks from the rest comes out, as a table.

Run as `python -m etl.evaluate.fit_body FOLDER... [--check]`. A block's label is the share of its four-word shingles
that the gold text has; a shorter one is right if it is a line of the gold text or joins a right neighbour there. Blocks
weigh by their words, pages alike. With `--check` nothing is written: five forests are fitted, each without the pages of
a fifth of the hosts, and their blocks on those pages are scored.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from etl.evaluate import articles, boost
from etl.evaluate.extract import captures, read_gold
from etl.extract.body import evidence, take_captions
from etl.extract.features import Rows
from etl.extract.forest import TABLE, Forest, write
from etl.extract.node import article_node, is_news
from etl.extract.prune import prune
from etl.fetch.charset import decode
from etl.markup import Outline, TooDeep, parse, signals
from etl.records import Capture

_WORD = re.compile(r"\w+")
_SIZE = 4
_FOLDS = 5
_EXTRA = 3.0  # words added to each block's weight, so that headings count
_MOST = 0.3  # of a page's weight in one block
_LEAST = 30  # words; a shorter page is weighed as one of these
_NEAR = 8  # blocks within which a short one may join a right neighbour


@dataclass(frozen=True, slots=True)
class Sample:
    """One page's blocks with what they should be."""

    gold: dict[str, Any]
    texts: tuple[str, ...]
    rows: Rows
    labels: NDArray[np.float64]
    weights: NDArray[np.float64]

    @property
    def fold(self) -> int:
        """Pages of one host stand in one fold."""
        host = (urlsplit(self.gold.get("url") or "").hostname or str(self.gold["id"])).removeprefix("www.")
        return zlib.crc32(host.encode()) % _FOLDS


def main(arguments: Sequence[str]) -> None:
    """Fit on all folders and write the table, or check."""
    folders = [Path(a) for a in arguments if not a.startswith("--")]
    corpora = {folder.name: samples(folder) for folder in folders}
    everything = [s for found in corpora.values() for s in found]
    if "--check" in arguments:
        likely = held_out(everything)
        for name, found in corpora.items():
            for threshold in (0.35, 0.45, 0.55, 0.65):
                print(json.dumps({"corpus": name, "threshold": threshold, **check(found, likely, threshold)}))
        return
    write(_fitted(everything))
    print(f"{len(everything)} pages, {TABLE.stat().st_size} bytes")


def samples(folder: Path) -> list[Sample]:
    """Every page of a corpus that can be read."""
    gold = read_gold(folder)
    read = (_sample(g, c) for g, c in zip(gold, captures(folder, gold, datetime(2100, 1, 1, tzinfo=UTC)), strict=True))
    return [s for s in read if s is not None]


def held_out(found: Sequence[Sample]) -> dict[str, NDArray[np.float64]]:
    """Likelihoods of each page's blocks by a forest that has seen no page of its host."""
    likely = {}
    for fold in range(_FOLDS):
        forest = _fitted([s for s in found if s.fold != fold])
        likely.update({str(s.gold["id"]): forest.likely(s.rows) for s in found if s.fold == fold})
    return likely


def check(found: Sequence[Sample], likely: dict[str, NDArray[np.float64]], threshold: float) -> dict[str, Any]:
    """Text scores of the blocks above a threshold, as they are."""
    kept = {
        str(s.gold["id"]): {
            "text": "\n\n".join(t for t, p in zip(s.texts, likely[str(s.gold["id"])], strict=True) if p >= threshold),
            "title": s.gold.get("title"),
        }
        for s in found
    }
    scores = articles.score([s.gold for s in found], kept)
    return {key: scores[key] for key in ("f1", "precision", "recall", "accuracy")}


def label(texts: Sequence[str], gold: str) -> list[float]:
    """How much of each block is in the gold text, 0 to 1."""
    wanted = set(_shingles(_WORD.findall(gold)))
    lines = {tuple(_WORD.findall(line)) for line in gold.split("\n")}
    words = [_WORD.findall(text) for text in texts]
    told = [_share(w, wanted) if len(w) >= _SIZE else 0.0 for w in words]
    out = list(told)
    for at, own in enumerate(words):
        if 0 < len(own) < _SIZE:
            before = next((words[n] for n in range(at - 1, max(-1, at - _NEAR), -1) if told[n] > 0.5), [])
            after = next((words[n] for n in range(at + 1, min(len(words), at + _NEAR)) if told[n] > 0.5), [])
            joins = (bool(before), [*before[-3:], *own]), (bool(after), [*own, *after[:3]])
            out[at] = float(tuple(own) in lines or any(there and _share(j, wanted) == 1 for there, j in joins))
    return out


def _sample(gold: dict[str, Any], capture: Capture) -> Sample | None:
    try:
        tree = parse(decode(capture.body, capture.media_type)[0])
    except TooDeep:
        return None
    if tree is None:
        return None
    page = Outline(tree)
    stated = signals(page, capture.url)
    node = article_node(stated, capture.url)
    take_captions(page)
    prune(page, is_news=is_news(node))
    found, told = evidence(tree, stated, node)
    texts = tuple(block.text for block in found)
    counts = np.array([len(_WORD.findall(text)) for text in texts], dtype=np.float64)
    labels = np.array(label(texts, str(gold.get("text") or "")))
    whole = max(_LEAST, counts[labels > 0.5].sum())
    weights = np.where(counts > 0, np.minimum((counts + _EXTRA) / whole, _MOST), 0.0)
    return Sample(gold, texts, told, labels, weights) if texts else None


def _fitted(found: Sequence[Sample]) -> Forest:
    return boost.fit(
        np.vstack([s.rows for s in found]),
        np.concatenate([s.labels for s in found]),
        np.concatenate([s.weights for s in found]),
    )


def _share(words: Sequence[str], wanted: set[tuple[str, ...]]) -> float:
    found = list(_shingles(words))
    return sum(s in wanted for s in found) / len(found) if found else 0.0


def _shingles(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[n : n + _SIZE]) for n in range(len(words) - _SIZE + 1))


if __name__ == "__main__":
    main(sys.argv[1:])
