"""An address goes in, with the validators of last time; a `Fetched` comes out, whatever the network does.

Each hop is resolved, checked and dialled by us (see guard and dial), each answer is read as a stream of
bounded size within one time limit. A connection is made per request: politeness puts a second or more
between two to one host.
"""

from __future__ import annotations

import contextlib
import http.client
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType

import urllib3
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.response import BaseHTTPResponse

from etl.errors import Reason
from etl.fetch import answers, dead_ends, guard, walls
from etl.fetch.answers import Target
from etl.fetch.dial import Deadline, connection
from etl.fetch.guard import FetchError
from etl.fetch.walk import Walk
from etl.records import Fetched, Outcome, Validators

Clock = Callable[[], datetime]
Admit = Callable[[Target], None]

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html, application/xhtml+xml,"
    " application/xml;q=0.9, */*;q=0.8"
)
_CHUNK = 65_536
_REFUSAL_BYTES = 20_000  # read of an error page, to tell a bot wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may cost."""

    max_bytes: int = 15_000_000  # of the body, decompressed
    total_s: float = 30.0  # from the first look-up to the last byte, redirects included
    connect_s: float = 10.0  # for one connection
    max_redirects: int = 5


def utc_now() -> datetime:
    """The clock of this room."""
    return datetime.now(UTC)


class Client:
    """Asks for documents. Safe to share between threads: it keeps no state between requests.

    `pins` fixes hosts to an address and port ("courier.example": "127.0.0.1:8123"), as /etc/hosts would; a
    pinned host may be private. `resolve` and `tls` replace the system's resolver and trust.
    """

    def __init__(
        self,
        user_agent: str,
        *,
        pins: Mapping[str, str] = MappingProxyType({}),
        limits: Limits = Limits(),
        clock: Clock = utc_now,
        resolve: guard.Resolve = guard.system_resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.user_agent = user_agent
        self.clock = clock
        self._pins = pins
        self._limits = limits
        self._resolve = resolve
        self._given_tls = tls

    def get(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        allow_private: bool = False,
        admit: Admit = lambda _: None,
        cut_at: int | None = None,
    ) -> Fetched:
        """Ask for a document. Whatever goes wrong is the outcome, with a reason.

        `admit` is asked before each redirect is followed; it may wait, or raise FetchError to stay away. Of a body
        longer than `cut_at` bytes its beginning is the answer; without it, a body over the limit is a failure.
        """
        started = time.monotonic()
        walk = Walk(url, cut_at)
        with Deadline(self._limits.total_s) as deadline:
            try:
                self._follow(walk, validators or Validators(), allow_private, admit, deadline)
            except FetchError as failed:
                walk.fail(failed.reason, failed.detail, failed.retry_after_s)
            except (OSError, http.client.HTTPException, HTTPError) as error:
                walk.fail(*_network_trouble(error))
            if deadline.is_over:  # a cut connection can look like any other trouble, or like the end of the body
                walk.fail(Reason.TIMED_OUT, f"not finished within {self._limits.total_s:g} s")
        return walk.fetched(walk.at or self.clock(), round((time.monotonic() - started) * 1000))

    def _follow(
        self, walk: Walk, validators: Validators, allow_private: bool, admit: Admit, deadline: Deadline
    ) -> None:
        target = first = Target(walk.url)
        for _ in range(self._limits.max_redirects + 1):
            headers = self._headers(validators, walk.step(target))
            # Leave to speak to a private address is the source's own host's, not that of wherever it points.
            with self._ask(target, headers, allow_private and target.host == first.host, deadline) as answer:
                walk.at = self.clock()
                said = {name.lower(): value for name, value in answer.headers.items()}
                walk.note(target, answer.status, said, answer.headers.getlist("set-cookie"))
                walk.retry_after_s = answers.retry_after_s(said, walk.at)
                if not answers.is_redirect(answer.status, said):
                    return self._finish(walk, answer, said)
                target = walk.turn(target, said)
            with deadline.paused():
                admit(target)
        raise FetchError(Reason.TOO_MANY_REDIRECTS, f"more than {self._limits.max_redirects} redirects")

    @contextlib.contextmanager
    def _ask(
        self, target: Target, headers: dict[str, str], allow_private: bool, deadline: Deadline
    ) -> Iterator[BaseHTTPResponse]:
        allowed = guard.endpoints(
            target.host,
            target.port,
            pins=self._pins,
            allow_private=allow_private,
            resolve=self._resolve,
            timeout_s=deadline.left_s,
        )
        asked = connection(
            target.scheme,
            target.host,
            target.port,
            allowed,
            deadline=deadline,
            connect_s=self._limits.connect_s,
            tls=self._tls if target.scheme == "https" else None,
        )
        with contextlib.closing(asked):
            asked.request("GET", target.path, headers=headers, preload_content=False)
            with asked.getresponse() as answer:
                yield answer

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made when first needed: reading the system's certificates takes a third of a second."""
        return self._given_tls or ssl.create_default_context()

    def _headers(self, validators: Validators, cookies: str) -> dict[str, str]:
        conditions = {
            "If-None-Match": validators.etag,
            "If-Modified-Since": validators.last_modified,
            "Cookie": cookies,
        }
        return {
            "User-Agent": self.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate, br",
            "Connection": "close",
            **{name: value for name, value in conditions.items() if value},
        }

    def _finish(self, walk: Walk, answer: BaseHTTPResponse, headers: Mapping[str, str]) -> None:
        if answer.status == 304:
            walk.outcome = Outcome.NOT_MODIFIED
            return
        reason = answers.reason_of(answer.status)
        most = walk.cut_at or self._limits.max_bytes
        is_document = reason is None
        body, is_whole = _read(
            answer, most if is_document else _REFUSAL_BYTES, is_useless_cut=is_document and walk.cut_at is None
        )
        if vendor := walls.wall(answer.status, headers, body, walk.final_url):
            raise FetchError(Reason.BOT_WALL, f"{vendor} answered instead of the site ({answer.status})")
        if reason is not None:
            raise FetchError(reason, f"the server answered {answer.status} {answer.reason or ''}".rstrip())
        if not is_whole and walk.cut_at is None:
            raise FetchError(Reason.TOO_LARGE, f"the body is larger than {self._limits.max_bytes:,} bytes")
        if ended := dead_ends.dead_end(walk.url, walk.final_url, headers.get("content-type"), body):
            raise FetchError(*ended)
        walk.outcome, walk.body = Outcome.FETCHED, body


def _read(answer: BaseHTTPResponse, max_bytes: int, *, is_useless_cut: bool) -> tuple[bytes, bool]:
    """Read the decompressed body up to a limit; whether that was all of it."""
    parts: list[bytes] = []
    size = 0
    for part in answer.stream(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > max_bytes:  # a large one is of no use cut, and putting it together would double what it takes
            return b"" if is_useless_cut else b"".join(parts)[:max_bytes], False
    return b"".join(parts), True


def _network_trouble(error: Exception) -> tuple[Reason, str]:
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return Reason.TIMED_OUT, "the server did not answer in time"
    if isinstance(error, ssl.SSLError):
        return Reason.UNREACHABLE, f"no secure connection: {error.reason or error}"
    if isinstance(error, DecodeError):
        return Reason.UNREACHABLE, f"the body could not be decompressed: {error}"
    return Reason.UNREACHABLE, f"the connection failed: {error or type(error).__name__}"
