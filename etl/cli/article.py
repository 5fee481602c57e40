"""`dateline article …`: what was merged, listed; a wrong merge undone."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from etl import settings


@click.group()
def article() -> None:
    """See which articles were merged into one, and undo what was merged by mistake."""


@article.command()
@click.option("--most", default=50, show_default=True, help="How many, the latest first.")
def merges(most: int) -> None:
    """List articles that are read as part of another, and those split by hand."""
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="article") as db:
        for row in db.rows("list_merges", most=most):
            verb = "was split from" if row.is_split else "is part of"
            click.echo(
                f"{row.at:%Y-%m-%d %H:%M}  article {row.from_article_id} {row.from_key}  {verb}"
                f"  article {row.into_article_id} {row.into_key}  ({row.why})"
            )


@article.command()
@click.argument("article_id", type=int)
@click.option("--reason", required=True, help="Why; it is kept.")
def split(article_id: int, reason: str) -> None:
    """Undo a merge: the article stands alone again, with its own versions, and is merged no more.

    Copies and stories are told anew by the next run. Captures that led to both stay with the one that has them.
    """
    from etl.jobs import split as job
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    if not reason.strip():
        raise click.UsageError("Say why with --reason.")
    configured, at = settings.read(), datetime.now(UTC)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="article") as db:
        job.split(db, article_id, reason.strip(), code_version=configured.code_version, at=at)
    click.echo(f"Article {article_id} stands alone; copies and stories follow with the next run.")
