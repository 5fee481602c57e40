"""What mentions could have been is kept a row a text, and shown a row a candidate, to the last digit."""

from __future__ import annotations

from typing import Any

from etl.records import Candidate, Mention, Role, Tagged, TextField
from etl.warehouse import taggings
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source, store

GIVEN = {
    0: (
        Candidate(place_id=1, score=6.445, evidence={"prior": 5.876, "near_500": 0.1, "distance": -1.012}),
        Candidate(place_id=2, score=2.0, evidence={"prior": 2.0}),
        Candidate(place_id=3, score=-0.5, evidence={"same_spelling": 0.5, "distance": -1.0}),
    ),
    40: (Candidate(place_id=2, score=0.0, evidence={}),),
    80: (),
}


def mention(start: int, candidates: tuple[Candidate, ...], field: TextField = TextField.BODY) -> Mention:
    return Mention(
        field=field, start=start, end=start + 4, surface="Kyiv", role=Role.EVENT, place_id=None, lat=None, lon=None,
        country_code=None, precision=None, radius_km=None, confidence=0.4, method="unresolved", candidates=candidates,
    )  # fmt: skip


def ask(db: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def keep(db: Warehouse, *mentions: Mention) -> None:
    stored = store(db, make_run(db), make_source(db), "Kyiv. " * 20)
    ask(
        db,
        "INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current) VALUES ('t', 0, 0, now(), true);"
        "INSERT INTO geo.place SELECT n, 'Kyiv ' || n, 'P', 'PPL', 'UA', NULL, NULL, 50, 30, 1, 1, 1"
        " FROM generate_series(1, 3) AS n",
    )
    tagged = {stored.new_contents[0][0]: Tagged(mentions=mentions, demonyms=(), focus=())}
    with db.transaction():
        taggings.keep(db, 1, tagged, tagger="t", gazetteer_id=1, override_versions={}, at=NOW)


def test_each_candidate_is_shown_as_it_was_found(db: Warehouse) -> None:
    keep(db, *(mention(start, candidates) for start, candidates in GIVEN.items()))
    shown = ask(
        db,
        "SELECT m.start_offset, c.rank, c.place_id, c.score::text, c.evidence FROM news.mention_candidate c"
        " JOIN news.mention m USING (mention_id) ORDER BY 1, 2",
    )
    assert shown == [
        (start, rank, c.place_id, str(c.score).removesuffix(".0"), dict(c.evidence))
        for start, candidates in GIVEN.items()
        for rank, c in enumerate(candidates, 1)
    ]
    assert ask(db, "SELECT count(*) FROM news.tagging_evidence") == [(1,)]


def test_the_same_span_of_two_fields_is_told_apart(db: Warehouse) -> None:
    keep(db, mention(0, GIVEN[0]), mention(0, GIVEN[40], TextField.TITLE))
    assert ask(
        db,
        "SELECT m.field, array_agg(c.place_id ORDER BY c.rank) FROM news.mention_candidate c"
        " JOIN news.mention m USING (mention_id) GROUP BY 1 ORDER BY 1",
    ) == [("body", [1, 2, 3]), ("title", [2])]


def test_a_text_without_candidates_takes_no_row(db: Warehouse) -> None:
    keep(db, mention(0, ()))
    assert ask(db, "SELECT count(*) FROM news.tagging_evidence") == [(0,)]


def test_a_text_with_much_to_say_is_compressed_and_one_with_little_is_as_it_was(db: Warehouse) -> None:
    keep(db, *(mention(start, GIVEN[0]) for start in range(0, 60, 6)))
    [(length, takes, method)] = ask(
        db,
        "SELECT octet_length(rtrim(candidates::text)), pg_column_size(candidates), pg_column_compression(candidates)"
        " FROM news.tagging_evidence",
    )
    assert method == "pglz"
    assert takes < length / 2 < 1_000
    [(short,)] = ask(db, """SELECT news.padded('{"body 0 4":[[1,2.0]]}')::text""")
    assert short == '{"body 0 4":[[1,2.0]]}'
