"""What Airflow and its tasks find in their environment."""

from __future__ import annotations

import base64
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from etl import settings
from etl.local import environment
from etl.local.databases import Databases
from etl.settings import ROOT, Settings

DATABASES = Databases("postgresql://w", "postgresql://a", "postgresql://m/dateline_airflow", embedded=True)


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return replace(settings.read({}), home=tmp_path / "home")


def test_tasks_are_given_the_warehouse_so_that_none_starts_a_server(configured: Settings) -> None:
    env = environment.environment(configured, DATABASES)
    seen = settings.read(env)
    assert seen.database_url == "postgresql://w"
    loading = environment.environment(configured, replace(DATABASES, loader_url="postgresql://l"))
    assert loading["DATELINE_DATABASE_URL"] == "postgresql://l"
    assert "postgresql://w" not in loading.values()
    assert seen.analyst_url == "postgresql://a"
    assert seen.home == configured.home
    assert seen.sources_file == configured.sources_file
    assert env["AIRFLOW__CORE__DAGS_FOLDER"] == str(ROOT / "dags")


def test_secrets_are_made_once_and_private(configured: Settings) -> None:
    first = environment.environment(configured, DATABASES)
    assert environment.environment(configured, DATABASES) == first
    secrets = {first[k] for k in first if "SECRET" in k or "FERNET" in k}
    assert len(secrets) == 3
    assert len(base64.urlsafe_b64decode(first["AIRFLOW__CORE__FERNET_KEY"])) == 32
    home = environment.folder(configured)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {0o600}


def test_a_login_written_by_airflow_itself_is_tightened(configured: Settings) -> None:
    path = environment.folder(configured) / "login.json"
    path.write_text(json.dumps({"admin": "chosen by hand"}))
    path.chmod(0o644)
    assert environment.password(configured) == "chosen by hand"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"),
        ("postgres://u:p@h/d", "postgresql+psycopg2://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("mysql://u:p@h/d", "mysql://u:p@h/d"),
    ],
)
def test_the_driver_is_named_unless_the_user_named_one(configured: Settings, url: str, expected: str) -> None:
    env = environment.environment(configured, replace(DATABASES, metadata_url=url))
    assert env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == expected
