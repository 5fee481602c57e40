"""Whole DAG runs in one process. Airflow reads its environment once, at import: each story is a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etl.local.postgres import Server
from etl.settings import ROOT

DAG = '''
"""A DAG with a task that can fail, mapped tasks, and one that takes its time."""
import os, signal, threading, time
from datetime import datetime, timedelta, timezone
from airflow.sdk import dag, get_current_context, task

@dag(schedule=None, start_date=datetime(2022, 1, 1, tzinfo=timezone.utc), catchup=False,
     default_args={"retries": 1, "retry_delay": timedelta(0)})
def tiny():
    @task
    def first():
        print("noise of a task")
        return [1, 2]

    @task
    def each(number):
        context = get_current_context()
        conf = context["dag_run"].conf or {}
        if conf.get("fail") == number:
            raise ValueError(f"{number} is not to my liking\\nand more")
        if conf.get("interrupt") == number:
            if context["ti"].try_number == 1:
                threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            time.sleep(60)

    @task
    def last(numbers):
        pass

    last(each.expand(number=first()))

tiny()
'''

STORY = """
import json, os, sys, time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from etl import settings
from etl.errors import AirflowError
from etl.local import airflow
from etl.local.databases import open_databases

home, dags, url = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
said = {}
configured = replace(settings.read({}), home=home, database_url=url)

def attempt(call):
    try:
        return call()
    except (AirflowError, KeyboardInterrupt) as error:
        return f"{type(error).__name__} {error}"

with open_databases(configured) as databases:
    os.environ.update(airflow.environment(configured, databases, dags=dags))
    STEPS
    airflow.close()
print(json.dumps(said))
"""

ALL = """
    airflow.initialise()
    from airflow.models.dagrun import DagRun
    from airflow.models.pool import Pool
    said["pool"] = Pool.get_pool("fetch").slots
    Pool.create_or_update_pool("fetch", 9, "resized by hand", include_deferred=False)
    began = time.monotonic()
    airflow.initialise()
    said["again_s"] = time.monotonic() - began
    said["pool_after"] = Pool.get_pool("fetch").slots
    said["good"] = asdict(airflow.run_dag("tiny", logical_date=datetime(2022, 7, 4, tzinfo=UTC)))
    said["same_day"] = asdict(airflow.run_dag("tiny", logical_date=datetime(2022, 7, 4, tzinfo=UTC)))
    said["dates"] = [str(r.logical_date) for r in DagRun.find(dag_id="tiny")]
    said["dateless"] = asdict(airflow.run_dag("tiny"))
    said["dates"] += [str(r.logical_date) for r in DagRun.find(run_id=said["dateless"]["run_id"])]
    said["bad"] = asdict(airflow.run_dag("tiny", conf={"fail": 2}))
    said["well_again"] = asdict(airflow.run_dag("tiny"))
    began = time.monotonic()
    said["interrupted"] = attempt(lambda: airflow.run_dag("tiny", conf={"interrupt": 1}))
    said["interrupted_s"] = time.monotonic() - began
    said["states"] = sorted(str(r.state) for r in DagRun.find(dag_id="tiny"))
    said["unknown"] = attempt(lambda: airflow.load_dag("nix"))
    (dags / "broken.py").write_text("from airflow.sdk import dag\\n\\nimport no_such_module\\n")
    said["broken"] = attempt(lambda: airflow.load_dag("tiny"))
"""


def tell(story: str, *, home: Path, dags: Path, url: str) -> subprocess.CompletedProcess[str]:
    steps = STORY.replace("    STEPS", story.strip("\n"))
    arguments = [sys.executable, "-c", steps, str(home), str(dags), url]
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One process through all of it: Airflow's start is most of the time."""
    folder = tmp_path_factory.mktemp("airflow")
    (folder / "dags").mkdir()
    (folder / "dags" / "tiny.py").write_text(DAG)
    server = Server(folder / "server", f"test-airflow-{folder.name}", port=0, options={"fsync": "off"})
    try:
        with server.lease():
            ran = tell(ALL, home=folder / "home", dags=folder / "dags", url=server.url())
    finally:
        server.destroy()
    assert ran.returncode == 0, ran.stderr
    *noise, last = ran.stdout.splitlines()
    return {
        **json.loads(last),
        "noise": noise,
        "stderr": ran.stderr,
        "log": (folder / "home/airflow/demo.log").read_text(),
    }


def test_the_fetch_pool_is_made_once_and_then_the_operator_s(said: Any) -> None:
    assert (said["pool"], said["pool_after"]) == (4, 9)


def test_a_database_at_head_is_not_migrated_again(said: Any) -> None:
    assert said["again_s"] < 3  # 0.4 s measured; a migration takes longer even on an idle machine


def test_a_run_succeeds_with_and_without_a_date_and_may_be_repeated(said: Any) -> None:
    for name in ("good", "same_day", "dateless", "well_again"):
        assert said[name]["state"] == "success", name
        assert said[name]["failed"] == {}
    assert said["dates"] == ["2022-07-04 00:00:00+00:00", "None"]  # a day repeated is one run


def test_a_failed_task_is_named_with_its_own_words_and_line(said: Any) -> None:
    line = next(n for n, text in enumerate(DAG.splitlines(), 1) if "raise ValueError" in text)
    assert said["bad"]["state"] == "failed"
    assert said["bad"]["failed"] == {"each[1]": f"ValueError: 2 is not to my liking (dags/tiny.py:{line})"}


def test_ctrl_c_inside_a_task_ends_the_run_and_leaves_none_running(said: Any) -> None:
    assert said["interrupted"].startswith("KeyboardInterrupt")
    assert said["interrupted_s"] < 30
    assert set(said["states"]) == {"success", "failed"}


def test_an_unknown_dag_is_answered_with_the_known(said: Any) -> None:
    assert said["unknown"] == "AirflowError Airflow cannot be used: there is no DAG nix. Known are tiny."


def test_a_dag_file_that_cannot_be_imported_is_named_with_the_line(said: Any) -> None:
    assert (
        "broken.py cannot be imported. Line 3: ModuleNotFoundError: No module named 'no_such_module'" in said["broken"]
    )


def test_the_terminal_stays_clean_and_the_log_has_it_all(said: Any) -> None:
    assert (said["noise"], said["stderr"]) == ([], "")
    assert "noise of a task" in said["log"]
    assert "2 is not to my liking" in said["log"]


def test_a_missing_metadata_database_is_refused_with_what_to_do(
    shared_home: Path, server: Server, tmp_path: Path
) -> None:
    with server.lease():
        url = server.url("no_such_database")
        story = """
    from etl.local.databases import given
    elsewhere = given(replace(configured, airflow_url=url), url)
    os.environ.update(airflow.environment(configured, elsewhere, dags=dags))
    said["refusal"] = attempt(airflow.initialise)
"""
        ran = tell(story, home=tmp_path, dags=tmp_path, url=url)
    assert ran.returncode == 0, ran.stderr
    refusal = json.loads(ran.stdout)["refusal"]
    assert 'database "no_such_database" does not exist' in refusal
    assert "Create a database dateline_airflow on your server" in refusal
    assert "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN" in refusal
    assert "@127.0.0.1" not in refusal  # no address, no password
