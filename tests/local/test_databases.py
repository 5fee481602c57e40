"""Whose databases are used: the user's address always wins; otherwise the embedded server is leased."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from etl import settings
from etl.local.databases import Databases, open_databases, server
from etl.local.postgres import Server
from etl.settings import Settings
from tests.local.test_postgres import ask


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return replace(settings.read({}), home=tmp_path / "home")


def test_without_an_address_the_embedded_server_runs_as_long_as_the_context(configured: Settings) -> None:
    try:
        with open_databases(configured) as databases:
            assert databases.embedded
            assert (
                ask(databases.warehouse_url, "SELECT current_user || '@' || current_database()") == "dateline@dateline"
            )
            assert ask(databases.work_url, "SELECT current_user") == "dateline_loader"
            assert ask(databases.analyst_url, "SELECT current_user || '@' || current_database()") == (
                "dateline_analyst@dateline"
            )
            assert ask(databases.metadata_url, "SELECT current_database()") == "dateline_airflow"
        assert not server(configured).is_running()
    finally:
        server(configured).destroy()


def test_an_address_given_wins_and_starts_nothing(configured: Settings, fresh: Server) -> None:
    with fresh.lease():
        given = replace(configured, database_url=fresh.url())
        with open_databases(given) as databases:
            assert not databases.embedded
            assert databases.warehouse_url == fresh.url()
            assert ask(databases.metadata_url, "SELECT current_database()") == "dateline_airflow"
        assert fresh.is_running()  # nor is the user's server stopped
    assert not configured.home.exists()
    assert not server(configured).place.exists()


GIVEN = "postgresql://me:s%2Fcret@db.example:6432/news?sslmode=require"


@pytest.mark.parametrize(
    ("airflow_url", "expected"),
    [
        (None, "postgresql://me:s%2Fcret@db.example:6432/dateline_airflow?sslmode=require"),
        ("postgresql+psycopg2://af@elsewhere.example/af", "postgresql+psycopg2://af@elsewhere.example/af"),
    ],
)
def test_airflow_s_own_setting_says_where_its_database_is(
    configured: Settings, airflow_url: str | None, expected: str
) -> None:
    with open_databases(replace(configured, database_url=GIVEN, airflow_url=airflow_url)) as databases:
        assert databases.metadata_url == expected


def test_airflow_s_own_setting_is_not_followed_by_the_embedded_server(configured: Settings) -> None:
    """Who has a production Airflow in the environment wants no demo runs in it."""
    elsewhere = replace(configured, airflow_url="postgresql://production.example/airflow")
    try:
        with open_databases(elsewhere) as databases:
            assert "production.example" not in databases.metadata_url
    finally:
        server(configured).destroy()


def test_the_analyst_s_login_is_the_user_s_own_where_there_is_one(configured: Settings) -> None:
    analyst = "postgresql://reader@db.example/news"
    with open_databases(replace(configured, database_url=GIVEN, analyst_url=analyst)) as databases:
        assert databases.analyst_url == analyst
    with open_databases(replace(configured, database_url=GIVEN)) as databases:
        assert databases.analyst_url == databases.work_url == GIVEN
    loader = "postgresql://writer@db.example/news"
    with open_databases(replace(configured, database_url=GIVEN, loader_url=loader)) as databases:
        assert databases.work_url == loader


def test_passwords_do_not_show_in_a_traceback() -> None:
    assert "secret" not in repr(Databases("x:secret@h", "x:secret@h", "x:secret@h", embedded=True))
