"""What every DAG of ours keeps to."""

from __future__ import annotations

from typing import Any

import psycopg2
import pytest

from etl.errors import ChecksFailed, DatabaseUnreachable, RegistryError, SettingError
from etl.local import airflow
from etl.settings import ROOT, Settings

DAGS = ["news_backfill", "news_ingest"]
EVERY = sorted(path.stem for path in (ROOT / "dags").glob("news_*.py"))
STAGES = ["fetch", "extract", "deduplicate", "geotag", "check"]


@pytest.fixture(params=DAGS)
def dag(request: pytest.FixtureRequest, airflow_home: Settings) -> Any:
    return airflow.load_dag(request.param)


def test_tasks_are_named_by_their_stage(dag: Any) -> None:
    assert set(STAGES) <= set(dag.task_ids)
    assert dag.task_dict["extract"].upstream_task_ids >= {"fetch"}
    assert dag.task_dict["check"].upstream_task_ids >= {"deduplicate", "geotag"}
    assert dag.task_dict["fetch"].is_mapped


@pytest.fixture(params=EVERY)
def any_dag(request: pytest.FixtureRequest, airflow_home: Settings) -> Any:
    return airflow.load_dag(request.param)


def test_every_task_is_retried_and_owned(any_dag: Any) -> None:
    assert all(task.retries >= 1 and task.owner == "dateline" for task in any_dag.tasks)


def test_whoever_is_to_know_is_told_last_and_it_decides_nothing(any_dag: Any) -> None:
    told = any_dag.task_dict["tell"]
    assert told.is_teardown
    assert not told.on_failure_fail_dagrun
    assert told.downstream_task_ids == set()
    assert len(any_dag.leaves) == 1


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (SettingError("DATELINE_HOSTS"), "fail"),
        (RegistryError("sources.yaml"), "fail"),
        (ChecksFailed("dates_are_sane"), "fail"),
        (DatabaseUnreachable("postgresql://"), "retry"),
        (psycopg2.OperationalError("server closed the connection"), "retry"),
        (ValueError("a bug"), "default"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_the_kind_of_failure_decides_whether_it_is_tried_again(dag: Any, error: Exception, action: str) -> None:
    for task in dag.tasks:
        told = task.retry_policy.evaluate(error, 1, task.retries)
        assert told.action.value == action, task.task_id
        rules = type(task.retry_policy).deserialize(task.retry_policy.serialize())  # as the scheduler keeps it
        assert rules.evaluate(error, 1, task.retries).action == told.action


def test_fetch_tasks_share_a_pool(dag: Any) -> None:
    assert dag.task_dict["fetch"].pool == airflow.FETCH_POOL
    assert {task.pool for task in dag.tasks if task.task_id != "fetch"} == {"default_pool"}


def test_a_dag_says_what_it_does_and_what_to_do_when_it_fails(any_dag: Any) -> None:
    assert "**When it fails**" in any_dag.doc_md
    assert "dateline" in any_dag.tags


def test_no_dag_catches_up_by_itself_and_each_has_a_real_interval(any_dag: Any) -> None:
    assert not any_dag.catchup
    assert type(any_dag.timetable).__name__ == "CronDataIntervalTimetable"


def test_every_pool_a_task_names_exists(dag: Any) -> None:
    from airflow.models.pool import Pool

    assert all(Pool.get_pool(task.pool) for task in dag.tasks)


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda p: p.name)
def test_a_dag_file_is_a_table_of_contents(path: Any) -> None:
    text = path.read_text(encoding="utf8")
    assert len(text.splitlines()) <= 80
    top = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
    assert not [line for line in top if line.split()[1].startswith("etl")], "imports of ours stand inside tasks"
