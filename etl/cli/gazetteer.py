"""`dateline gazetteer …`: which places are known; load a GeoNames dump, or go back to the packaged gazetteer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from etl import settings


@click.group()
def gazetteer() -> None:
    """The places Dateline knows, and from where."""


@gazetteer.command()
def show() -> None:
    """Say which gazetteer is in use, and which were before."""
    from rich.console import Console
    from rich.table import Table

    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect
    from etl.warehouse.gazetteer import history

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("version", "places", "names", "loaded", ""):
        table.add_column(heading, justify="right" if heading in {"places", "names"} else "left")
    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="gazetteer") as db:
        for row in history(db):
            loaded = f"{row.loaded_at:%Y-%m-%d %H:%M}"
            table.add_row(row.version, f"{row.places:,}", f"{row.names:,}", loaded, "in use" if row.is_current else "")
    Console(highlight=False).print(table)


@gazetteer.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), required=False)
@click.option("--default", "is_default", is_flag=True, help="Go back to the packaged gazetteer.")
def load(folder: Path | None, *, is_default: bool) -> None:
    """Load the GeoNames dump in FOLDER and use it from now on.

    FOLDER holds files of download.geonames.org/export/dump, as they are or zipped: countryInfo.txt,
    admin1CodesASCII.txt, a table of places (allCountries, cities500 or one of a country, as UA.txt), and if wanted
    admin2Codes.txt and alternateNamesV2.txt. The hand-kept tables of seeds/geo are added. Readers see the old
    gazetteer until the new one is whole. Texts tagged before keep what they were tagged with.
    """
    from etl.jobs.gazetteers import load_default, load_dump
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    if (folder is None) is not is_default:
        raise click.UsageError("Name the FOLDER of a GeoNames dump, or say --default.")
    configured, at = settings.read(), datetime.now(UTC)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="gazetteer") as db:
        if folder is None:
            load_default(db, configured.home, at=at, tell=click.echo, is_forced=True)
        else:
            load_dump(db, configured.home, folder, at=at, tell=click.echo)
