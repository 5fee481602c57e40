"""Commands that question the warehouse: sql, psql, check, migrate."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime

import click

from etl import settings


@click.command()
@click.argument("question")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--timeout", "timeout_s", default=60, show_default=True, help="Seconds a question may take.")
def sql(question: str, form: str, timeout_s: int) -> None:
    """Answer QUESTION, an SQL query, on a read-only login.

    The public views are in schema mart: article, version, mention, place, copy, story, stage, rejection, coverage.
    `dateline sql "SELECT table_name FROM information_schema.views WHERE table_schema = 'mart'"` lists them.
    A single `-` reads the question from standard input.
    """
    from etl.local.databases import open_databases
    from etl.warehouse.ask import ask
    from etl.warehouse.connect import connect

    text = sys.stdin.read() if question == "-" else question
    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="sql") as db:
        ask(db, text, form=form, out=sys.stdout, timeout_s=timeout_s)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--owner", is_flag=True, help="Log in as the owner, who may write.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(*, owner: bool, arguments: tuple[str, ...]) -> None:
    """Open psql on the warehouse, read-only unless --owner; further ARGUMENTS go to psql."""
    from etl.errors import LocalServerError
    from etl.local import binaries
    from etl.local.databases import open_databases

    program = shutil.which("psql") or str(binaries.find().folder / "psql")
    if not os.access(program, os.X_OK):
        raise LocalServerError("psql was not found", "Install a PostgreSQL client, or use `dateline sql`.")
    with open_databases(settings.read()) as databases:
        import subprocess
        from urllib.parse import urlsplit

        url = urlsplit(databases.warehouse_url if owner else databases.analyst_url)
        environment = {
            **os.environ,
            "PGHOST": url.hostname or "",
            "PGPORT": str(url.port or 5432),
            "PGUSER": url.username or "",
            "PGPASSWORD": url.password or "",
            "PGDATABASE": url.path.lstrip("/"),
        }
        sys.exit(subprocess.run([program, *arguments], env=environment, check=False).returncode)


@click.command()
def migrate() -> None:
    """Bring the database to this checkout's schema, gazetteer and source registry. Safe to repeat."""
    from etl.jobs.prepare import prepare
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    configured = settings.read()
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="migrate") as db:
        prepare(db, configured, at=datetime.now(UTC), tell=click.echo)
    click.echo("The warehouse is up to date.")


@click.command()
@click.option("--run", "run_id", type=int, help="Only what this run touched, by its id in ops.run.")
def check(run_id: int | None) -> None:
    """Run every check of sql/checks over all runs, or one; exit 1 if one of severity error finds something."""
    from etl.local.databases import open_databases
    from etl.warehouse import checks
    from etl.warehouse.connect import connect

    failed = False
    with open_databases(settings.read()) as databases, connect(databases.work_url, name="check") as db:
        db.connection.set_session(readonly=True)
        for wanted in checks.catalogue():
            finding = checks.look_at(db, wanted, run_id)
            mark = "ok" if not finding.offending else finding.check.severity
            click.echo(f"{mark:8} {finding.check.name}: {finding.offending} ({finding.check.why})")
            for row in finding.sample:
                click.echo(f"         {row}")
            failed |= finding.is_failure
    sys.exit(1 if failed else 0)
