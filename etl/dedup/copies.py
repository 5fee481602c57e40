"""Pairs of alike articles and when each first appeared go in; for every copy its origin comes out, with the reason.

Theory. Copies of copies are one group, so pairs are joined into connected components. The origin is the member that
appeared first: by publication, then observation, then address, an order that does not depend on who arrived first
at the warehouse. A day without a time of day is taken as late as it can be, for a copy dated "3 May" is not older
than the agency's text of 3 May, 09:12. Each copy names the member it is most alike (its *via*): the origin if they
are a pair, else the most similar one; kind and similarity are those of that pair.
Not done: preferring the agency a copy names over an outlet that was faster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from etl.dedup.likeness import Likeness
from etl.records import CopyKind, DatePrecision


@dataclass(frozen=True, slots=True)
class Pair:
    """Two alike articles."""

    article_id: int  # the lower id
    other_article_id: int
    likeness: Likeness  # of their most alike contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """When an article first appeared."""

    published_at: datetime | None
    precision: DatePrecision | None
    observed_at: datetime
    url: str  # its key

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """What sorts articles by appearance."""
        return self.appeared_at, self.observed_at, self.url

    @property
    def appeared_at(self) -> datetime:
        """The instant it is taken to have appeared."""
        if self.published_at is None:
            return self.observed_at
        span = {DatePrecision.DAY: timedelta(days=1), DatePrecision.MONTH: timedelta(days=31)}
        if self.precision not in span:
            return self.published_at
        latest = self.published_at + span[self.precision]
        return min(latest, self.observed_at) if self.observed_at > self.published_at else latest


@dataclass(frozen=True, slots=True)
class CopyOf:
    """One copy and its origin."""

    copy_article_id: int
    origin_article_id: int
    via_article_id: int  # the member of the group it is most alike
    kind: CopyKind
    similarity: float  # to via
    rule: str


def decide(pairs: Iterable[Pair], standings: Mapping[int, Standing]) -> list[CopyOf]:
    """For every article that is a copy, its origin; in order of the copies' ids."""
    partners: dict[int, dict[int, Likeness]] = defaultdict(dict)
    for pair in pairs:
        partners[pair.article_id][pair.other_article_id] = pair.likeness
        partners[pair.other_article_id][pair.article_id] = pair.likeness
    copies = []
    for group in _components(partners):
        first, *rest = sorted(group, key=lambda a: standings[a].order)
        copies += [_copy(a, first, partners[a], standings) for a in rest]
    return sorted(copies, key=lambda c: c.copy_article_id)


def _components(partners: Mapping[int, Mapping[int, Likeness]]) -> list[set[int]]:
    unseen, groups = set(partners), []
    while unseen:
        group, frontier = set(), {unseen.pop()}
        while frontier:
            group |= frontier
            frontier = {other for a in frontier for other in partners[a]} - group
        unseen -= group
        groups.append(group)
    return groups


def _copy(article: int, origin: int, partners: Mapping[int, Likeness], standings: Mapping[int, Standing]) -> CopyOf:
    via = origin
    if origin not in partners:
        earliest_first = sorted(partners, key=lambda a: standings[a].order)
        via = max(earliest_first, key=lambda a: partners[a].similarity)
    why = _why_first(standings[origin], standings[article])
    like = partners[via]
    return CopyOf(article, origin, via, like.kind, like.similarity, f"{like.rule}; origin {why}")


def _why_first(origin: Standing, copy: Standing) -> str:
    if origin.appeared_at != copy.appeared_at:
        return "published first" if origin.published_at and copy.published_at else "seen first"
    return "observed first" if origin.observed_at != copy.observed_at else "first by address"
