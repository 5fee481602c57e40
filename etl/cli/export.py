"""`dateline export`: take rows along, as files others can read, check and cite."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from etl import settings
from etl.release.tables import FORMATS, TABLES

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--table", "tables", multiple=True, help=f"Only this table; of {', '.join(t.name for t in TABLES)}.")
@click.option("--from", "since", type=DAY, help="First day of publication, UTC.")
@click.option("--to", "until", type=DAY, help="Last day, included.")
@click.option("--outlet", "outlets", multiple=True, help="Only this outlet; may be said again.")
@click.option("--with-text", "has_texts", is_flag=True, help="Texts as well; mind their publishers' rights.")
@click.option("--author", "authors", multiple=True, help="Whom a citation names.")
@click.option("--replace", "is_replacing", is_flag=True, help="Replace an export that is there.")
def export(
    folder: Path,
    *,
    form: str,
    tables: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    outlets: tuple[str, ...],
    has_texts: bool,
    authors: tuple[str, ...],
    is_replacing: bool,
) -> None:
    """Write rows to FOLDER, with a data package, checksums and a citation.

    csv and parquet (a folder a day) hold the tables; geojson and geojsonseq (a feature a line) the places with the
    articles that name them; acled and ucdp events by place in the columns of those datasets. Everything is of one
    moment. Keys are addresses, not ids of this warehouse. No text of an article leaves unless --with-text is said.
    """
    from etl.jobs import export as work
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    if since and until and until < since:
        raise click.UsageError(f"--to {until:%Y-%m-%d} is before --from {since:%Y-%m-%d}.")
    if tables and form not in {"csv", "parquet"}:
        raise click.UsageError(f"--table goes with csv and parquet; {form} is one table of its own.")
    configured = settings.read()
    wish = work.Wish(
        form=form,
        tables=tables,
        since=since.date() if since else None,
        until=until.date() if until else None,
        outlets=outlets,
        has_texts=has_texts or "text" in tables,
        **({"authors": authors} if authors else {}),
    )
    with open_databases(configured) as databases, connect(databases.analyst_url, name="export") as db:
        written = work.write(
            db,
            folder,
            wish,
            at=datetime.now(UTC),
            version=configured.code_version,
            tell=_telling(),
            is_replacing=is_replacing,
        )
    for resource in written:
        size = sum((folder / path).stat().st_size for path in resource.files)
        files = f"{len(resource.files):,} files" if len(resource.files) != 1 else resource.files[0].name
        click.echo(f"{resource.name:10} {resource.rows:>10,} rows {size / 1e6:>10,.1f} MB  {files}")
    click.echo(f"{folder}: check it with `cd {folder} && sha256sum -c SHA256SUMS`; datapackage.json says what is what.")


def _telling() -> Callable[[str], None]:
    """Progress on a line of its own, twice a second, where a person looks on."""
    last = 0.0

    def tell(text: str) -> None:
        nonlocal last
        if sys.stderr.isatty() and time.monotonic() - last > 0.5:
            last = time.monotonic()
            click.echo(f"\r\x1b[2K{text}", nl=False, err=True)

    return tell
