"""Floors of reading feeds: agreement with feedparser only rises. Skipped where `DATELINE_CORPORA` names no folder."""

from __future__ import annotations

import pytest

from etl import settings
from etl.evaluate import feeds

FLOORS = {"id": 0.999, "link": 0.999, "title": 0.999, "published": 0.99}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_floors() -> None:
    corpora = settings.read().corpora
    folder = corpora / "feeds" if corpora else None
    if folder is None or not folder.is_dir():
        pytest.skip("DATELINE_CORPORA names no folder with feeds")
    result = feeds.run(folder, None, compare=True)
    below = {
        key: (result["agreement"][key], floor) for key, floor in FLOORS.items() if result["agreement"][key] < floor
    }
    assert not below, "(measured, floor)"
    assert result["rejected"] == 0
    assert result["slowest"]["cpu_seconds"] < 2
