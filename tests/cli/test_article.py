"""`dateline article` as an analyst types it: what was merged, and a wrong merge undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from etl.warehouse.connect import Warehouse
from tests.cli.test_commands import run
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source, store

PAGE, OTHER = "https://courier.example/1", "https://courier.example/2"


def test_list_and_split(db: Warehouse, database_url: str, tmp_path: Path) -> None:
    here = {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}
    run_id, source = make_run(db), make_source(db)
    for n, keys in enumerate([(PAGE,), (OTHER,), (OTHER, PAGE)]):
        store(db, run_id, source, f"text {n}", keys=keys, observed_at=NOW + timedelta(hours=n))
    listed = run("article", "merges", **here).stdout
    assert f"article 2 {OTHER}  is part of  article 1 {PAGE}" in listed
    done = run("article", "split", "2", "--reason", "two bridges", **here)
    assert (done.returncode, done.stdout) == (
        0,
        "Article 2 stands alone; copies and stories follow with the next run.\n",
    )
    assert "was split from  article 1" in run("article", "merges", **here).stdout
    again = run("article", "split", "2", "--reason", "two bridges", **here)
    assert again.returncode == 1
    assert "It is not part of another article" in again.stderr
    assert run("article", "split", "2", **here).returncode == 2
