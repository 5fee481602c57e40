"""An interval of history in; what is missing of it, what fetching that will cost, and what cannot be had out.

Nothing is fetched and nothing written: the warehouse says what was had and what past days gave, local archives are
looked at by their names and sizes. Figures that rest on nothing of this warehouse's own say so.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from etl.errors import RegistryError
from etl.fetch.hosts import RobotsCopy
from etl.fetch.robots import Rules
from etl.jobs.backfill import Again, Order, Tell, is_wanted
from etl.jobs.backfill_local import Local, look
from etl.jobs.job import Clock, utc_now
from etl.records import SourceKind
from etl.settings import Settings
from etl.warehouse import backfills
from etl.warehouse.backfills import DayState, SourceDay, Yield
from etl.warehouse.connect import Warehouse, connect

_LISTINGS_A_DAY = 2.0  # of a sitemap never backfilled: its root, and one it names
# What `make bench` measures on made-up articles of the usual length; used until this warehouse has days of its own.
_USUAL = Yield(articles_a_page=0.9, mentions_an_article=12.0, bytes_an_article=40_000.0, seconds_a_page=0.06)
_ENOUGH_PAGES = 50  # to say what a page gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One archive's part of a plan."""

    source_name: str
    kind: str
    days: Mapping[str, int]  # by state: had, owed, failed, missing
    to_do: int  # days to be read
    first: date | None  # of them
    last: date | None
    listings: int = 0  # requests for sitemaps
    pages: int | None = None  # expected; None where nothing tells
    pages_by: str = ""  # what tells
    files: int = 0  # to be read
    bytes_to_read: int = 0  # of them, as they lie on disk, read once a day that they may hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What one host will be asked."""

    host: str
    requests: int
    delay_s: float
    is_at_least: bool  # of some archive on it nobody can tell how much it has

    @property
    def hours(self) -> float:
        """How long that takes, one request after another."""
        return self.requests * self.delay_s / 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a backfill would do."""

    start: date
    end: date  # not included
    archives: tuple[Archive, ...]
    hosts: tuple[Host, ...]
    cannot: tuple[tuple[str, str], ...]  # what cannot be had, and why
    per_page: Yield
    is_usual: bool  # per_page is of our benches, not of this warehouse
    disk_free: int | None = field(default=None)  # bytes, where the server is ours

    @property
    def pages(self) -> int:
        """Pages expected, of archives that can tell."""
        return sum(a.pages or 0 for a in self.archives)

    @property
    def document(self) -> dict[str, Any]:
        """As plain values."""
        articles = self.pages * self.per_page.articles_a_page
        return {
            "from": self.start.isoformat(),
            "to": date.fromordinal(self.end.toordinal() - 1).isoformat() if self.end > self.start else None,
            "archives": [{**asdict(a), "first": _iso(a.first), "last": _iso(a.last)} for a in self.archives],
            "hosts": [{**asdict(h), "hours": round(h.hours, 2)} for h in self.hosts],
            "requests": sum(h.requests for h in self.hosts),
            "polite_hours": round(max((h.hours for h in self.hosts), default=0.0), 2),
            "bytes_to_read": sum(a.bytes_to_read for a in self.archives),
            "pages": self.pages,
            "is_at_least": any(a.to_do and a.pages is None for a in self.archives),
            "articles": round(articles),
            "mentions": round(articles * self.per_page.mentions_an_article),
            "disk_bytes": round(articles * self.per_page.bytes_an_article),
            "disk_free": self.disk_free,
            "work_hours": round(self.pages * self.per_page.seconds_a_page / 3600, 2),
            "yield_is_usual": self.is_usual,
            "cannot": [{"what": what, "why": why} for what, why in self.cannot],
        }


def plan(db: Warehouse, settings: Settings, order: Order, *, disk_free: int | None = None) -> Plan:
    """What `order` would do. Raises RegistryError where it names a source there is none of."""
    end = min(order.end, order.asked_at.astimezone(UTC).date())
    known = backfills.sources(db, order.names)
    _refuse_unknown(order.names, {s.source_name for s in known})
    found = backfills.days(db, order.start, end, names=order.names) if order.start < end else []
    by_source: dict[int, list[SourceDay]] = defaultdict(list)
    for one in found:
        by_source[one.source_id].append(one)
    locals_ = look(
        db, settings, known, {s: [f for f in some if is_wanted(f, order.again)] for s, some in by_source.items()}
    )
    archives = {
        s.source_id: _archive(s, by_source[s.source_id], order, locals_) for s in known if s.source_id in by_source
    }
    hosts, refused = _hosts(db, settings, known, archives)
    per_page = backfills.yield_so_far(db)
    is_usual = per_page is None or per_page.pages < _ENOUGH_PAGES
    return Plan(
        start=order.start,
        end=max(end, order.start),
        archives=tuple(archives.values()),
        hosts=hosts,
        cannot=(*_cannot(known, order, end), *((name, why) for name, why in locals_.missing), *refused),
        per_page=_USUAL if per_page is None or is_usual else per_page,
        is_usual=is_usual,
        disk_free=disk_free,
    )


def told(
    settings: Settings,
    window: tuple[datetime, datetime],
    names: Sequence[str] | None,
    *,
    tell: Tell,
    clock: Clock = utc_now,
) -> dict[str, int]:
    """Tell what a run for an interval would do, as JSON; its counts."""
    # a repeat is asked for by whoever starts a run: it reads whatever its days had
    start, end = (at.date() for at in window)
    order = Order(start=start, end=end, asked_at=clock(), names=tuple(names) if names else None, again=Again.ALL)
    with connect(settings.database_url or "", name="plan") as db:
        document = plan(db, settings, order).document
    tell(json.dumps(document, indent=2))
    return {key: document[key] for key in ("requests", "bytes_to_read", "pages", "articles")}


def _refuse_unknown(names: Sequence[str] | None, known: set[str]) -> None:
    if unknown := sorted(set(names or ()) - known):
        raise RegistryError(", ".join(unknown), "No such source. `dateline sources list` names them.")


def _archive(source: Any, found: Sequence[SourceDay], order: Order, locals_: Local) -> Archive:
    to_do = [f for f in found if is_wanted(f, order.again)]
    states = Counter(str(f.state) for f in found)
    listings, pages, by = 0, locals_.pages.get(source.source_id), locals_.by.get(source.source_id, "")
    if source.kind == SourceKind.SITEMAP and to_do:
        listings = round(len(to_do) * (source.listings_a_day or _LISTINGS_A_DAY))
        pages, by = _of_sitemap(to_do, source.expected_a_day)
    return Archive(
        source_name=source.source_name,
        kind=source.kind,
        days={state.value: states[state.value] for state in DayState},
        to_do=len(to_do),
        first=min((f.day for f in to_do), default=None),
        last=max((f.day for f in to_do), default=None),
        listings=listings,
        pages=pages if to_do else 0,
        pages_by=by if to_do else "",
        files=locals_.files.get(source.source_id, 0),
        bytes_to_read=locals_.bytes.get(source.source_id, 0),
    )


def _of_sitemap(to_do: Sequence[SourceDay], expected_a_day: float | None) -> tuple[int | None, str]:
    """What it said of days already looked at, and of others what those had in the mean."""
    stated = [max(f.expected - f.fetched, 0) for f in to_do if f.expected is not None]
    untold = len(to_do) - len(stated)
    if untold and expected_a_day is None:
        return None, "unknown until read once"
    told = "its own count" if not untold else "its days read before"
    return sum(stated) + round(untold * (expected_a_day or 0)), told


def _hosts(
    db: Warehouse, settings: Settings, known: Sequence[Any], archives: Mapping[int, Archive]
) -> tuple[tuple[Host, ...], list[tuple[str, str]]]:
    """What each host is asked, its pages taken to stand where its sitemap does; and what robots.txt refuses."""
    asked: dict[str, list[Any]] = defaultdict(list)
    for s in known:
        if s.kind == SourceKind.SITEMAP and s.source_id in archives and archives[s.source_id].to_do:
            asked[urlsplit(s.asked_url).netloc.lower()].append(s)
    copies = {r.host: r for r in backfills.hosts(db, sorted(asked))}
    hosts, refused = [], []
    for host, its in sorted(asked.items()):
        mine = [archives[s.source_id] for s in its]
        delay_s = settings.host_delay_s
        if (r := copies.get(host)) is not None and r.robots_fetched_at is not None:
            copy = RobotsCopy(body=r.robots_body, status=r.robots_status, fetched_at=r.robots_fetched_at)
            verdict = Rules(copy, settings.user_agent).verdict(its[0].asked_url)
            delay_s = max(delay_s, verdict.delay_s or 0)
            refused += [(s.source_name, verdict.why) for s in its if not verdict.is_allowed]
        requests = 1 + sum(a.listings + (a.pages or 0) for a in mine)
        hosts.append(
            Host(host=host, requests=requests, delay_s=delay_s, is_at_least=any(a.pages is None for a in mine))
        )
    return tuple(hosts), refused


def _cannot(known: Sequence[Any], order: Order, end: date) -> list[tuple[str, str]]:
    told = []
    if end < order.end:
        told.append((f"{max(end, order.start)} and later", "these days are not over, UTC"))
    for s in known:
        if not s.is_enabled:
            told.append((s.source_name, "it is disabled"))
        elif not s.has_archive:
            what = "a feed" if s.kind == SourceKind.FEED else "a page of links"
            told.append((s.source_name, f"{what} has no past: it shows only the present"))
        elif s.gone_at is not None:
            told.append((s.source_name, f"its address has answered 410, gone, since {s.gone_at:%Y-%m-%d}"))
    return told


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
