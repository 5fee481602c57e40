"""`up`, `down`, `status`: what is remembered, what is ended, and the real components once."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from etl import settings
from etl.errors import AirflowError
from etl.local import components, stack
from etl.local.components import Component, Running
from etl.local.databases import server
from etl.settings import Settings

DAG = """
from datetime import datetime, timezone
from airflow.sdk import dag, task

@dag(schedule=None, start_date=datetime(2022, 1, 1, tzinfo=timezone.utc), catchup=False)
def tiny():
    @task(retries=1)
    def only():
        pass
    only()

tiny()
"""


@pytest.fixture
def configured(tmp_path: Path) -> Iterator[Settings]:
    made = replace(settings.read({}), home=tmp_path / "home")
    yield made
    stack.down(made, tell=lambda _: None)
    server(made).destroy()


@pytest.fixture
def dags(tmp_path: Path) -> Path:
    folder = tmp_path / "dags"
    folder.mkdir()
    (folder / "tiny.py").write_text(DAG)
    return folder


def told(call: Callable[..., object], configured: Settings, **options: object) -> str:
    lines: list[str] = []
    call(configured, tell=lines.append, **options)
    return "\n".join(lines)


@pytest.fixture
def stand_in() -> Iterator[Callable[..., Component]]:
    """Start a process that only looks like a component: `airflow` in its title, and in a session of its own."""
    begun = []

    def start(name: str, code: str = "import time; time.sleep(60)") -> Component:
        process = subprocess.Popen([sys.executable, "-c", code, "airflow"], start_new_session=True)
        begun.append(process)
        return Component(name, process.pid, psutil.Process(process.pid).create_time())

    yield start
    for process in begun:
        process.kill()
        process.wait()


def test_nothing_up_is_no_trouble(configured: Settings) -> None:
    assert "Airflow is down" in told(stack.status, configured)
    assert told(stack.down, configured) == "Nothing is up."
    assert not configured.home.exists()


def test_a_pid_that_belongs_to_another_now_is_neither_believed_nor_ended(stand_in: Callable[..., Component]) -> None:
    stranger = stand_in("stranger")
    stale = Component("scheduler", stranger.pid, stranger.born - 3600)
    assert not stale.is_alive
    assert components.end([stale]) == []
    assert stranger.is_alive


def test_what_runs_is_remembered_privately_and_recalled(tmp_path: Path) -> None:
    path = tmp_path / "up.json"
    running = Running("http://127.0.0.1:8080", (Component("scheduler", 1, 2.5),))
    components.remember(path, running)
    assert components.recall(path) == running
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"address": "x"}', '{"address": "x", "components": [{"odd": 1}]}'])
def test_a_broken_record_is_no_record(tmp_path: Path, text: str) -> None:
    path = tmp_path / "up.json"
    path.write_text(text)
    assert components.recall(path) is None
    assert components.recall(tmp_path / "missing") is None


def test_tasks_may_finish_before_the_api_server_is_ended(stand_in: Callable[..., Component], tmp_path: Path) -> None:
    note = "import signal, sys, time\ndef end(*_):\n    {}\n    open({!r}, 'a').write({!r} + ' ')\n    sys.exit()\n"
    note += "signal.signal(signal.SIGTERM, end)\nopen({!r}, 'w').close()\ntime.sleep(60)"
    order, started = str(tmp_path / "order"), []
    for name, pause in (("api-server", "pass"), ("scheduler", "time.sleep(1)")):
        ready = tmp_path / name
        started.append(stand_in(name, note.format(pause, order, name, str(ready))))
        while not ready.exists():
            time.sleep(0.02)
    assert components.end(started) == []
    assert Path(order).read_text() == "scheduler api-server "


def test_what_will_not_end_is_killed_with_its_children(
    stand_in: Callable[..., Component], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(components, "STOP_SECONDS", 0.5)
    ready = tmp_path / "ready"
    deaf = stand_in(
        "scheduler",
        "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nos.fork()\n"
        f"open({str(ready)!r}, 'a').write('x')\ntime.sleep(60)",
    )
    while not ready.exists() or len(ready.read_text()) < 2:
        time.sleep(0.02)
    children = psutil.Process(deaf.pid).children()
    assert components.end([deaf]) == ["scheduler"]
    assert not deaf.is_alive
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_the_workers_of_a_killed_scheduler_are_found_and_ended(
    stand_in: Callable[..., Component], tmp_path: Path
) -> None:
    child = tmp_path / "child"
    scheduler = stand_in(
        "scheduler",
        "import os, time\npid = os.fork()\nif pid:\n"
        f"    open('{child}.part', 'w').write(str(pid))\n    os.rename('{child}.part', '{child}')\n"
        "time.sleep(60)",
    )
    while not child.exists():
        time.sleep(0.02)
    worker = psutil.Process(int(child.read_text()))
    psutil.Process(scheduler.pid).kill()
    while scheduler.is_alive:
        time.sleep(0.02)
    assert worker.is_running()
    components.end([scheduler])
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


def test_a_component_that_ends_at_once_is_told_with_its_last_words(
    configured: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack, "_initialise", lambda env: None)
    monkeypatch.setattr(components, "COMMANDS", {"api-server": ("no-such-command",)})
    with pytest.raises(AirflowError, match=r"the api-server ended at once: .*no-such-command.*api-server\.log"):
        stack.up(configured, tell=lambda _: None)
    assert not server(configured).is_running()
    assert "Airflow is down" in told(stack.status, configured)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_real_components_start_once_outlive_a_kill_and_stop(configured: Settings, dags: Path) -> None:
    home = configured.home
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        words = told(stack.up, configured, dags=dags, port=port)
    found = components.recall(home / "airflow" / "up.json")
    assert found is not None
    assert found.address in words
    assert f":{port}" not in found.address  # that port was busy
    assert "unpause" in words
    assert "already up" in told(stack.up, configured, dags=dags)
    assert told(stack.status, configured).count("healthy") == 4
    assert server(configured).users()  # held by the components: the process that started them did not keep it

    password = json.loads((home / "airflow" / "login.json").read_text())["admin"]
    assert stat.S_IMODE((home / "airflow" / "login.json").stat().st_mode) == 0o600
    logs = [path for path in (home / "airflow").rglob("*") if path.is_file() and path.suffix in (".log", ".cfg")]
    assert logs
    assert password not in words + "".join(path.read_text(errors="replace") for path in logs)

    scheduler = next(c for c in found.components if c.name == "scheduler")
    os.kill(scheduler.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while scheduler.is_alive and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "scheduler      has died" in told(stack.status, configured)
    workers = [p for p in psutil.process_iter(["cmdline"]) if _session(p.pid) == scheduler.pid]
    assert "already up" not in told(stack.up, configured, dags=dags)  # begins afresh
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]

    again = components.recall(home / "airflow" / "up.json")
    assert again is not None
    assert told(stack.down, configured) == "Airflow is down."
    assert not [c for c in again.components if c.is_alive]
    assert not server(configured).is_running()
    assert told(stack.down, configured) == "Nothing is up."


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_in_the_foreground_ctrl_c_stops_everything(configured: Settings, dags: Path) -> None:
    said: list[str] = []

    def tell(line: str) -> None:
        said.append(line)
        if line.startswith("Ctrl-C"):
            threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()

    stack.up(configured, foreground=True, tell=tell, dags=dags)
    assert said[-1] == "Airflow is down."
    assert not server(configured).is_running()


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except OSError:
        return None
