"""`eval urls` judges pairs by the keys the warehouse uses."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from etl.errors import CorpusError
from etl.evaluate.urls import run

PAIRS = [
    {"a": "https://www.example.com/a?utm_source=x", "b": "http://example.com/a", "same": True},
    {"a": "https://example.com/?id=1", "b": "https://example.com/?id=2", "same": False},
    {"a": "no address", "b": "no address", "same": False},
    {"a": "https://example.com/a", "b": "https://sho.rt/x", "same": True},  # cannot be known offline
]


def corpus(tmp_path: Path, lines: list[str]) -> Path:
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(lines), encoding="utf8")
    return path


def test_pairs_are_judged_and_scored(tmp_path: Path) -> None:
    out = io.StringIO()
    summary = run(corpus(tmp_path, [json.dumps(p) for p in PAIRS] + [""]), out)
    assert summary == {
        "items": 4,
        "same": 1,
        "scores": {"accuracy": 0.75, "same_right": 0.5, "differ_right": 1.0},
    }
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(line["a"], line["same"]) for line in lines] == [
        (PAIRS[0]["a"], True),
        (PAIRS[1]["a"], False),
        (PAIRS[2]["a"], False),
        (PAIRS[3]["a"], False),
    ]


def test_without_gold_there_are_no_scores(tmp_path: Path) -> None:
    assert run(corpus(tmp_path, ['{"a": "https://e.com/", "b": "https://e.com"}']), None) == {"items": 1, "same": 1}


@pytest.mark.parametrize("line", ["{", "[]", '{"a": "x"}', '{"a": 1, "b": 2}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(CorpusError, match=r"pairs\.jsonl:1"):
        run(corpus(tmp_path, [line]), None)
