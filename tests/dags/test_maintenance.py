"""news_maintenance through a real DAG run, and a run of another DAG whose check fails: somebody is told."""

from __future__ import annotations

from etl.jobs.prepare import prepare
from etl.local import airflow
from etl.settings import Settings
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW


def test_the_daily_round_runs_as_the_loader(warehouse: Warehouse, airflow_home: Settings) -> None:
    result = airflow.run_dag("news_maintenance")
    assert (result.state, dict(result.failed)) == ("success", {})
    with warehouse.connection.cursor() as cursor:
        cursor.execute("SELECT job, finished_at IS NOT NULL FROM ops.run")
        assert cursor.fetchall() == [("news_maintenance", True)]
        cursor.execute("SELECT count(*) FROM raw.blob")
        assert cursor.fetchone() == (0,)
    assert airflow_home.home.exists()


def test_a_failed_check_fails_the_run_and_is_an_alert(warehouse: Warehouse, airflow_home: Settings) -> None:
    prepare(warehouse, airflow_home, at=NOW)
    with warehouse.connection.cursor() as cursor:  # what extraction keeps is lost again at once
        cursor.execute(
            "CREATE FUNCTION ops.lose() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN DELETE FROM ops.coverage_day; RETURN NULL; END $$;"
            "CREATE TRIGGER lose AFTER INSERT ON ops.coverage_day FOR EACH STATEMENT EXECUTE FUNCTION ops.lose()"
        )
        result = airflow.run_dag("news_backfill", conf={"start": "2022-07-04", "end": "2022-07-05"})
        assert result.state == "failed"
        assert list(result.failed) == ["check"]
        assert "coverage_names_what_is_missing" in result.failed["check"]
        cursor.execute("SELECT alert_key, resolved_at FROM ops.alert")
        assert cursor.fetchall() == [("check:coverage_names_what_is_missing", None)]
