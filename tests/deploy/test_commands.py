"""The shell and Python inside the compose file, run for real."""

from __future__ import annotations

import http.server
import json
import os
import re
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Services = dict[str, dict[str, Any]]


def test_the_login_is_written_for_airflow_alone_and_any_password_survives(
    services: Services, tmp_path: Path, bare_path: str
) -> None:
    airflow = tmp_path / "airflow"
    airflow.write_text('#!/bin/sh\necho "$@"\n')
    airflow.chmod(0o755)
    kept = tmp_path / "passwords.json"
    env = {
        "PATH": f"{tmp_path}:{bare_path}",
        "DATELINE_UI_PASSWORD": "a \"quote\" and a 'tick'",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(kept),
    }
    ran = subprocess.run(
        services["api-server"]["command"], env=env, capture_output=True, text=True, check=True, timeout=30
    )
    assert ran.stdout == "api-server\n"
    assert json.loads(kept.read_text()) == {"admin": env["DATELINE_UI_PASSWORD"]}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@contextmanager
def answering(body: object) -> Iterator[str]:
    """A server on loopback that gives `body` as JSON, or an error when there is none; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503 if body is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def status(of: str, is_: str | None) -> dict[str, dict[str, str | None]]:
    """The API server's health answer with one component in some state and the others well."""
    well: dict[str, dict[str, str | None]] = {
        name: {"status": "healthy"} for name in ("metadatabase", "scheduler", "triggerer", "dag_processor")
    }
    return well | {of: {"status": is_}}


@pytest.mark.parametrize(
    ("service", "answer", "well"),
    [
        ("api-server", status("scheduler", "unhealthy"), True),  # answers, so it is well
        ("api-server", None, False),
        ("scheduler", {}, True),
        ("scheduler", None, False),
        ("dag-processor", status("triggerer", "unhealthy"), True),
        ("dag-processor", status("dag_processor", "unhealthy"), False),
        ("dag-processor", status("dag_processor", None), False),  # never seen
        ("dag-processor", None, False),
        ("triggerer", status("dag_processor", "unhealthy"), True),
        ("triggerer", status("triggerer", "unhealthy"), False),
        ("triggerer", status("triggerer", None), False),
        ("triggerer", None, False),
    ],
)
def test_a_health_check_tells_well_from_ill(
    services: Services, bare_path: str, service: str, answer: object, well: bool
) -> None:
    kind, *command = services[service]["healthcheck"]["test"]
    assert kind == "CMD"
    with answering(answer) as address:
        command = [re.sub(r"(?<=//)[\w.-]+:\d+", address, part) for part in command]
        ran = subprocess.run(command, env={"PATH": bare_path}, capture_output=True, check=False, timeout=30)
    assert (ran.returncode == 0) is well, ran.stderr


def test_a_health_check_fails_when_nobody_listens(services: Services, bare_path: str) -> None:
    for name in ("api-server", "scheduler", "dag-processor", "triggerer"):
        command = [re.sub(r"(?<=//)[\w.-]+:\d+", "127.0.0.1:1", p) for p in services[name]["healthcheck"]["test"][1:]]
        ran = subprocess.run(command, env={"PATH": bare_path}, capture_output=True, check=False, timeout=30)
        assert ran.returncode != 0, name


def test_redis_gets_its_password_on_standard_input(services: Services, tmp_path: Path) -> None:
    fake = tmp_path / "redis-server"
    fake.write_text('#!/bin/sh\necho "arguments: $*"\ncat\n')
    fake.chmod(0o755)
    env = {"PATH": f"{tmp_path}{os.pathsep}/usr/bin:/bin", "REDISCLI_AUTH": "s3cret"}
    ran = subprocess.run(services["redis"]["command"], env=env, capture_output=True, text=True, check=True, timeout=30)
    assert ran.stdout.splitlines()[:2] == ["arguments: -", "requirepass s3cret"]
