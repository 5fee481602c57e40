"""A warehouse in, a backup out; a backup and an empty database in, the same warehouse out, to the digest.

PostgreSQL's own pg_dump and pg_restore do the work: one snapshot, whoever writes meanwhile; raw bodies included; no
roles and no passwords. A backup appears under its name only when it is whole, and a restore is one transaction: killed,
it leaves an empty database to try again on. Airflow's own database is not in it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from etl.errors import BackupError
from etl.local import binaries
from etl.warehouse import migrate
from etl.warehouse.connect import connect

Tell = Callable[[str], None]

_LOCK_WAIT = "60s"  # a migration under way holds what must be read
_TABLE = re.compile(r'(?:dumping contents of|processing data for) table "([\w.]+)"')
_MIGRATION = re.compile(r"^(\d+)\t\w+\t([0-9a-f]{64})\t", re.MULTILINE)
_MADE_BY = re.compile(r"Dumped from database version: (\d+)")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself."""

    migrations: dict[int, str]  # number → checksum, of the Dateline it is from
    server: int  # major version of PostgreSQL it is from


def backup(url: str, target: Path, *, is_folder: bool = False, tell: Tell = lambda _: None) -> int:
    """Write the database to a new file, or folder of one file a table; its bytes. Raises BackupError."""
    if target.exists():
        raise BackupError(str(target), "It is there already; name another.")
    if not target.parent.is_dir():
        raise BackupError(str(target), f"There is no folder {target.parent}.")
    draft = target.with_name(f"{target.name}.partial.{os.getpid()}")
    form = ("--format=directory", "--jobs=2") if is_folder else ("--format=custom",)
    login, env = _login(url)
    try:
        _run(
            "pg_dump", login, *form, "--verbose", "--compress=gzip:1", f"--lock-wait-timeout={_LOCK_WAIT}",
            f"--file={draft}", env=env, tell=tell,
        )  # fmt: skip
        inspect(draft)
        draft.rename(target)
    finally:
        _remove(draft)
    return sum(f.stat().st_size for f in target.rglob("*")) if target.is_dir() else target.stat().st_size


def restore(url: str, source: Path, *, tell: Tell = lambda _: None) -> None:
    """Fill an empty database from a backup. Raises BackupError for what is no backup of ours, or a database in use."""
    found = inspect(source)
    _refuse_strangers(source, found)
    with connect(url, name="restore") as db:
        held = db.value("count_relations")
        if held:
            name = db.connection.info.dbname
            raise BackupError(
                f"database {name} is not empty, it has {held} tables",
                "Set DATELINE_HOME to a new folder, or make an empty database and name it in DATELINE_DATABASE_URL.",
            )
        if db.connection.server_version // 10000 < found.server:
            raise BackupError(str(source), f"It is from PostgreSQL {found.server}; this server is older.")
    login, env = _login(url)
    options = ("--verbose", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl")
    _run("pg_restore", login, *options, str(source), env=env, tell=tell)
    with connect(url, name="restore") as db:
        tell("statistics")
        db.run("analyze_all")


def inspect(source: Path) -> Contents:
    """What a backup says of itself. Raises BackupError for one that cannot be read, or is not of Dateline."""
    heading = _run("pg_restore", "--list", str(source), about=str(source))
    memory = _run("pg_restore", "--data-only", "--table=dateline_migration", "--file=-", str(source), about=str(source))
    made_by = _MADE_BY.search(heading)
    migrations = {int(number): checksum for number, checksum in _MIGRATION.findall(memory) if number != "0"}
    if not made_by or not migrations:
        raise BackupError(str(source), "It is no backup of a Dateline warehouse.")
    return Contents(migrations, int(made_by[1]))


def _refuse_strangers(source: Path, found: Contents) -> None:
    ours = {m.number: m.checksum for m in migrate.read()}
    for number, checksum in found.migrations.items():
        if ours.get(number) != checksum:
            raise BackupError(
                str(source), f"It is from another Dateline: migration {number:04} is not of this checkout."
            )


def _login(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and the environment that has it: a command line is there for all to see."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = urlunsplit(parts._replace(netloc=f"{parts.username}@{host}" if parts.username else host))
    password = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    return f"--dbname={bare}", {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10", **password}


def _run(
    program: str,
    *arguments: str,
    env: dict[str, str] | None = None,
    tell: Tell = lambda _: None,
    about: str = "",
) -> str:
    """Run a program of PostgreSQL as ourselves; what it printed. Tables it says it works on are told."""
    command = [str(binaries.find().folder / program), *arguments]
    said: list[str] = []
    with _ended(
        subprocess.Popen(
            command,
            env=env or {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            umask=0o077,
        )
    ) as running:
        for line in running.stdout or ():
            if table := _TABLE.search(line):
                tell(f"  {table[1]}")
            said.append(line)
    if running.returncode != 0:
        raise BackupError(about or program, _reason(said))
    return "".join(said)


@contextmanager
def _ended(running: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Wait for a program; on Ctrl-C or worse, end it."""
    with running:
        try:
            yield running
        except BaseException:
            running.terminate()
            raise


def _reason(said: list[str]) -> str:
    errors = [line.partition(": error: ")[2].strip() for line in said if ": error: " in line]
    return f"{errors[0] if errors else (said or ['It gave no reason'])[-1].strip()}.".replace("..", ".")


def _remove(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)
