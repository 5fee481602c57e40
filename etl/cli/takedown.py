"""`dateline takedown …`: an article by id or address in; its text gone for good and what stays to decide on out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from etl import settings

if TYPE_CHECKING:
    from etl.jobs.takedown import Plan


class _ArticleFirst(click.Group):
    """What is no subcommand is an article: `dateline takedown 12 --reason …`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command for articles before whatever is none."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["article", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ArticleFirst)
def takedown() -> None:
    """Remove an article for good: `dateline takedown ARTICLE_ID|URL --reason "…"`.

    See what would go with --dry-run. Only the role that owns the warehouse may.
    """


@takedown.command()
@click.argument("named", metavar="ARTICLE_ID|URL")
@click.option("--reason", required=True, help="Why; it is kept, and the change feed tells it.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and leave it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def article(named: str, reason: str, *, dry_run: bool, yes: bool) -> None:
    """Remove the text of an article from everywhere: the same as leaving the word `article` out.

    Text, titles, names as written, edits, quoted sources and the bytes only it uses are gone; listings that showed it
    lose its entry. Its id, addresses and times stay, so that counts and questions as of a time explain themselves. Its
    addresses, bytes and words are not taken in again. Articles like it are listed, for you to decide on. Backups made
    before, and what others copied, still have it; disk space is given back by VACUUM.
    """
    from etl.jobs import takedown as job
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    if not reason.strip():
        raise click.UsageError("Say why with --reason.")
    configured, at = settings.read(), datetime.now(UTC)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="takedown") as db:
        article_id = job.target(db, named)
        planned = job.plan(db, article_id)
        for line in _told(planned):
            click.echo(line)
        if dry_run:
            click.echo("Nothing was changed.")
            return
        if not yes:
            click.confirm("Remove it for good?", abort=True)
        job.take_down(db, article_id, reason.strip(), code_version=configured.code_version, at=at)
    click.echo(f"Article {article_id} was taken down; it will not be taken in again.")


@takedown.command(name="list")
def list_() -> None:
    """List what was taken down, the latest first."""
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="takedown") as db:
        for row in db.rows("takedowns"):
            what = f"article {row.article_id}" if row.article_id else "a key blocked by hand"
            click.echo(f"{row.removed_at:%Y-%m-%d %H:%M}  {what}  {row.url or ''}  {row.reason}")


@takedown.command()
@click.argument("named", metavar="ARTICLE_ID|URL")
def lift(named: str) -> None:
    """Let an article in again when it is next met. What was removed stays removed until then."""
    from etl.jobs import takedown as job
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.warehouse_url, name="takedown") as db:
        article_id = job.target(db, named)
        freed = job.lift(db, article_id, at=datetime.now(UTC))
    click.echo(f"Article {article_id} may come in again: {freed} addresses, bodies and texts are free.")


def _told(planned: Plan) -> list[str]:
    """What goes and what stays, in a few lines."""
    found, counts = planned.found, planned.found.counts
    merged = f", with {len(found.articles) - 1} merged into it" if len(found.articles) > 1 else ""
    lines = [f"article {found.article_id}{merged}: {next(iter(found.keys), 'no address')}"]
    title = next((c.title for c in reversed(found.contents) if c.title), None)
    lines += [f"  {title}"] if title else []
    lines.append(
        f"goes: {len(found.contents)} texts, {counts['mentions']} names of places, {counts['edits']} edits, "
        f"{counts['upstreams']} named sources, {counts['fingerprints']} fingerprints, {len(found.blobs)} bodies"
    )
    lines.append(
        f"loses its entry: {len(planned.listings) - planned.dropped} bodies of listings; "
        f"{planned.dropped} go whole, since entries cannot be told apart in them"
    )
    lines += [f"stays: body {h.hex()}, which article {a} was read from too" for h, a in found.shared.items()]
    lines.append(f"stays: {counts['versions']} versions without text, {len(found.keys)} addresses, to be known again")
    for a in found.alike:
        relation = "copies it" if a.is_copy else "is like it"
        lines.append(f"decide: article {a.article_id} {relation} ({a.kind} {a.similarity}): {a.outlet}, {a.title}")
    return lines
