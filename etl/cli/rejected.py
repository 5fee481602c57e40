"""`dateline rejected …`: what was turned away and why, what is held of it, and a second try with today's code."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from etl import settings
from etl.errors import Reason, Stage

if TYPE_CHECKING:
    from etl.warehouse.rejections import Turned, Wanted

_STAGES = [str(s) for s in Stage if s is not Stage.CHECK]


@click.group()
def rejected() -> None:
    """What was turned away: list it, look at it, try it again."""


def _which(command: Any) -> Any:
    for option in (
        click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Turned away since, UTC."),
        click.option("--source", help="Of this source."),
        click.option("--stage", type=click.Choice(_STAGES), help="By this stage."),
        click.option(
            "--reason", type=click.Choice([str(r) for r in Reason]), metavar="REASON", help="For this reason."
        ),
    ):
        command = option(command)
    return command


@rejected.command("list")
@_which
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="Items shown; all are counted.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line, all of them.")
def list_(limit: int, *, is_json: bool, **which: Any) -> None:
    """List what was turned away and is not had since, newest first."""
    from rich.console import Console
    from rich.table import Table

    found = _found(_wanted(**which))
    if is_json:
        for t in found:
            click.echo(json.dumps(_document(t), ensure_ascii=False, default=str))
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("at", "stage", "reason", "item", "source", "detail"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis", ratio=1 if heading == "detail" else None)
    for t in found[:limit]:
        row = (f"{t.at:%Y-%m-%d %H:%M}", t.stage, t.reason, t.key[:60], t.source_name or "", t.detail or "")
        table.add_row(*(str(cell).replace("[", r"\[") for cell in row))
    console.print(table)
    told = ", ".join(f"{n:,} {reason}" for reason, n in Counter(t.reason for t in found).most_common())
    again = sum(t.cannot is None for t in found)
    click.echo(f"{len(found):,} in all{': ' + told if told else ''}. {again:,} can be tried again from what is held.")


@rejected.command()
@click.argument("key")
@click.option(
    "--body", "is_body", is_flag=True, help="Write the bytes as received to standard output, and nothing else."
)
def show(key: str, *, is_body: bool) -> None:
    """Show what is known of one item turned away, named by its KEY as in the list, with every try of it."""
    from etl.local.databases import open_databases
    from etl.warehouse import captures, rejections
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.work_url, name="rejected") as db:
        found = rejections.still(db, rejections.Wanted(item_key=key))
        tries = rejections.tries(db, key)
        if not tries:
            raise click.ClickException(f"There is no item {key}. `dateline rejected list` names them.")
        if is_body:
            bodies = captures.load(db, [t.fetch_id for t in found if t.fetch_id is not None and t.has_bytes])
            if not bodies:
                raise click.ClickException(f"No bytes of {key} are held.")
            click.echo(bodies[0].body, nl=False)
            return
    for t in found:
        for name, value in _document(t).items():
            if value is not None:
                click.echo(
                    f"{name:12} {value if not isinstance(value, dict) else json.dumps(value, ensure_ascii=False)}"
                )
    if not found:
        click.echo(f"{key} was had since, or never turned away.")
    for r in tries:
        why = f"{r.reason}: {r.detail or ''}" if r.reason else r.detail or ""
        click.echo(
            f"{r.at:%Y-%m-%d %H:%M:%S}  {r.job} {r.run_id} ({r.code_version})  {r.stage}: {r.state}  {why}".rstrip()
        )


@rejected.command()
@click.argument("key", required=False)
@_which
@click.option("--all", "is_all", is_flag=True, help="Whatever was turned away; else say which.")
def retry(key: str | None, *, is_all: bool, **which: Any) -> None:
    """Try again, with today's code, what was turned away and whose bytes are held; KEY names one item.

    Asks nothing of the network. The tries are a run of their own, so its accounts say what became of each.
    """
    from dataclasses import replace

    from etl.jobs.rejected import retry as try_again
    from etl.local.databases import open_databases

    if not (key or is_all or any(which.values())):
        raise click.UsageError("Say which: a KEY, --reason, --stage, --source, --since, or --all.")
    configured, wanted = settings.read(), replace(_wanted(**which), item_key=key)
    with open_databases(configured) as databases:
        done = try_again(replace(configured, database_url=databases.work_url), wanted, tell=click.echo)
    for why, n in done.cannot.items():
        click.echo(f"{n:,} not tried: {why}.")
    if done.run_id is None:
        click.echo("Nothing to try.")
        return
    again = ", ".join(f"{n:,} {reason}" for reason, n in done.rejected.items()) or "none"
    click.echo(f"Run {done.run_id}: {done.tried:,} tried, {done.kept:,} kept, turned away again: {again}.")


def _wanted(**which: Any) -> Wanted:
    from etl.warehouse.rejections import Wanted

    since: datetime | None = which["since"]
    wanted = Wanted(
        reason=Reason(which["reason"]) if which["reason"] else None,
        stage=Stage(which["stage"]) if which["stage"] else None,
        source=which["source"],
    )
    from dataclasses import replace

    return replace(wanted, since=since.replace(tzinfo=UTC)) if since else wanted


def _found(wanted: Wanted) -> list[Turned]:
    from etl.local.databases import open_databases
    from etl.warehouse import rejections
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.work_url, name="rejected") as db:
        return rejections.still(db, wanted)


def _document(t: Turned) -> dict[str, Any]:
    return {
        "item": t.key,
        "stage": str(t.stage),
        "reason": t.reason,
        "detail": t.detail,
        "at": t.at.isoformat(),
        "run": f"{t.job} {t.run_id}",
        "source": t.source_name,
        "url": t.url,
        "observed_at": t.observed_at.isoformat() if t.observed_at else None,
        "media_type": t.media_type,
        "bytes": t.size,
        "sha256": t.sha256,
        "stated": (t.payload or {}).get("hints"),
        "again": "can be tried again" if t.cannot is None else f"cannot be tried again: {t.cannot}",
    }
