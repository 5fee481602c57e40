"""Throwaway embedded servers: their data go when the test does, also where root keeps them under /var/lib."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from etl.local.postgres import Server
from etl.settings import ROOT

SHARED_KEY = f"test-{os.getpid()}-shared"
FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB"}


@pytest.fixture
def key(tmp_path: Path) -> str:
    """Tells this test's servers from those of a parallel session."""
    return f"test-{os.getpid()}-{tmp_path.name[-12:]}"


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("shared")
    yield home
    Server(home, SHARED_KEY).destroy()


@pytest.fixture
def server(shared_home: Path) -> Iterator[Server]:
    """A stopped server that may have run before; initdb costs a second, so tests that break nothing share it."""
    made = Server(shared_home, SHARED_KEY, port=0, options=FAST)
    yield made
    made.stop()


@pytest.fixture
def fresh(tmp_path: Path, key: str) -> Iterator[Server]:
    """A server that never ran."""
    made = Server(tmp_path / "home", key, port=0, options=FAST)
    yield made
    made.destroy()


@pytest.fixture
def another_process() -> Iterator[Callable[[Server, str], subprocess.Popen[str]]]:
    """Run lines of Python with a server at hand as `server` in a process of its own; it ends with the test."""
    begun = []

    def run(server: Server, lines: str) -> subprocess.Popen[str]:
        head = (
            "import os, sys\nfrom pathlib import Path\nfrom etl.local.postgres import Server\n"
            f"server = Server(Path('unused'), 'unused', port=0, options={FAST!r})\n"
            f"server.place = Path({str(server.place)!r})\nserver.data = server.place / 'data'\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", head + lines],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.communicate()
