"""Sources that are due, pages they link and archives of an interval in; bodies and what is to be extracted out.

Everything to fetch waits in one queue: a poll puts the pages it finds there, and the same task takes them next. Bytes
are committed before they are interpreted. A failure that may pass is given back for later; others are rejections.
"""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from urllib.parse import urlsplit

from etl.errors import Reason, Stage
from etl.fetch.askers import Askers, Request
from etl.fetch.client import Client
from etl.fetch.session import Politeness, Session
from etl.jobs import archives, clocks, notices, pages, polls
from etl.jobs.job import Job
from etl.records import CaptureKind, Counts, Fetched, Rejected, Validators
from etl.sources import standing
from etl.warehouse import captures, sources, tombstones, work
from etl.warehouse.connect import connect
from etl.warehouse.hosts import Hosts
from etl.warehouse.sources import StoredSource

Interval = tuple[datetime, datetime]

_CLAIM = 50
_IN_HAND = 1_000  # items claimed and not yet ended
_OF_ONE_SOURCE = 20  # in hand of one source, and no more of it are claimed: a slow one must not fill our hands
_COMMIT_BYTES = 16_000_000  # bodies held in memory before they are written
_COMMIT_ITEMS = 25
_LINGER_S = 0.2  # an answer waits so long for others to be written with
_PATIENCE_S = 300.0  # then what slow hosts still owe is left for the next run, or every source would wait for them
_REFETCHES = 100  # of one source, a run: what is new must not wait for what is only looked at again


def queue_feeds(job: Job, *, names: Sequence[str] | None = None, is_forced: bool = False) -> int:
    """Queue a poll for each source that is due, with `is_forced` for each named; and the pages to be asked again.

    What the clocks of sources are off is learned anew first, so that the whole run corrects by one version.
    """
    clocks.learn(job)
    sources.queue_refetches(job.db, job.run_id, names=names, most=_REFETCHES, at=job.clock())
    return sources.queue_due(job.db, job.run_id, names=names, is_forced=is_forced, at=job.clock())


def queue_archives(job: Job, start: datetime, end: datetime, *, names: Sequence[str] | None = None) -> int:
    """Queue the reading of each archive for [start, end)."""
    return sources.queue_archives(job.db, job.run_id, start, end, names=names, at=job.clock())


def batches_due(
    job: Job, *, names: Sequence[str] | None = None, archives_of: Interval | None = None, most: int = 4
) -> list[list[int]]:
    """Cut the sources that have something to fetch into batches; one host's are never apart."""
    by_host: dict[str, list[int]] = defaultdict(list)
    for source_id, url in sources.waiting(job.db, _pattern(archives_of), names=names, at=job.clock()):
        by_host[urlsplit(url).netloc].append(source_id)
    parts: list[list[int]] = [[] for _ in range(min(most, len(by_host)))]
    for of_one_host in sorted(by_host.values(), key=len, reverse=True):
        min(parts, key=len).extend(of_one_host)
    return [sorted(part) for part in parts]


def fetch(job: Job, source_ids: Sequence[int], *, part: str = "", archives_of: Interval | None = None) -> Counts:
    """Fetch whatever waits of these sources, the pages found on the way included; answers the tally.

    With an interval, their archives are read for it instead.
    """
    known = {s.source_id: s for s in sources.stored(job.db) if s.source_id in set(source_ids)}
    with job.holder(Stage.FETCH, part) as holder, _session(job) as session, Askers(session) as askers:
        patience_s = (
            _PATIENCE_S if archives_of is None else math.inf
        )  # what a day of history owes no later run takes up
        task = _Task(job, holder, session, askers, known, _pattern(archives_of), patience_s)
        try:
            total = _work_off(task)
            if archives_of is None:
                notices.read(job, askers, known.values())
            return total
        except BaseException:  # Ctrl-C included: the items go back, the error goes on
            if not job.db.connection.closed:
                holder.release(list(task.hand.values()), detail="interrupted")
            raise


@dataclass(frozen=True)
class _Task:
    """One task's means, and what it has in hand."""

    job: Job
    holder: work.Holder
    session: Session
    askers: Askers
    known: dict[int, StoredSource]
    pattern: str
    patience_s: float
    hand: dict[int, work.Item] = field(default_factory=dict)  # claimed and not yet ended


def _work_off(task: _Task) -> Counts:
    """Until nothing waits, or patience ends."""
    until = time.monotonic() + task.patience_s
    total = _claim(task)
    while task.hand:
        answers = task.askers.answers(_COMMIT_ITEMS, _COMMIT_BYTES, _LINGER_S)
        total += _store(task.job, task.holder, [(task.hand[r.tag], f) for r, f in answers])
        for request, _ in answers:
            del task.hand[request.tag]
        if time.monotonic() < until:
            total += _claim(task)
        else:
            left = [task.hand.pop(r.tag) for r in task.askers.withdraw()]
            total += task.holder.release(left, detail="its host is slow: left for the next run")
    return total


def _pattern(archives_of: Interval | None) -> str:
    """Which items of the queue are meant: live ones, or the archives of one interval."""
    if archives_of is None:
        return "^(feed|sitemap|pages|probe|page):"
    span = sources.span(*archives_of)
    return f"^(archive:.*:{span}$|past:{span}:)"


@contextmanager
def _session(job: Job) -> Iterator[Session]:
    """A polite client whose memory of hosts is the warehouse's, on a connection of its own."""
    url = job.settings.database_url or ""
    with connect(url, name="hosts") as db:
        client = Client(job.settings.user_agent, pins=job.settings.pinned_hosts, clock=job.clock)
        yield Session(client, Hosts(db), politeness=Politeness(delay_s=job.settings.host_delay_s))


def _claim(task: _Task) -> Counts:
    """Take up what waits, as much as hands hold, and have it asked for; the tally of what ended at once."""
    total = Counts()
    while len(task.hand) < _IN_HAND:
        held = Counter(item.source_id for item in task.hand.values())
        free = [s for s in task.known if held[s] < _OF_ONE_SOURCE]
        with task.holder.claim(_CLAIM, sources=free, pattern=task.pattern, in_hand=task.hand) as items:
            if not items:
                break
            total += _take(task, items)
    return total


def _take(task: _Task, items: Sequence[work.Item]) -> Counts:
    poisoned = work.poisoned(Stage.FETCH, items)
    poisoned += _taken_down(task, items)
    total = task.holder.finish(poisoned)
    given_up = {d.item.work_id for d in poisoned}
    items = [i for i in items if i.work_id not in given_up]
    for item in items:
        if item.payload["kind"] == "archive":
            stored = task.known[item.source_id]
            get = partial(task.session.get, allow_private=stored.source.allow_private)
            total += archives.read(task.job, task.holder, item, stored, get)
    asked = [i for i in items if i.payload["kind"] != "archive"]
    task.hand.update((i.work_id, i) for i in asked)
    task.askers.ask(_request(i, task.known[i.source_id], task.job.clock()) for i in asked)
    return total


def _taken_down(task: _Task, items: Sequence[work.Item]) -> list[work.Done]:
    """Pages of articles taken down are not asked for."""
    mark_of = {i.work_id: f"url:{key}" for i in items if (key := i.payload.get("article_key"))}
    dead = tombstones.buried(task.job.db, mark_of.values())
    return [
        work.Done(i, Rejected(Stage.FETCH, Reason.TOMBSTONED, i.key, "taken down"))
        for i in items
        if mark_of.get(i.work_id) in dead
    ]


def _request(item: work.Item, stored: StoredSource, now: datetime) -> Request:
    """A source's listing, one of its further listings, or a page; each with the validators it gave last."""
    stated, standing_of = item.payload, stored.standing
    validators = Validators(etag=stated.get("etag"), last_modified=stated.get("last_modified"))
    url = stated.get("url")
    if url is None:
        url = standing_of.moved_to_url or stored.source.url
        validators = standing.to_send(standing_of, now, is_probe=bool(stated.get("is_probe")))
    return Request(tag=item.work_id, url=url, validators=validators, allow_private=stored.source.allow_private)


def _store(job: Job, holder: work.Holder, answers: Sequence[tuple[work.Item, Fetched]]) -> Counts:
    """Commit the bytes, then say what each answer means.

    A page is settled in the commit of its bytes: nothing is interpreted for that, and one that is stored but not
    settled would be asked again after a crash. A listing is read, so its bytes are safe first.
    """
    polled = [(i, f) for i, f in answers if i.payload["kind"] == "listing"]
    paged = [(i, f) for i, f in answers if i.payload["kind"] == "page"]
    with job.db.transaction():
        fetch_ids = _keep(job, paged)
        total = pages.settle(job, holder, [(i, f, n) for (i, f), n in zip(paged, fetch_ids, strict=True)])
    with job.db.transaction():
        _keep(job, polled)
    known = {s.source_id: s for s in sources.stored(job.db, sorted({i.source_id for i, _ in polled}))}
    return total + polls.settle(job, holder, known, polled)


def _keep(job: Job, answers: Sequence[tuple[work.Item, Fetched]]) -> list[int]:
    return captures.keep(job.db, job.run_id, [_row(i, f) for i, f in answers], job.clock()) if answers else []


def _row(item: work.Item, fetched: Fetched) -> captures.FetchRow:
    kind = CaptureKind.FEED if item.payload["kind"] == "listing" else CaptureKind.PAGE
    day = item.payload.get("covered_on")
    return captures.FetchRow.of(fetched, item.source_id, kind, covered_on=date.fromisoformat(day) if day else None)
