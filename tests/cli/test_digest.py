"""`dateline digest` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

from etl.warehouse.connect import Warehouse
from tests.cli.test_commands import here, one_article, run
from tests.warehouse.factory import make_run, make_source, store

__all__ = ["here", "one_article"]  # fixtures


def test_a_digest_is_kept_and_compared(one_article: Warehouse, here: dict[str, str], tmp_path: Path) -> None:
    told = run("digest", **here)
    assert told.returncode == 0, told.stderr
    kept = run("digest", "--by", "day", "--json", **here).stdout
    assert told.stdout.splitlines()[-1].split()[-1] == json.loads(kept)["digest"]
    before = tmp_path / "before.json"
    before.write_text(kept, encoding="utf8")
    same = run("digest", "--diff", str(before), **here)
    assert (same.returncode, same.stderr.split()[:2]) == (0, ["the", "same:"])
    source = make_source(one_article)
    store(one_article, make_run(one_article, "2"), source, "It rains.", keys=("https://courier.example/2",))
    other = run("digest", "--diff", str(before), **here)
    assert other.returncode == 1
    assert ["articles", "2022-07-06", "1", "→", "2", "rows", "(+1)"] in [w.split() for w in other.stderr.splitlines()]


def test_what_is_no_digest_and_what_is_no_day_is_said(here: dict[str, str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    for text in ("{", "[]", "{}", '{"tables": 3}'):
        wrong.write_text(text, encoding="utf8")
        done = run("digest", "--diff", str(wrong), **here)
        assert done.returncode == 1
        assert "It is no digest" in done.stderr
    assert run("digest", "--from", "July", **here).returncode == 2
