"""A holder goes in; while the block runs its leases do not run out, however long an answer or an archive takes.

A thread renews all it holds in one statement, three times a lease, on a connection made for it. It dies with the
process, so what a dead worker held is free a lease later.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg2

from etl.errors import DatabaseUnreachable
from etl.warehouse.connect import connect
from etl.warehouse.work import Holder

_BEATS = 3  # a lease: two may fail


@contextmanager
def kept(url: str, holder: Holder) -> Iterator[None]:
    """Keep what the holder holds, now and later, until the block ends."""
    is_over = threading.Event()
    beats = threading.Thread(target=_renew, args=(url, holder, is_over), daemon=True, name="dateline-leases")
    beats.start()
    try:
        yield
    finally:
        is_over.set()
        beats.join()


def _renew(url: str, holder: Holder, is_over: threading.Event) -> None:
    while not is_over.wait(holder.lease_s / _BEATS):
        # A server that is away is the business of the holder's own connection; what it lost it learns at its commit.
        with suppress(DatabaseUnreachable, psycopg2.Error), connect(url, name="leases") as db:
            db.run("renew_leases", owner=holder.owner, run_id=holder.run_id, lease_s=holder.lease_s)
