"""Ports on loopback: the one we would like in, one that is free out."""

from __future__ import annotations

import socket
from contextlib import suppress

from etl.errors import LocalServerError


def free_port(preferred: int) -> int:
    """`preferred` when nobody listens there, else any free port; it may be taken again before it is used."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # a port in TIME_WAIT is free, as servers see it
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise LocalServerError("no port is free on 127.0.0.1")
