"""news_maintenance through a real DAG run, and a run of another DAG whose check fails: somebody is told."""

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


def test_a_failed_check_fails_the_run_and_is_an_alert(lean: Warehouse) -> None:
    with lean.connection.cursor() as cursor:  # of every run an item is lost
        cursor.execute(
            "CREATE FUNCTION ops.lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO ops.ledger (run_id, stage, item_key, state, at) "
            "VALUES (NEW.run_id, 'fetch', 'x', 'claimed', now()); "
            "RETURN NULL; END $$; "
            "CREATE TRIGGER lose AFTER INSERT ON ops.run FOR EACH ROW EXECUTE FUNCTION ops.lose()"
        )
        result = airflow.run_dag("news_ingest")
        assert result.state == "failed"
        assert list(result.failed) == ["check"]
        assert "ledger_balances" in result.failed["check"]
        cursor.execute("SELECT alert_key, resolved_at FROM ops.alert")
        assert cursor.fetchall() == [("check:ledger_balances", None)]
