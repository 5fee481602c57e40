"""`dateline reprocess …`: read an interval again with today's code, see what would change, approve it or drop it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from etl import settings

if TYPE_CHECKING:
    from etl.jobs import Job

_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


class _Verbs(click.Group):
    """An interval without a verb means `make`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of these words."""
        if args and args[0] not in self.commands and (args[0][:1].isdigit() or args[0].startswith("--")):
            args = ["make", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Verbs)
def reprocess() -> None:
    """Mend the past with today's code: `dateline reprocess FROM TO`, then `approve ID` or `drop ID`.

    Nothing is fetched: stored captures are read again, into a shadow that nobody sees. Approving swaps it in, in one
    transaction; what was known before stays, and can be asked for as of then.
    """


@reprocess.command()
@click.argument("start", metavar="FROM", type=_DAY)
@click.argument("end", metavar="TO", type=_DAY)
@click.option("--what", default="text,places,copies", show_default=True, help="What is done anew.")
@click.option("--source", help="Only articles of this source.")
@click.option("--workers", default=1, show_default=True, help="Processes that read captures.")
@click.option("--approve", "is_approved", is_flag=True, help="Swap it in at once.")
def make(start: datetime, end: datetime, what: str, source: str | None, workers: int, *, is_approved: bool) -> None:
    """Read articles observed from FROM up to, not including, TO (UTC) again, and report what would change.

    An article is read whole, whenever else it was observed. A run that was cut off is taken up by the same words.
    """
    from etl.jobs import reprocess as jobs
    from etl.warehouse import shadows

    asked = jobs.Asked(
        start.replace(tzinfo=UTC),
        end.replace(tzinfo=UTC),
        [w.strip() for w in what.split(",") if w.strip()],
        source,
    )
    with _job(asked) as job:
        reprocess_id = jobs.make(job, asked, workers=workers, tell=_tell)
        _show(job, reprocess_id)
        if is_approved:
            _approve(job, reprocess_id, workers)
        elif shadows.find(job.db, reprocess_id).state == "ready":
            click.echo(f"\nTo put it in: dateline reprocess approve {reprocess_id}; to leave it: drop {reprocess_id}")


@reprocess.command()
@click.argument("reprocess_id", metavar="ID", type=int)
@click.option("--workers", default=1, show_default=True, help="Processes that read what changed since.")
def approve(reprocess_id: int, workers: int) -> None:
    """Swap shadow ID in, in one transaction."""
    with _job() as job:
        _approve(job, reprocess_id, workers)


@reprocess.command()
@click.argument("reprocess_id", metavar="ID", type=int)
def drop(reprocess_id: int) -> None:
    """Take shadow ID and its report away."""
    from etl.jobs import reprocess as jobs

    with _job() as job:
        jobs.drop(job, reprocess_id)
    click.echo(f"{reprocess_id} is dropped")


@reprocess.command()
@click.argument("reprocess_id", metavar="ID", type=int)
@click.option("--examples", default=3, show_default=True, help="Examples of each kind.")
@click.option("--json", "is_json", is_flag=True, help="As JSON.")
def show(reprocess_id: int, examples: int, *, is_json: bool) -> None:
    """Say what shadow ID would change, or changed."""
    from etl.jobs.shadow_report import document

    with _job() as job:
        if is_json:
            click.echo(json.dumps(document(job.db, reprocess_id, examples=examples), default=str, indent=1))
        else:
            _show(job, reprocess_id, examples)


@reprocess.command(name="list")
def list_() -> None:
    """List the shadows there were, the latest first."""
    from dataclasses import asdict

    from etl.jobs.shadow_report import heading
    from etl.warehouse import shadows

    with _job() as job:
        for shadow in shadows.every(job.db):
            click.echo(heading(asdict(shadow)))


@contextmanager
def _job(asked: object = None) -> Iterator[Job]:
    """A run to work in: a new one for a shadow, or the one that was cut off; for the rest none is begun."""
    from dataclasses import replace

    from etl import jobs
    from etl.jobs import reprocess as verbs
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect

    configured = settings.read()
    with open_databases(configured) as databases:
        configured = replace(configured, database_url=databases.warehouse_url)
        if not isinstance(asked, verbs.Asked):
            with connect(databases.warehouse_url, name=verbs.JOB) as db:
                yield jobs.Job(db, 0, configured)
            return
        with connect(databases.warehouse_url, name=verbs.JOB) as db:
            run_id = verbs.unfinished(db, asked, configured.code_version)
        if run_id is not None:
            click.echo("going on with the one that was cut off")
            with jobs.resume(configured, run_id) as job:
                yield job
            return
        name = f"by hand {datetime.now(UTC).isoformat()}"
        with jobs.begin(configured, verbs.JOB, name, interval=(asked.start, asked.end)) as job:
            yield job


def _tell(told: str) -> None:
    click.echo(told, err=True)


def _show(job: Job, reprocess_id: int, examples: int = 3) -> None:
    from etl.jobs.shadow_report import document, told

    for line in told(document(job.db, reprocess_id, examples=examples)):
        click.echo(line)


def _approve(job: Job, reprocess_id: int, workers: int) -> None:
    from etl.jobs import reprocess as jobs

    done = jobs.approve(job, reprocess_id, workers=workers, tell=_tell)
    if done is None:
        click.echo(f"{reprocess_id} was approved before; nothing is done twice")
        return
    alone = f"; {done.left_alone} changed meanwhile and keep what they have" if done.left_alone else ""
    click.echo(f"{reprocess_id} is in: {len(done.articles)} articles, recorded from {done.at.isoformat()}{alone}")
