"""Airflow's components as background processes: what to run in; pids to remember, ask after and end out.

Each component leads a session of its own, so a Ctrl-C in the terminal does not reach it, and what it leaves behind
when it is killed can be found by its session. It is ended by a TERM to its own pid: a signal to the whole group would
hang the LocalExecutor, which ends its workers itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from etl.local.files import write_private

# In the order of starting; the api-server must answer before the others begin. Logs are read from files, not served.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
# Ended in two waves: tasks that are finishing still need the api-server.
ENDING = (("scheduler", "dag-processor", "triggerer"), ("api-server",))
STOP_SECONDS = 45  # for a task to finish; it is repeatable, so later it is cut short
_SAME_SECONDS = 5  # two readings of one process's birth differ by less


@dataclass(frozen=True)
class Component:
    """One background process."""

    name: str
    pid: int
    born: float  # seconds since 1970, as psutil tells it: a pid alone may be somebody else's by now

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return _process(self) is not None


@dataclass(frozen=True)
class Running:
    """What `up` started."""

    address: str
    components: tuple[Component, ...]


def start(name: str, env: Mapping[str, str], log: Path, *, inherited: Iterable[int] = ()) -> Component:
    """Start a component; it writes to `log` and keeps the `inherited` descriptors open as long as it lives."""
    with os.fdopen(os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", *COMMANDS[name]],
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(inherited),
        )
    process.returncode = 0  # it is not ours to wait for: it outlives us, and psutil reaps it while we are here
    return Component(name, process.pid, psutil.Process(process.pid).create_time())


def end(components: Iterable[Component]) -> list[str]:
    """End components and whatever they left behind; names of those that had to be killed."""
    known = tuple(components)
    killed = [name for wave in ENDING for name in _end([c for c in known if c.name in wave])]
    _sweep(known)
    return killed


def remember(path: Path, running: Running) -> None:
    """Write down what runs."""
    write_private(path, json.dumps(asdict(running), indent=2))


def recall(path: Path) -> Running | None:
    """What was written down, alive or not."""
    try:
        record = json.loads(path.read_text())
        return Running(record["address"], tuple(Component(**item) for item in record["components"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):  # no record, or one cut short: nothing we know of
        return None


def _end(wave: list[Component]) -> list[str]:
    """Ask a wave to end; names of those that would not, killed with all their descendants."""
    asked: dict[psutil.Process, tuple[str, list[psutil.Process]]] = {}
    for component in wave:
        process = _process(component)
        if process is not None:
            with suppress(psutil.NoSuchProcess):
                asked[process] = component.name, [process, *process.children(recursive=True)]
                process.terminate()
    _, stubborn = psutil.wait_procs(list(asked), timeout=STOP_SECONDS)
    for process in stubborn:
        _kill(asked[process][1])
    return [asked[process][0] for process in stubborn]


def _sweep(components: Iterable[Component]) -> None:
    """Kill what the sessions of dead components still hold: workers of a scheduler that was killed."""
    dead = {component.pid: component.born for component in components if _living(component.pid) is None}
    _kill([process for process in psutil.process_iter() if _is_left_by(dead, process)])


def _is_left_by(dead: Mapping[int, float], process: psutil.Process) -> bool:
    """Numbers of sessions, too, are given out again: it must be Airflow, younger than the component, and leaderless."""
    with suppress(psutil.Error, OSError):
        born = dead.get(os.getsid(process.pid))
        return born is not None and process.create_time() > born - _SAME_SECONDS and "airflow" in _title(process)
    return False


def _title(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=5)


def _process(component: Component) -> psutil.Process | None:
    process = _living(component.pid)
    with suppress(psutil.NoSuchProcess):
        if process is not None and abs(process.create_time() - component.born) < _SAME_SECONDS:
            return process
    return None


def _living(pid: int) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
