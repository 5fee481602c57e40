"""A claimed poll and what was answered go in; what the answer means comes out: entries, nothing new, or a rejection."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from etl.errors import Reason, Stage
from etl.jobs import entries, listings
from etl.jobs.entries import Entry
from etl.jobs.listings import Listing
from etl.records import Fetched, Outcome, Rejected
from etl.sources.standing import Poll
from etl.warehouse import work
from etl.warehouse.sources import StoredSource

_LOST = "neither a link to a page nor a text"


@dataclass(frozen=True)
class Answer:
    """One answer and what it means."""

    item: work.Item
    stored: StoredSource
    fetched: Fetched
    listing: Listing | None = None  # None where it failed, and where nothing changed
    rejected: Rejected | None = None
    entries: tuple[Entry, ...] = ()
    baseline: tuple[Entry, ...] = ()
    lost: tuple[Rejected, ...] = ()  # entries that lead nowhere

    @property
    def waited_minutes(self) -> float | None:
        """Since the source last answered; None if it never did."""
        before = self.stored.standing.last_success_at
        return (self.fetched.at - before).total_seconds() / 60 if before else None

    @property
    def child_url(self) -> str | None:
        """The address asked, where it is not the source's own but one its index names."""
        url: str | None = self.item.payload.get("url")
        return url

    @property
    def language_code(self) -> str | None:
        """Of the listing, as it states it."""
        return self.listing.language_code if self.listing else None

    @property
    def body_hash(self) -> bytes | None:
        """sha256 of the body, if one came that could be read."""
        is_body = self.fetched.body is not None and self.rejected is None
        return hashlib.sha256(self.fetched.body or b"").digest() if is_body else None


def read(item: work.Item, stored: StoredSource, fetched: Fetched) -> Answer:
    """Interpret one answer; a body that is the same bytes as the last is no work."""
    answer = Answer(item, stored, fetched)
    if fetched.outcome is Outcome.FAILED:
        reason = fetched.reason or Reason.CLIENT_ERROR
        return replace(answer, rejected=Rejected(Stage.FETCH, reason, item.key, fetched.detail))
    last = item.payload.get("blob_hash") if answer.child_url else (stored.standing.blob_hash or b"").hex()
    is_same = fetched.body is not None and hashlib.sha256(fetched.body).hexdigest() == last
    if fetched.outcome is Outcome.NOT_MODIFIED or (is_same and not stored.standing.failure_weight):
        return answer
    listing = listings.read(stored, fetched)
    if isinstance(listing, Rejected):
        return replace(answer, rejected=Rejected(Stage.FETCH, listing.reason, item.key, listing.detail))
    found, lost = entries.of(listing.items, stored, fetched.at, answer.waited_minutes)
    baseline, _ = entries.of(listing.baseline, stored, fetched.at, None)
    is_first = not (item.payload.get("is_held") if answer.child_url else stored.standing.last_success_at)
    return replace(
        answer,
        listing=listing,
        entries=tuple(found if is_first else found + baseline),
        baseline=tuple(baseline if is_first else ()),
        lost=(*listing.rejected, *(Rejected(Stage.FETCH, Reason.BAD_ITEM, i.guid, _LOST) for i in lost)),
    )


def facts(answer: Answer, *, changed: int, new: int) -> Poll:
    """The poll as it counts for what is known of the source."""
    fetched, listing = answer.fetched, answer.listing
    return Poll(
        at=fetched.at,
        reason=answer.rejected.reason if answer.rejected else None,
        is_answered=fetched.status is not None or fetched.reason is not Reason.RATE_LIMITED,
        is_unmodified=fetched.outcome is Outcome.NOT_MODIFIED,
        is_probe=bool(answer.item.payload.get("is_probe")),
        headers=fetched.headers,
        retry_after_s=fetched.retry_after_s,
        body_hash=answer.body_hash,
        moved_to=fetched.moved_to if answer.rejected is None else None,
        is_parsed=listing is not None,
        ttl_minutes=listing.ttl_minutes if listing else None,
        skip_hours=listing.skip_hours if listing else frozenset(),
        skip_days=listing.skip_days if listing else frozenset(),
        shown=len({e.key for e in answer.entries}),
        changed=changed,
        new=new,
        dates=tuple(e.judged.dated.at for e in answer.entries if e.judged.dated),
    )
