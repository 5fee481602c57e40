"""What `dateline explain` found goes in; it is printed for a person to read: the article, its signals, its traces."""

from __future__ import annotations

from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_FACTS = ("run", "code_version", "extractor", "capture", "gazetteer")  # of a content, a line each


def show(told: dict[str, Any]) -> None:
    """Print it; what nobody stated is left out."""
    verdict = str(told["verdict"])
    colour = "yellow" if verdict.startswith("rejected") else "green"
    parts: list[RenderableType] = [
        Text.assemble((verdict[:1].upper() + verdict[1:], f"bold {colour}"), f"  {told['url'] or ''}")
    ]
    parts += _part("Read as", _won(told))
    parts += _part("What the page says", _stated(told["signals"]))
    if "warehouse" in told:
        parts += _part("In the warehouse", _held(told["warehouse"]))
    Console(highlight=False).print(Group(*parts))


def _part(heading: str, rows: list[tuple[str, str]]) -> list[RenderableType]:
    if not rows:
        return []
    table = Table.grid(padding=(0, 2))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, Text(value))
    return [Text(f"\n{heading}", style="bold"), Padding(table, (0, 0, 0, 2))]


def _won(told: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of the article, each with the reason it won by."""
    rows = []
    for field, value in told.items():
        if field in {"url", "verdict", "signals", "warehouse"} or not (said := _line(value)):
            continue
        why = told["signals"].get(f"{field}_why")
        rows.append((field, f"{said}  ({why})" if why else said))
    return rows


def _stated(signals: dict[str, Any]) -> list[tuple[str, str]]:
    """What each signal said of each field, a line a signal."""
    rows: list[tuple[str, str]] = []
    for field, value in signals.items():
        if field.endswith("_why"):
            continue
        if isinstance(value, dict):
            said = [f"{place}: {line}" for place, v in value.items() if (line := _line(v))]
        else:
            said = [str(v) for v in value] if isinstance(value, list) else [_line(value)]
        rows += [(field if n == 0 else "", line) for n, line in enumerate(filter(None, said))]
    return rows


def _held(traces: list[dict[str, Any]] | str) -> list[tuple[str, str]]:
    """The article and the way each of its contents came."""
    if isinstance(traces, str):
        return [("", traces)]
    first = traces[0]
    versions = "one version" if first["versions"] == 1 else f"{first['versions']} versions"
    rows = [("article", f"{first['article_id']}, {versions}")]
    for trace in traces:
        rows.append(("content", f"{trace['content_id']}, observed {trace['observed_at']:%Y-%m-%d %H:%M:%S %Z}"))
        rows += [(f"  {name.replace('_', ' ')}", _line(trace[name])) for name in _FACTS if trace[name] is not None]
    return rows


def _line(value: object) -> str:
    if isinstance(value, list):
        return " · ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None or value == 0 else str(value)
