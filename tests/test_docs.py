"""What exists is written down: every command, setting, view and seed."""

from __future__ import annotations

import dataclasses
import re

import click
import pytest

from etl.cli import dateline
from etl.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf8")


@pytest.mark.parametrize("name", sorted(dateline.commands))
def test_every_command_is_in_the_readme_and_explains_itself(name: str) -> None:
    assert re.search(rf"`(dateline )?{name}\b", README)
    command = dateline.commands[name]
    assert command.help
    if isinstance(command, click.Group):
        assert all(sub.help for sub in command.commands.values())


def test_every_setting_is_in_the_readme() -> None:
    read = set(re.findall(r'"(DATELINE_[A-Z_]+)"', (ROOT / "etl" / "settings.py").read_text(encoding="utf8")))
    assert read == set(re.findall(r"^\| `(DATELINE_[A-Z_]+)`", README, re.MULTILINE))


def test_every_view_is_in_the_readme() -> None:
    views = {
        name
        for path in (ROOT / "sql" / "views").glob("*.sql")
        for name in re.findall(r"CREATE VIEW (mart\.\w+)", path.read_text(encoding="utf8"))
    }
    assert views == set(re.findall(r"^\| `(mart\.\w+)`", README, re.MULTILINE))


def test_every_seed_has_its_provenance() -> None:
    told = (ROOT / "seeds" / "README.md").read_text(encoding="utf8")
    files = [p.relative_to(ROOT / "seeds") for p in (ROOT / "seeds").rglob("*") if p.is_file()]
    untold = [f for f in files if str(f) not in told and f.parts[0] != "outlets" and f.name != "README.md"]
    assert untold == []


def test_every_dag_is_in_the_readme() -> None:
    assert all(f"`{path.stem}`" in README for path in (ROOT / "dags").glob("news_*.py"))


def test_the_settings_are_frozen() -> None:
    from etl.settings import Settings

    assert dataclasses.fields(Settings)
    assert Settings.__dataclass_params__.frozen  # type: ignore[attr-defined]
