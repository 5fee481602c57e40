"""A machine and its configuration in; what is well, what is not, and what to do about it out."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.errors import DatelineError
from etl.local.databases import open_databases, server
from etl.settings import Settings
from etl.sources import registry
from etl.warehouse import gazetteer
from etl.warehouse.connect import connect, redact
from etl.warehouse.migrate import pending

_FREE_GB = 2


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    seen: str
    remedy: str = ""  # empty when it is well

    @property
    def is_well(self) -> bool:
        """Whether nothing needs doing."""
        return not self.remedy


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything Dateline needs, one finding at a time."""
    yield _python()
    yield _disk(settings.home if settings.database_url else server(settings).place)
    yield _registry(settings)
    yield from _database(settings)
    yield _names()


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    is_good = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Finding("Python", version, "" if is_good else "Use Python 3.11, 3.12 or 3.13.")


def _disk(home: Path) -> Finding:
    existing = next(p for p in (home, *home.parents) if p.exists())
    free = shutil.disk_usage(existing).free / 1e9
    remedy = "" if free > _FREE_GB else f"Free some space, or set DATELINE_HOME to a disk with {_FREE_GB} GB."
    return Finding("disk", f"{free:.0f} GB free for {home}", remedy)


def _registry(settings: Settings) -> Finding:
    try:
        found = registry.read(settings.sources_file)
    except DatelineError as error:
        return Finding("sources", str(error), "Mend the registry; the line is named.")
    return Finding("sources", f"{len(found)} in {settings.sources_file}")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with open_databases(settings) as databases, connect(databases.warehouse_url, name="doctor") as db:
            version = db.connection.info.server_version // 10000
            which = "embedded" if databases.embedded else redact(databases.warehouse_url)
            yield Finding("database", f"PostgreSQL {version}, {which}")
            waiting = pending(db)
            yield Finding(
                "schema",
                "as this checkout" if not waiting else f"{waiting} migrations behind",
                "Run `dateline migrate`." if waiting else "",
            )
            if not waiting:
                held = gazetteer.current(db)
                seen = f"{held.version}, {held.places:,} places" if held else "none"
                yield Finding("gazetteer", seen, "" if held else "Run `dateline migrate`.")
    except DatelineError as error:
        yield Finding("database", str(error), error.hint or "See README, Trouble.")


def _names() -> Finding:
    """Whether names resolve: live feeds need it, the samples do not."""
    try:
        socket.getaddrinfo("example.org", 443)
    except OSError:
        return Finding("network", "no name can be resolved; the samples and backfills of files work without")
    return Finding("network", "names resolve")
