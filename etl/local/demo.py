"""The main job, end to end, for a person to watch: settings in; rows on the screen and an exit code out.

The seed's day is backfilled, then the sample outlets are polled: twice the first time, their world moving on between
the polls, and once in any later demo, when nothing is new. All of it by real Airflow DAG runs in this process.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rich.console import Console

from etl.jobs.prepare import prepare
from etl.local import outlets, report
from etl.local.databases import Databases, open_databases
from etl.settings import Settings
from etl.sources import registry
from etl.warehouse import sources
from etl.warehouse.connect import Warehouse, connect

SEED_DAY = date(2022, 7, 4)


def run(settings: Settings, *, is_live: bool = False) -> int:
    """Run the demo; 0 if every DAG run succeeded."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    started = time.monotonic()
    stage = _Stage(console, started)
    with open_databases(settings) as databases:
        stage(f"PostgreSQL {'embedded' if databases.embedded else 'as given'} is up")
        with connect(databases.warehouse_url, name="demo") as db:
            is_repeat = _has_samples(db)
            with nullcontext() if is_live else outlets.serve(final=is_repeat) as samples:
                prepare(db, settings, at=datetime.now(UTC), extra=samples.sources if samples else (), tell=stage.detail)
                if databases.embedded:  # nobody else works on it, so what is unfinished was cut off
                    db.run("abandon_runs", at=datetime.now(UTC))
                stage("the warehouse has its schema, gazetteer and sources")
                with _environment(settings, databases, samples):
                    is_well = _runs(db, stage, samples, is_repeat=is_repeat, is_live=is_live)
            report.closing(console, db, seconds=time.monotonic() - started)
    return 0 if is_well else 1


class _Stage:
    """Tells what was reached, with the seconds since the start."""

    def __init__(self, console: Console, started: float) -> None:
        self.console = console
        self._started = started

    def __call__(self, text: str) -> None:
        self.console.print(f"[dim]{time.monotonic() - self._started:5.1f} s[/]  {text}")

    def detail(self, text: str) -> None:
        self.console.print(f"         [dim]{text}[/]")


def _has_samples(db: Warehouse) -> bool:
    """Whether an earlier demo polled the samples to the end; on an empty database nothing was."""
    if db.value("has_schema") is None:
        return False
    names = {s.name for s in registry.read(outlets.FOLDER / "sources.yaml")}
    return any(s.source.name in names and s.last_polled_at for s in sources.stored(db))


@contextmanager
def _environment(settings: Settings, databases: Databases, samples: outlets.Outlets | None) -> Iterator[None]:
    """What the tasks read from the environment; set before Airflow is imported, put back after."""
    from etl.local import airflow

    before = dict(os.environ)
    os.environ.update(airflow.environment(settings, databases))
    if samples is not None:
        pins = {**settings.pinned_hosts, **samples.pins}
        os.environ["DATELINE_HOSTS"] = ",".join(f"{host}={address}" for host, address in sorted(pins.items()))
        os.environ["DATELINE_HOST_DELAY"] = "0"  # our own server on loopback
    try:
        yield
    finally:
        airflow.close()
        os.environ.clear()
        os.environ.update(before)


def _runs(db: Warehouse, stage: _Stage, samples: outlets.Outlets | None, *, is_repeat: bool, is_live: bool) -> bool:
    """Backfill the seed's day, then poll; whether all went well."""
    from etl.local import airflow

    airflow.initialise()
    stage("Airflow is ready")
    before = report.state(db)
    day = {"start": f"{SEED_DAY}", "end": f"{SEED_DAY + timedelta(days=1)}"}
    is_well = _run(db, stage, f"news_backfill for {SEED_DAY}", "news_backfill", conf=day)
    names = None if samples is None else [s.name for s in samples.sources]
    conf: dict[str, Any] = {"sources": names, "force": True}
    what = "the registry's feeds" if is_live else "the sample outlets"
    is_well &= _run(db, stage, f"news_ingest polls {what}", "news_ingest", conf=conf)
    if is_live and not report.anyone_answered(stage.console, db):
        return False
    if samples is not None and not is_repeat:
        samples.advance()
        is_well &= _run(db, stage, "news_ingest polls again, some hours later in their world", "news_ingest", conf=conf)
    report.changes(stage.console, before, report.state(db))
    return is_well


def _run(
    db: Warehouse,
    stage: _Stage,
    title: str,
    dag_id: str,
    *,
    conf: dict[str, Any],
) -> bool:
    from etl.local import airflow

    result = airflow.run_dag(dag_id, conf=conf)
    stage(f"[bold]{title}[/]: {result.state}")
    report.stages(stage.console, db, dag_id, result.run_id)
    for task_id, why in result.failed.items():
        stage.console.print(f"         [red]{task_id}[/]: {why}")
    return bool(result.state == "success")
