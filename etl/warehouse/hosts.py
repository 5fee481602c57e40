"""A `HostStore` in Postgres: slots and robots.txt a host, shared by the workers of all runs."""

from __future__ import annotations

import threading

from etl.fetch.hosts import RobotsCopy
from etl.warehouse.connect import Warehouse


class Hosts:
    """Uses a connection of its own, one query at a time, so any thread may ask."""

    def __init__(self, db: Warehouse) -> None:
        self._db = db
        self._lock = threading.Lock()

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

    def reserve(self, host: str, delay_s: float) -> float:
        """Take the host's next slot; seconds to wait for it."""
        with self._lock:
            return float(self._db.value("reserve_host", host=host, delay_s=delay_s))

    def back_off(self, host: str, seconds: float) -> None:
        """Leave the host alone for a while."""
        with self._lock:
            self._db.run("back_off_host", host=host, pause_s=seconds)
