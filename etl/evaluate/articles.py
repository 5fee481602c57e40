"""Gold and predicted articles go in; scores of text, title, authors and date come out.

Text: precision and recall of shingles of four words (as multisets), averaged over pages, then F1; accuracy is the share
of pages whose words are exactly right: the measure of scrapinghub's article-extraction-benchmark. Where the gold text
includes the headline, the predicted title is put before a text that does not begin with it. Title: equal after folding
case and punctuation. Authors: micro F1 over names as sets. Dates: the same day as written, and within 60 seconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_WORD = re.compile(r"\w+")
_SIZE = 4


@dataclass(frozen=True, slots=True)
class _Page:
    """One page's result: None where the measure does not apply."""

    precision: float | None
    recall: float | None
    is_exact: bool
    title: bool | None
    names: tuple[int, int, int] | None  # right, wrong, missed
    day: bool | None
    instant: bool | None


def score(gold: Iterable[Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    """Scores over all gold pages, rounded to four places; a page without a prediction counts as empty."""
    pages = [_page(g, predicted.get(str(g["id"]), {})) for g in gold]
    precision, recall = _mean(p.precision for p in pages), _mean(p.recall for p in pages)
    right, wrong, missed = (sum(p.names[i] for p in pages if p.names) for i in range(3))
    both = (precision or 0.0) + (recall or 0.0)
    return {
        "f1": round(2 * (precision or 0.0) * (recall or 0.0) / both, 4) if both else 0.0,
        "precision": _rounded(precision),
        "recall": _rounded(recall),
        "accuracy": _rounded(_mean(float(p.is_exact) for p in pages)),
        "title": _rounded(_mean(_number(p.title) for p in pages)),
        "author_f1": round(2 * right / (2 * right + wrong + missed), 4) if right + wrong + missed else None,
        "day": _rounded(_mean(_number(p.day) for p in pages)),
        "instant": _rounded(_mean(_number(p.instant) for p in pages)),
    }


def fold(text: str | None) -> str:
    """Words only, compatibility forms and case folded."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text or "")).strip().casefold()


def _page(gold: Mapping[str, Any], found: Mapping[str, Any]) -> _Page:
    text, title = str(found.get("text") or ""), found.get("title")
    if gold.get("includes_headline") and title and not fold(text).startswith(fold(title)):
        text = f"{title}\n{text}"
    precision, recall = _overlap(str(gold.get("text") or ""), text)
    day, instant = _date(gold.get("published"), found.get("published"))
    return _Page(
        precision,
        recall,
        _WORD.findall(str(gold.get("text") or "")) == _WORD.findall(text),
        fold(gold["title"]) == fold(title) if gold.get("title") else None,
        _names(gold["authors"], found.get("authors") or ()) if gold.get("authors") else None,
        day,
        instant,
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + _SIZE]) for i in range(max(1, len(words) - _SIZE + 1)) if words)


def _overlap(gold: str, found: str) -> tuple[float | None, float | None]:
    wanted, got = _shingles(gold), _shingles(found)
    both = (wanted & got).total()
    if not wanted and not got:
        return 1.0, 1.0
    return (both / got.total() if got else None), (both / wanted.total() if wanted else None)


def _names(gold: Iterable[str], found: Iterable[str]) -> tuple[int, int, int]:
    wanted, got = set(map(fold, gold)) - {""}, set(map(fold, found)) - {""}
    return len(wanted & got), len(got - wanted), len(wanted - got)


def _date(gold: Any, found: Any) -> tuple[bool | None, bool | None]:
    if not gold:
        return None, None
    wanted, got = _instant(str(gold)), _instant(str(found or ""))
    is_instant = got is not None and abs((wanted - got).total_seconds()) <= 60 if wanted else None
    return str(found or "")[:10] == str(gold)[:10], is_instant


def _instant(stated: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return at if at.tzinfo else None


def _number(flag: bool | None) -> float | None:
    return None if flag is None else float(flag)


def _mean(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
