"""Answers of sources in; what is new in them queued, and what polling learned of each source written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from etl.errors import Stage
from etl.jobs import answers, children, entries, payload, reservations, takedown
from etl.jobs.answers import Answer
from etl.jobs.entries import Entry
from etl.jobs.job import Job
from etl.records import Counts, Fetched, Outcome, Rejected
from etl.sources import standing
from etl.sources.schedule import Decision, next_poll
from etl.sources.standing import Standing
from etl.warehouse import captures, runs, standings, work
from etl.warehouse.sources import StoredSource


@dataclass(frozen=True)
class _Fresh:
    """Of a batch of answers, the entries that are new or changed."""

    is_new: dict[entries.EntryId, bool]
    fetch_ids: dict[entries.EntryId, int]  # of those whose own text is a capture

    def of(self, answer: Answer) -> list[Entry]:
        return [e for e in answer.entries if e.id in self.is_new]

    def new_of(self, answer: Answer) -> int:
        return len({e.key for e in answer.entries if self.is_new.get(e.id)})


def settle(
    job: Job, holder: work.Holder, known: dict[int, StoredSource], got: Sequence[tuple[work.Item, Fetched]]
) -> Counts:
    """Interpret what sources answered; the tally of the polls and of entries that could not be used."""
    if not got:
        return Counts()
    read = [answers.read(item, known[item.source_id], fetched) for item, fetched in got]
    at = job.clock()
    with job.db.transaction():
        held = holder.held([a.item for a in read])
        read = [a for a in read if a.item.work_id in held]
        fresh = _fresh(job, read, at)
        job.db.run("keep_sightings", keys=sorted({e.key for a in read for e in a.entries}))
        learned = _learn(read, fresh)
        standings.note(job.db, learned)
        children.note(job, read)
        reservations.note(job, read, at)
        takedown.scrub(job.db, [(a.fetched.body, [e.key for e in a.entries]) for a in read if a.fetched.body], at)
        rows = [row for a in read for row in (*_to_do(a, fresh), *children.due(job, a))]
        known_now = {source_id: state for source_id, state, _ in learned}
        work.queue(job.db, job.run_id, rows + _probes(read, known_now), at)
        unusable = [(_named(r, a.stored), a.item.source_id) for a in read for r in a.lost]
        total = runs.note(job.db, job.run_id, Stage.FETCH, rejected=unusable, at=at)
        return total + holder.finish([work.Done(a.item, a.rejected, _detail(a, fresh)) for a in read])


def _fresh(job: Job, read: Sequence[Answer], at: datetime) -> _Fresh:
    """Find what is new or changed, and keep the text that such entries carry themselves."""
    shown = {e.id for a in read for e in a.entries}
    every = [(e, a.waited_minutes) for a in read for e in a.entries] + [(e, None) for a in read for e in a.baseline]
    if not every:
        return _Fresh({}, {})
    same = {_id(r) for r in job.db.rows("same_items", rows=[entries.stated(e) for e, _ in every], at=at)}
    rows = [entries.row(e, waited) for e, waited in every if e.id not in same]
    found = {_id(r): r.is_new for r in job.db.rows("new_items", rows=rows, at=at)} if rows else {}
    is_new = {i: new for i, new in found.items() if i in shown}
    whole = [(a, e) for a in read for e in a.entries if e.id in is_new and e.is_whole and e.item.html]
    texts = [entries.capture(e, a.stored, a.language_code, a.fetched.at) for a, e in whole]
    fetch_ids = captures.keep(job.db, job.run_id, texts, at)
    return _Fresh(is_new, {e.id: n for (_, e), n in zip(whole, fetch_ids, strict=True)})


def _id(row: Any) -> entries.EntryId:
    return row.source_id, bytes(row.guid_hash), row.url_key


def _to_do(answer: Answer, fresh: _Fresh) -> list[dict[str, Any]]:
    """Pages to fetch, one a canonical address however many entries lead to it; texts without a page to extract."""
    return [_waiting(e, answer, fresh.fetch_ids.get(e.id)) for e in fresh.of(answer)]


def _waiting(entry: Entry, answer: Answer, text_id: int | None) -> dict[str, Any]:
    """An entry as it waits; `text_id` is the capture of its own text, if that is worth one."""
    hints = payload.pack(entries.hints(entry, answer.stored, answer.language_code))
    if text_id is not None and not entry.is_linked:
        return payload.to_extract(text_id, entry.key, entry.source_id, hints)
    packed: dict[str, Any] = {"kind": "page", "url": entry.item.url, "article_key": entry.key, "hints": hints}
    if text_id is not None:
        packed["item_fetch_id"] = text_id
    return {
        "stage": Stage.FETCH,
        "item_key": f"page:{entry.key}",
        "source_id": entry.source_id,
        "payload": packed,
    }


def _learn(read: Sequence[Answer], fresh: _Fresh) -> list[tuple[int, Standing, Decision | None]]:
    """What is known of each source now. A child of an index tells of its rhythm only."""
    known: dict[int, Standing] = {}
    decided: dict[int, Decision] = {}
    for a in read:
        source_id = a.item.source_id
        before = known.get(source_id, a.stored.standing)
        poll = answers.facts(a, changed=len(fresh.of(a)), new=fresh.new_of(a))
        after = standing.after(before, poll)
        if a.child_url is None:
            known[source_id] = after
            decided[source_id] = next_poll(poll, after, poll_minutes=a.stored.source.poll_minutes)
        elif poll.new:
            known[source_id] = replace(before, last_new_at=after.last_new_at, rhythm=after.rhythm)
    return [(source_id, state, decided.get(source_id)) for source_id, state in known.items()]


def _probes(read: Sequence[Answer], known: dict[int, Standing]) -> list[dict[str, Any]]:
    """Sources that say 304 for suspiciously long are asked for the body at once."""
    return [
        {
            "stage": Stage.FETCH,
            "item_key": f"probe:{a.stored.source.name}",
            "source_id": a.item.source_id,
            "payload": {"kind": "listing", "is_probe": True},
        }
        for a in read
        if a.fetched.outcome is Outcome.NOT_MODIFIED
        and a.child_url is None
        and standing.wants_probe(known[a.item.source_id], a.fetched.at)
    ]


def _named(rejected: Rejected, stored: StoredSource) -> Rejected:
    return replace(rejected, key=f"item:{stored.source.name}:{rejected.key}"[:500])


def _detail(answer: Answer, fresh: _Fresh) -> str:
    if answer.listing is None:
        return "unchanged"
    told = f"{len(answer.entries)} entries, {len(fresh.of(answer))} new or changed"
    left = answer.listing.passed_over + len(answer.baseline)
    return f"{told}, {left} left for a backfill" if left else told
