"""`dateline cookbook` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from etl.cli import dateline
from etl.warehouse import cookbook
from etl.warehouse.connect import Warehouse
from tests.warehouse.factory import make_run, make_source, store


def run(*words: str, **environment: str) -> tuple[int, str]:
    done = CliRunner().invoke(dateline, ["cookbook", *words], env=environment)
    return done.exit_code, done.output


def test_the_list_names_each_recipe_and_what_it_asks_for() -> None:
    code, told = run()
    assert code == 0
    assert all(f"{name}\n" in told for name in cookbook.recipes())
    assert "    place=Sloviansk" in told


def test_a_recipe_is_asked(db: Warehouse, database_url: str, tmp_path: Path) -> None:
    store(db, make_run(db), make_source(db), "The bridge over the Donets is closed.")
    here = {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}
    asked = (
        "outlet_days",
        "-p",
        "outlet=Courier",
        "-p",
        "from=2022-07-01",
        "--param",
        "to=2022-07-31",
        "--format",
        "csv",
    )
    assert run(*asked, **here) == (0, "reported_on,articles,own,copies,edited,undated\n2022-07-04,1,1,0,0,0\n")


def test_a_recipe_is_printed_with_the_values() -> None:
    code, told = run("outlet_days", "-p", "outlet=O'Hara", "--sql")
    assert code == 0
    assert "d.outlet = 'O''Hara'" in told
    assert "%(" not in told


@pytest.mark.parametrize("words", [("outlet_days", "-p", "outlet"), ("outlet_days", "-p", "=x")])
def test_a_value_without_a_name_is_not_understood(words: tuple[str, ...]) -> None:
    code, told = run(*words)
    assert code == 2
    assert "-p wants NAME=VALUE" in told


def test_a_recipe_nobody_wrote_is_refused() -> None:
    done = CliRunner().invoke(dateline, ["cookbook", "soup"])
    assert '"soup" is not in the cookbook' in str(done.exception)
