"""What polling knows of a source, to and from Postgres: a row in, a `Standing` out, and back with the next poll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etl.errors import Reason
from etl.records import Validators
from etl.sources.rhythm import Rhythm, silent_after
from etl.sources.schedule import Decision
from etl.sources.standing import Standing
from etl.warehouse.connect import Warehouse


def of_row(r: Any) -> Standing:
    """The standing in a row of `list_sources`."""
    return Standing(
        validators=Validators(etag=r.etag, last_modified=r.last_modified),
        is_validator_trusted=r.is_validator_trusted,
        validators_judged_at=r.validators_judged_at,
        validators_judgement=r.validators_judgement,
        not_modified_count=r.not_modified_count,
        last_body_at=r.last_body_at,
        blob_hash=bytes(r.blob_hash) if r.blob_hash is not None else None,
        last_polled_at=r.last_polled_at,
        last_success_at=r.last_success_at,
        last_new_at=r.last_new_at,
        last_reason=Reason(r.last_reason) if r.last_reason else None,
        failure_weight=float(r.failure_weight),
        given_up_at=r.given_up_at,
        gone_at=r.gone_at,
        moved_to_url=r.moved_to_url,
        moved_at=r.moved_at,
        ttl_minutes=r.ttl_minutes,
        skip_hours=frozenset(r.skip_hours),
        skip_days=frozenset(r.skip_days),
        rhythm=Rhythm(gap_minutes=r.gap_minutes, longest_gap_minutes=r.longest_gap_minutes, entries=r.entries),
        is_overflowing=r.is_overflowing,
    )


def note(db: Warehouse, learned: Sequence[tuple[int, Standing, Decision | None]]) -> None:
    """Keep what polls learned, by source id, with when to ask next; None leaves that as it is."""
    rows = [_row(source_id, known) | _next(known, decided) for source_id, known, decided in learned]
    if rows:
        db.run("note_polls", rows=rows)


def _next(known: Standing, decided: Decision | None) -> dict[str, Any]:
    silent = silent_after(known.rhythm)
    return {
        "next_poll_at": decided.at if decided else None,
        "next_poll_rule": decided.rule if decided else None,
        "silent_after_minutes": silent.total_seconds() / 60 if silent else None,
    }


def _row(source_id: int, k: Standing) -> dict[str, Any]:
    return {
        "source_id": source_id,
        "etag": k.validators.etag,
        "last_modified": k.validators.last_modified,
        "is_validator_trusted": k.is_validator_trusted,
        "validators_judged_at": k.validators_judged_at,
        "validators_judgement": k.validators_judgement,
        "not_modified_count": k.not_modified_count,
        "last_body_at": k.last_body_at,
        "blob_hash": k.blob_hash,
        "last_polled_at": k.last_polled_at,
        "last_success_at": k.last_success_at,
        "last_new_at": k.last_new_at,
        "last_reason": k.last_reason,
        "failure_weight": k.failure_weight,
        "given_up_at": k.given_up_at,
        "gone_at": k.gone_at,
        "moved_to_url": k.moved_to_url,
        "moved_at": k.moved_at,
        "ttl_minutes": k.ttl_minutes,
        "skip_hours": sorted(k.skip_hours),
        "skip_days": sorted(k.skip_days),
        "gap_minutes": k.rhythm.gap_minutes,
        "longest_gap_minutes": k.rhythm.longest_gap_minutes,
        "entries": k.rhythm.entries,
        "is_overflowing": k.is_overflowing,
    }
