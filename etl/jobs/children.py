"""A sitemap that names others in; the children that have to be read now queued, and what was read of them kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etl.errors import Stage
from etl.jobs.answers import Answer
from etl.jobs.job import Job
from etl.records import SitemapChild


def due(job: Job, answer: Answer) -> list[dict[str, Any]]:
    """The children of an index to be read in this run, as they wait in the queue."""
    if answer.listing is None or not answer.listing.children or answer.child_url:
        return []  # an index within an index is against the protocol
    held = {r.url: r for r in job.db.rows("find_listings", source_id=answer.item.source_id)}
    return [
        {
            "stage": Stage.FETCH,
            "item_key": f"sitemap:{answer.stored.source.name}:{child.url}"[:1_000],
            "source_id": answer.item.source_id,
            "payload": _payload(child, held.get(child.url)),
        }
        for child in answer.listing.children
        if _is_due(child, held.get(child.url))
    ]


def note(job: Job, answers: Sequence[Answer]) -> None:
    """Keep what reading children taught."""
    rows = [_row(a) for a in answers if a.child_url and a.rejected is None]
    if rows:
        job.db.run("note_listings", rows=rows)


def _is_due(child: SitemapChild, held: Any) -> bool:
    """Its index says that it changed, or says nothing."""
    return held is None or child.modified is None or held.stated_at is None or child.modified.at > held.stated_at


def _payload(child: SitemapChild, held: Any) -> dict[str, Any]:
    """`held` is what its last reading gave, if there was one."""
    packed: dict[str, Any] = {"kind": "listing", "url": child.url}
    if child.modified:
        packed["stated_at"] = child.modified.at.isoformat()
    if held is not None:
        packed |= {
            "etag": held.etag,
            "last_modified": held.last_modified,
            "blob_hash": bytes(held.blob_hash).hex() if held.blob_hash is not None else None,
            "is_held": True,
        }
    return packed


def _row(answer: Answer) -> dict[str, Any]:
    return {
        "source_id": answer.item.source_id,
        "url": answer.child_url,
        "stated_at": answer.item.payload.get("stated_at"),
        "etag": answer.fetched.headers.get("etag"),
        "last_modified": answer.fetched.headers.get("last-modified"),
        "blob_hash": answer.body_hash,
        "read_at": answer.fetched.at,
    }
