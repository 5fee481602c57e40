"""news_maintenance through a real DAG run, and a run of another DAG that fails: it stays failed, somebody is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from etl.local import airflow
from etl.local.postgres import Server
from etl.settings import Settings
from etl.warehouse import scratch
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import as_role


@pytest.fixture
def lean(
    postgres: Server, template: str, airflow_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Warehouse]:
    """A warehouse without a gazetteer or sources, where the DAGs' tasks find it."""
    assert airflow_home
    with scratch.database(postgres.url(), template=template) as url:
        monkeypatch.setenv("DATELINE_DATABASE_URL", as_role(postgres, url, "dateline_loader"))
        with connect(url, name="test") as db:
            yield db


def test_the_daily_round_runs_as_the_loader(lean: Warehouse) -> None:
    result = airflow.run_dag("news_maintenance")
    assert (result.state, dict(result.failed)) == ("success", {})
    with lean.connection.cursor() as cursor:
        cursor.execute("SELECT job, finished_at IS NOT NULL FROM ops.run")
        assert cursor.fetchall() == [("news_maintenance", True)]


def test_a_run_that_fails_stays_failed_and_is_an_alert(lean: Warehouse) -> None:
    """Nothing can be geotagged without a gazetteer, so the run does not get to its checks."""
    result = airflow.run_dag("news_ingest")
    assert (result.state, list(result.failed)) == ("failed", ["geotag"])
    with lean.connection.cursor() as cursor:
        cursor.execute("SELECT alert_key, resolved_at FROM ops.alert")
        assert cursor.fetchall() == [("run:news_ingest", None)]
