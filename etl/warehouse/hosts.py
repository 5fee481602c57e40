"""A `HostStore` in Postgres: slots, pauses and robots.txt a host, shared by the workers of all runs."""

from __future__ import annotations

import threading

from etl.errors import Reason
from etl.fetch.hosts import RobotsCopy, Slot
from etl.warehouse.connect import Warehouse


class Hosts:
    """Uses a connection of its own, one query at a time, so any thread may ask.

    A slot that is lost in a crash of the server costs a host one request too early; waiting for the disk at each
    request would cost all of them more than the request itself. So commits do not wait.
    """

    def __init__(self, db: Warehouse) -> None:
        self._db = db
        self._lock = threading.Lock()
        db.run("commits_do_not_wait")

    def robots(self, host: str) -> RobotsCopy | None:
        """The copy kept, however old."""
        with self._lock:
            row = self._db.one("host_robots", host=host)
        return (
            RobotsCopy(body=row.robots_body, status=row.robots_status, fetched_at=row.robots_fetched_at)
            if row
            else None
        )

    def keep_robots(self, host: str, copy: RobotsCopy) -> None:
        """Keep a copy in place of the one before."""
        with self._lock:
            self._db.run("keep_robots", host=host, body=copy.body, status=copy.status, at=copy.fetched_at)

    def reserve(self, host: str, delay_s: float, max_wait_s: float, slots: int = 1) -> Slot:
        """Take the host's next slots, unless the first is too far off."""
        with self._lock:
            row = self._db.one("reserve_host", host=host, taken_s=delay_s * slots, max_wait_s=max_wait_s)
        pause = Reason(row.pause_reason) if row.pause_reason else None
        return Slot(wait_s=float(row.wait_s), is_taken=row.is_taken, pause=pause)

    def back_off(self, host: str, seconds: float, why: Reason) -> None:
        """Leave the host alone for a while."""
        with self._lock:
            self._db.run("back_off_host", host=host, pause_s=seconds, why=why)
