"""`dateline backup` and `dateline restore`: a warehouse into a file, and a file into an empty database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from etl import settings


@click.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--folder", "is_folder", is_flag=True, help="A folder with a file a table: two at a time.")
def backup(target: Path, *, is_folder: bool) -> None:
    """Write the whole warehouse, raw bodies included, to FILE.

    One snapshot: runs may go on meanwhile. There are no passwords in it, but texts that are not yours to publish: keep
    it as you keep the database. Airflow's own history is not in it. `dateline restore FILE` brings it back.
    """
    from etl.local.backup import backup as write
    from etl.local.databases import open_databases

    with open_databases(settings.read()) as databases:
        size = write(databases.warehouse_url, target.absolute(), is_folder=is_folder, tell=click.echo)
    click.echo(f"{target}: {size / 1e6:,.1f} MB")


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path), metavar="FILE")
def restore(source: Path) -> None:
    """Bring the backup in FILE into an empty database, and that to this checkout's schema.

    Without DATELINE_DATABASE_URL that is the embedded server of DATELINE_HOME, which must be new. `dateline digest`
    says the same as where the backup was made.
    """
    from etl.local.backup import restore as read
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect
    from etl.warehouse.migrate import migrate

    with open_databases(settings.read()) as databases:
        read(databases.warehouse_url, source.absolute(), tell=click.echo)
        with connect(databases.warehouse_url, name="restore") as db:
            migrate(db, today=datetime.now(UTC).date(), tell=click.echo)
            held = db.one("holdings")
    click.echo(f"Restored: {held.articles:,} articles, {held.bodies:,} bodies.")
