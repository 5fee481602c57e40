"""Backfills on the real scheduler: forwards, backwards, what failed again, two overlapping at once; all end as one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl import settings
from etl.local.databases import server
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.digest import digest
from tests.dags.test_scheduler import DATELINE, OPEN_BACKFILLS, value, wait_for
from tests.jobs.test_backfill_plan import crawled

DAYS = range(4, 10)
PAGES = 5


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A home and a registry of this test's own: a crawl of six days. Whatever happens, nothing is left running."""
    for day in DAYS:
        crawled(tmp_path / "crawl", day, PAGES)
    registry = tmp_path / "sources.yaml"
    registry.write_text(f"sources:\n  - {{name: crawl, kind: warc, url: {tmp_path / 'crawl'}, outlet: Crawl}}\n")
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DATELINE"))},
        "DATELINE_HOME": str(tmp_path / "home"),
        "DATELINE_SOURCES": str(registry),
    }
    yield env
    subprocess.run([DATELINE, "down", "--destroy"], env=env, check=True)


def dateline(environment: dict[str, str], *words: str, is_refused: bool = False) -> str:
    done = subprocess.run([DATELINE, *words], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) is is_refused, f"{words}: {done.stdout[-2000:]} {done.stderr[-2000:]}"
    return done.stdout + done.stderr


def create(environment: dict[str, str], first: int, last: int, *words: str, is_refused: bool = False) -> str:
    days = ("--from-date", f"2022-07-{first:02d}", "--to-date", f"2022-07-{last:02d}")
    named = ("airflow", "backfill", "create", "--dag-id", "news_backfill", *days, *words)
    return dateline(environment, *named, is_refused=is_refused)


def finished(first: int, last: int) -> str:
    """How many of these days of July have a finished run."""
    return (
        "SELECT count(DISTINCT interval_start_at) FROM ops.run WHERE finished_at IS NOT NULL AND job = 'news_backfill' "
        f"AND interval_start_at BETWEEN '2022-07-{first:02d}' AND '2022-07-{last:02d}'"
    )


def execute(db: Warehouse, statement: str) -> None:
    with db.connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_however_the_days_are_done_the_warehouse_is_the_same(environment: dict[str, str]) -> None:
    dateline(environment, "up")
    home = server(settings.read(environment))
    with home.lease(), connect(home.url()) as db, connect(home.url("dateline_airflow")) as metadata:
        dateline(environment, "airflow", "dags", "unpause", "-y", "news_backfill")

        # forwards on Airflow, and the same days and more by `dateline backfill run` at once
        create(environment, 4, 6)
        assert "AlreadyRunningBackfill" in create(environment, 5, 7, is_refused=True)  # Airflow's own: one a DAG
        dateline(environment, "backfill", "run", "2022-07-05", "2022-07-07")
        wait_for(db, finished(4, 7), 4)
        wait_for(metadata, OPEN_BACKFILLS, 0)
        assert value(db, "SELECT count(*) FROM news.article") == 4 * PAGES
        assert value(db, "SELECT count(*) FROM ops.fetch WHERE kind = 'page'") == 4 * PAGES  # nothing was read twice

        # backwards, where each day fails: a person has to put it right
        execute(db, "UPDATE geo.gazetteer SET is_current = false")
        create(environment, 8, 9, "--run-backwards", "--max-active-runs", "1")
        wait_for(metadata, OPEN_BACKFILLS, 0)
        order = "SELECT string_agg(to_char(interval_start_at, 'FMDD'), ' ' ORDER BY run_id) FROM ops.run"
        assert value(db, f"{order} WHERE interval_start_at BETWEEN '2022-07-08' AND '2022-07-09'") == "9 8"
        assert value(metadata, "SELECT count(*) FROM dag_run WHERE state = 'failed'") == 2
        assert value(db, finished(8, 9)) == 0

        # what failed again, once it is put right
        execute(db, "UPDATE geo.gazetteer SET is_current = true")
        create(environment, 4, 9, "--reprocess-behavior", "failed")
        wait_for(db, finished(4, 9), 6)
        wait_for(metadata, OPEN_BACKFILLS, 0)
        assert value(metadata, "SELECT count(*) FROM dag_run WHERE state = 'failed'") == 0
        assert value(db, "SELECT string_agg(DISTINCT state, ' ') FROM mart.backfill_day") == "had"
        assert value(db, "SELECT bool_and(seen = kept + rejected + released) FROM mart.stage")

        # and all of it once more changes nothing
        held = digest(db).digest
        create(environment, 4, 9, "--reprocess-behavior", "completed")
        wait_for(metadata, OPEN_BACKFILLS, 0)
        dateline(environment, "backfill", "run", "2022-07-04", "2022-07-09", "--rerun", "all")
        assert digest(db).digest == held
        assert value(db, "SELECT count(*) FROM news.article") == len(DAYS) * PAGES
    dateline(environment, "down")
