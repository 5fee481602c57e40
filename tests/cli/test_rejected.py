"""`dateline rejected` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.records import SourceKind
from tests.cli.test_commands import here, run
from tests.jobs.conftest import furnish_places, newsroom
from tests.jobs.newsroom import Newsroom
from tests.jobs.test_archives import DAY
from tests.jobs.test_rejected import MENU
from tests.sources.warcs import record

__all__ = ["here", "newsroom"]  # fixtures


@pytest.fixture
def turned_away(newsroom: Newsroom, tmp_path: Path, here: dict[str, str]) -> dict[str, str]:
    """A menu of a crawl, turned away by extraction, and a file that is not there."""
    furnish_places(newsroom.db)
    (tmp_path / "c.warc").write_bytes(record(1, body=MENU))
    newsroom.add("crawl", SourceKind.WARC, str(tmp_path / "c.warc"))
    newsroom.add("lost", SourceKind.WARC, "/nowhere.warc.gz")
    newsroom.backfill(*DAY)
    return here


def test_it_is_listed_shown_and_tried_again(turned_away: dict[str, str]) -> None:
    told = run("rejected", "list", **turned_away)
    assert told.returncode == 0, told.stderr
    assert "2 in all" in told.stdout
    assert "1 can be tried again" in told.stdout
    [line] = run("rejected", "list", "--stage", "extract", "--json", **turned_away).stdout.splitlines()
    found = json.loads(line)
    assert (found["source"], found["url"], found["bytes"]) == ("crawl", "http://news.example/1", len(MENU))
    shown = run("rejected", "show", found["item"], **turned_away).stdout
    assert found["sha256"] in shown
    assert "extract: rejected" in shown
    assert run("rejected", "show", found["item"], "--body", **turned_away).stdout == MENU.decode()
    again = run("rejected", "retry", "--all", **turned_away)
    assert again.returncode == 0, again.stderr
    assert "1 tried, 0 kept, turned away again: 1 " in again.stdout
    assert "1 not tried: nothing of it was received" in again.stdout


def test_what_is_not_understood_and_what_is_not_there_is_said(here: dict[str, str]) -> None:
    assert run("rejected", "retry", **here).returncode == 2
    assert run("rejected", "list", "--reason", "bad_luck", **here).returncode == 2
    assert "There is no item" in run("rejected", "show", "capture:7", **here).stderr
    assert run("rejected", "retry", "--all", **here).stdout == "Nothing to try.\n"
