"""Quality floors on the measuring corpora: they only rise. Skipped where `DATELINE_CORPORA` names no folder."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl import settings
from etl.evaluate import extract

NOW = datetime(2026, 12, 1, tzinfo=UTC)

# Corpus, digest of its gold and pages, floors: slightly below what was measured when they were set. The forest that
# finds the body is fitted on both corpora; `python -m etl.evaluate.fit_body FOLDER... --check` gives figures for hosts
# it has not seen.
FUNDUS = (
    "fundus_dev",
    "ef47df97c195bb9b",
    {"f1": 0.967, "accuracy": 0.45, "title": 0.87, "author_f1": 0.935, "day": 0.98, "instant": 0.985},
)
WCXB = (
    "wcxb_dev",
    "ead889188957588d",
    {"f1": 0.959, "title": 0.855, "author_f1": 0.775, "day": 0.885},
)


def digest(folder: Path) -> str:
    """Over the gold and every page, in order of names."""
    total = hashlib.sha256()
    for path in [folder / "gold.jsonl", *sorted((folder / "pages").iterdir())]:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


@pytest.mark.parametrize(
    ("name", "expected", "floors"), [FUNDUS, pytest.param(*WCXB, marks=pytest.mark.slow)], ids=["fundus", "wcxb"]
)
@pytest.mark.timeout(600)
def test_floors(name: str, expected: str, floors: dict[str, float]) -> None:
    corpora = settings.read().corpora
    folder = corpora / "extract" / name if corpora else None
    if folder is None or not folder.is_dir():
        pytest.skip(f"DATELINE_CORPORA names no folder with extract/{name}")
    assert digest(folder) == expected, "the corpus has changed: measure again and set the floors anew"
    result = extract.run(folder, None, now=NOW, workers=2)
    below = {key: (result[key], floor) for key, floor in floors.items() if result[key] < floor}
    assert not below, f"(measured, floor) of {name}"
