"""One throwaway PostgreSQL for the session; every test that asks gets a database of its own, copied from a template."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from etl import settings
from etl.local.postgres import Role, Server
from etl.warehouse import access, scratch
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.migrate import migrate

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)  # the fixed clock
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}  # throwaway: safe from crashes it is not


def pytest_configure() -> None:
    """Tests press Ctrl-C; what a script runs in its background is deaf to it, and so would its children be."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Gzipped bytes tell the second they were made: not in names, which all processes of a run must agree on."""
    return argname if isinstance(val, bytes) and b"\x1f\x8b" in val else None


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The session's server, running."""
    server = Server(tmp_path_factory.mktemp("postgres"), f"test-{os.getpid()}", port=0, options=FAST)
    try:
        with server.lease():
            yield server
    finally:
        server.destroy()


@pytest.fixture(scope="session")
def template(postgres: Server) -> str:
    """A migrated, empty database to copy from."""
    with connect(postgres.url(), name="template") as db:
        scratch.create(db, "template_empty")
    with connect(scratch.at_database(postgres.url(), "template_empty")) as db:
        migrate(db, today=NOW.date())
        access.settle(db, access.Roles("dateline_loader", "dateline_analyst"))  # copies keep what was granted
    return "template_empty"


@pytest.fixture
def database_url(postgres: Server, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of this test's own database; for a test that asks for `filled`, one with rows in it."""
    copied = request.getfixturevalue("filled_template") if "filled" in request.fixturenames else template
    with scratch.database(postgres.url(), template=copied) as url:
        yield url


@pytest.fixture
def db(database_url: str) -> Iterator[Warehouse]:
    """This test's own database, connected."""
    with connect(database_url, name="test") as warehouse:
        yield warehouse


@pytest.fixture
def configured(tmp_path: Path, postgres: Server, database_url: str) -> settings.Settings:
    """Settings for this test's own database and an empty home."""
    return settings_of(postgres, database_url, tmp_path)


def settings_of(server: Server, url: str, folder: Path) -> settings.Settings:
    """Settings for a database of the session's server; jobs log in as the loader, as they do in earnest."""
    return settings.read(
        {
            "DATELINE_HOME": str(folder / "home"),
            "DATELINE_DATABASE_URL": as_role(server, url, "dateline_loader"),
            "DATELINE_HOST_DELAY": "0",
        }
    )


def as_role(server: Server, url: str, role: Role) -> str:
    """The same database, under another login of the session's server."""
    return server.url(urlsplit(url).path.lstrip("/"), role)
