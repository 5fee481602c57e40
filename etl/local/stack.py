"""The real Airflow in the background: settings in; an address to open, and later nothing left running, out.

New DAGs stay paused, as Airflow has it: `news_ingest` would otherwise begin to poll the Internet the moment somebody
wanted to have a look. `up` says how to unpause it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from etl.errors import AirflowError
from etl.local import components, environment, health, leases
from etl.local.components import Component, Running
from etl.local.databases import Databases, embedded, given, server
from etl.local.interrupts import insistent
from etl.local.ports import free_port
from etl.settings import ROOT, Settings

PREFERRED_PORT = 8080
START_SECONDS = 180  # for the api-server to answer, on a machine that is busy

Tell = Callable[[str], None]


def up(
    settings: Settings,
    *,
    foreground: bool = False,
    tell: Tell = print,
    dags: Path = ROOT / "dags",
    prepare: Callable[[Databases], None] | None = None,
    port: int = PREFERRED_PORT,
) -> None:
    """Start Airflow and say where it is; `prepare` may ready the warehouse first. Twice is once."""
    with _guarded(settings):
        found = components.recall(_record(settings))
        if found and all(component.is_alive for component in found.components):
            tell(f"Airflow is already up at {found.address}")
            return
        if found:  # some of it died: begin afresh
            components.end(found.components)
        running = _start(settings, dags, prepare, port, tell)
    _introduce(settings, running, tell)
    if foreground:
        _stay(settings, running, tell)


def down(settings: Settings, *, tell: Tell = print) -> None:
    """Stop what `up` started, and the embedded PostgreSQL when nobody else uses it. Twice is once."""
    if not settings.home.exists():
        tell("Nothing is up.")
        return
    with _guarded(settings):
        found = components.recall(_record(settings))
        if found is None:
            tell("Nothing is up.")
        else:
            killed = components.end(found.components)
            _record(settings).unlink(missing_ok=True)
            tell("Airflow is down." + (f" Killed, since it did not end: {', '.join(killed)}." if killed else ""))
    if not server(settings).stop_unless_used():
        tell("PostgreSQL still runs for another command.")


def status(settings: Settings, *, tell: Tell = print) -> bool:
    """Say what runs; whether all of Airflow does."""
    found = components.recall(_record(settings)) if settings.home.exists() else None
    if found is None:
        tell("Airflow is down. `dateline up` starts it.")
    else:
        beats = health.beats(found)
        tell(f"Airflow is at {found.address}")
        for component in found.components:
            state = f"runs as {component.pid}, {'healthy' if component.name in beats else 'does not answer'}"
            if not component.is_alive:
                state = f"has died; its log is {_log(settings, component.name)}"
            tell(f"  {component.name:<14} {state}")
    if settings.database_url:
        tell("PostgreSQL is the one DATELINE_DATABASE_URL names.")
    else:
        tell(f"PostgreSQL (embedded) {'runs' if server(settings).is_running() else 'is stopped'}.")
    return found is not None and all(component.is_alive for component in found.components)


def _start(
    settings: Settings, dags: Path, prepare: Callable[[Databases], None] | None, port: int, tell: Tell
) -> Running:
    with _databases_to_keep(settings) as (databases, inherited):
        if prepare:
            prepare(databases)
        chosen = free_port(port)
        address = f"http://127.0.0.1:{chosen}"
        running = Running(address, ())
        env = {
            **environment.environment(settings, databases, dags=dags),
            "AIRFLOW__API__BASE_URL": address,
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(chosen),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
            "PYTHONUNBUFFERED": "1",  # a component's last words must stand last in its log
        }
        tell("Preparing Airflow's database …")
        _initialise(env)
        try:
            for name in components.COMMANDS:
                tell(f"Starting the {name} …")
                started = components.start(name, env, _log(settings, name), inherited=inherited)
                running = Running(address, (*running.components, started))
                components.remember(_record(settings), running)
                if name == "api-server":
                    _wait(settings, running, lambda: health.answers(address))
            _settle(settings, running)
        except BaseException:  # Ctrl-C included: half an Airflow is none
            components.end(running.components)
            _record(settings).unlink(missing_ok=True)
            raise
        return running


@contextmanager
def _databases_to_keep(settings: Settings) -> Iterator[tuple[Databases, tuple[int, ...]]]:
    """The databases, and what children must inherit to keep them when we leave; given back when we fail."""
    if settings.database_url:
        yield given(settings, settings.database_url), ()
        return
    ours = server(settings)
    lease = ours.acquire()
    try:
        yield embedded(ours), (lease.descriptor,)
    except BaseException:  # whatever it was, the server must not outlive it for us
        ours.release(lease)
        raise
    lease.hand_over()


def _initialise(env: dict[str, str]) -> None:
    """Bring Airflow's database up to date, in a process of its own: ours must not have to import Airflow."""
    ran = subprocess.run(
        [sys.executable, "-c", "from etl.local import airflow; airflow.initialise()"],
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        last = (ran.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise AirflowError(last.rpartition("Airflow cannot be used: ")[2])


def _wait(settings: Settings, running: Running, is_reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_reached():
        for component in running.components:
            if not component.is_alive:
                raise _died(settings, component)
        if time.monotonic() > deadline:
            raise AirflowError(
                f"it did not answer within {START_SECONDS} seconds", f"Its logs are in {environment.folder(settings)}."
            )
        time.sleep(0.3)


def _settle(settings: Settings, running: Running) -> None:
    """Wait until all have beaten, and the scheduler again.

    It beats once before it forks its workers, and one that is told to end while it forks never does.
    """
    first: dict[str, datetime] = {}

    def is_settled() -> bool:
        beats = health.beats(running)
        first.update({name: at for name, at in beats.items() if name not in first})
        return len(first) == len(components.COMMANDS) and beats.get("scheduler") not in (None, first["scheduler"])

    _wait(settings, running, is_settled)


def _died(settings: Settings, component: Component) -> AirflowError:
    log = _log(settings, component.name)
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return AirflowError(
        f"the {component.name} ended at once: {(lines or ['it said nothing'])[-1]}", f"Its log is {log}."
    )


def _introduce(settings: Settings, running: Running, tell: Tell) -> None:
    tell(f"Airflow is up at {running.address}")
    tell(f"  Log in as {environment.USER}; the password is in {environment.password_file(settings)}")
    tell("  DAGs are paused until you say otherwise, so that nothing polls the Internet unasked:")
    tell("    dateline airflow dags unpause news_ingest")
    tell("  Stop everything with: dateline down")


def _stay(settings: Settings, running: Running, tell: Tell) -> None:
    """Watch until Ctrl-C, or until a component dies; then stop all."""
    tell("Ctrl-C stops everything.")
    try:
        with insistent():
            while all(component.is_alive for component in running.components):
                time.sleep(0.5)
        raise _died(settings, next(c for c in running.components if not c.is_alive))
    except KeyboardInterrupt:
        pass
    finally:
        down(settings, tell=tell)


def _guarded(settings: Settings) -> AbstractContextManager[None]:
    return leases.guarded(environment.folder(settings))


def _record(settings: Settings) -> Path:
    return settings.home / "airflow" / "up.json"


def _log(settings: Settings, name: str) -> Path:
    return environment.folder(settings) / f"{name}.log"
