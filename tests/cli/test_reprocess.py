"""`dateline reprocess` as a person types it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from etl import settings
from etl.warehouse.connect import Warehouse
from tests.cli.test_commands import run
from tests.jobs.conftest import furnish
from tests.jobs.history import history, load

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def dateline(db: Warehouse, database_url: str, tmp_path: Path) -> Run:
    """The command, where a few articles are held."""
    here = {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}
    furnish(db)
    load(db, settings.read(here), history(6))
    return lambda *words: run("reprocess", *words, **here)


def test_an_interval_is_read_again_shown_and_approved(dateline: Run, db: Warehouse) -> None:
    with db.connection.cursor() as cursor:
        cursor.execute("UPDATE news.content SET section = 'Sport' WHERE article_id = 1")
    made = dateline("2022-07-04", "2022-07-05", "--what", "text,places")
    assert made.returncode == 0, made.stderr
    assert "ready; 6 articles" in made.stdout
    assert "values beside the same text (1 articles)" in made.stdout
    assert "dateline reprocess approve 1" in made.stdout
    assert json.loads(dateline("show", "1", "--json").stdout)["articles"] == {"beside": 1}
    done = dateline("approve", "1")
    assert "1 is in: 1 articles" in done.stdout
    assert "approved before" in dateline("approve", "1").stdout
    again = dateline("2022-07-04", "2022-07-05", "--approve")
    assert "No difference" in again.stdout
    assert [line.split(":")[0] for line in dateline("list").stdout.splitlines()] == ["2", "1"]
    refused = dateline("drop", "1")
    assert (refused.returncode, "was approved" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("2022-07-05", "2022-07-04"), 1, "must not be empty"),
        (("2022-07-04", "2022-07-05", "--what", "dates"), 1, "must be some of"),
        (("2022-07-04", "2022-07-05", "--source", "nobody"), 1, "no such source"),
        (("approve", "7"), 1, "no such reprocessing"),
        (("2022-07-04",), 2, "Missing argument"),
        (("yesterday",), 2, "No such command"),
    ],
)
def test_what_cannot_be_is_said(dateline: Run, words: tuple[str, ...], code: int, told: str) -> None:
    done = dateline(*words)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
