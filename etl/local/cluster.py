"""What is done to a data directory: made, furnished with roles and databases, started, stopped.

Every function takes the programs and the folder, and answers with nothing or a LocalServerError that says
what is wrong. The caller holds the lock.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from etl.errors import LocalServerError
from etl.local import failure, postmaster
from etl.local.binaries import Binaries
from etl.local.files import write_private
from etl.local.ports import free_port
from etl.settings import ROOT

START_SECONDS = 120  # crash recovery of a large warehouse takes its time
BOOTSTRAP = ROOT / "sql" / "local" / "bootstrap.sql"
_LOG_BYTES = 1_000_000  # a log longer than this is put aside at the next start
_BIRTH_SECONDS = 0.5  # from the exec of postgres to its pid file, with room to spare
_ATTEMPTS = 3  # starts, when another program is quicker to take the port


def create(programs: Binaries, data: Path, password: str) -> None:
    """Make the data directory unless it is there: complete or not at all."""
    for left in data.parent.glob("data.new.*"):  # by a caller that was killed; its initdb may write on for a moment
        shutil.rmtree(left, ignore_errors=True)
    if data.exists():
        return _refuse_other_major(programs, data)
    draft, secret = data.with_name(f"data.new.{os.getpid()}"), data.with_name("initdb.password")
    try:
        draft.mkdir(mode=0o700)
        write_private(secret, password + "\n")
        _give(programs, draft, secret)
        login = ("-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret)
        locale = ("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        made = programs.run("initdb", "-D", draft, *login, *locale, "--no-instructions")
        if made.returncode != 0:
            raise failure.explain(data, made.stdout)
        draft.rename(data)
    finally:
        secret.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def start(programs: Binaries, data: Path, options: Mapping[str, str], preferred_port: int) -> None:
    """Start the server and wait until it answers; on the preferred port when that is free."""
    postmaster.clear_remains(data)
    _turn_log(data / "server.log")
    for attempt in range(_ATTEMPTS):
        port = free_port(preferred_port if attempt == 0 else 0)
        settings = " ".join(f"-c {name}='{value}'" for name, value in {**options, "port": str(port)}.items())
        before = _size(data / "server.log")
        started = programs.run(
            "pg_ctl",
            "-D",
            data,
            "-w",
            "-t",
            str(START_SECONDS),
            "-l",
            data / "server.log",
            "-o",
            settings,
            "start",
        )
        if started.returncode == 0 or wait_ready(data):  # the pg_ctl of a killed caller may have been quicker
            return
        said = started.stdout + _tail(data / "server.log", before)
        if not failure.port_is_taken(said):
            break
    raise failure.explain(data, said)


def wait_ready(data: Path) -> bool:
    """Wait for a server that somebody else started; False when it went away instead."""
    deadline = time.monotonic() + START_SECONDS
    while server := postmaster.read(data):
        if server.is_ready:
            return True
        if time.monotonic() > deadline:
            raise LocalServerError(
                f"it has not become ready in {START_SECONDS} seconds ({data})",
                f"Its log is {data / 'server.log'}.",
            )
        time.sleep(0.05)
    return False


def stop(programs: Binaries, data: Path) -> None:
    """Stop the server if it lives; open transactions are rolled back."""
    if postmaster.read(data) is None:
        return
    stopped = programs.run("pg_ctl", "-D", data, "-w", "-t", str(START_SECONDS), "-m", "fast", "stop")
    if stopped.returncode != 0 and postmaster.read(data) is not None:
        raise failure.explain(data, stopped.stdout)


def abort(programs: Binaries, data: Path) -> None:
    """End a server whose start was broken off: it may not have written its pid file yet."""
    deadline = time.monotonic() + _BIRTH_SECONDS
    while postmaster.read(data) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    stop(programs, data)


def furnish(programs: Binaries, data: Path, passwords: Mapping[str, str]) -> None:
    """Create roles and databases, unless this very script with these passwords already did."""
    place, script = data.parent, BOOTSTRAP.read_text()
    done, seal = place / "furnished", sha256((script + repr(sorted(passwords.items()))).encode()).hexdigest()
    if done.exists() and done.read_text() == seal:
        return
    server = postmaster.read(data)
    if server is None:
        raise LocalServerError(f"it stopped at once ({data})", f"Its log is {data / 'server.log'}.")
    login = place / "psql.login"
    try:
        write_private(login, f"127.0.0.1:{server.port}:*:postgres:{passwords['postgres']}\n")
        _give(programs, login)
        ran = programs.run(
            *("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(server.port)),
            *("-U", "postgres", "-d", "postgres"),
            given=f"\\set owner_password '{passwords['dateline']}'\n"
            f"\\set loader_password '{passwords['dateline_loader']}'\n"
            f"\\set analyst_password '{passwords['dateline_analyst']}'\n{script}",
            env={"PGPASSFILE": str(login)},
        )
    finally:
        login.unlink(missing_ok=True)
    if ran.returncode != 0:
        raise failure.explain(data, ran.stdout)
    write_private(done, seal)


def _give(programs: Binaries, *paths: Path) -> None:
    if programs.account:
        for path in paths:
            os.chown(path, programs.account.user, programs.account.group)


def _refuse_other_major(programs: Binaries, data: Path) -> None:
    major = (data / "PG_VERSION").read_text().strip()
    if major != programs.major:
        raise LocalServerError(
            f"its data were made by PostgreSQL {major}, its programs are version {programs.major} ({data})",
            f"Dump them with version {major}, or set DATELINE_HOME to a new folder.",
        )


def _turn_log(log: Path) -> None:
    if _size(log) > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _tail(log: Path, start: int) -> str:
    with suppress(OSError), log.open("rb") as stream:
        stream.seek(start)
        return stream.read(20_000).decode("utf-8", "replace")
    return ""
