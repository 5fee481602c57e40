"""The one-shot `warehouse-roles`: its own command, against a real server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest

from etl.errors import DatabaseUnreachable
from etl.local import binaries
from etl.local.postgres import Server
from etl.warehouse.connect import connect
from etl.warehouse.migrate import migrate

Services = dict[str, dict[str, Any]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "home", f"test-{os.getpid()}-roles", port=0, options={"fsync": "off"})
    with made.lease():
        yield made
    made.destroy()


def run_service(service: dict[str, Any], server: Server, passwords: dict[str, str]) -> None:
    """Run the command with the service's environment, but this server's address and the given passwords."""
    admin = urlsplit(server.url("postgres", "postgres"))
    script = next(v["source"] for v in service["volumes"] if v["target"] == "/bootstrap.sql")
    env = {
        **service["environment"],
        **passwords,
        "PATH": f"{binaries.find().folder}:/usr/bin:/bin",
        "PGHOST": str(admin.hostname),
        "PGPORT": str(admin.port),
        "PGPASSWORD": str(admin.password),
    }
    command = [part.replace("/bootstrap.sql", script) for part in service["command"]]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")


def address(server: Server, role: str, password: str) -> str:
    return f"postgresql://{role}:{password}@127.0.0.1:{urlsplit(server.url()).port}/dateline"


def test_the_owner_is_no_superuser_yet_migrates_and_the_analyst_only_reads(services: Services, server: Server) -> None:
    passwords = {"OWNER_PASSWORD": "owner1", "LOADER_PASSWORD": "loader1", "ANALYST_PASSWORD": "reader1"}
    run_service(services["warehouse-roles"], server, passwords)
    with connect(address(server, "dateline", "owner1")) as db:
        with db.connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False,)
        assert migrate(db, today=date(2026, 1, 1)) > 0
    with connect(address(server, "dateline_loader", "loader1")) as db, db.connection.cursor() as cursor:
        cursor.execute("INSERT INTO ops.story_due VALUES ('2026-01-01')")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DROP TABLE ops.story_due")
    with (
        connect(address(server, "dateline_analyst", "reader1")) as db,
        db.connection.cursor() as cursor,
    ):
        cursor.execute("SELECT count(*) FROM news.article")
        assert cursor.fetchone() == (0,)
        cursor.execute("SET default_transaction_read_only = off")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM news.article")


def test_a_new_password_in_the_env_file_is_taken_over_by_the_next_start(services: Services, server: Server) -> None:
    for turn in ("1", "2"):
        passwords = {
            "OWNER_PASSWORD": f"owner{turn}",
            "LOADER_PASSWORD": f"loader{turn}",
            "ANALYST_PASSWORD": f"reader{turn}",
        }
        run_service(services["warehouse-roles"], server, passwords)
    with connect(address(server, "dateline", "owner2")):
        pass
    with pytest.raises(DatabaseUnreachable), connect(address(server, "dateline", "owner1")):
        pass
