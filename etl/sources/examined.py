"""What an address turned out to be goes in; the same for a person, for a machine and for the registry comes out."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from etl.records import DatePrecision, FeedItem, OptOuts, Source, SourceKind
from etl.sources.fields import problem_of
from etl.sources.opml import slug

SHOWN = 5  # entries and addresses shown of each kind
_ENOUGH = 3  # dated entries from which a rhythm can be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What one address, or one path, holds."""

    url: str
    what: str  # in words
    kind: SourceKind | None = None  # what to register it as; None if it cannot be
    problem: str | None = None  # why it cannot be read
    moved_to: str | None = None  # the address to keep instead, if the server says so for good
    title: str | None = None
    language_code: str | None = None
    items: tuple[FeedItem, ...] = ()
    unusable: int = 0  # entries set aside
    children: tuple[str, ...] = ()  # sitemaps an index names, those a poll would read first
    child_count: int = 0
    named: tuple[str, ...] = ()  # feeds and sitemaps it leads to
    ttl_minutes: int | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def newest(self) -> datetime | None:
        """The latest date among its entries."""
        return max((d.at for i in self.items if (d := i.published or i.updated)), default=None)

    @property
    def lines(self) -> tuple[str, ...]:
        """What was found, for a person."""
        said = [f"{self.url}: {self.what}" + (f"; {self.problem}" if self.problem else "")]
        if self.moved_to:
            said.append(f"  moved for good: use {self.moved_to}")
        is_archive = self.kind in {SourceKind.WARC, SourceKind.FILES}
        if self.items and not is_archive:
            said += [f"  {self._facts}", f"  {rhythm(self.items)[1]}"]
        said += [f"  would {'read' if is_archive else 'fetch'} {_entry(i)}" for i in self.items[:SHOWN]]
        if len(self.items) > SHOWN:
            said.append("  and more" if is_archive else f"  and {len(self.items) - SHOWN:,} more")
        said += [f"  names {self.child_count:,} sitemaps"] if self.child_count else []
        said += [f"  would read {url}" for url in self.children[:SHOWN]]
        return (*said, *(f"  leads to {url}" for url in self.named), *(f"  {note}" for note in self.notes))

    @property
    def _facts(self) -> str:
        said = [
            self.title or "without a title",
            f"{len(self.items):,} entries, {self.unusable:,} unusable",
            f"language {self.language_code or 'not stated'}",
            f"newest {self.newest:%Y-%m-%d %H:%M} UTC" if self.newest else "no entry is dated",
        ]
        return "; ".join([*said, *([f"asks for a pause of {self.ttl_minutes} minutes"] if self.ttl_minutes else [])])

    def to_json(self) -> dict[str, Any]:
        """What was found, for a machine."""
        return {
            "url": self.url,
            "what": self.what,
            "kind": self.kind,
            "problem": self.problem,
            "moved_to": self.moved_to,
            "title": self.title,
            "language_code": self.language_code,
            "entries": len(self.items),
            "unusable": self.unusable,
            "newest": self.newest.isoformat() if self.newest else None,
            "median_gap_minutes": rhythm(self.items)[0],
            "ttl_minutes": self.ttl_minutes,
            "would_fetch": [_plain(i) for i in self.items[:SHOWN]],
            "sitemaps": self.child_count,
            "would_read": list(self.children[:SHOWN]),
            "leads_to": list(self.named),
            "notes": list(self.notes),
        }

    def source(
        self, *, selector: str | None = None, allow_private: bool = False, beside: Path | None = None
    ) -> Source | None:
        """An entry for the registry; what cannot be known from the answer is left for a person to say.

        A path within the folder `beside`, the registry's, is written relative to it.
        """
        if self.kind is None:
            return None
        url = self.moved_to or self.url
        if beside and Path(url).is_relative_to(beside):
            url = Path(url).relative_to(beside).as_posix()
        spoken = self.language_code if problem_of("language_code", self.language_code) is None else None
        return Source(
            name=slug(self.title) or slug(urlsplit(url).hostname) or slug(Path(url).name) or "source",
            kind=self.kind,
            url=url,
            outlet=self.title,
            language_code=spoken,
            link_selector=selector if self.kind is SourceKind.PAGES else None,
            allow_private=allow_private,
        )


def rhythm(items: Sequence[FeedItem]) -> tuple[float | None, str]:
    """The median minutes between entries and how often that is in words; None where it cannot be told."""
    dated = [d for i in items if (d := i.published or i.updated)]
    if len(dated) < _ENOUGH:
        return None, f"how often it publishes cannot be told: {len(dated) or 'none'} of its entries dated"
    at = sorted(d.at for d in dated)
    if all(d.precision is not DatePrecision.INSTANT and d.precision is not DatePrecision.MINUTE for d in dated):
        days = (at[-1] - at[0]).days + 1
        return None, f"publishes about {len(at) / days:.2g} entries a day; its dates name days only"
    gap = statistics.median((b - a).total_seconds() / 60 for a, b in pairwise(at))
    if gap == 0:
        return None, "how often it publishes cannot be told: its entries state one time"
    return round(gap, 1), f"publishes every {_words(gap)} (median of {len(at)} dated entries)"


def _words(minutes: float) -> str:
    for size, unit in ((1_440, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes / size:.2g} {unit}"
    return f"{minutes:.3g} minutes"


def opt_out_lines(found: OptOuts) -> tuple[str, ...]:
    """What a publisher said of training and mining, for a person."""
    said = []
    if found.disallowed_agents:
        named = ["every AI system" if a == "*" else a for a in found.disallowed_agents]
        said.append(f"turns away {', '.join(named)}")
    if found.is_tdm_reserved is not None:
        policy = f" (terms: {found.tdm_policy_url})" if found.tdm_policy_url else ""
        said.append(f"text and data mining {'reserved' if found.is_tdm_reserved else 'not reserved'}{policy}")
    if found.directives:
        said.append(f"asks for {', '.join(found.directives)}")
    if not said:
        return (f"opt-outs: none in {', '.join(found.read) or 'anything that could be read'}",)
    return (f"opt-outs: {'; '.join(said)}; said in {', '.join(found.said_in)}",)


def _entry(item: FeedItem) -> str:
    dated = item.published or item.updated
    return f"{item.url or item.guid}" + (f" of {dated.at:%Y-%m-%d %H:%M}" if dated else "")


def _plain(item: FeedItem) -> dict[str, str | None]:
    dated = item.published or item.updated
    return {"url": item.url, "title": item.title, "dated": dated.at.isoformat() if dated else None}
