"""Pairs of alike articles and how each stands go in; for every copy its origin comes out, with the reason.

Theory. Copies of copies are one group, so pairs are joined into connected components. The origin is chosen by
evidence, in this order, which does not depend on who arrived first at the warehouse:
1. the agency itself, where members of the group credit one and it is among them: others were faster, not first;
2. who appeared first, by publication, else by observation. A day without a time of day is taken as late as it can be,
   for a copy dated "3 May" is not older than the agency's text of 3 May, 09:12;
3. where these are equal, the text that is no excerpt of another; then who was observed first; then the address.
A short text may stand in strangers: in the report it is cut from, and in a round-up. It belongs to one of them, else
it would make them one group: to those who are most, then to who holds most of it, then to who appeared first.
Each copy names the member it is most alike (its *via*): the origin if they are a pair, else the most similar one;
kind and similarity are those of that pair. Who credits the agency that is the origin is a wire copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from etl.dedup.likeness import Likeness
from etl.records import CopyKind, DatePrecision

Partners = Mapping[int, Likeness]  # the articles one is alike, and how


@dataclass(frozen=True, slots=True)
class Pair:
    """Two alike articles."""

    article_id: int  # the lower id
    other_article_id: int
    likeness: Likeness  # of their most alike contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """When an article first appeared, and what else speaks for its being the first."""

    published_at: datetime | None
    precision: DatePrecision | None
    observed_at: datetime
    url: str  # its key
    agency: str | None = None  # the agency its outlet is
    credits: frozenset[str] = frozenset()  # agencies its text or byline names
    length: int = 0  # shingles of its longest content

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
    partners = _partners(pairs)
    for a, b in _bridges(partners, standings):
        del partners[a][b], partners[b][a]
    copies = []
    for group in _components(partners):
        first = _origin(group, partners, standings)
        copies += [_copy(a, first, partners[a], standings) for a in group - {first}]
    return sorted(copies, key=lambda c: c.copy_article_id)


def groups(pairs: Iterable[Pair]) -> list[set[int]]:
    """Articles that pairs tie, directly or through others."""
    return _components(_partners(pairs))


def in_order(group: Iterable[int], standings: Mapping[int, Standing], origins: Iterable[int] = ()) -> list[int]:
    """These articles as they appeared, origins first."""
    first = set(origins)

    def order(article: int) -> tuple[bool, datetime, datetime, str]:
        s = standings[article]
        return article not in first, s.appeared_at, s.observed_at, s.url

    return sorted(group, key=order)


def _partners(pairs: Iterable[Pair]) -> dict[int, dict[int, Likeness]]:
    partners: dict[int, dict[int, Likeness]] = defaultdict(dict)
    for pair in pairs:
        partners[pair.article_id][pair.other_article_id] = pair.likeness
        partners[pair.other_article_id][pair.article_id] = pair.likeness
    return partners


def _bridges(partners: Mapping[int, Partners], standings: Mapping[int, Standing]) -> list[tuple[int, int]]:
    """Excerpts with the texts that hold them, too, where they belong to others."""
    found = []
    for a, likes in partners.items():
        length = standings[a].length
        holders = {b for b, like in likes.items() if like.kind is CopyKind.EXCERPT and standings[b].length > length}
        kin = _components({b: {c: like for c, like in partners[b].items() if c in holders} for b in holders})
        kin.sort(key=lambda group: min(_claim(likes[b], len(group), standings[b]) for b in group))
        found += [(a, b) for group in kin[1:] for b in group]
    return found


def _claim(like: Likeness, kin: int, s: Standing) -> tuple[int, float, datetime, datetime, str]:
    return -kin, -like.containment, s.appeared_at, s.observed_at, s.url


def _origin(group: set[int], partners: Mapping[int, Partners], standings: Mapping[int, Standing]) -> int:
    credited = {agency for a in group for agency in standings[a].credits}

    def order(article: int) -> tuple[bool, datetime, bool, datetime, str]:
        s = standings[article]
        excerpt = _is_excerpt(s, [(standings[a], like) for a, like in partners[article].items()])
        return s.agency not in credited, s.appeared_at, excerpt, s.observed_at, s.url

    return min(group, key=order)


def _is_excerpt(s: Standing, partners: Iterable[tuple[Standing, Likeness]]) -> bool:
    """Whether it is cut from one that appeared at the same time."""
    return any(
        like.kind is CopyKind.EXCERPT and other.length > s.length and other.appeared_at == s.appeared_at
        for other, like in partners
    )


def _components(partners: Mapping[int, Partners]) -> list[set[int]]:
    unseen, groups = set(partners), []
    while unseen:
        group, frontier = set(), {unseen.pop()}
        while frontier:
            group |= frontier
            frontier = {other for a in frontier for other in partners[a]} - group
        unseen -= group
        groups.append(group)
    return groups


def _copy(article: int, origin: int, partners: Partners, standings: Mapping[int, Standing]) -> CopyOf:
    via = origin
    if origin not in partners:
        earliest_first = sorted(partners, key=lambda a: (standings[a].appeared_at, standings[a].url))
        via = max(earliest_first, key=lambda a: partners[a].similarity)
    like, first, copy = partners[via], standings[origin], standings[article]
    is_wire = via == origin and like.kind is CopyKind.NEAR and first.agency in copy.credits
    kind = CopyKind.WIRE if is_wire else like.kind
    return CopyOf(article, origin, via, kind, like.similarity, f"{like.rule}; origin {_why_first(first, copy)}")


def _why_first(origin: Standing, copy: Standing) -> str:
    if origin.agency is not None and origin.agency in copy.credits:
        return "the agency it credits"
    if origin.appeared_at < copy.appeared_at:
        return "published first" if origin.published_at and copy.published_at else "seen first"
    if origin.appeared_at > copy.appeared_at:
        return "the agency others credit"
    if origin.observed_at != copy.observed_at:
        return "observed first" if origin.observed_at < copy.observed_at else "the fuller text"
    return "first by address"
