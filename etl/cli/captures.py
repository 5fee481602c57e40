"""`dateline captures export`: the bytes articles rest on, as WARC files that any archive tool can read."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from etl import settings

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def captures() -> None:
    """Captures: the bytes as received."""


@captures.command(name="export")
@click.argument("since", type=_DAY, metavar="FROM")
@click.argument("until", type=_DAY, metavar="TO")
@click.option("--out", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder.")
@click.option("--source", "names", multiple=True, help="Only this source; may be said again.")
def export_captures(since: datetime, until: datetime, *, folder: Path, names: tuple[str, ...]) -> None:
    """Write the captures observed from FROM to TO (days, UTC, both included) to WARC files, some a day.

    Say it again to go on after a stop, or to add days. A `warc` source with this folder for its url reads it back, each
    capture to the source it came from. It holds publishers' pages: mind their rights before it is passed on.
    """
    from etl.jobs import captures_out
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    if until < since:
        raise click.UsageError(f"TO {until:%Y-%m-%d} is before FROM {since:%Y-%m-%d}.")

    def tell(text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[2K{text}", nl=False, err=True)

    with open_databases(settings.read()) as databases, connect(databases.warehouse_url, name="captures") as db:
        days = captures_out.write(db, folder, since.date(), until.date(), names=names or None, tell=tell)
    click.echo("\r\x1b[2K" if sys.stderr.isatty() else "", nl=False, err=True)
    for day, done in days.items():
        size = sum(f["bytes"] for f in done.files)
        gone = f", {done.missing:,} without bytes any more" if done.missing else ""
        click.echo(f"{day}  {done.captures:>8,} captures  {size / 1e6:>9,.1f} MB{gone}")
    total = sum(d.captures for d in days.values())
    click.echo(f"{folder}: {total:,} captures of {len(days):,} days.")
