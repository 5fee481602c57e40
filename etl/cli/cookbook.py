"""`dateline cookbook`: the usual questions, listed, asked with one's own values, or printed to go on from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl import settings

if TYPE_CHECKING:
    from etl.warehouse.cookbook import Recipe


@click.command()
@click.argument("name", required=False)
@click.option("--param", "-p", "pairs", multiple=True, metavar="NAME=VALUE", help="A value; may be repeated.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--sql", "is_shown", is_flag=True, help="Print the SQL with these values instead of asking it.")
@click.option("--timeout", "timeout_s", default=60, show_default=True, help="Seconds the question may take.")
def cookbook(name: str | None, pairs: tuple[str, ...], form: str, timeout_s: int, *, is_shown: bool) -> None:
    """List the usual questions, or ask NAME on a read-only login.

    \b
    dateline cookbook
    dateline cookbook place_days -p place=Sloviansk -p from=2022-07-01 -p to=2022-07-31
    dateline cookbook near_place -p place=Lysychansk -p km=50 --format csv
    dateline cookbook story_ladders --sql
    Days are UTC, both ends included: 2022-07-01, today or today-7.
    """  # noqa: D301 - click wants the backspace itself: it keeps the lines below as they are
    from etl.warehouse import cookbook as book

    if name is None:
        _list(list(book.recipes().values()))
        return
    question = book.render(book.find(name), _values(pairs))
    if is_shown:
        click.echo(question)
        return
    from etl.local.databases import open_databases
    from etl.warehouse.ask import ask
    from etl.warehouse.connect import connect

    with open_databases(settings.read()) as databases, connect(databases.analyst_url, name="cookbook") as db:
        ask(db, question, form=form, out=sys.stdout, timeout_s=timeout_s)


def _values(pairs: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise click.UsageError(f'-p wants NAME=VALUE, not "{pair}".')
        values[key.strip()] = value
    return values


def _list(recipes: list[Recipe]) -> None:
    for recipe in recipes:
        click.secho(recipe.name, bold=True)
        click.echo(click.wrap_text(recipe.description, width=100, initial_indent="  ", subsequent_indent="  "))
        for p in recipe.params:
            click.echo(f"    {p.name}={p.default}".ljust(34) + f" {p.meaning}")
