"""A backfill's plan or state in; what a person or a machine is shown of it out."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from etl.jobs.backfill_plan import Plan
    from etl.warehouse.backfills import SourceDay
    from etl.warehouse.connect import Warehouse

_STATES = ("had", "owed", "failed", "missing")
_SHOWN = 8  # of a long list


def show_plan(found: Plan) -> None:
    """Print a plan."""
    console, told = _console(), found.document
    if told["archives"]:
        console.print(_archives(found))
    if told["hosts"]:
        console.print(_hosts(found))
    least = "at least " if told["is_at_least"] else ""
    if not any(a["to_do"] for a in told["archives"]):
        console.print("Nothing to do: every day that can be had of these archives is had.")
    else:
        by = "as Dateline's own benches gave" if found.is_usual else f"as {found.per_page.pages:,} pages gave here"
        free = f", {_size(told['disk_free'])} free" if told["disk_free"] is not None else ""
        console.print(
            f"Expected: {least}{told['requests']:,} requests, {told['polite_hours']:.1f} h at polite rates; "
            f"{_size(told['bytes_to_read'])} of files to read; {least}{told['pages']:,} pages → "
            f"{told['articles']:,} articles, {told['mentions']:,} places named, "
            f"{_size(told['disk_bytes'])} of disk{free}; {told['work_hours']:.1f} h of one worker ({by})."
        )
    for why, names in _grouped(told["cannot"]).items():
        some = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        console.print(f"[yellow]Cannot be had[/]: {escape(some)}: {escape(why)}.")


def _archives(found: Plan) -> Table:
    table = _table("archive", "kind", "days", "to do", "files", "pages", "told by")
    for a in found.archives:
        days = " · ".join(f"{a.days[s]} {s}" for s in _STATES if a.days[s])
        span = f"{a.first} … {a.last}" if a.to_do > 1 else str(a.first or "nothing")
        files = f"{a.files} ({_size(a.bytes_to_read)})" if a.files else ""
        pages = "unknown" if a.pages is None else f"{a.pages:,}"
        table.add_row(a.source_name, a.kind, days, span, files, pages, a.pages_by)
    return table


def _hosts(found: Plan) -> Table:
    table = _table("host", "requests", "pause", "hours")
    for h in found.hosts:
        least = "≥ " if h.is_at_least else ""
        table.add_row(h.host, f"{least}{h.requests:,}", f"{h.delay_s:g} s", f"{least}{h.hours:.1f}")
    return table


def status_document(db: Warehouse, start: date, end: date) -> dict[str, Any]:
    """How far history is: days by source and state, and the runs at work."""
    from etl.jobs.window import instants
    from etl.warehouse import backfills

    found = backfills.days(db, start, end)
    first, last = instants(start, end)
    running = [r for r in backfills.runs(db, first, last, since=datetime.max.replace(tzinfo=UTC)) if r.is_at_work]
    return {
        "from": start,
        "to": date.fromordinal(end.toordinal() - 1),
        "archives": [_source(name, list(some)) for name, some in groupby(sorted(found, key=_name), key=_name)],
        "at_work": [{"day": r.covered_on, "since": r.started_at, **{k: getattr(r, k) for k in _DONE}} for r in running],
    }


_DONE = ("pages", "extracted", "compared", "tagged", "rejected", "released")


def _name(found: SourceDay) -> str:
    return found.source_name


def _source(name: str, some: list[SourceDay]) -> dict[str, Any]:
    days: dict[str, list[date]] = defaultdict(list)
    for f in some:
        days[f.state].append(f.day)
    why = {f.day: f.failure for f in some if f.state == "failed" and f.failure}
    return {
        "source": name,
        "pages": sum(f.fetched for f in some),
        "owed_pages": sum(f.owed for f in some),
        **{state: len(days[state]) for state in _STATES},
        "spans": {state: spans(days[state]) for state in _STATES[1:] if days[state]},
        "failures": why,
    }


def spans(days: Iterable[date]) -> list[str]:
    """Days as the stretches they form.

    >>> spans([date(2022, 7, 4), date(2022, 7, 5), date(2022, 7, 9)])
    ['2022-07-04 … 2022-07-05', '2022-07-09']
    """
    stretches = []
    for _, run in groupby(enumerate(sorted(days)), key=lambda pair: pair[1].toordinal() - pair[0]):
        one = [day for _, day in run]
        stretches.append(str(one[0]) if len(one) == 1 else f"{one[0]} … {one[-1]}")
    return stretches


def show_status(found: dict[str, Any]) -> None:
    """Print how far history is."""
    console = _console()
    console.print(f"{found['from']} to {found['to']}")
    table = _table("archive", *_STATES, "pages", "not had")
    for a in found["archives"]:
        not_had = "; ".join(
            f"{state}: {', '.join(some[:3])}{' …' if len(some) > 3 else ''}" for state, some in a["spans"].items()
        )
        table.add_row(a["source"], *(str(a[s]) for s in _STATES), f"{a['pages']:,}", not_had)
    console.print(table)
    for a in found["archives"]:
        for day, why in list(a["failures"].items())[:_SHOWN]:
            console.print(f"[red]{day}[/] {escape(a['source'])}: {escape(why)}")
    for r in found["at_work"]:
        console.print(f"[green]at work[/] {r['day']} since {r['since']:%H:%M:%S}: {progress(r)}")
    if not found["at_work"]:
        console.print("Nothing is at work now.")


def progress(done: dict[str, Any]) -> str:
    """What a run has done so far, in words."""
    words = ("pages", "extracted", "compared", "tagged")
    told = ", ".join(f"{done[w]:,} {w}" for w in words)
    return told + (f", {done['rejected']:,} turned away" if done["rejected"] else "")


def _grouped(cannot: list[dict[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for one in cannot:
        grouped[one["why"]].append(one["what"])
    return grouped


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    left = {"archive", "kind", "days", "told by", "host", "not had", "to do"}
    for heading in headings:
        table.add_column(heading, justify="left" if heading in left else "right", overflow="fold")
    return table


def _size(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} B"
