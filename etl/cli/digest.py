"""`dateline digest`: what the warehouse holds now as one hash, and where it differs from another or from before."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from etl import settings
from etl.errors import SettingError

if TYPE_CHECKING:
    from etl.warehouse.digest import Digest, Part

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "start", type=_DAY, help="Articles first observed from this day on, UTC.")
@click.option("--to", "end", type=_DAY, help="Up to this day, not included.")
@click.option("--by", type=click.Choice(["table", "day", "source"]), default="table", show_default=True)
@click.option("--json", "is_json", is_flag=True, help="Write it as JSON, to be kept for --diff.")
@click.option(
    "--diff", "other", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A digest kept before."
)
def digest(start: datetime | None, end: datetime | None, by: str, other: Path | None, *, is_json: bool) -> None:
    """Hash what the warehouse holds now: articles, texts, places, copies, stories, edits.

    Natural keys and values are hashed, not ids, runs or times of recording: two warehouses that were given the same
    captures have the same digest, whatever the order they came in. `--by day --json > before.json`, later
    `--diff before.json`, shows which tables and days differ; exit 1 if any does. Give the same interval to both.
    """
    before = _read(other) if other else None
    found = _digest(start, end, before.by if before else by)
    if is_json:
        click.echo(json.dumps(found.document, indent=1))
    elif before is None:
        _tell(found)
    if before is not None:
        sys.exit(_compare(before, found))


def _digest(start: datetime | None, end: datetime | None, by: Any) -> Digest:
    from etl.local.databases import open_databases
    from etl.warehouse.connect import connect
    from etl.warehouse.digest import digest as hashed

    with open_databases(settings.read()) as databases, connect(databases.warehouse_url, name="digest") as db:
        return hashed(db, by=by, start=_day(start), end=_day(end))


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _read(path: Path) -> Digest:
    from etl.warehouse.digest import Digest

    try:
        return Digest.of(json.loads(path.read_text(encoding="utf8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingError(str(path), "It is no digest; make one with `dateline digest --json`.") from error


def _tell(found: Digest) -> None:
    for name, part in found.tables.items():
        click.echo(f"{name:14}{part.rows:>12,}  {part.digest}")
        for key, one in found.parts.get(name, {}).items():
            click.echo(f"  {key or '-':30}{one.rows:>10,}  {one.digest}")
    click.echo(f"{'all':14}{'':>12}  {found.digest}")


def _compare(before: Digest, now: Digest) -> int:
    from etl.warehouse.digest import differences

    if before.digest == now.digest:
        click.echo(f"the same: {now.digest}", err=True)
        return 0
    for name, key, old, new in differences(before, now):
        click.echo(f"{name:14}{key:30} {_rows(old, new)}", err=True)
    return 1


def _rows(old: Part, new: Part) -> str:
    more = new.rows - old.rows
    return f"{old.rows:,} → {new.rows:,} rows" + (" (other values)" if more == 0 else f" ({more:+,})")
