"""Hosts whose sources were asked go in; what they tell machines in ai.txt and tdmrep.json is on record, once a week.

This comes when nothing else is left to ask, of few hosts a task and with little patience: no feed waits for it, and
a host that is slow, or paused, or unreachable is asked another day. Sources state it from their next poll on.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from etl.errors import Reason
from etl.fetch.answers import Target
from etl.fetch.askers import Askers, Request
from etl.fetch.charset import decode
from etl.fetch.guard import FetchError
from etl.jobs.job import Job
from etl.records import Fetched
from etl.sources import opt_outs
from etl.warehouse.sources import StoredSource

_PATHS = {"ai_txt": "/ai.txt", "tdmrep": "/.well-known/tdmrep.json"}
_MOST = 25  # hosts a task
_PATIENCE_S = 20.0
_MAX_BYTES = 500_000  # as much as is read of a robots.txt; a cut tdmrep.json is none

_Asked = dict[int, tuple[str, str]]  # by tag: host and which of the two


def read(job: Job, askers: Askers, asked: Iterable[StoredSource]) -> None:
    """Ask the hosts of these sources that are due, and keep what they answer."""
    homes = {home.netloc: (home, s.source.allow_private) for s in asked if (home := _home(s))}
    due = [r.host for r in job.db.rows("hosts_to_read", hosts=sorted(homes), at=job.clock(), most=_MOST)]
    wanted: _Asked = dict(enumerate((host, name) for host in due for name in _PATHS))
    askers.ask(_request(tag, _PATHS[name], *homes[host]) for tag, (host, name) in wanted.items())
    said: dict[str, dict[str, str | None]] = {host: {} for host in due}
    for request, fetched in _answers(askers, len(wanted)):
        host, name = wanted[request.tag]
        if _is_settled(fetched):
            said[host][name] = _text(name, fetched)
    if due:
        rows = [{"host": h, "is_read": len(found) == len(_PATHS), **found} for h, found in said.items()]
        job.db.run("note_notices", rows=rows, at=job.clock())


def _home(stored: StoredSource) -> Target | None:
    try:
        return Target(stored.standing.moved_to_url or stored.source.url) if stored.source.is_polled else None
    except FetchError:
        return None


def _request(tag: int, path: str, home: Target, allow_private: bool) -> Request:
    url = f"{home.scheme}://{home.netloc}{path}"
    return Request(url=url, allow_private=allow_private, tag=tag, cut_at=_MAX_BYTES)


def _answers(askers: Askers, most: int) -> Iterator[tuple[Request, Fetched]]:
    """What comes in time; the rest is taken back, but for what is under way."""
    until = time.monotonic() + _PATIENCE_S
    while most and time.monotonic() < until:
        for answer in askers.answers(most, _MAX_BYTES, 0.1):
            most -= 1
            yield answer
    askers.withdraw()


def _is_settled(fetched: Fetched) -> bool:
    """Whether the host has said what it has to say, a refusal included; else it may another time."""
    if fetched.status is None:
        return fetched.reason is Reason.ROBOTS_REFUSED
    return fetched.status < 500 and fetched.reason is not Reason.RATE_LIMITED


def _text(name: str, fetched: Fetched) -> str | None:
    if fetched.body is None:
        return None
    text = decode(fetched.body, fetched.headers.get("content-type"))[0].replace("\0", "")
    return text if opt_outs.is_meant(text, name) else None
