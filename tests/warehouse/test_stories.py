"""Stories in the warehouse: ids stay while reports come, and what merges can be read afterwards."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg2.errors
import pytest

from etl.dedup.stories import Told, group
from etl.evaluate.texts import START, Text, load
from etl.local.postgres import Server
from etl.warehouse import scratch, stories, takedown
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.copies import deduplicate
from etl.warehouse.fingerprints import Comparable
from etl.warehouse.stories import settle
from tests.warehouse.factory import make_run, make_source

AT = datetime(2024, 6, 1, tzinfo=UTC)
LATER = AT + timedelta(hours=1)

FLOOD = "Rescuers reached Varna after the Lesna flooded. Mayor Petra Novak said nobody was missing near the Lesna dam."
RIVER = "The Lesna burst its banks above Varna, Petra Novak told a briefing. Helicopters lifted families from roofs."
DAM = "Engineers said the Lesna dam would hold. Mayor Novak asked Varna to boil water after the flood."
QUAKE = "Walls cracked in Ostrey when the ground shook. Seismologist Ivan Hale put the Ostrey quake at five."
TREMOR = "Ivan Hale warned of more tremors in Ostrey, where schools are shut since the quake cracked walls."
MANY = """
INSERT INTO news.article (source_id, first_observed_at, run_id, created_at)
SELECT 1, '2022-07-01', 1, '2022-07-01' FROM generate_series(1, 2000) AS n;
INSERT INTO news.article_key (article_key, article_id, kind, run_id, created_at)
SELECT md5(article_id::text), article_id, 'url', 1, '2022-07-01' FROM news.article;
INSERT INTO news.content (article_id, content_hash, body, authors, extractor, code_version, run_id, created_at)
SELECT article_id, sha256(int8send(article_id)), 'text', '{}', 't', '0', 1, '2022-07-01' FROM news.article;
INSERT INTO news.story_feature (article_id, content_id, seen_at, terms, counts)
SELECT article_id, content_id, '2022-07-04', '{1}', '\\x01' FROM news.content;
"""
ZOO = "Three cubs met visitors at Ardenne Zoo. Keeper Tom Hall named the lions after rivers."


def stock(db: Warehouse, bodies: Sequence[str], days: Sequence[float] = ()) -> tuple[int, list[Comparable]]:
    texts = [
        Text(
            key=n,
            title=body.split(".", 1)[0],
            text=body,
            url=f"https://outlet{n}.example/{n}",
            outlet=f"outlet {n}",
            published_at=START + timedelta(days=days[n] if days else n / 10),
            cluster=None,
            kind=None,
        )
        for n, body in enumerate(bodies)
    ]
    return load(db, texts, at=AT)


def tell(db: Warehouse, run_id: int, batch: Sequence[Comparable], at: datetime = AT) -> int:
    with db.transaction():
        deduplicate(db, batch, run_id=run_id, at=at)
    return settle(db, run_id=run_id, at=at)


def told(db: Warehouse, contents: Sequence[Comparable]) -> list[Any]:
    """The story of each article, None for one alone."""
    story = {r.article_id: r.story_id for r in db.rows("current_stories")}
    return [story.get(c.article_id) for c in contents]


def query(db: Warehouse, question: str) -> list[Any]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def test_reports_of_one_event_are_one_story(db: Warehouse) -> None:
    run_id, contents = stock(db, [FLOOD, QUAKE, RIVER, ZOO, TREMOR])
    assert tell(db, run_id, contents) == 4
    flood, quake, river, zoo, tremor = told(db, contents)
    assert flood == river != quake == tremor
    assert flood is not None
    assert zoo is None


def test_a_story_keeps_its_id_as_reports_come(db: Warehouse) -> None:
    run_id, contents = stock(db, [FLOOD, RIVER, QUAKE, ZOO, TREMOR, DAM])
    tell(db, run_id, contents[:4])
    story = told(db, contents)[0]
    tell(db, run_id, contents[4:], at=LATER)
    found = told(db, contents)
    assert found[0] == found[1] == found[5] == story
    assert found[2] == found[4] != story
    assert query(db, "SELECT count(*) FROM news.story_article WHERE NOT upper_inf(recorded)") == [(0,)]


def test_nothing_moves_when_nothing_is_new(db: Warehouse) -> None:
    run_id, contents = stock(db, [FLOOD, RIVER, QUAKE, ZOO, TREMOR, DAM])
    tell(db, run_id, contents)
    before = query(db, "SELECT xmin::text, t::text FROM news.story_article t ORDER BY 2")
    assert tell(db, run_id, contents, at=LATER) == 0
    assert query(db, "SELECT xmin::text, t::text FROM news.story_article t ORDER BY 2") == before


def test_of_stories_that_merge_the_larger_goes_on_and_the_other_says_where_it_went(db: Warehouse) -> None:
    """Two halves of one event are told as two stories until the report between them comes."""
    days = (0, 0.1, 0.2, 7, 7.1, 3.6, 3.7, 3.8)
    run_id, contents = stock(db, [FLOOD, RIVER, DAM, FLOOD, RIVER, f"{FLOOD} {DAM}", RIVER, ZOO], days)
    tell(db, run_id, [*contents[:5], contents[7]])
    early, late = told(db, contents)[0], told(db, contents)[3]
    assert early is not None
    assert late is not None
    assert early != late
    tell(db, run_id, contents[5:7], at=LATER)
    assert set(told(db, contents)[:7]) == {early}
    merged = query(db, "SELECT story_id, merged_into_story_id, closed_at FROM news.story WHERE closed_at IS NOT NULL")
    assert merged == [(late, early, LATER)]
    left = query(db, "SELECT story_id, upper(recorded) FROM news.story_article WHERE NOT upper_inf(recorded)")
    assert left == [(late, LATER)] * 2


def test_a_story_lasts_through_cells_and_says_the_same_in_any_order(postgres: Server, template: str) -> None:
    """Reports every two days for three weeks are one story, however they arrive; a month later it is another."""
    days = [*(2.0 * n for n in range(11)), 52.0, 52.5]
    bodies = [(FLOOD, RIVER, DAM, f"{FLOOD} {DAM}")[n % 4] for n in range(len(days))]
    found = []
    for seed in range(4):
        order = list(range(len(days)))
        if seed:
            random.Random(seed).shuffle(order)
        with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
            run_id, contents = stock(db, bodies, days)
            for start in range(0, len(order), 3):
                tell(db, run_id, [contents[n] for n in order[start : start + 3]])
            found.append(told(db, contents))
    partitions = {tuple(f.index(story) for story in f) for f in found}
    assert partitions == {(*[0] * 11, 11, 11)}


def test_a_batch_that_never_settled_is_settled_by_the_next(db: Warehouse) -> None:
    run_id, contents = stock(db, [FLOOD, RIVER, QUAKE, ZOO, TREMOR, DAM])
    with db.transaction():
        deduplicate(db, contents, run_id=run_id, at=AT)  # killed here
    assert told(db, contents) == [None] * 6
    assert settle(db, run_id=run_id, at=LATER) == 5
    assert settle(db, run_id=run_id, at=LATER) == 0


def test_a_late_report_that_begins_a_story_earlier_moves_nobody(db: Warehouse) -> None:
    run_id, contents = stock(db, [FLOOD, RIVER, DAM, ZOO], (0, 3, 5, 5))
    tell(db, run_id, contents[1:])
    story = told(db, contents)[1]
    assert story is not None
    assert tell(db, run_id, contents[:1], at=LATER) == 1
    assert told(db, contents) == [story, story, story, None]


def test_loaders_compare_on_while_stories_are_settled(
    db: Warehouse, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes after a stretch was read is told by the next who settles, as if all had come before."""
    run_id, contents = stock(db, [FLOOD, QUAKE, RIVER, DAM, TREMOR, ZOO])
    late = [contents[1:3], contents[3:]]

    def interrupted(reports: Sequence[Told]) -> list[tuple[int, ...]]:
        with connect(database_url) as loader, loader.connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
            if late:
                with loader.transaction():
                    deduplicate(loader, late.pop(), run_id=run_id, at=AT)
        return group(reports)

    monkeypatch.setattr(stories, "group", interrupted)
    tell(db, run_id, contents[:1])
    flood, quake = told(db, contents)[0], told(db, contents)[1]
    assert told(db, contents) == [flood, quake, flood, flood, quake, None]
    assert None not in {flood, quake}
    assert query(db, "SELECT count(*) FROM ops.story_due") == [(0,)]


def test_who_takes_articles_out_of_stories_waits_until_they_are_settled(db: Warehouse, database_url: str) -> None:
    """Else what was taken out could be told again by who had read it before."""
    with connect(database_url) as settling, settling.transaction():
        settling.run("lock_stories")
        query(db, "SELECT set_config('lock_timeout', '100ms', false)")
        with db.transaction(), pytest.raises(psycopg2.errors.LockNotAvailable):
            takedown.lock(db)


def test_the_first_address_of_an_article_is_sought_among_its_own(db: Warehouse) -> None:
    """Of a table that was never analysed, too: the first days of a warehouse, and of a backfill."""
    make_run(db)
    make_source(db)
    with db.connection.cursor() as cursor:
        cursor.execute(MANY)
        assert len(db.rows("load_story_window", from_on=date(2022, 7, 1), to_on=date(2022, 7, 9))) == 2_000
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relid = 'news.article_key'::regclass"
        )
        [(read,)] = cursor.fetchall()
    assert read < 3 * 2_000
