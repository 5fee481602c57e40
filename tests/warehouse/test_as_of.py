"""What was held as of a time: text, places, copies and stories, on the publisher's clock and on ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from etl.warehouse.connect import Warehouse
from tests.warehouse.factory import make_run, make_source, store

PAGE, AMP = "https://courier.example/1", "https://courier.example/amp/1"
NOON = "2022-07-03 12:00Z"


def july(day: int, hour: int = 0) -> datetime:
    return datetime(2022, 7, day, hour, tzinfo=UTC)


def ask(db: Warehouse, sql: str, *params: Any) -> list[Any]:
    with db.connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def bodies(db: Warehouse, observed: str, recorded: str | None = None) -> list[str]:
    found = ask(db, "SELECT body FROM mart.article_as_of(%s, %s) ORDER BY body", observed, recorded)
    return [body for (body,) in found]


def tag(db: Warehouse, run: int, text: str, place: str, *, at: datetime, tagger: str = "tagger 1") -> None:
    """Say that a text names a place, closing what was said of it before."""
    ask(
        db,
        "INSERT INTO geo.gazetteer (version, places, names, loaded_at, is_current) "
        "SELECT 'g1', 1, 1, now(), true WHERE NOT EXISTS (SELECT FROM geo.gazetteer)",
    )
    ask(
        db,
        "UPDATE news.tagging t SET recorded = tstzrange(lower(recorded), %s, '[)') FROM news.content c "
        "WHERE c.content_id = t.content_id AND c.body = %s AND upper_inf(recorded)",
        at,
        text,
    )
    ask(
        db,
        "WITH t AS (INSERT INTO news.tagging (content_id, tagger, gazetteer_id, run_id, recorded) "
        "SELECT content_id, %s, (SELECT gazetteer_id FROM geo.gazetteer), %s, tstzrange(%s, NULL, '[)') "
        "FROM news.content WHERE body = %s RETURNING tagging_id) "
        "INSERT INTO news.mention (tagging_id, field, start_offset, end_offset, surface, role, confidence, method) "
        "SELECT tagging_id, 'body', 0, length(%s), %s, 'event', 0.5, 'test' FROM t",
        tagger,
        run,
        at,
        text,
        place,
        place,
    )


def articles(db: Warehouse, run: int, *names: str, at: datetime) -> list[int]:
    """Articles of the names, each with an address and an outlet of its own."""
    for name in names:
        store(
            db, run, make_source(db, name), f"{name} tells", keys=(f"https://{name}.example/",), observed_at=at, at=at
        )
    return [
        ask(db, "SELECT article_id FROM news.article_key WHERE article_key = %s", f"https://{n}.example/")[0][0]
        for n in names
    ]


def test_what_was_shown_by_then_as_held_then_and_as_known_today(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "six killed", observed_at=july(3, 8), at=july(3, 8))
    store(db, run, source, "eight killed", observed_at=july(3, 14), at=july(3, 14))
    store(db, run, source, "seven killed", observed_at=july(3, 11), at=july(20))  # an archive brings it weeks later
    assert bodies(db, NOON) == ["six killed"]
    assert bodies(db, NOON, "infinity") == ["seven killed"]
    assert bodies(db, "2022-07-03 07:00Z", "infinity") == []
    versions = ask(db, "SELECT versions, observed_since FROM mart.article_as_of(%s, 'infinity')", NOON)
    assert versions == [(2, july(3, 11))]


def test_what_was_shown_but_not_yet_extracted_was_not_held(db: Warehouse) -> None:
    store(db, make_run(db), make_source(db), "six killed", observed_at=july(3, 11), at=july(3, 13))
    assert bodies(db, NOON) == []
    assert bodies(db, NOON, "2022-07-03 13:00Z") == ["six killed"]


def test_at_infinity_it_is_the_view_of_today(db: Warehouse) -> None:
    run = make_run(db)
    articles(db, run, "aurora", "beacon", "courier", at=july(3, 8))
    store(db, run, make_source(db), "edited", keys=("https://aurora.example/",), observed_at=july(4), at=july(4))
    tag(db, run, "edited", "Lyman", at=july(5))
    for view in ("article", "mention", "copy", "story"):
        [told] = ask(
            db, f"SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a), '[]') FROM mart.{view}_as_of('infinity') a"
        )[0]
        [today] = ask(db, f"SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a), '[]') FROM mart.{view} a")[0]
        for then, now in zip(told, today, strict=True):
            shared = then.keys() & now.keys()  # the views may tell more of today
            assert len(shared) > 7
            assert {k: then[k] for k in shared} == {k: now[k] for k in shared}
    assert len(ask(db, "SELECT article_id FROM mart.article_as_of('infinity')")) == 3


def test_articles_merged_later_were_two_then(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "six killed", keys=(PAGE,), observed_at=july(3, 8), at=july(3, 8))
    store(db, run, source, "six killed", keys=(AMP,), observed_at=july(3, 9), at=july(3, 9))
    store(db, run, source, "eight killed", keys=(AMP, PAGE), observed_at=july(4), at=july(4))
    assert bodies(db, NOON) == ["six killed", "six killed"]
    assert bodies(db, NOON, "infinity") == ["six killed"]
    assert ask(db, "SELECT url FROM mart.article_as_of(%s) ORDER BY url", NOON) == [(PAGE,), (AMP,)]
    assert ask(db, "SELECT url FROM mart.article_as_of(%s, 'infinity')", NOON) == [(PAGE,)]


def test_places_are_those_of_the_tagging_of_the_time(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    store(db, run, source, "six killed", observed_at=july(3, 8), at=july(3, 8))
    tag(db, run, "six killed", "Lyman", at=july(3, 9))
    tag(db, run, "six killed", "Krasny Liman", at=july(20), tagger="tagger 2")
    named = "SELECT surface, tagger FROM mart.mention_as_of(%s, %s)"
    assert ask(db, named, "2022-07-03 08:30Z", None) == []
    assert ask(db, named, NOON, None) == [("Lyman", "tagger 1")]
    assert ask(db, named, NOON, "infinity") == [("Krasny Liman", "tagger 2")]


def test_copies_and_stories_are_those_decided_by_then(db: Warehouse) -> None:
    run = make_run(db)
    a, b, c = articles(db, run, "aurora", "beacon", "courier", at=july(3, 8))
    held = "tstzrange(%s, %s, '[)')"
    for copy, origin, since, until in ((b, a, july(3, 9), july(10)), (b, c, july(10), None)):
        ask(db, f"INSERT INTO news.copy_of VALUES (%s, %s, %s, 'near', 0.9, 'test', %s, {held})",
            copy, origin, origin, run, since, until)  # fmt: skip
    ask(db, "INSERT INTO news.story (created_at) SELECT %s FROM generate_series(1, 2)", july(3, 9))
    for story, article, opened, closed in (
        (1, a, july(3, 9), None),
        (1, b, july(3, 9), july(10)),
        (2, b, july(10), None),
    ):
        ask(db, f"INSERT INTO news.story_article VALUES (%s, %s, %s, {held})", story, article, run, opened, closed)
    copied = "SELECT copy_article_id, origin_article_id FROM mart.copy_as_of(%s, %s)"
    assert ask(db, copied, NOON, None) == [(b, a)]
    assert ask(db, copied, NOON, "infinity") == [(b, c)]
    assert ask(db, copied, "2022-07-03 07:00Z", "infinity") == []  # nobody had shown either
    told = "SELECT story_id, articles, originals, article_ids FROM mart.story_as_of(%s, %s) ORDER BY 1"
    assert ask(db, told, NOON, None) == [(1, 2, 1, [a, b])]
    assert ask(db, told, NOON, "infinity") == [(1, 1, 1, [a]), (2, 1, 0, [b])]


def test_what_is_asked_is_what_is_read(db: Warehouse) -> None:
    """A filter reaches the tables: no plan for one article, content or story reads a whole table of versions."""
    run = make_run(db)
    articles(db, run, "aurora", "beacon", at=july(3, 8))
    ask(db, "SET enable_seqscan = off")
    for question in (
        "article_as_of(now()) WHERE article_id = 1",
        "mention_as_of(now()) WHERE article_id = 1",
        "mention_as_of(now()) WHERE place_id = 1",
        "copy_as_of(now()) WHERE origin_article_id = 1",
        "copy_as_of(now()) WHERE copy_article_id = 1",
        "story_as_of(now()) WHERE story_id = 1",
    ):
        plan = "\n".join(line for (line,) in ask(db, f"EXPLAIN SELECT * FROM mart.{question}"))
        assert "Function Scan" not in plan  # it was taken apart
        assert "Index" in plan
        assert "Seq Scan on version" not in plan
