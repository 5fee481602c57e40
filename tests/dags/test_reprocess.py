"""`news_reprocess` on real Airflow: a report without approval, a swap with it, and no difference the second time."""

from __future__ import annotations

from typing import Any

import pytest

from etl.jobs.prepare import prepare
from etl.local import airflow
from etl.settings import Settings
from etl.warehouse.connect import Warehouse
from etl.warehouse.digest import digest
from tests.conftest import NOW

DAY = {"start": "2022-07-04", "end": "2022-07-05"}


def ask(db: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def ran(name: str, **conf: object) -> None:
    result = airflow.run_dag(name, conf={**DAY, **conf})
    assert (result.state, dict(result.failed)) == ("success", {})


def test_the_seed_read_again(warehouse: Warehouse, airflow_home: Settings) -> None:
    prepare(warehouse, airflow_home, at=NOW)
    ran("news_backfill")
    right = digest(warehouse).digest
    ran("news_reprocess", approve=True)
    assert digest(warehouse).digest == right
    assert ask(warehouse, "SELECT state, count(*) FROM ops.reprocess GROUP BY 1") == [("approved", 1)]
    assert ask(warehouse, "SELECT count(*) FROM ops.shadow_difference") == [(0,)]
    # as if earlier code had read no date and another place
    ask(warehouse, "UPDATE news.content SET section = 'Sport'")
    ask(warehouse, "UPDATE news.mention SET role = 'passing' WHERE role = 'event'")
    wrong = digest(warehouse).digest
    ran("news_reprocess")
    assert digest(warehouse).digest == wrong
    assert ask(warehouse, "SELECT DISTINCT kind FROM ops.shadow_difference ORDER BY 1") == [
        ("beside",),
        ("mention_role",),
    ]
    ran("news_reprocess", approve=True, what="text,places")
    assert digest(warehouse).digest == right


def test_what_the_dag_keeps_to(airflow_home: Settings) -> None:
    dag: Any = airflow.load_dag("news_reprocess")
    assert [t.task_id for t in dag.topological_sort()] == ["begin", "shadow", "swap", "check", "tell"]
    assert all(task.retries >= 1 and task.owner == "dateline" for task in dag.tasks)
    assert not dag.catchup
    assert type(dag.timetable).__name__ == "CronDataIntervalTimetable"  # a backfill's day is the day observed
    assert "**When it fails**" in dag.doc_md
    assert dag.params["approve"] is False


@pytest.mark.parametrize("conf", [{"what": "dates"}, {"source": "nobody"}])
def test_what_cannot_be_meant_fails_at_once(warehouse: Warehouse, airflow_home: Settings, conf: dict[str, str]) -> None:
    prepare(warehouse, airflow_home, at=NOW)
    result = airflow.run_dag("news_reprocess", conf={**DAY, **conf})
    assert result.state == "failed"
    assert set(result.failed) == {"shadow"}
