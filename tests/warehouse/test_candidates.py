"""Who is compared with whom: two buckets in common, or one where a text is short and few hold it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from etl.dedup.fingerprint import SHORT
from etl.evaluate.texts import load
from etl.records import Fingerprint
from etl.warehouse.candidates import CROWD, candidates
from etl.warehouse.connect import Warehouse
from etl.warehouse.fingerprints import Marked
from tests.warehouse.test_copies import AT, text

NOON = datetime(2022, 5, 15, 12, tzinfo=UTC)


def marked(content_id: int, *bands: int, shingles: int = 500, days: float = 0) -> Marked:
    mark = Fingerprint(text_hash=bytes(16), bands=bands, sketch=bands, numbers=(), shingles=shingles)
    return Marked(content_id, content_id, NOON + timedelta(days=days), None, mark)


def hold(db: Warehouse, *held: Marked) -> list[Marked]:
    """Index these under the ids of contents that are there; in the order given."""
    run_id, contents = load(db, [text(f"{n:03}", "some words", outlet=f"o{n}") for n in range(len(held))], at=AT)
    stored = [Marked(c.content_id, c.article_id, m.seen_at, None, m.mark) for c, m in zip(contents, held, strict=True)]
    rows = [m.row for m in stored]
    db.run("ensure_bands", days=sorted({m.seen_on for m in stored}))
    db.run("keep_fingerprints", rows=rows, run_id=run_id, at=AT)
    db.run("keep_bands", rows=rows)
    return stored


def met(db: Warehouse, asker: Marked, held: list[Marked]) -> list[int]:
    """Which of those held meet this one, by place."""
    partners = {one for pair in candidates(db, [asker]) for one in pair} - {asker.content_id}
    return [n for n, m in enumerate(held) if m.content_id in partners]


def test_two_in_common_meet_and_one_does_not(db: Warehouse) -> None:
    held = hold(db, marked(1, 1, 2, 3), marked(2, 3, 4, 5), marked(3, 7, 8, 9))
    assert met(db, marked(0, 1, 2, 5, 6), held) == [0]
    assert candidates(db, [held[0], held[1]]) == set()


def test_one_is_enough_for_a_short_text_whoever_asks(db: Warehouse) -> None:
    held = hold(db, marked(1, 1, 2, 3), marked(2, 3, 4, 5, shingles=SHORT), marked(3, 5, 6))
    assert met(db, marked(0, 1, 4), held) == [1]
    assert met(db, marked(0, 1, 4, shingles=SHORT), held) == [0, 1]
    assert candidates(db, held) == {tuple(sorted((held[a].content_id, held[1].content_id))) for a in (0, 2)}


def test_what_a_crowd_holds_is_not_enough_for_a_short_text(db: Warehouse) -> None:
    held = hold(db, *(marked(n, 1, 10 + n) for n in range(CROWD + 1)))
    assert met(db, marked(0, 1, shingles=SHORT), held[:CROWD]) == []
    assert met(db, marked(0, 1, 10, shingles=SHORT), held) == [0]


def test_weeks_apart_nobody_meets(db: Warehouse) -> None:
    held = hold(db, marked(1, 1, 2), marked(2, 1, 2, days=13), marked(3, 1, 2, days=60))
    assert met(db, marked(0, 1, 2), held) == [0, 1]
    assert candidates(db, held) == {(held[0].content_id, held[1].content_id)}


def test_nothing_asked_finds_nothing(db: Warehouse) -> None:
    assert candidates(db, []) == set()
    assert candidates(db, [marked(1, 1, 2), marked(2)]) == set()
