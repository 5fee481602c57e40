"""A component is well by a heartbeat of its own, not by that of one before it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from etl.local import health
from etl.local.components import Component, Running

BORN = datetime(2022, 7, 4, 12, tzinfo=UTC)


class Airflow(ThreadingHTTPServer):
    """Says what an api-server would say of the others."""

    said: object = None

    @property
    def running(self) -> Running:
        names = ("api-server", "scheduler", "dag-processor", "triggerer")
        born = BORN.timestamp()
        return Running(f"http://127.0.0.1:{self.server_port}", tuple(Component(n, 1, born) for n in names))


class _Answer(BaseHTTPRequestHandler):
    server: Airflow

    def do_GET(self) -> None:
        self.send_response(200 if self.server.said is not None else 503)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.said).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has in its class
        pass


@pytest.fixture
def airflow() -> Iterator[Airflow]:
    with Airflow(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def beat(name: str, at: str | None, status: str = "healthy") -> dict[str, dict[str, str | None]]:
    return {name: {"status": status, f"latest_{name}_heartbeat": at}}


def test_a_beat_from_before_a_component_was_started_is_not_its_own(airflow: Airflow) -> None:
    airflow.said = {
        **beat("scheduler", "2022-07-04T11:59:58+00:00"),
        **beat("dag_processor", "2022-07-04T12:00:04.25+00:00"),
        **beat("triggerer", None, "unhealthy"),
        "metadatabase": {"status": "healthy"},
    }
    found = health.beats(airflow.running)
    assert set(found) == {"api-server", "dag-processor"}
    assert found["dag-processor"] == datetime(2022, 7, 4, 12, 0, 4, 250_000, tzinfo=UTC)


def test_one_that_says_it_is_unwell_is_not_well(airflow: Airflow) -> None:
    airflow.said = beat("scheduler", "2022-07-04T12:01:00+00:00", "unhealthy")
    assert set(health.beats(airflow.running)) == {"api-server"}


def test_an_api_server_that_fails_or_is_away_tells_of_nobody(airflow: Airflow) -> None:
    assert health.beats(airflow.running) == {}
    assert not health.answers(airflow.running.address)
    assert health.beats(Running("http://127.0.0.1:9", ())) == {}
    airflow.said = {}
    assert health.answers(airflow.running.address)
