"""Who uses the embedded server: a folder with lock files in, the living users out.

A user is a file whose lock is held. The kernel lets go of a lock when its last holder dies, however it dies,
so a killed process never counts, a reused pid never does, and no clock is read. Children that inherit the
descriptor (the Airflow components of `up`) keep their starter's lease alive after it has gone.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from etl.errors import LocalServerError

LOCK_SECONDS = 180  # longer than the slowest start we wait for


@contextmanager
def guarded(place: Path) -> Iterator[None]:
    """Hold the one lock under which the server of `place`, made when missing, is started or stopped."""
    try:
        descriptor = _locked(place / "lock", time.monotonic() + LOCK_SECONDS)
    except OSError as error:
        raise LocalServerError(
            f"its folder {place} cannot be used ({error.strerror})",
            "Run as the account that owns it, or set DATELINE_DATABASE_URL to a PostgreSQL of your own.",
        ) from error
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # said aloud: a forked child may still hold a copy
        os.close(descriptor)


@dataclass(frozen=True)
class Lease:
    """One use of the server; end it with `release`, or hand it to children with `hand_over`."""

    path: Path
    descriptor: int  # pass it to children in `pass_fds` for them to share the lease

    def release(self) -> None:
        """End this use, for every process that shares it."""
        self.path.unlink(missing_ok=True)
        os.close(self.descriptor)

    def hand_over(self) -> None:
        """Leave the lease to the children that inherited it; it ends with the last of them."""
        os.close(self.descriptor)


def enter(place: Path) -> Lease:
    """Count this process among the users. Call under `guarded`."""
    folder = place / "users"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return Lease(path, descriptor)


def users(place: Path) -> list[int]:
    """The pids that took the leases still held; files of the dead are removed. Call under `guarded`."""
    living = []
    for path in sorted((place / "users").glob("*-*")):
        if _is_held(path):
            living.append(int(path.name.partition("-")[0]))
        else:
            path.unlink(missing_ok=True)
    return living


def _is_held(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(descriptor)
    finally:
        os.close(descriptor)


def _locked(path: Path, deadline: float) -> int:
    while True:
        _make(path.parent)
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        if _try_lock(descriptor) and _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)
        if time.monotonic() > deadline:
            raise LocalServerError(str(path), "Another process has held this lock for minutes; end it and try again.")
        time.sleep(0.03)


def _make(place: Path) -> None:
    if place.exists():
        return
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:  # `nobody` must pass to its data, whatever our umask; it cannot list
        for folder in (place.parent, place):
            folder.chmod(0o711)


def _try_lock(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the file we locked is the one others would find: `destroy` removes it while holding it."""
    with suppress(FileNotFoundError):
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    return False
