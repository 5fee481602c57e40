"""A host and a port go in; the addresses we may connect to come out, or a `FetchError` that says why not.

What is checked is the address that will be dialled, never the name: names lie (rebinding, wildcard DNS,
decimal and octal spellings), and every redirect hop passes here again. Allowed are global unicast
addresses. An IPv6 address that carries an IPv4 one (mapped, 6to4, NAT64) is judged by the one it carries. A
private address is allowed by name only: a pinned host, or a source that was given leave. On public hosts the
ports of other protocols are refused, so that nobody makes us speak to a mail server. Proxies named in the
environment are not used: behind one the address that is dialled would be the proxy's, and nothing could be checked.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from etl.errors import Reason

Resolve = Callable[[str, int], Sequence[str]]  # host, port → textual addresses

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_TEREDO = IPv6Network("2001::/32")
# Above the system ports, those that browsers refuse too (the fetch standard's "bad ports"): other protocols live there.
_BAD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)


class FetchError(Exception):
    """Inside this room only: how a request failed, on its way to becoming a `Fetched`."""

    def __init__(self, reason: Reason, detail: str, retry_after_s: int | None = None) -> None:
        self.reason = reason
        self.detail = detail
        self.retry_after_s = retry_after_s
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that was checked, ready to be dialled."""

    ip: str
    port: int


def endpoints(
    host: str, port: int, *, pins: Mapping[str, str], allow_private: bool, resolve: Resolve, timeout_s: float
) -> tuple[Endpoint, ...]:
    """Look the host up and keep the addresses that may be dialled. Raises FetchError if none may."""
    if host in pins:
        return (_pinned(pins[host]),)
    if not allow_private and not is_web_port(port):
        raise FetchError(Reason.ADDRESS_REFUSED, f"{host}: port {port} is not one of the web")
    found = _literal(host) or _look_up(host, port, resolve, timeout_s)
    allowed = tuple(Endpoint(ip, port) for ip in found if allow_private or is_public(ip))
    if not allowed:
        raise FetchError(Reason.ADDRESS_REFUSED, f"{host} is {', '.join(found)}: not a public address")
    return allowed


def is_public(ip: str) -> bool:
    """Whether an address is global unicast, seen through any IPv6 wrapping.

    >>> is_public("93.184.216.34"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    try:
        address = _unwrapped(ip_address(ip.partition("%")[0]))
    except ValueError:
        return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return isinstance(address, IPv4Address) or (address in _GLOBAL_UNICAST and address not in _TEREDO)


def is_web_port(port: int) -> bool:
    """Whether a web server may be expected there.

    >>> is_web_port(443), is_web_port(8080), is_web_port(25)
    (True, True, False)
    """
    return port in {80, 443} or (port >= 1024 and port not in _BAD_PORTS)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _pinned(target: str) -> Endpoint:
    ip, _, port = target.rpartition(":")
    return Endpoint(ip.strip("[]"), int(port))


def _literal(host: str) -> tuple[str, ...]:
    """Read every spelling of a numeric address some resolver accepts: decimal, octal, hexadecimal, short."""
    try:
        return (socket.inet_ntoa(socket.inet_aton(host.rstrip("."))),)
    except OSError:
        pass
    try:
        return (str(ip_address(host)),)
    except ValueError:
        return ()


def _look_up(host: str, port: int, resolve: Resolve, timeout_s: float) -> tuple[str, ...]:
    """Resolve in a thread of its own, since a resolver takes no time limit."""
    answers: queue.Queue[tuple[str, ...] | OSError] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(tuple(resolve(host, port)))
        except UnicodeError as error:  # a label too long or empty
            answers.put(OSError(str(error)))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="dateline-resolve").start()
    try:
        answer = answers.get(timeout=max(timeout_s, 0))
    except queue.Empty:
        raise FetchError(Reason.TIMED_OUT, f"the name {host} was not resolved in time") from None
    if isinstance(answer, OSError) or not answer:
        why = answer.strerror or str(answer) if isinstance(answer, OSError) else "no address"
        raise FetchError(Reason.DNS_FAILED, f"the name {host} does not resolve: {why}")
    return answer


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
