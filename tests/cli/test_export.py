"""`dateline export` and `dateline codebook`, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from etl.cli import dateline


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    return CliRunner()


def test_an_export_says_what_it_wrote_and_how_to_check_it(run: CliRunner, tmp_path: Path) -> None:
    done = run.invoke(dateline, ["export", str(tmp_path / "out"), "--author", "Relief desk"])
    assert done.exit_code == 0, done.output
    assert "article" in done.output
    assert "sha256sum -c SHA256SUMS" in done.output
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert package["contributors"] == [{"title": "Relief desk", "roles": ["creator"]}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2022-07-05", "--to", "2022-07-01"], "is before"),
        (["--from", "July"], "does not match"),
        (["--format", "xlsx"], "is not one of"),
        (["--format", "acled", "--table", "copy"], "one table of its own"),
    ],
)
def test_what_cannot_be_meant_is_told_before_a_database_is_opened(words: list[str], said: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(dateline, ["export", str(tmp_path / "out"), *words])
    assert done.exit_code == 2
    assert said in done.output


def test_the_codebook_goes_to_a_file_or_to_the_screen(run: CliRunner, tmp_path: Path) -> None:
    shown = run.invoke(dateline, ["codebook"])
    assert "### mart.article" in shown.output
    kept = run.invoke(dateline, ["codebook", "--format", "html", "--out", str(tmp_path / "codebook.html")])
    assert kept.exit_code == 0, kept.output
    assert "mart.article" in (tmp_path / "codebook.html").read_text()
