"""One request's way through redirects: each answer goes in; where to go next, and in the end a `Fetched`, come out.

Cookies live for one walk and go back only to the host and scheme that set them: many sites answer the first request
with a cookie and a redirect to themselves. A step that repeats one taken before is a circle, and is named at once.
A redirect from https to http is followed, as a source may be plain http to begin with, but is never a move: whoever
sits on the wire must not be able to take the lock off a stored address for good.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from etl.errors import Reason
from etl.fetch import answers
from etl.fetch.answers import Target
from etl.fetch.guard import FetchError
from etl.records import Fetched, Outcome

_COOKIE = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]{1,100})=([^\s\";,]{0,1000}|\"[^\s\";,]{0,1000}\")\s*(?:;|$)", re.ASCII)
_MAX_COOKIES = 20  # of one host


class Walk:
    """What is known of a request so far."""

    def __init__(self, url: str, cut_at: int | None = None) -> None:
        self.url = url
        self.cut_at = cut_at
        self.final_url = url
        self.at: datetime | None = None
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.retry_after_s: int | None = None
        self.outcome = Outcome.FAILED
        self.reason: Reason | None = None
        self.detail = ""
        self.body: bytes | None = None
        self._may_move = True  # whether all redirects so far were permanent, and none took the lock off
        self._taken: set[tuple[str, str]] = set()
        self._cookies: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)

    @property
    def hops(self) -> int:
        """How many redirects were followed."""
        return max(0, len(self._taken) - 1)

    def step(self, target: Target) -> str:
        """Begin a hop; the cookies to send. Raises FetchError where the walk goes in a circle."""
        cookies = "; ".join(f"{k}={v}" for k, v in self._cookies[target.scheme, target.netloc].items())
        if (target.url, cookies) in self._taken:
            kept = ", though its cookies were sent back" if cookies else ""
            raise FetchError(Reason.TOO_MANY_REDIRECTS, f"redirects in a circle at {target.url[:200]}{kept}")
        self._taken.add((target.url, cookies))
        self.final_url = target.url
        return cookies

    def note(self, target: Target, status: int, headers: Mapping[str, str], set_cookies: Sequence[str]) -> None:
        """Take an answer's head down; `headers` with names in lower case."""
        self.status, self.headers = status, answers.kept(headers)
        jar = self._cookies[target.scheme, target.netloc]
        for cookie in set_cookies:
            if (found := _COOKIE.match(cookie)) and (found[1] in jar or len(jar) < _MAX_COOKIES):
                jar[found[1]] = found[2]

    def turn(self, target: Target, headers: Mapping[str, str]) -> Target:
        """Where the redirect just noted leads."""
        following = Target(answers.location(target.url, headers))
        takes_lock_off = (target.scheme, following.scheme) == ("https", "http")
        self._may_move &= answers.is_permanent(self.status or 0) and not takes_lock_off
        return following

    def fail(self, reason: Reason, detail: str, retry_after_s: int | None = None) -> None:
        """End without a document."""
        self.outcome, self.reason, self.detail, self.body = Outcome.FAILED, reason, detail, None
        self.retry_after_s = self.retry_after_s if retry_after_s is None else retry_after_s

    def fetched(self, at: datetime, duration_ms: int) -> Fetched:
        """What became of it."""
        has_moved = self.hops > 0 and self._may_move and self.outcome is not Outcome.FAILED
        return Fetched(
            requested_url=self.url,
            final_url=self.final_url,
            moved_to=self.final_url if has_moved else None,
            at=at,
            outcome=self.outcome,
            reason=self.reason,
            status=self.status,
            headers=self.headers,
            body=self.body,
            duration_ms=duration_ms,
            retry_after_s=self.retry_after_s,
            detail=self.detail,
        )
