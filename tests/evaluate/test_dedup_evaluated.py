"""`eval dedup` and `eval stories` take a corpus through the warehouse's own path."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from etl.errors import CorpusError
from etl.evaluate import dedup, stories, texts

FLOOD = (
    "Rescue crews reached the last of four villages cut off by the Lesna on Thursday, after a night in which "
    "the river rose by two metres. Mayor Petra Novak said that nobody was missing in Varna, though eleven "
    "houses could not be entered. A bridge on the road to the coast was swept away, and buses will go round "
    "by the hills until it is rebuilt."
)
BRIDGE = (
    "Petra Novak, mayor of Varna, thanked rescuers who worked all night by the Lesna. Soldiers are to lay a "
    "pontoon where the flood took the bridge, and the Lesna villages will have buses again on Monday."
)
BANK = (
    "The Norvan Bank left its main rate unchanged at its meeting and said prices had begun to ease. Governor "
    "Ilse Brandt told reporters that wages were still rising faster than output and that a cut before summer "
    "was unlikely."
)
LINES = [
    {"id": 1, "title": "Flood", "text": FLOOD, "outlet": "a", "url": "https://a.example/1", "published": 0,
     "cluster": "x", "kind": "orig"},
    {"id": 2, "title": "Flood!", "text": FLOOD + " By our staff.", "outlet": "b", "url": "https://b.example/1",
     "published": "2024-01-01", "cluster": "x", "kind": "wire"},
    {"id": "three", "title": "Bridge", "text": BRIDGE, "outlet": "c", "published": 1.5, "cluster": "y", "kind": "orig"},
    {"id": 4, "title": None, "text": BANK, "cluster": "z", "kind": "neg_other"},
    {"id": 5, "text": "", "cluster": "w"},
]  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES) + "\n\n", encoding="utf8")
    return path


def clusters(out: io.StringIO) -> dict[str, str]:
    return dict(line.split("\t") for line in out.getvalue().splitlines())


def test_copies_are_clustered_and_scored(corpus: Path, database_url: str) -> None:
    out = io.StringIO()
    summary = dedup.run(corpus, out, database_url=database_url)
    found = clusters(out)
    assert list(found) == ["1", "2", "three", "4", "5"]
    assert found["1"] == found["2"]
    assert len(set(found.values())) == summary["clusters"] == 4
    assert summary["items"] == 5
    assert summary["scores"]["F1"] == 1
    assert summary["recall_by_kind"] == {"wire": 1.0}
    assert summary["merged_by_kind"] == {"neg_other": 0.0}


def test_stories_are_clustered_and_scored(corpus: Path, database_url: str) -> None:
    out = io.StringIO()
    summary = stories.run(corpus, out, database_url=database_url)
    found = clusters(out)
    assert found["1"] == found["2"] == found["three"]  # two outlets' text, and another report of the flood
    assert len({found["1"], found["4"], found["5"]}) == 3
    assert summary["scores"]["R"] == 1


def test_gold_is_not_needed(tmp_path: Path, database_url: str) -> None:
    path = tmp_path / "bare.jsonl"
    path.write_text('{"id": 1, "text": "Nothing else is known of this text."}', encoding="utf8")
    assert dedup.run(path, None, database_url=database_url) == {"items": 1, "clusters": 1}


def test_the_gold_is_never_shown_to_the_pipeline(corpus: Path) -> None:
    """What goes to the warehouse is the same whatever the gold says."""
    shown = [(t.title, t.text, t.url, t.outlet, t.published_at) for t in texts.read(corpus)]
    assert not {"x", "orig", "wire"} & {str(part) for row in shown for part in row}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        '{"id": 1}',
        '{"id": 1, "text": "a", "published": "soon"}',
        '{"id": 1, "text": "a", "published": 1e99}',
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"id": 0, "text": "fine"}\n' + line, encoding="utf8")
    with pytest.raises(CorpusError, match=r"texts\.jsonl:2"):
        texts.read(path)
