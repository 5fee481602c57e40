"""`python -m etl.bench`: options in; a table for a person and a JSON file out."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from etl import settings
from etl.bench import archives, copies, events, fetching, loading, peer, questions, reading
from etl.bench.frame import SCALES, Result, World, measure, report
from etl.local.databases import open_databases

ROOMS = (loading, copies, events, reading, fetching, archives)
BENCHES = {bench.name: bench for room in ROOMS for bench in room.BENCHES}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benches asked for, all by default."""
    asked = _parser().parse_args(arguments)
    if peer.NAME in (asked.only or ()) and not asked.news_please:
        _parser().error(f"{peer.NAME} needs --news-please PYTHON")
    out: Path | None = asked.out
    if out is None and not asked.only:  # a part must not take the place of the whole
        out = settings.ROOT / ("bench.json" if asked.scale == "small" else f"bench-{asked.scale}.json")
    console, scale, read = Console(), SCALES[asked.scale], settings.read()
    results = []
    with ExitStack() as stack:
        world = World(scale, read.home, cache(lambda: stack.enter_context(open_databases(read)).warehouse_url))
        tell = partial(console.print, style="dim", highlight=False)
        benches = BENCHES | ({peer.NAME: peer.peer(asked.news_please)} if asked.news_please else {})
        for name in asked.only or [*benches, questions.NAME]:
            if name == questions.NAME:  # many results from one pair of histories
                results += questions.run(world, tell)
                continue
            tell(f"{name}: {benches[name].what}")
            results.append(measure(benches[name], world))
    console.print(table(results))
    if out:
        out.write_text(json.dumps(report(scale, results), indent=2) + "\n", encoding="utf8")
        console.print(f"written to {out}", style="dim", highlight=False)


def table(results: Sequence[Result]) -> Table:
    """Results for a person."""
    shown = Table(title="Times as long as the limit, both taken in this run", show_lines=True)
    shown.add_column("bench", no_wrap=True)
    shown.add_column("what is compared")
    for column in ("ours", "limit", "ratio"):
        shown.add_column(column, justify="right", no_wrap=True)
    for r in results:
        on = ", ".join(f"{n:,} {what}" for what, n in r.sizes.items())
        told = f"{r.what}\nagainst {r.limit}\n[dim]{on}[/dim]"
        shown.add_row(r.name, told, _ms(r.ours_s), _ms(r.limit_s), f"{r.ratio:.1f}")
    return shown


def _ms(seconds: float) -> str:
    if not seconds:  # what is told is no time
        return ""
    return f"{seconds * 1000:,.0f} ms"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m etl.bench", description="Speed as ratios taken in one run.")
    parser.add_argument("--scale", choices=sorted(SCALES), default="small")
    named = sorted([*BENCHES, questions.NAME, peer.NAME])
    parser.add_argument("--only", action="append", choices=named, metavar="NAME", help="may be repeated")
    parser.add_argument("--news-please", type=Path, metavar="PYTHON", help="an interpreter that has it: measure it too")
    parser.add_argument("--out", type=Path, help="the JSON file; by default bench.json, or bench-full.json")
    return parser


if __name__ == "__main__":
    main()
