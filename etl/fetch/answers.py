"""A status, headers and the time go in; what they mean for us comes out, in domain words. No sockets here."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from etl.errors import Reason
from etl.fetch.guard import FetchError

# What is worth keeping of an answer: validators and freshness for the next poll, the type and language of
# the body, what the publisher allows (robots, text-and-data-mining reservation), and the server's clock.
KEPT_HEADERS = frozenset(
    {
        *("etag", "last-modified", "cache-control", "expires", "age", "retry-after"),
        *("content-type", "content-language", "content-location", "link", "date"),
        *("x-robots-tag", "tdm-policy", "tdm-reservation"),
    }
)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_REASONS = {
    401: Reason.FORBIDDEN,
    402: Reason.PAYWALL,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    408: Reason.TIMED_OUT,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
    451: Reason.FORBIDDEN,  # withheld for legal reasons
}
_HOST = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}(%[a-z0-9]{1,16})?", re.IGNORECASE)  # name or IPv6
_MAX_HEADER = 2_000  # characters of one kept header


def kept(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth keeping, names in lower case, values verbatim; one of absurd length is dropped."""
    pairs = ((name.lower(), value) for name, value in headers.items())
    return {name: value for name, value in pairs if name in KEPT_HEADERS and len(value) <= _MAX_HEADER}


def is_redirect(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the answer sends us elsewhere."""
    return status in _REDIRECTS and bool(headers.get("location"))


def is_permanent(status: int) -> bool:
    """Whether a redirect says the old address should be forgotten."""
    return status in _PERMANENT


def reason_of(status: int) -> Reason | None:
    """Why an answer with this status gives no document; None for one that does."""
    if 200 <= status < 300:
        return None
    if status >= 500:
        return Reason.SERVER_ERROR
    return _REASONS.get(status, Reason.CLIENT_ERROR)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds to stay away, from either form of Retry-After; None if absent or not understood.

    >>> retry_after_s({"retry-after": "120"}, datetime(2022, 7, 4, tzinfo=UTC))
    120
    """
    stated = (headers.get("retry-after") or "").strip()
    if stated.isascii() and stated.isdigit():
        return int(stated[:9])
    try:
        until = parsedate_to_datetime(stated)
    except ValueError:
        return None
    if until.tzinfo is None:  # "-0000" says the zone is unknown; HTTP dates are GMT
        until = until.replace(tzinfo=UTC)
    return max(0, round((until - now).total_seconds()))


def location(base: str, headers: Mapping[str, str]) -> str:
    """The address a redirect leads to, absolute. Header bytes that are really UTF-8 are read as such."""
    stated = headers.get("location", "")
    with contextlib.suppress(UnicodeError):
        stated = stated.encode("latin-1").decode("utf-8")
    try:
        return urljoin(base, stated.strip())
    except ValueError:
        raise FetchError(Reason.SCHEME_REFUSED, f"redirect to a malformed address: {stated[:200]!r}") from None


class Target:
    """A URL taken apart for the wire: ASCII host, port, and a path with everything unsafe quoted."""

    __slots__ = ("host", "path", "port", "scheme", "url")

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url.strip())
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise FetchError(Reason.SCHEME_REFUSED, f"malformed address {url[:200]!r}: {error}") from None
        if parts.scheme not in {"http", "https"} or not host or "\\" in parts.netloc:  # browsers read \\ as /
            raise FetchError(Reason.SCHEME_REFUSED, f"not an http or https address: {url[:200]!r}")
        self.scheme = parts.scheme
        self.host = _ascii_host(host)
        self.port = port or (443 if parts.scheme == "https" else 80)
        query = "?" + _quoted(parts.query) if parts.query else ""
        self.path = (_quoted(parts.path) or "/") + query
        self.url = urlunsplit((parts.scheme, self.netloc, self.path.partition("?")[0], query[1:], ""))

    @property
    def netloc(self) -> str:
        """Host and port as in an address; the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


def _ascii_host(host: str) -> str:
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    name = name.removesuffix(".")  # the same host: it must not get pins, slots and robots.txt of its own
    if not _HOST.fullmatch(name):
        raise FetchError(Reason.DNS_FAILED, f"not a host name: {host[:200]!r}")
    return name


def _quoted(text: str) -> str:
    return quote(text, safe="!#$%&'()*+,/:;=?@[]~")
