"""`news_backfill` with `dry_run`: the plan in the log and its counts in XCom, and nothing done."""

from __future__ import annotations

from etl.jobs.prepare import prepare
from etl.local import airflow
from etl.settings import Settings
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW


def test_a_dry_run_says_what_it_would_do_and_does_nothing(warehouse: Warehouse, airflow_home: Settings) -> None:
    prepare(warehouse, airflow_home, at=NOW)
    conf = {"start": "2022-07-04", "end": "2022-07-05", "dry_run": True, "sources": ["lysychansk-report"]}
    result = airflow.run_dag("news_backfill", conf=conf)
    assert (result.state, dict(result.failed)) == ("success", {})
    with warehouse.connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM ops.run) + (SELECT count(*) FROM ops.work)")
        assert cursor.fetchall() == [(0,)]

    from airflow.models.taskinstance import TaskInstance
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        states = dict(
            session.execute(
                select(TaskInstance.task_id, TaskInstance.state).where(TaskInstance.run_id == result.run_id)
            ).all()
        )
        [plan] = session.scalars(
            select(XComModel.value).where(XComModel.run_id == result.run_id, XComModel.key == "plan")
        ).all()
    assert states.pop("plan") == "success"
    assert states.pop("tell") == "success"  # comes last, however a run went
    assert set(states.values()) == {"skipped"}
    assert (XComModel.deserialize_value(type("Row", (), {"value": plan})))["pages"] == 1
