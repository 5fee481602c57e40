"""Checked endpoints and a deadline go in; an HTTP connection to exactly those addresses comes out.

The name stays on the connection (Host header, SNI, certificate), the address is the one that was checked,
and the deadline cuts the connection even while a server drips one byte a second: a timer shuts a duplicate
of the socket down, which reaches it through TLS and in the middle of a handshake.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from types import TracebackType
from typing import Self

from urllib3.connection import HTTPConnection, HTTPSConnection

from etl.errors import Reason
from etl.fetch.guard import Endpoint, FetchError


class Deadline:
    """The time one request may take, redirects included; sockets it watches are shut down when it is over."""

    def __init__(self, seconds: float) -> None:
        self._over_at = time.monotonic() + seconds
        self._watched: list[socket.socket] = []
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._release()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Between two hops: what the block takes is not counted. Waiting our turn at a host is not its slowness."""
        left_s = self.left_s
        self._release()
        try:
            yield
        finally:
            self._over_at = time.monotonic() + left_s

    def _release(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        for sock in self._watched:
            sock.close()
        self._watched.clear()

    @property
    def left_s(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._over_at - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.left_s == 0.0

    def watch(self, sock: socket.socket) -> None:
        """Cut this connection, whatever wraps it, when the time is up."""
        self._watched.append(sock.dup())
        if self._timer is None:
            self._timer = threading.Timer(self.left_s, self._cut)
            self._timer.daemon = True
            self._timer.start()

    def _cut(self) -> None:
        for sock in tuple(self._watched):
            with contextlib.suppress(OSError):  # closed meanwhile
                sock.shutdown(socket.SHUT_RDWR)


class _Dialled:
    """Connects to the endpoints it was given instead of resolving its host again."""

    endpoints: Sequence[Endpoint]
    deadline: Deadline
    connect_s: float

    def _new_conn(self) -> socket.socket:  # the extension point urllib3's own SOCKS support uses
        error: OSError = OSError("no address")
        for endpoint in self.endpoints:
            try:
                sock = socket.create_connection(
                    (endpoint.ip, endpoint.port),
                    timeout=max(0.001, min(self.connect_s, self.deadline.left_s)),
                )
            except OSError as refused:
                error = refused
                continue
            sock.settimeout(max(0.001, self.deadline.left_s))
            self.deadline.watch(sock)
            if _reached(sock) != ip_address(endpoint.ip):  # 0.0.0.0 reaches this machine; who knows what else does
                sock.close()
                raise FetchError(Reason.ADDRESS_REFUSED, f"{endpoint.ip} led to another address")
            return sock
        raise error


def _reached(sock: socket.socket) -> IPv4Address | IPv6Address:
    """The address at the other end, as the system says it is."""
    return ip_address(str(sock.getpeername()[0]).partition("%")[0])


class _Plain(_Dialled, HTTPConnection):
    pass


class _Secure(_Dialled, HTTPSConnection):
    pass


def connection(
    scheme: str,
    host: str,
    port: int,
    endpoints: Sequence[Endpoint],
    *,
    deadline: Deadline,
    connect_s: float,
    tls: ssl.SSLContext | None,
) -> HTTPConnection:
    """An unopened connection to a host that will dial only the given endpoints."""
    made: _Plain | _Secure
    made = _Secure(host, port, ssl_context=tls) if scheme == "https" else _Plain(host, port)
    made.endpoints, made.deadline, made.connect_s = endpoints, deadline, connect_s
    return made
