"""Why PostgreSQL did not start: what it printed in, one sentence and what to do out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.errors import LocalServerError

# What PostgreSQL 18 says in the C locale -> what it means here, what to do about it. The first match decides.
_KNOWN = (
    (
        "No space left on device",
        "the disk is full",
        "Free some space and try again; nothing committed is lost.",
    ),
    (
        "Disk quota exceeded",
        "the disk quota is used up",
        "Free some space and try again; nothing committed is lost.",
    ),
    (
        "wrong ownership",
        "its data belong to another account",
        "Run as the account that made them, or set DATELINE_HOME to a folder of your own.",
    ),
    (
        "invalid permissions",
        "its data can be read by others",
        "Take the rights of group and others away (chmod -R go-rwx) and try again.",
    ),
    (
        "Permission denied",
        "its data cannot be read",
        "Run as the account that made them, or set DATELINE_HOME to a folder of your own.",
    ),
    (
        "incompatible with server",
        "its data were made by another version of PostgreSQL",
        "Set DATELINE_HOME to a new folder, or install the requirements this checkout locks.",
    ),
    (
        "shared memory",
        "the system gives it no shared memory",
        "Stop other database servers or give the container more, then try again.",
    ),
    (
        "password authentication failed",
        "its password files do not fit its data",
        "Put the password files back, or remove the folder to begin with an empty warehouse.",
    ),
    (
        "Read-only file system",
        "its data lie on a read-only file system",
        "Set DATELINE_HOME to a folder that can be written.",
    ),
)


@contextmanager
def explained(data: Path) -> Iterator[None]:
    """Turn what the file system refuses us into the sentence it means for the server of `data`."""
    try:
        yield
    except OSError as error:
        raise explain(data, error.strerror or str(error)) from error


def explain(data: Path, output: str) -> LocalServerError:
    """Name what is wrong with the server of `data`, given what initdb, pg_ctl and the log said."""
    for sign, what, hint in _KNOWN:
        if sign in output:
            return LocalServerError(f"{what} ({data})", hint)
    return LocalServerError(f"{_last_complaint(output)} ({data})", f"Its log is {data / 'server.log'}.")


def port_is_taken(output: str) -> bool:
    """Whether the start failed only because another program listens on the port."""
    return "Address already in use" in output or "could not create any TCP/IP sockets" in output


def _last_complaint(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    complaints = [line for line in lines if any(mark in line for mark in ("PANIC:", "FATAL:", "ERROR:", "error:"))]
    return (complaints or lines or ["it gave no reason"])[-1][:300]
