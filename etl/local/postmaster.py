"""The postmaster of a data directory: `postmaster.pid` in, the living process and its port out.

The file outlives a `kill -9`, and after a reboot or in a container its pid is soon somebody else's. It is
ours when a process of that pid is no zombie, is called postgres and works in this very data directory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

ORPHAN_SECONDS = 5  # backends leave by themselves once they notice that the postmaster is gone


@dataclass(frozen=True)
class Postmaster:
    """A living postmaster."""

    pid: int
    port: int | None  # None in the first moments of its life
    is_ready: bool  # accepts connections


def read(data: Path) -> Postmaster | None:
    """The living postmaster of `data`, if there is one."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _serves(pid, data):
        return None
    port = int(lines[3]) if len(lines) > 3 and lines[3].isdigit() else None
    return Postmaster(pid, port, is_ready=len(lines) > 7 and lines[7].strip() == "ready")


def clear_remains(data: Path) -> None:
    """Remove the pid file of a dead postmaster, after the last of its orphans has let go of the data.

    PostgreSQL would refuse to start where the old pid now belongs to another process; and without the file it
    could not tell that orphans still write, so they must be gone before the file is.
    """
    remains = data / "postmaster.pid"
    if not remains.exists():
        return
    orphans = list(_orphans(data))
    for act in ("wait", "terminate", "kill"):
        if act != "wait":
            for orphan in orphans:
                with suppress(psutil.NoSuchProcess):
                    getattr(orphan, act)()
        _, orphans = psutil.wait_procs(orphans, timeout=ORPHAN_SECONDS)
        if not orphans:
            break
    remains.unlink(missing_ok=True)


def _orphans(data: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        if _serves(process.pid, data):
            yield process


def _serves(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres"):
            return False
        return Path(process.cwd()) == data
    except (psutil.Error, OSError):
        return False
