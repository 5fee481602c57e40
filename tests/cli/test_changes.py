"""`dateline changes` as a client runs it: from nothing to in step, then only what is new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.warehouse.connect import Warehouse
from tests.cli.test_commands import run
from tests.warehouse.factory import make_run, make_source, store


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}


def test_a_client_starts_from_nothing_and_stays_in_step(db: Warehouse, here: dict[str, str]) -> None:
    source, begun = make_source(db), make_run(db)
    store(db, begun, source, "The bridge is closed.")
    *rows, end = map(json.loads, run("changes", "--with-article", "--with-mentions", **here).stdout.splitlines())
    assert [(r["change"], r["article"]["body"], r["mentions"]) for r in rows] == [
        ("added", "The bridge is closed.", [])
    ]
    assert end == {"next_cursor": rows[-1]["cursor"], "rows": 1}
    again = run("changes", "--since", end["next_cursor"], **here)
    assert json.loads(again.stdout) == {"next_cursor": end["next_cursor"], "rows": 0}
    store(db, begun, source, "The market is open.", keys=("https://courier.example/2",))
    done = run("changes", "--since", end["next_cursor"], "--format", "csv", **here)
    heading, line = done.stdout.splitlines()
    assert heading == "cursor,article_id,change,what,reason,into_article_id,changed_at"
    cursor = line.split(",")[0]
    assert line.startswith(f"{cursor},2,added,,,,")
    assert done.stderr == f"next cursor: {cursor}\n"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--since", "yesterday"), 2, "'yesterday' is no cursor: it looks like 1.742.15; 0 is the beginning."),
        (("--since", "77.1.1"), 1, "The cursor is not of this warehouse: 77.1.1. Perhaps a backup was restored"),
        (("--format", "csv", "--with-article"), 2, "use --format json"),
        (("--limit", "0"), 2, "Invalid value for '--limit'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    here: dict[str, str], words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = run("changes", *words, **here)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
