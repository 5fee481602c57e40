"""Airflow in one process, for the demo and for tests: a DAG's id in, the result of a whole run out.

Order matters: put `environment(…)` into `os.environ`, then `initialise()`, `load_dag()`, `run_dag()` as often as
needed, then `close()` before the database stops. What Airflow prints goes to `airflow/demo.log` in the home.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from etl.errors import AirflowError
from etl.local.environment import environment
from etl.local.interrupts import insistent

if TYPE_CHECKING:
    from airflow.sdk import DAG

__all__ = ["RunResult", "close", "environment", "initialise", "load_dag", "log_file", "run_dag"]

FETCH_POOL, FETCH_SLOTS = "fetch", 4  # fetch tasks at once, over all runs
BUNDLE = "dags-folder"  # Airflow's name for the one folder of DAGs
_NO_REASON = "it gave no reason"


_DATABASE_HINT = (
    "Create a database dateline_airflow on your server, owned by the login of DATELINE_DATABASE_URL, "
    "or name another in AIRFLOW__DATABASE__SQL_ALCHEMY_CONN."
)


@dataclass(frozen=True)
class RunResult:
    """How a run ended."""

    state: str  # "success" or "failed"
    run_id: str
    failed: Mapping[str, str]  # task id, with [index] where the task is mapped → what was raised and where, one line


def initialise() -> None:
    """Bring Airflow's database to this version and make sure of the pools: a task without a pool is never scheduled."""
    with _aside(), _collector_paused():
        from sqlalchemy.exc import OperationalError

        _refuse_late_environment()
        _keep_aside()
        from airflow.models.pool import Pool
        from airflow.utils import db

        try:
            try:
                db.check_migrations(0)  # type: ignore[no-untyped-call]
            except TimeoutError:
                db.initdb()
            if Pool.get_pool(FETCH_POOL) is None:  # once made it is the operator's to resize
                Pool.create_or_update_pool(FETCH_POOL, FETCH_SLOTS, "Fetch tasks at once", include_deferred=False)
        except OperationalError as error:
            raise AirflowError(f"its database cannot be reached ({_first_line(error)})", _DATABASE_HINT) from None


def load_dag(dag_id: str) -> DAG:
    """Load a DAG. Any file of the folder that cannot be imported is an AirflowError that names file and line."""
    with _aside():
        from airflow.dag_processing.dagbag import BundleDagBag

        folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])  # set by `environment`
        bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name=BUNDLE)
    for path, problem in sorted(bag.import_errors.items()):
        raise AirflowError(f"{path} cannot be imported", _blame(Path(path).name, problem))
    if dag_id not in bag.dags:
        raise AirflowError(f"there is no DAG {dag_id}", f"Known are {', '.join(sorted(bag.dags)) or 'none'}.")
    return bag.dags[dag_id]


def run_dag(dag_id: str, *, logical_date: datetime | None = None, conf: dict[str, Any] | None = None) -> RunResult:
    """Run a DAG to its end in this process, every task included. Interrupted, the run is left failed, not running."""
    dag = load_dag(dag_id)
    with _aside():
        _warm_up()
        errors = _errors()
        errors.clear()
        try:
            with insistent():
                run = dag.test(logical_date=logical_date, run_conf=conf)
        except BaseException:  # Ctrl-C above all: a run left running would be taken up by a later scheduler
            _fail_unfinished(dag_id)
            raise
        failed = sorted(_name(t) for t in run.get_task_instances() if t.state == "failed")
        return RunResult(str(run.state.value), run.run_id, {name: errors.get(name, _NO_REASON) for name in failed})


def close() -> None:
    """Let go of Airflow's database; nothing of Airflow can be used afterwards in this process."""
    if "airflow" in sys.modules:
        from airflow.settings import dispose_orm

        dispose_orm()


def log_file() -> Path:
    """Where everything Airflow prints is kept."""
    return Path(os.environ["AIRFLOW_HOME"]) / "demo.log"  # set by `environment`


def _refuse_late_environment() -> None:
    import airflow.configuration

    if str(airflow.configuration.AIRFLOW_HOME) != os.environ["AIRFLOW_HOME"]:
        raise AirflowError("it was imported before its environment was set", "Start a new process.")


@cache
def _warm_up() -> None:
    """Build the API that tasks talk to, once: it takes most of the start, a third less without the collector."""
    from airflow.sdk.execution_time.supervisor import in_process_api_server
    from httpx import Client

    with _collector_paused():
        Client(transport=in_process_api_server().transport, base_url="http://in-process.invalid").get("/health")


@cache
def _errors() -> dict[str, str]:
    """The last error of each task; `dag.test` itself keeps none."""
    from airflow.listeners import hookimpl
    from airflow.sdk.listener import get_listener_manager

    errors: dict[str, str] = {}

    class Listener:
        @hookimpl
        def on_task_instance_failed(self, task_instance: Any, error: BaseException | str | None) -> None:
            errors[_name(task_instance)] = _one_line(error)

    get_listener_manager().add_listener(Listener())  # type: ignore[no-untyped-call]
    return errors


def _name(task_instance: Any) -> str:
    index = task_instance.map_index
    return str(task_instance.task_id) + (f"[{index}]" if index is not None and index >= 0 else "")


def _fail_unfinished(dag_id: str) -> None:
    """Whole-table updates, since the API's thread may still be writing to the task that was interrupted."""
    from airflow.models.dagrun import DagRun
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState, State, TaskInstanceState
    from airflow.utils.types import DagRunTriggeredByType
    from sqlalchemy import select, update

    ours = (DagRun.dag_id == dag_id, DagRun.triggered_by == DagRunTriggeredByType.TEST)
    unfinished = (*ours, DagRun.state == DagRunState.RUNNING)
    is_open = TaskInstance.state.is_(None) | TaskInstance.state.not_in(State.finished)
    in_run = TaskInstance.run_id.in_(select(DagRun.run_id).where(*unfinished))
    with create_session(scoped=False) as session:  # the interrupted one may be in any state
        task_update = update(TaskInstance).where(TaskInstance.dag_id == dag_id, in_run, is_open)
        session.execute(task_update.values(state=TaskInstanceState.FAILED))
        session.execute(update(DagRun).where(*unfinished).values(_state=DagRunState.FAILED))


@contextmanager
def _aside() -> Iterator[None]:
    log = _log(log_file())
    with redirect_stdout(log), redirect_stderr(log):
        yield


def _keep_aside() -> None:
    """Loggers that are made later, also by the API's own thread, write to our log and not to what stdout is then."""
    import structlog

    structlog.get_config()["logger_factory"].io = _log(log_file())


@cache
def _log(path: Path) -> TextIO:
    """Opened once and never closed: Airflow's handlers keep the stream they saw at import."""
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    return os.fdopen(descriptor, "a", buffering=1, encoding="utf-8", errors="replace")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Airflow's start makes a million objects that stay; the garbage collector would walk them again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _one_line(error: BaseException | str | None) -> str:
    if not isinstance(error, BaseException):
        return _first_line(error or _NO_REASON)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/lib/python" not in f.filename]
    what = f"{type(error).__name__}: {_first_line(error)}"
    return what + (f" ({Path(*Path(frames[-1].filename).parts[-2:])}:{frames[-1].lineno})" if frames else "")


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), "")[:300]


def _blame(name: str, problem: str) -> str:
    """The line of `name` that a traceback leads through, and what was raised."""
    lines = re.findall(rf'File "[^"]*{re.escape(name)}", line (\d+)', problem)
    return (f"Line {lines[-1]}: " if lines else "") + problem.strip().splitlines()[-1]
