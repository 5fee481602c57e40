"""`dateline changes`: a cursor in; what was added, changed and deleted since comes out, a line an article."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from etl import settings

if TYPE_CHECKING:
    from etl.warehouse.changes import Change
    from etl.warehouse.connect import Warehouse

_COLUMNS = ("cursor", "article_id", "change", "what", "reason", "into_article_id", "changed_at")


@click.command()
@click.option("--since", "cursor", default="0", show_default=True, help="Where you left off; 0 is the beginning.")
@click.option("--limit", type=click.IntRange(min=1), help="Changes of so many articles at most.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True)
@click.option("--with-article", is_flag=True, help="With each row the article as it stands now (json).")
@click.option("--with-mentions", is_flag=True, help="With each row the places it names now (json).")
def changes(cursor: str, limit: int | None, form: str, *, with_article: bool, with_mentions: bool) -> None:
    """Say what became of each article since a cursor, oldest change first.

    A row says added, changed (and what: text, places, copies, story, …) or deleted (and why). Put in or replace what
    was added or changed, delete what was deleted, and keep the cursor of the last row you have applied. JSON Lines end
    with {"next_cursor": …, "rows": …}; with csv that cursor goes to standard error. Nothing is missed and nothing
    comes twice unless it changed twice: a change is shown once no older writing transaction is open.
    """
    from etl.local.databases import open_databases
    from etl.warehouse.changes import is_cursor, since
    from etl.warehouse.connect import connect

    if not is_cursor(cursor):
        raise click.UsageError(f"{cursor!r} is no cursor: it looks like 1.742.15; 0 is the beginning.")
    if form == "csv" and (with_article or with_mentions):
        raise click.UsageError("An article with its places does not fit a line of csv: use --format json.")
    rows = 0
    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="changes") as db:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        if form == "csv":
            writer.writerow(_COLUMNS)
        for page in since(db, cursor, limit=limit):
            if form == "csv":
                writer.writerows([_cell(getattr(c, name)) for name in _COLUMNS] for c in page)
            else:
                for row in _objects(db, page, with_article=with_article, with_mentions=with_mentions):
                    click.echo(json.dumps(row, ensure_ascii=False, default=str))
            cursor, rows = page[-1].cursor, rows + len(page)
    if form == "csv":
        click.echo(f"next cursor: {cursor}", err=True)
    else:
        click.echo(json.dumps({"next_cursor": cursor, "rows": rows}))


def _objects(db: Warehouse, page: list[Change], *, with_article: bool, with_mentions: bool) -> list[dict[str, Any]]:
    from etl.warehouse import changes as held

    articles = held.articles(db, page) if with_article else {}
    mentions = held.mentions(db, page) if with_mentions else {}
    found = []
    for c in page:
        row = asdict(c) | {"changed_at": c.changed_at.isoformat()}
        if with_article and c.change != "deleted":
            row["article"] = articles.get(c.article_id)
        if with_mentions and c.change != "deleted":
            row["mentions"] = mentions.get(c.article_id, [])
        found.append(row)
    return found


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value
