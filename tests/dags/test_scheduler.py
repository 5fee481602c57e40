"""The real components, as an operator runs them: `dateline up`, trigger, backfill, backfill again, `dateline down`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from etl import settings
from etl.local import outlets
from etl.local.databases import server
from etl.sources import registry
from etl.warehouse.connect import Warehouse, connect

DATELINE = Path(sys.executable).parent / "dateline"
Run = Callable[..., str]


@pytest.fixture
def environment(tmp_path: Path, samples: outlets.Outlets) -> dict[str, str]:
    """A home and a registry of this test's own: the seed archive and the sample outlets, pinned to their server."""
    path = tmp_path / "sources.yaml"
    seeds = settings.ROOT / "seeds"
    archive = f"  - name: lysychansk-report\n    kind: files\n    url: {seeds / 'lysychansk'}\n    outlet: null\n"
    path.write_text("sources:\n" + archive + registry.dump(samples.sources), encoding="utf8")
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DATELINE"))},
        "DATELINE_HOME": str(tmp_path / "home"),
        "DATELINE_SOURCES": str(path),
        "DATELINE_HOSTS": ",".join(f"{host}={address}" for host, address in samples.pins.items()),
        "DATELINE_HOST_DELAY": "0",
    }


@pytest.fixture
def samples() -> Iterator[outlets.Outlets]:
    with outlets.serve(final=True) as running:
        yield running


@pytest.fixture
def dateline(environment: dict[str, str]) -> Iterator[Run]:
    """Runs the command; whatever happens, nothing is left running."""

    def run(*words: str) -> str:
        done = subprocess.run([DATELINE, *words], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stdout[-2000:]} {done.stderr[-2000:]}"
        return done.stdout

    yield run
    subprocess.run([DATELINE, "down", "--destroy"], env=environment, check=True)


def value(db: Warehouse, question: str) -> object:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        [(found,)] = cursor.fetchall()
        return found


def wait_for(db: Warehouse, question: str, wanted: object, *, seconds: int = 420) -> None:
    """Until the answer is at least `wanted`."""
    deadline = time.monotonic() + seconds
    while (found := value(db, question)) < wanted:  # type: ignore[operator]
        assert time.monotonic() < deadline, f"{question}: still {found}, not {wanted}"
        time.sleep(1)


FINISHED = "SELECT count(*) FROM ops.run WHERE finished_at IS NOT NULL AND job = "
JULY = f"{FINISHED} 'news_backfill' AND interval_start_at BETWEEN '2022-07-01' AND '2022-07-08'"
FROM_SEED = "SELECT count(*) FROM mart.article WHERE source_name = 'lysychansk-report'"
READINGS = "SELECT count(*) FROM ops.fetch WHERE kind = 'file'"
OPEN_BACKFILLS = "SELECT -count(*) FROM backfill WHERE completed_at IS NULL"
BACKFILL = (
    "airflow",
    "backfill",
    "create",
    "--dag-id",
    "news_backfill",
    "--from-date",
    "2022-07-01",
    "--to-date",
    "2022-07-08",
)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_day_at_the_scheduler(dateline: Run, environment: dict[str, str]) -> None:
    told = dateline("up")
    assert "http://127.0.0.1:" in told
    assert "Log in as" in told
    home = server(settings.read(environment))
    with home.lease(), connect(home.url()) as db, connect(home.url("dateline_airflow")) as metadata:
        dateline("airflow", "dags", "unpause", "-y", "news_ingest")
        dateline("airflow", "dags", "trigger", "news_ingest", "--conf", '{"force": true}')
        wait_for(db, f"{FINISHED} 'news_ingest'", 2)  # the one triggered, and the schedule's own first
        assert value(db, "SELECT count(*) FROM mart.article") == 12
        assert value(db, "SELECT bool_and(seen = kept + rejected + released) FROM mart.stage")
        dateline("airflow", "dags", "pause", "-y", "news_ingest")

        dateline("airflow", "dags", "unpause", "-y", "news_backfill")
        dateline(*BACKFILL)
        wait_for(db, JULY, 8)
        assert value(db, FROM_SEED) == 1
        assert value(db, READINGS) == 1
        wait_for(metadata, OPEN_BACKFILLS, 0)
        before, ended = value(db, "SELECT now()"), db.value("data_digest")

        dateline(*BACKFILL, "--reprocess-behavior", "completed")
        wait_for(db, f"{JULY} AND finished_at > '{before}'", 8)
        assert value(db, READINGS) == 2  # the tasks did run again
        assert value(db, FROM_SEED) == 1
        assert db.value("data_digest") == ended
        assert "scheduler" in dateline("status")
    dateline("down")
    mine = str(environment["DATELINE_HOME"])
    assert not [
        p for p in psutil.process_iter(["environ"]) if mine in str((p.info["environ"] or {}).get("DATELINE_HOME"))
    ]
