"""Commands that run things on this machine: demo, up, down, status, airflow, doctor."""

from __future__ import annotations

import sys

import click

from etl import settings


@click.command()
@click.option("--live", is_flag=True, help="Poll the registry's real feeds instead of the samples.")
def demo(*, live: bool) -> None:
    """See news become rows: the seed's day backfilled, sample outlets polled twice, rows shown.

    Everything real, in one process: embedded PostgreSQL (unless DATELINE_DATABASE_URL is set), Airflow's DAG runs, and
    a web server on loopback with outlets of our own. Ends with nothing running. Run it again: nothing is new.
    """
    from etl.local.demo import run

    sys.exit(run(settings.read(), is_live=live))


@click.command()
@click.option("--foreground", is_flag=True, help="Stay, and stop everything on Ctrl-C.")
def up(*, foreground: bool) -> None:
    """Start Airflow for real: api-server, scheduler, dag-processor, triggerer; say where the UI is."""
    from datetime import UTC, datetime

    from etl.jobs.prepare import prepare
    from etl.local import stack
    from etl.local.databases import Databases
    from etl.warehouse.connect import connect

    configured = settings.read()

    def ready(databases: Databases) -> None:
        with connect(databases.warehouse_url, name="up") as db:
            prepare(db, configured, at=datetime.now(UTC), tell=click.echo)

    stack.up(configured, foreground=foreground, prepare=ready, tell=click.echo)


@click.command()
@click.option("--destroy", is_flag=True, help="Remove the embedded database and all local state as well.")
def down(*, destroy: bool) -> None:
    """Stop what `up` started."""
    import shutil

    from etl.local import stack
    from etl.local.databases import server

    configured = settings.read()
    stack.down(configured, tell=click.echo)
    if destroy:
        server(configured).destroy()
        shutil.rmtree(configured.home, ignore_errors=True)
        click.echo(f"The embedded database and {configured.home} were removed.")


@click.command()
def status() -> None:
    """Say what runs, and what waits. Exit 3 if nothing runs."""
    from etl.local import stack
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    configured = settings.read()
    if not stack.status(configured, tell=click.echo):
        sys.exit(3)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="status") as db:
        waiting = ", ".join(f"{row.stage} {row.n}" for row in db.rows("waiting_work"))
    click.echo(f"Waiting: {waiting or 'nothing'}")


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def airflow(arguments: tuple[str, ...]) -> None:
    """Run the airflow command on Dateline's Airflow, as: dateline airflow dags list."""
    import os
    import subprocess
    from pathlib import Path

    from etl.local.airflow import environment
    from etl.local.databases import open_databases

    configured = settings.read()
    with open_databases(configured) as databases:
        env = {**os.environ, **environment(configured, databases)}
        program = Path(sys.executable).parent / "airflow"
        sys.exit(subprocess.run([program, *arguments], env=env, check=False).returncode)


@click.command()
def doctor() -> None:
    """Say what is wrong with this machine or configuration, and what to do. Exit 1 if something is."""
    from etl.local.doctor import examine

    sick = False
    for finding in examine(settings.read()):
        click.echo(f"{'ok  ' if finding.is_well else 'BAD '} {finding.what}: {finding.seen}")
        if not finding.is_well:
            click.echo(f"     → {finding.remedy}")
            sick = True
    sys.exit(1 if sick else 0)
