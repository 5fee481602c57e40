"""`dateline takedown` as an owner types it: look first, then remove, list and lift."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.warehouse.connect import Warehouse
from tests.cli.test_commands import run
from tests.warehouse.factory import make_run, make_source, store

URL = "https://courier.example/1"


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}


@pytest.fixture
def one(db: Warehouse) -> Warehouse:
    store(db, make_run(db), make_source(db), "The bridge over the Donets is closed.")
    return db


def body(db: Warehouse) -> str:
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT body FROM news.content")
        [(text,)] = cursor.fetchall()
        return str(text)


def test_look_remove_list_and_lift(one: Warehouse, here: dict[str, str]) -> None:
    looked = run("takedown", URL, "--reason", "court order 12", "--dry-run", **here)
    assert looked.returncode == 0
    assert "goes: 1 texts, 0 names of places, 0 edits, 0 named sources, 0 fingerprints, 1 bodies" in looked.stdout
    assert "Nothing was changed." in looked.stdout
    assert run("takedown", "1", "--reason", "court order 12", stdin="n\n", **here).returncode == 130
    assert body(one) == "The bridge over the Donets is closed."
    done = run("takedown", "1", "--reason", "court order 12", "--yes", **here)
    assert done.stdout.endswith("Article 1 was taken down; it will not be taken in again.\n")
    assert body(one) == "[taken down]"
    assert "article 1  https://courier.example/1  court order 12" in run("takedown", "list", **here).stdout
    lifted = run("takedown", "lift", URL, **here)
    assert lifted.stdout == "Article 1 may come in again: 2 addresses, bodies and texts are free.\n"
    assert run("takedown", "list", **here).stdout == ""


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("99", "--reason", "x"), 1, "No article is known by it"),
        (("1",), 2, "Missing option '--reason'"),
        (("1", "--reason", " "), 2, "Say why with --reason."),
        (("lift", "1"), 1, "It was not taken down"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    one: Warehouse, here: dict[str, str], words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = run("takedown", *words, **here)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
