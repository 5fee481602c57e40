"""What a person wants to see of a run: the warehouse in, tables on the console out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from etl.errors import Reason
from etl.records import Counts
from etl.warehouse import runs
from etl.warehouse.connect import Warehouse

_UNREACHED = {Reason.DNS_FAILED, Reason.UNREACHABLE, Reason.TIMED_OUT}
_QUESTIONS = (
    "SELECT place, articles, outlets FROM mart.place ORDER BY articles DESC, place LIMIT 10",
    "SELECT outlet, title, surface, role, place FROM mart.mention WHERE place = 'Lysychansk'",
    "SELECT observed_from, observed_to, title FROM mart.version WHERE recorded_to IS NULL ORDER BY article_id",
)


def state(db: Warehouse) -> str:
    """A digest of every row of raw, news and geo: the same before and after means nothing changed."""
    digest: str = db.value("data_digest")
    return digest


def stages(console: Console, db: Warehouse, job: str, external_id: str) -> None:
    """Per stage of a run: seen, kept, rejected with reasons, and whether the sums balance."""
    run_id = db.value("find_run", job=job, external_id=external_id)
    if run_id is None:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("stage", "seen", "kept", "rejected", "released", ""):
        table.add_column(heading, justify="left" if heading in {"stage", ""} else "right", no_wrap=True)
    for stage, counts in runs.counts(db, run_id).items():
        table.add_row(str(stage), *_numbers(counts), "" if counts.balances else "[red]does not balance[/]")
    console.print(Padding(table, (0, 0, 0, 9)))
    for row in db.rows("rejections_of_run", run_id=run_id):
        told = f"[yellow]{row.reason}[/] {escape(row.item_key)}  [dim]{escape(row.detail or '')}[/]"
        console.print(Padding(told, (0, 0, 0, 9)), no_wrap=True, overflow="ellipsis")


def _numbers(counts: Counts) -> Sequence[str]:
    return str(counts.seen), str(counts.kept), str(sum(counts.rejected.values())), str(counts.released)


def changes(console: Console, before: str, after: str) -> None:
    """Whether the runs changed anything."""
    if before == after:
        console.print("\n[bold]Nothing is new[/]: no row of raw, news or geo changed.")


def anyone_answered(console: Console, db: Warehouse) -> bool:
    """Whether the latest poll reached any feed; says so if there seems to be no network."""
    reasons = [r.reason for r in db.rows("feeds_of_last_poll")]
    if not reasons or any(reason not in _UNREACHED for reason in reasons):
        return True
    console.print(
        f"\n[bold red]No network[/]: none of {len(reasons)} feeds could be reached. "
        "`make demo` without LIVE=1 needs none; `dateline sources check URL` tries one feed."
    )
    return False


def closing(console: Console, db: Warehouse, *, seconds: float) -> None:
    """What the warehouse holds now, and what to ask it next."""
    console.print("\n[bold]Articles[/]")
    console.print(_table(db.rows("articles_now"), ("published", "outlet", "lang", "versions", "title")))
    copies = db.rows("copies_now")
    if copies:
        console.print("\n[bold]Who copied whom[/]")
        console.print(_table(copies, ("copy", "of", "kind", "similarity", "title")))
    console.print("\n[bold]Places[/]")
    console.print(_table(db.rows("places_now", limit=15), ("place", "country", "kind", "articles", "mentions")))
    console.print(f"\nDone in {seconds:.0f} s. Ask it something:\n")
    for question in _QUESTIONS:
        console.print(f'  .venv/bin/dateline sql "{escape(question)}"', soft_wrap=True)
    console.print()


def _table(rows: Sequence[Any], headings: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in headings:
        numeric = heading in {"articles", "mentions", "versions", "similarity"}
        width = (
            None
            if heading == "title"
            else min(24, max(len(heading), *(len(str(r[len(table.columns)])) for r in rows), 0))
        )
        table.add_column(
            heading, overflow="ellipsis", no_wrap=True, min_width=width, justify="right" if numeric else "left"
        )
    for row in rows:
        table.add_row(*(escape("" if cell is None else str(cell)) for cell in row))
    return table
