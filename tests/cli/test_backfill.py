"""`dateline backfill` as a person types it: planned, done by two workers, stopped, asked after."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest

from etl.cli.backfilled import spans
from etl.warehouse.connect import Warehouse, connect
from tests.cli.test_commands import DATELINE, here, run
from tests.jobs.test_backfill_plan import crawled

__all__ = ["here"]  # a fixture


@pytest.fixture
def crawl(here: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Three days of a crawl, and a feed, in a registry."""
    for day in (2, 3, 4):
        crawled(tmp_path / "crawl", day, 6)
    registry = tmp_path / "sources.yaml"
    registry.write_text(
        "sources:\n"
        f"  - {{name: crawl, kind: warc, url: {tmp_path / 'crawl'}, outlet: Crawl}}\n"
        "  - {name: courier, kind: feed, url: 'https://courier.example/feed', outlet: Courier}\n",
        encoding="utf8",
    )
    return {**here, "DATELINE_SOURCES": str(registry)}


def test_a_plan_is_told_to_people_and_to_machines_and_writes_nothing(db: Warehouse, crawl: dict[str, str]) -> None:
    told = run("backfill", "plan", "2022-07-02", "2022-07-04", **crawl)
    assert told.returncode == 0, told.stderr
    assert "3 missing" in told.stdout
    assert "courier: a feed has no past" in told.stdout
    found = json.loads(run("backfill", "plan", "2022-07-02", "2022-07-04", "--json", **crawl).stdout)
    assert (found["pages"], found["requests"], found["archives"][0]["days"]["missing"]) == (18, 0, 3)
    assert db.value("backfill_bounds") is None
    assert run("backfill", "plan", "2022-07-04", "2022-07-02", **crawl).returncode == 2
    lost = run("backfill", "plan", "2022-07-02", "2022-07-04", "--source", "crowl", **crawl)
    assert (lost.returncode, "No such source" in lost.stderr) == (1, True)


def test_nothing_was_ever_asked_for(crawl: dict[str, str]) -> None:
    assert "No backfill was ever run" in run("backfill", "status", **crawl).stderr


def ended_once(db: Warehouse) -> bool:
    """Whether pages were read: it is then in the midst of its work."""
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ops.archive_offset)")
        [(found,)] = cursor.fetchall()
        return bool(found)


@pytest.mark.slow
def test_two_workers_do_it_a_stopped_run_goes_on_and_a_second_does_nothing(
    db: Warehouse, crawl: dict[str, str]
) -> None:
    days = ("2022-07-02", "2022-07-04")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DATELINE"))} | crawl
    first = subprocess.Popen([DATELINE, "backfill", "run", *days, "--workers", "2"], env=env, stderr=subprocess.PIPE)
    url = crawl["DATELINE_DATABASE_URL"]
    deadline = time.monotonic() + 300
    with connect(url) as watch:
        while not ended_once(watch) and first.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
    os.kill(first.pid, signal.SIGINT)
    _, errors = first.communicate(timeout=120)
    assert (first.returncode, b"dateline: stopped" in errors) == (130, True), errors
    done = run("backfill", "run", *days, "--workers", "2", "--backwards", **crawl)
    assert done.returncode == 0, done.stderr
    held = json.loads(run("backfill", "status", "--json", **crawl).stdout)["archives"]
    assert [(a["source"], a["had"], a["pages"]) for a in held] == [("crawl", 3, 18)]
    again = run("backfill", "run", *days, **crawl)
    assert (again.returncode, again.stdout.splitlines()[-1].startswith("Nothing to do")) == (0, True)


def test_days_are_told_as_the_stretches_they_form() -> None:
    days = [date(2022, 7, 9), date(2022, 7, 4), date(2022, 7, 5), date(2022, 6, 30)]
    assert spans(days) == ["2022-06-30", "2022-07-04 … 2022-07-05", "2022-07-09"]
    assert spans([]) == []
