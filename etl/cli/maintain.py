"""`dateline maintain`: what news_maintenance does every day, now; or only what it would do."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import click

from etl import settings


@click.command()
@click.option("--dry-run", "is_dry", is_flag=True, help="Change nothing; say what would be done, and how things are.")
def maintain(*, is_dry: bool) -> None:
    """Make partitions ahead, let go of what DATELINE_RETENTION says, renew statistics, look at health, send alerts."""
    from etl import jobs
    from etl.jobs.maintain import maintain as work
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    configured = settings.read()
    with open_databases(configured) as databases:
        given = dataclasses.replace(configured, database_url=databases.work_url)
        if is_dry:
            with connect(databases.work_url, name="maintain") as db:
                work(jobs.Job(db, 0, given), is_dry=True, tell=click.echo)
            return
        with jobs.begin(given, "news_maintenance", f"cli {datetime.now(UTC).isoformat()}") as job:
            work(job, tell=click.echo)
