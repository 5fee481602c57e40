"""`dateline place …` as an analyst types it: why, override, overrides, forget; a sentence for what cannot be meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from etl import jobs
from etl.cli.places import place
from etl.jobs import Job
from etl.warehouse.connect import Warehouse
from tests.cli.test_commands import run
from tests.jobs.conftest import begin, ready  # noqa: F401 - the fixtures of a furnished warehouse
from tests.jobs.test_corrections import tagged  # noqa: F401 - two texts, tagged: one with two Zagrebs

Begin = Callable[..., Job]
ZAGREB, VALPARAISO, FREIBURG = 3186886, 3882428, 2925177


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody with a Postgres of their own."""
    return {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}


def mention_of(db: Warehouse, surface: str) -> str:
    with db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(mention_id) FROM news.mention JOIN news.tagging USING (tagging_id)"
            " WHERE surface = %s AND upper_inf(recorded)",
            (surface,),
        )
        [(found,)] = cursor.fetchall()
        return str(found)


def test_why_a_name_means_what_it_means(tagged: Job, here: dict[str, str]) -> None:  # noqa: F811
    done = run("place", "why", mention_of(tagged.db, "Zagreb"), **here)
    assert done.returncode == 0, done.stderr
    assert "Police closed a road in [Zagreb] on Friday" in done.stdout
    assert f"means Zagreb ({ZAGREB}) by name+context, confidence 0." in done.stdout
    assert f"1. Zagreb ({ZAGREB}; PPL, HR; 300,000 people)" in done.stdout
    assert "prior +" in done.stdout


def test_why_a_town_is_only_an_anchor(tagged: Job, here: dict[str, str]) -> None:  # noqa: F811
    done = run("place", "why", mention_of(tagged.db, "Freiburg"), **here)
    assert "only as an anchor: offset 20 km bearing 180" in done.stdout


def test_a_name_is_corrected_listed_and_forgotten(tagged: Job, begin: Begin, here: dict[str, str]) -> None:  # noqa: F811
    said = ["place", "override", "Zagreb", "--place", str(VALPARAISO), "--outlet", "Nobody"]
    elsewhere = run(*said, "--note", "a test", **here)
    assert (elsewhere.returncode, elsewhere.stdout) == (0, "override 1: 0 texts will be tagged anew\n")
    done = run("place", "override", "Zagreb", "--place", str(VALPARAISO), "--note", "a test", **here)
    assert (done.returncode, done.stdout) == (0, "override 2: 1 texts will be tagged anew\n")
    assert (
        run("place", "override", "Zagreb", "--place", str(VALPARAISO), "--note", "again", **here).stdout == done.stdout
    )
    assert jobs.geotag(begin()).kept == 1
    why = run("place", "why", mention_of(tagged.db, "Zagreb"), **here).stdout
    assert f"means Valparaíso ({VALPARAISO}) by override, confidence 1.00" in why
    assert "overrides 2" in why
    listed = run("place", "overrides", **here).stdout
    assert f"1: Zagreb = Valparaíso ({VALPARAISO}); Nobody" in listed
    assert f"2: Zagreb = Valparaíso ({VALPARAISO}); everywhere" in listed
    assert run("place", "forget", "2", **here).stdout == "override 2 ended: 1 texts will be tagged anew\n"
    assert jobs.geotag(begin()).kept == 1
    assert f"means Zagreb ({ZAGREB})" in run("place", "why", mention_of(tagged.db, "Zagreb"), **here).stdout


def test_one_mention_is_no_place(tagged: Job, begin: Begin, here: dict[str, str]) -> None:  # noqa: F811
    first = mention_of(tagged.db, "Zagreb")
    done = run("place", "override", "--mention", first, "--no-place", "--note", "a ship", **here)
    assert done.returncode == 0
    assert done.stdout.startswith("override 1: 1 texts will be tagged anew\n")
    assert "1: Zagreb = no place; body:24 of one text" in run("place", "overrides", **here).stdout
    assert jobs.geotag(begin()).kept == 1
    assert mention_of(tagged.db, "Zagreb") > first  # the other Zagreb of the text stays


def test_a_contradiction_is_told(ready: Warehouse, here: dict[str, str]) -> None:  # noqa: F811
    town = ["place", "override", "Zagreb", "--place", str(ZAGREB), "--note", "the town"]
    assert run(*town, **here).stdout == "override 1: 0 texts will be tagged anew\n"
    ship = run("place", "override", "Zagreb", "--no-place", "--note", "a ship", **here)
    assert ship.returncode == 0
    assert "\n  ! " in ship.stdout
    assert run("place", "override", "Freiburg", "--no-place", "--note", "x", "--language", "de", **here).returncode == 0
    conflicts = run("place", "overrides", "--conflicts", **here).stdout.splitlines()
    assert [line.split(":")[0] for line in conflicts] == ["1", "2"]
    assert all("  ! " in line for line in conflicts)


HUGE = "9" * 25


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("why", "-1"), "No such option"),
        (("why", "Paris"), "not a valid integer"),
        (("why",), "Missing argument"),
        (("override", "Paris", "--note", "x"), "Say --place ID or --no-place."),
        (("override", "Paris", "--place", "1", "--no-place", "--note", "x"), "Say --place ID or --no-place."),
        (("override", "--no-place", "--note", "x"), "Give a NAME, or one --mention."),
        (("override", "Paris", "--mention", "1", "--no-place", "--note", "x"), "Give a NAME, or one --mention."),
        (("override", "Paris", "--no-place"), "Missing option '--note'"),
        (("override", "  ", "--no-place", "--note", "x"), "NAME is empty."),
        (("override", "x" * 201, "--no-place", "--note", "x"), "NAME is longer than 200 characters."),
        (("override", "Paris", "--no-place", "--note", " "), "--note is empty."),
        (("override", "--mention", "1", "--no-place", "--outlet", "A", "--note", "x"), "leave --outlet and"),
        (("override", "Paris", "--no-place", "--language", "English", "--note", "x"), "--language takes two letters"),
    ],
)
def test_what_is_not_understood(words: tuple[str, ...], sentence: str) -> None:
    done = CliRunner().invoke(place, words)
    assert done.exit_code == 2
    assert sentence in done.output


def test_what_is_not_there_is_one_sentence(ready: Warehouse, here: dict[str, str]) -> None:  # noqa: F811
    for words, sentence in (
        (("why", "4711"), "There is no mention 4711."),
        (("why", HUGE), f"There is no mention {HUGE}."),
        (("override", "Paris", "--place", "77", "--note", "x"), "The gazetteer has no such place."),
        (("override", "Paris", "--place", HUGE, "--note", "x"), "The gazetteer has no such place."),
        (("override", "--mention", "77", "--no-place", "--note", "x"), "mention 77"),
        (("override", "--mention", HUGE, "--no-place", "--note", "x"), f"mention {HUGE}"),
        (("forget", "5"), "There is none that holds."),
        (("forget", HUGE), "There is none that holds."),
    ):
        done = run("place", *words, **here)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert sentence in done.stderr
    assert run("place", "overrides", **here).stdout == ""
