"""`dateline codebook`: what every table, view and column means, as a document."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from etl import settings


@click.command()
@click.option("--format", "form", type=click.Choice(["md", "html", "diagram"]), default="md", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to the screen.")
def codebook(form: str, out: Path | None) -> None:
    r"""Write the data dictionary: Markdown, one HTML page, or an entity diagram (Mermaid).

    All of it comes from the comments in the database, which `\d+ mart.article` in `dateline psql` shows too.
    """
    from etl.local.databases import open_databases
    from etl.release import codebook as written
    from etl.warehouse import codebook as told
    from etl.warehouse.connect import connect

    write = {"md": written.markdown, "html": written.html, "diagram": written.diagram}[form]
    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="codebook") as db:
        text = write(told.read(db))
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf8")
        click.echo(f"{out}: {len(text.encode()):,} bytes")
