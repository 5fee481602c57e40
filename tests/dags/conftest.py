"""Real Airflow in this process, on the session's server, and a warehouse with the whole gazetteer to run DAGs on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl import settings
from etl.jobs.gazetteers import load_default
from etl.local import airflow
from etl.local.databases import Databases
from etl.local.postgres import Server
from etl.warehouse import scratch
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import as_role


@pytest.fixture(scope="session")
def furnished(postgres: Server, template: str, airflow_home: settings.Settings) -> str:
    """A template with the whole gazetteer: half a minute once, a second a copy."""
    with connect(postgres.url()) as server:
        scratch.create(server, "template_furnished", template)
    with connect(scratch.at_database(postgres.url(), "template_furnished")) as db:
        load_default(db, airflow_home.home, at=datetime.now(UTC))
    return "template_furnished"


@pytest.fixture(scope="session")
def airflow_home(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[settings.Settings]:
    """Airflow, initialised once: it reads its environment at its first import."""
    home = tmp_path_factory.mktemp("airflow-home")
    configured = settings.read({"DATELINE_HOME": str(home), "DATELINE_DATABASE_URL": postgres.url()})
    databases = Databases(postgres.url(), postgres.url(role="dateline_analyst"), postgres.url("dateline_airflow"), True)
    before = dict(os.environ)
    os.environ.update(airflow.environment(configured, databases))
    airflow.initialise()
    yield configured
    airflow.close()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def warehouse(
    postgres: Server, furnished: str, airflow_home: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Warehouse]:
    """This test's own furnished warehouse, where the DAGs' tasks find it."""
    with scratch.database(postgres.url(), template=furnished) as url:
        monkeypatch.setenv("DATELINE_DATABASE_URL", as_role(postgres, url, "dateline_loader"))
        monkeypatch.setenv("DATELINE_HOST_DELAY", "0")
        with connect(url, name="test") as db:
            yield db


@pytest.fixture
def seed_text() -> str:
    return (Path(settings.ROOT) / "seeds" / "lysychansk" / "lysychansk-report.txt").read_text(encoding="utf8")
