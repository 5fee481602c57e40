"""The house stays the house: rooms import only what stands left of them, and each library has one home."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.settings import ROOT

# Left to right, as records travel. A room may import those before it, and the four that everyone shares.
FLOW = ["sources", "fetch", "markup", "extract", "dedup", "geo", "warehouse", "release", "jobs"]
SHARED = {"records", "errors", "settings", "crew", "collector"}
# `local`, `evaluate`, `bench` and `cli` stand outside the flow and press its buttons.
OUTSIDE = {"local", "evaluate", "bench", "cli"}
# The charset order belongs to fetching, and feeds are decoded by it too.
ALLOWED = {("sources", "markup"), ("sources", "fetch")}

HOMES = {
    "feedparser": {"sources"},
    "fastwarc": {"sources", "bench"},  # the bare pass that a crawl's way to rows is measured against
    "bs4": {"markup"},
    "soupsieve": {"markup"},
    "lxml": {"markup", "bench"},  # as above
    "trafilatura": {"extract"},
    "psycopg2": {"warehouse"},
    "urllib3": {"fetch", "bench"},  # the bare loop that fetching is measured against
    "protego": {"fetch"},
    "spacy": {"geo"},
    "pyarrow": {"release"},
    "airflow": {"local"},
    "click": {"cli"},
}
PURE = ["sources", "extract", "dedup", "geo", "markup"]
IMPURE_CALLS = {"now", "utcnow", "today", "time", "monotonic"}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted((ROOT / "etl").rglob("*.py")):
        room = path.relative_to(ROOT / "etl").parts[0].removesuffix(".py")
        yield room, path, ast.parse(path.read_text(encoding="utf8"))


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_left(room: str, other: str) -> bool:
    if other in SHARED or other == room or room in OUTSIDE or (room, other) in ALLOWED:
        return True
    return room in FLOW and other in FLOW and FLOW.index(other) < FLOW.index(room)


def test_rooms_import_only_what_stands_left_of_them() -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for room, path, tree in modules()
        for name in imports(tree)
        if name.startswith("etl.")
        and room not in SHARED | {"__init__"}
        and not is_left(room, name.split(".")[1])
        and name.split(".")[1] != "__version__"
    }
    assert not wrong


def test_what_everyone_shares_imports_no_room() -> None:
    for room, _, tree in modules():
        if room in SHARED:
            inner = {n.split(".")[1] for n in imports(tree) if n.startswith("etl.")}
            assert inner <= SHARED | {"__version__"} | {n for n in inner if n[0].isupper()}


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    used_in = {room for room, _, tree in modules() for name in imports(tree) if name.split(".")[0] == library}
    assert used_in == HOMES[library]


def test_only_settings_reads_the_environment() -> None:
    """`local` sets up the environment of others, and `cli` passes it on; nobody else looks."""
    readers = {
        room
        for room, _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers <= {"settings", "local", "cli", "extract"}


def test_pure_rooms_know_no_clock_and_no_log() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room, path, tree in modules()
        if room in PURE and path.stem not in {"pool", "worker"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in IMPURE_CALLS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time"}
    ]
    assert not wrong
    logging = [path for room, path, tree in modules() if room in PURE and "logging" in set(imports(tree))]
    assert not logging


def test_modules_fit_a_glance() -> None:
    long = {
        str(path.relative_to(ROOT)): n for _, path, _ in modules() if (n := len(path.read_text().splitlines())) > 250
    }
    assert not long
    functions = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert not functions


STATEMENT = re.compile(
    r"\s*(select\s.+\sfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|create\s+(table|index|view))\b",
    re.IGNORECASE | re.DOTALL,
)


def test_sql_lives_in_sql() -> None:
    """No statement in Python, but for questions that are shown to a person (`cli`, `local/report.py`)."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room, path, tree in modules()
        if room != "cli" and path.name != "report.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value)
    ]
    assert not found
