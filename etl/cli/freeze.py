"""`dateline freeze` and `dateline rebuild`: a release to cite, and the proof that it can be made again."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from etl import settings

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--from", "since", type=_DAY, help="First day of publication, UTC.")
@click.option("--to", "until", type=_DAY, help="Last day, included.")
@click.option("--with-captures", is_flag=True, help="The bytes as well; mind their publishers' rights.")
@click.option("--with-text", "has_texts", is_flag=True, help="The articles' texts as well.")
@click.option("--author", "authors", multiple=True, help="Whom a citation names.")
@click.option("--replace", "is_replacing", is_flag=True, help="Replace a release that is there.")
def freeze(
    folder: Path,
    *,
    since: datetime | None,
    until: datetime | None,
    with_captures: bool,
    has_texts: bool,
    authors: tuple[str, ...],
    is_replacing: bool,
) -> None:
    """Write a release to FOLDER: tables as CSV, checksums, a citation, and the recipe to make them again.

    The recipe names the code, the gazetteer, the corrections and each table's hash. `dateline rebuild FOLDER` makes the
    tables again from the captures, here or on another machine, and says which are the same.
    """
    from etl.jobs import freeze as work
    from etl.jobs.export import Wish
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    if since and until and until < since:
        raise click.UsageError(f"--to {until:%Y-%m-%d} is before --from {since:%Y-%m-%d}.")
    configured = settings.read()
    wish = Wish(
        since=since.date() if since else None,
        until=until.date() if until else None,
        has_texts=has_texts,
        authors=authors or Wish().authors,
    )
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="freeze") as db:
        made = work.freeze(
            db,
            configured,
            folder,
            wish,
            at=datetime.now(UTC),
            has_captures=with_captures,
            is_replacing=is_replacing,
            tell=_tell,
        )
    for resource in made:
        click.echo(f"{resource.name:10} {resource.rows:>10,} rows")
    click.echo(f"{folder}: {work.RECIPE} is the recipe, CITATION.cff the citation, SHA256SUMS the proof of the files.")


@click.command()
@click.argument("release", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--captures", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Where they are.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Keep the tables as made again.")
def rebuild(release: Path, *, captures: Path | None, out: Path | None) -> None:
    """Make RELEASE again from its captures, in a database of its own, and compare; exit 1 if a table differs.

    The captures are in the release (`freeze --with-captures`) or in a folder that `dateline captures export` wrote.
    """
    from dataclasses import replace

    from etl.jobs import freeze as work
    from etl.jobs.prepare import prepare
    from etl.local.postgres import Server
    from etl.warehouse.connect import connect

    work.read_recipe(release)
    folder = work.captures_of(release, captures)
    configured, at = settings.read(), datetime.now(UTC)
    with TemporaryDirectory(prefix="dateline-rebuild-") as home:
        server = Server(Path(home), f"rebuild-{os.getpid()}", port=0)
        try:
            with server.lease() as leased, connect(leased.url(), name="rebuild") as db:
                prepare(db, configured, at=at, tell=_tell)
                compared = work.rebuild(
                    db,
                    replace(configured, database_url=leased.url()),
                    release,
                    folder,
                    at=at,
                    out=out,
                    workers=os.cpu_count() or 1,
                    tell=_tell,
                )
        finally:
            server.destroy()
    for table in compared:
        click.echo(f"{'same' if table.is_same else 'DIFFERS':8} {table.name:10} {table.rows:>10,} rows")
    sys.exit(0 if all(table.is_same for table in compared) else 1)


def _tell(text: str) -> None:
    click.echo(f"  {text}", err=True)
