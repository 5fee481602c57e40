"""`dateline backfill …`: what is missing of the past and what it costs, having it done, and how far it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from etl import settings

if TYPE_CHECKING:
    from etl.jobs.backfill import Order
    from etl.local.databases import Databases
    from etl.settings import Settings
    from etl.warehouse.connect import Warehouse

_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group()
def backfill() -> None:
    """History: plan it, have it done, see how far it is.

    FROM and TO are days like 2022-07-04, UTC, both included. A feed shows only the present: only sources with a past
    (sitemaps, WARC files, dated files) are read.
    """


def _interval(command: _Command) -> _Command:
    day = click.DateTime(["%Y-%m-%d"])
    command = click.option("--source", "names", multiple=True, help="Only this source; may be repeated.")(command)
    command = click.argument("to", type=day)(command)
    return click.argument("from", type=day)(command)


def _again(command: _Command) -> _Command:
    return click.option(
        "--rerun",
        type=click.Choice(["failed", "all"]),
        help="Also days that failed, or every day; without it what is missing or was begun and not ended.",
    )(command)


@backfill.command()
@_interval
@_again
@click.option("--json", "is_json", is_flag=True, help="Say it to a machine.")
def plan(names: tuple[str, ...], rerun: str | None, *, is_json: bool, **days: datetime) -> None:
    """Say what a backfill of FROM to TO would do and cost. Fetches nothing."""
    from etl.cli.backfilled import show_plan
    from etl.jobs import backfill_plan

    configured, order = settings.read(), _order(days, names, rerun)
    with _warehouse(configured) as (databases, db):
        found = backfill_plan.plan(db, configured, order, disk_free=_disk_free(configured, databases))
    if is_json:
        click.echo(json.dumps(found.document, indent=2))
    else:
        show_plan(found)


@backfill.command()
@_interval
@_again
@click.option("--backwards", "is_backwards", is_flag=True, help="The latest day first.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Days done at once.")
def run(names: tuple[str, ...], rerun: str | None, workers: int, *, is_backwards: bool, **days: datetime) -> None:
    """Do what is missing of FROM to TO, a day at a time; stop it with Ctrl-C, run it again, and it goes on.

    Needs no Airflow: each day is a run as the DAG news_backfill does it. Exit 1 if a day failed.
    """
    from etl.jobs.prepare import prepare
    from etl.local.backfill import work

    configured, order = settings.read(), _order(days, names, rerun, is_backwards=is_backwards)
    with _warehouse(configured, prepare_by=prepare) as (databases, _):
        sys.exit(work(configured, databases.work_url, order, workers=workers, tell=click.echo))


@backfill.command()
@click.argument("from", type=click.DateTime(["%Y-%m-%d"]), required=False)
@click.argument("to", type=click.DateTime(["%Y-%m-%d"]), required=False)
@click.option("--json", "is_json", is_flag=True, help="Say it to a machine.")
def status(*, is_json: bool, **days: datetime | None) -> None:
    """Say which days are had, owed, failed or missing, and what is at work now; by default of all ever asked for."""
    from etl.cli.backfilled import show_status, status_document
    from etl.warehouse import backfills

    with _warehouse(settings.read()) as (_, db):
        start, end = days["from"], days["to"]
        if start is None or end is None:
            bounds = backfills.bounds(db)
            if bounds is None:
                raise click.ClickException("No backfill was ever run. Begin with `dateline backfill plan FROM TO`.")
            first, last = bounds
        else:
            first, last = start.date(), end.date() + timedelta(days=1)
        found = status_document(db, first, last)
    if is_json:
        click.echo(json.dumps(found, indent=2, default=str))
    else:
        show_status(found)


def _order(
    days: dict[str, datetime], names: tuple[str, ...], rerun: str | None, *, is_backwards: bool = False
) -> Order:
    from etl.jobs.backfill import Again, Order

    start, end = days["from"].date(), days["to"].date() + timedelta(days=1)
    if start >= end:
        raise click.UsageError("FROM must not be after TO.")
    return Order(
        start=start,
        end=end,
        asked_at=datetime.now(UTC),
        names=names or None,
        again=Again(rerun or "none"),
        is_backwards=is_backwards,
    )


@contextmanager
def _warehouse(
    configured: Settings, *, prepare_by: Callable[..., None] | None = None
) -> Iterator[tuple[Databases, Warehouse]]:
    """The warehouse with this checkout's schema and the registry as it is now."""
    from etl.local.databases import open_databases
    from etl.sources import registry
    from etl.warehouse import sources
    from etl.warehouse.connect import connect
    from etl.warehouse.migrate import migrate

    at = datetime.now(UTC)
    with open_databases(configured) as databases, connect(databases.warehouse_url, name="backfill") as db:
        if prepare_by is not None:
            prepare_by(db, configured, at=at, tell=click.echo)
        else:
            migrate(db, today=at.date())
            sources.synchronise(db, registry.read(configured.sources_file), at=at)
        yield databases, db


def _disk_free(configured: Settings, databases: Databases) -> int | None:
    import shutil

    from etl.local.databases import server

    return shutil.disk_usage(server(configured).data).free if databases.embedded else None
