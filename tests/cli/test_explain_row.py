"""`dateline explain KIND ID`: the chain a person reads, its bytes in a file, and a sentence where there is none."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from etl.warehouse.connect import Warehouse
from tests.cli.test_commands import run
from tests.warehouse.factory import make_run, make_source, store

TEXT = "The bridge over the Donets is closed."


@pytest.fixture
def here(db: Warehouse, database_url: str, tmp_path: Path) -> dict[str, str]:
    store(db, make_run(db), make_source(db), TEXT)
    return {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}


def test_the_chain_is_told_and_the_bytes_are_written(here: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    done = run("explain", "article", "1", "--bytes", str(file), **here)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "article 1, text of article 1",
        "  made by   test 1",
        "  held      since 2022-07-06 09:00:00Z",
        "  run       run 1 (news_ingest manual__1), code 0",
        "  text      content 1, test 1, code 0",
        "            run 1 (news_ingest manual__1)",
        "  capture   1, page, observed 2022-07-06 09:00:00Z",
        "            https://courier.example/1",
        "            fetched 2022-07-06 09:00:00Z in run 1 (news_ingest manual__1)",
        f"  bytes     37, sha256 {hashlib.sha256(TEXT.encode()).hexdigest()}, held",
    ]
    assert file.read_text() == TEXT
    assert done.stderr == f"37 bytes written to {file}, as received\n"
    [line] = run("explain", "version", "1", "--json", **here).stdout.splitlines()
    assert json.loads(line)["requested_url"] == "https://courier.example/1"


def test_what_was_taken_down_says_so(here: dict[str, str]) -> None:
    assert run("takedown", "1", "--reason", "court order 12", "--yes", **here).returncode == 0
    done = run("explain", "article", "1", **here)
    assert done.returncode == 1
    assert "Article 1 was taken down on" in done.stderr
    assert "court order 12" in done.stderr
    assert ", taken down" in run("explain", "content", "1", **here).stdout
    assert "are not held: taken down" in run("explain", "content", "1", "--bytes", "/nowhere/x", **here).stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("mention", "99"), 1, "There is no mention 99 to explain."),
        (("verb", "1"), 2, "'verb' is no kind of row: article, content"),
        (("article", "one"), 2, "'one' is not a valid integer"),
        (("https://courier.example/1", "--bytes", "x"), 2, "--bytes needs a row"),
        (("article", "1", "--bytes", "/nowhere/x"), 1, "/nowhere/x cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    here: dict[str, str], words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = run("explain", *words, **here)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
