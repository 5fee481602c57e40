"""Exports stream: what one costs in memory does not grow with the rows it writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from etl.bench import history
from etl.local.postgres import Server
from etl.release.tables import FORMATS
from etl.warehouse import scratch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

SMALL, LARGE = 20_000, 100_000  # articles
_ALLOWED_MB = 25  # of growth from the small to the large: what pages of the heap may differ by
_EXPORT = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from etl.jobs import export
from etl.warehouse.connect import connect
url, folder, form = sys.argv[1:]
with connect(url) as db:
    wish = export.Wish(form=form, has_texts=form in {"csv", "parquet"})
    done = export.write(db, Path(folder), wish, at=datetime.now(UTC), version="test")
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([int(peak.split()[1]) / 1024, sum(r.rows for r in done)]))
"""


@pytest.fixture(scope="module")
def histories(postgres: Server) -> Iterator[dict[int, str]]:
    """Addresses of a small and of a large warehouse."""
    with ExitStack() as stack:
        made = {}
        for size in (SMALL, LARGE):
            db = stack.enter_context(history.warehouse(postgres.url(), size, places=5_000))
            made[size] = scratch.at_database(postgres.url(), db.connection.info.dbname)
        yield made


def exported(url: str, folder: Path, form: str) -> tuple[float, int, int]:
    """Peak megabytes of the process, rows and bytes written."""
    words = [sys.executable, "-c", _EXPORT, url, str(folder), form]
    env = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE")}
    peak, rows = json.loads(subprocess.run(words, env=env, capture_output=True, text=True, check=True).stdout)
    return peak, rows, sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("form", FORMATS)
def test_memory_does_not_grow_with_rows(histories: dict[int, str], tmp_path: Path, form: str) -> None:
    small, large = (exported(histories[n], tmp_path / str(n), form) for n in (SMALL, LARGE))
    for articles, (peak, rows, size) in zip((SMALL, LARGE), (small, large), strict=True):
        print(f"{form} of {articles:,} articles: {rows:,} rows, {size / 1e6:,.0f} MB, peak {peak:.0f} MB")
    assert large[1] > 3 * small[1]
    assert large[0] - small[0] < _ALLOWED_MB
