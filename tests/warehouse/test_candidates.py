"""Who is compared with whom: two buckets in common, or one where a text is short and few hold it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from etl.dedup.fingerprint import SHORT, bands_of
from etl.evaluate.texts import load
from etl.records import Fingerprint
from etl.warehouse import keeping
from etl.warehouse.candidates import CROWD, candidates
from etl.warehouse.connect import Warehouse
from etl.warehouse.fingerprints import MANY, Marked
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
    db.run("ensure_bands", days=[m.seen_on for m in stored], many=1)
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


def retired(db: Warehouse, quarters: int = 1) -> list[str]:
    """Let go of the index of this quarter, or of the next, too."""
    return keeping.retire_bands(db, today=NOON.date() + timedelta(days=100 * quarters))


def test_a_quarter_without_an_index_answers_as_one_that_has_it(db: Warehouse) -> None:
    """Half of what is asked lies in another quarter, whose index is there."""
    crowd = [marked(n, 1, 2, 100 + n, days=n % 80 - 40) for n in range(CROWD + 10)]
    pairs = [marked(n, 1000 + n // 2, 2000 + n // 2, days=n % 50 - 25, shingles=SHORT * (1 + n % 3)) for n in range(60)]
    held = hold(db, *crowd, *pairs)
    asked = [marked(-n, 1, 1000 + n, 2000 + n, 100 + n, days=60 - 3 * n) for n in range(1, 30)]
    wanted = candidates(db, [*held, *asked])
    assert len(wanted) > 100
    assert retired(db) == ["news.fingerprint_band_2022_q2"]
    assert candidates(db, [*held, *asked]) == wanted
    db.run("ensure_bands", days=[NOON.date()] * MANY, many=MANY)
    assert retired(db, 2) == ["news.fingerprint_band_2022_q2", "news.fingerprint_band_2022_q3"]
    assert candidates(db, [*held, *asked]) == wanted


def test_a_crowd_over_the_turn_of_a_quarter_gives_its_earliest(db: Warehouse) -> None:
    """July's are late to be asked for, whether they are read of an index or of their fingerprints."""
    held = hold(db, *(marked(n, 1, 2, days=46 + n % 6 - 1) for n in range(2 * CROWD)))  # the 46th is 30 June
    june = {m.content_id for m in held if m.seen_at.month == 6}
    asker = marked(0, 1, 2, days=46)
    taken = {one for pair in candidates(db, [asker]) for one in pair} - {0}
    assert len(taken) == CROWD + 1
    assert june < taken
    assert retired(db, 2) == ["news.fingerprint_band_2022_q2", "news.fingerprint_band_2022_q3"]
    assert {one for pair in candidates(db, [asker]) for one in pair} - {0} == taken


def test_few_that_come_late_make_no_index_and_many_do(db: Warehouse) -> None:
    held = hold(db, marked(1, 1, 2, 3))
    retired(db)
    days = [held[0].seen_on]
    db.run("ensure_bands", days=days * (MANY - 1), many=MANY)
    db.run("keep_bands", rows=[m.row for m in held])  # there is nowhere to keep them
    assert met(db, marked(0, 2, 3), held) == [0]
    assert indexed(db) == []
    db.run("ensure_bands", days=days * MANY, many=MANY)
    assert indexed(db) == [(1,), (2,), (3,)]
    assert met(db, marked(0, 2, 3), held) == [0]


def test_the_warehouse_knows_bands_as_we_do(db: Warehouse) -> None:
    with db.connection.cursor() as cursor:
        for shingles, held in ((3, 3), (100, 64), (1000, 250), (9000, 1024)):
            sketch = list(range(held))
            cursor.execute("SELECT news.bands_of(%s, %s)", (sketch, shingles))
            assert cursor.fetchall() == [(list(bands_of(sketch, shingles)),)]


def indexed(db: Warehouse) -> list[tuple[int]]:
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT bucket FROM news.fingerprint_band WHERE seen_on = %s ORDER BY 1", (NOON.date(),))
        return cursor.fetchall()


def test_nothing_asked_finds_nothing(db: Warehouse) -> None:
    assert candidates(db, []) == set()
    assert candidates(db, [marked(1, 1, 2), marked(2)]) == set()
