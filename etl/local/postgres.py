"""The embedded PostgreSQL: a home folder in, a server on 127.0.0.1 that runs while somebody uses it out.

As an ordinary user everything lies in `<home>/postgres`. PostgreSQL refuses to run as root, so for root the
server runs as `nobody` and its files lie in `/var/lib/dateline-<key>/<hash of the home>`, where it may read.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

from etl.errors import LocalServerError
from etl.local import binaries, cluster, failure, leases, memory, postmaster
from etl.local.files import kept_secret

PREFERRED_PORT = 54329
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "max_connections": "100",  # all Airflow components together hold about 40
    "random_page_cost": "1.1",  # no disk turns: a place is looked up by its key, not found by reading all of them
    "log_min_error_statement": "panic",  # a failing bulk insert would write its megabytes to the log
}

Role = Literal["dateline", "dateline_loader", "dateline_analyst", "postgres"]
ROLES: tuple[Role, ...] = ("dateline", "dateline_loader", "dateline_analyst", "postgres")


class Server:
    """One embedded server. Nothing is created before `start`, `acquire` or `lease`."""

    def __init__(
        self, home: Path, key: str, *, port: int = PREFERRED_PORT, options: Mapping[str, str] | None = None
    ) -> None:
        """Name the server of `home`; `port` 0 takes any free one; `options` override server settings."""
        self.place = _place(home.resolve(), key)
        self.data = self.place / "data"
        self._port = port
        self._options = {**_OPTIONS, "shared_buffers": memory.shared_buffers(), **(options or {})}

    @contextmanager
    def lease(self) -> Iterator[Self]:
        """Use the server: started when needed, stopped afterwards when nobody else uses it."""
        lease = self.acquire()
        try:
            yield self
        finally:
            self.release(lease)

    def acquire(self) -> leases.Lease:
        """Start the server when needed and count as a user until `release`."""
        with leases.guarded(self.place):
            lease = leases.enter(self.place)
            try:
                self._ensure_running()
            except BaseException:  # Ctrl-C included: nothing half started stays behind
                lease.release()
                self._stop_unless_used()
                raise
            return lease

    def release(self, lease: leases.Lease) -> None:
        """Give a lease back; the last one stops the server."""
        lease.release()
        self.stop_unless_used()

    def start(self) -> None:
        """Start the server when it does not run, counting nobody as its user."""
        with leases.guarded(self.place):
            self._ensure_running()

    def stop(self) -> None:
        """Stop the server now, whoever uses it."""
        if self.place.exists():
            with leases.guarded(self.place):
                cluster.stop(binaries.find(), self.data)

    def stop_unless_used(self) -> bool:
        """Stop the server when nobody uses it; tells whether it is stopped now."""
        if self.place.exists():
            with leases.guarded(self.place):
                self._stop_unless_used()
        return not self.is_running()

    def destroy(self) -> None:
        """Stop the server and remove its data, for good."""
        if not self.place.exists():
            return
        with leases.guarded(self.place):
            cluster.stop(binaries.find(), self.data)
            shutil.rmtree(self.place)
        if os.geteuid() == 0:
            with suppress(OSError):  # other homes of the same checkout may have theirs beside it
                self.place.parent.rmdir()

    def users(self) -> list[int]:
        """Pids of the processes that took the leases still held."""
        if not self.place.exists():
            return []
        with leases.guarded(self.place):
            return leases.users(self.place)

    def is_running(self) -> bool:
        """Whether a living server serves these data."""
        return postmaster.read(self.data) is not None

    def url(self, database: str = "dateline", role: Role = "dateline") -> str:
        """Address of a database on the running server, password included: never log it."""
        server = postmaster.read(self.data)
        if server is None or server.port is None:
            raise LocalServerError(f"it is not running ({self.data})", "Take a lease first.")
        return f"postgresql://{role}:{self._password(role)}@127.0.0.1:{server.port}/{database}"

    def _ensure_running(self) -> None:
        with failure.explained(self.data):
            self._create_start_furnish(binaries.find())

    def _create_start_furnish(self, programs: binaries.Binaries) -> None:
        cluster.create(programs, self.data, self._password("postgres"))
        if not cluster.wait_ready(self.data):
            try:
                cluster.start(programs, self.data, self._options, self._port)
            except BaseException:  # Ctrl-C while pg_ctl waited: the server it began may be coming up
                cluster.abort(programs, self.data)
                raise
        cluster.furnish(programs, self.data, {role: self._password(role) for role in ROLES})

    def _stop_unless_used(self) -> None:
        if not leases.users(self.place):
            cluster.stop(binaries.find(), self.data)

    def _password(self, role: Role) -> str:
        return kept_secret(self.place / f"{role}.password", lambda: secrets.token_urlsafe(24))


def _place(home: Path, key: str) -> Path:
    if os.geteuid() != 0:
        return home / "postgres"
    return binaries.SYSTEM / f"dateline-{key}" / sha256(str(home).encode()).hexdigest()[:8]
