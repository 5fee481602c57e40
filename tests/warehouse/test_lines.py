"""How many independent lines a story has: by family, origin and named upstream, against a union-find of our own."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

from etl.evaluate.texts import START, Text, load
from etl.warehouse import lines
from etl.warehouse.connect import Warehouse

AT = START
OWNERS = {"post": "north press", "echo": "north press", "herald": None, "courier": None, "agency": None, "star": None}


def ask(db: Warehouse, question: str, *values: Any) -> list[Any]:
    with db.connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall() if cursor.description else []


def stock(db: Warehouse, told: list[tuple[str, str]]) -> tuple[int, int, list[int]]:
    """A story told by outlets in these words: the run, the story, its articles in order."""
    texts = [
        Text(key=n, title=None, text=f"{said} {n}", url=f"https://{outlet}.example/{n}", outlet=outlet,
             published_at=START, cluster=None, kind=None)
        for n, (outlet, said) in enumerate(told)
    ]  # fmt: skip
    run, contents = load(db, texts, at=AT)
    articles = [c.article_id for c in contents]
    for outlet, owner in OWNERS.items():
        ask(db, "UPDATE ops.source SET owner = %s WHERE outlet = %s", owner, outlet)
    ask(db, "INSERT INTO news.version (article_id, content_id, observed, recorded) SELECT article_id, content_id,"
            " tstzrange(%s, NULL), tstzrange(%s, NULL) FROM news.content", AT, AT)  # fmt: skip
    [(story,)] = ask(db, "INSERT INTO news.story (created_at) VALUES (%s) RETURNING story_id", AT)
    ask(db, "INSERT INTO news.story_article SELECT %s, article_id, %s, tstzrange(%s, NULL) FROM news.article",
        story, run, AT)  # fmt: skip
    with db.transaction():
        rows = lines.read({c.content_id: {"body": t.text} for c, t in zip(contents, texts, strict=True)})
        lines.keep(db, [c.content_id for c in contents], rows, run_id=run, at=AT)
    return run, story, articles


def copy(db: Warehouse, run: int, copied: int, origin: int) -> None:
    ask(db, "INSERT INTO news.copy_of VALUES (%s, %s, %s, 'near', 0.9, 'test', %s, tstzrange(%s, NULL))",
        copied, origin, origin, run, AT)  # fmt: skip


def test_six_articles_are_three_lines(db: Warehouse) -> None:
    run, story, articles = stock(
        db,
        [
            ("agency", "A bridge fell."),
            ("courier", "A bridge fell, we are told."),  # a copy of the agency's
            ("herald", "The bridge is gone, according to Ukraine's General Staff."),
            ("post", "За даними Генштабу, міст зруйновано."),  # the same upstream
            ("echo", "Our reporter stood at the bridge."),  # the same owner as the post
            ("star", "We went to see the bridge."),  # nobody's
        ],
    )
    copy(db, run, articles[1], articles[0])
    assert ask(db, "SELECT * FROM mart.story_source") == [(story, 6, 6, 5, 5, 3)]
    by_line = ask(db, "SELECT line, array_agg(outlet ORDER BY article_id) FROM mart.story_line GROUP BY 1 ORDER BY 1")
    assert by_line == [(1, ["agency", "courier"]), (2, ["herald", "post", "echo"]), (3, ["star"])]
    ties = ask(db, "SELECT kind, tie, article_ids FROM mart.story_tie ORDER BY kind")
    assert ties == [
        ("family", "north press", [articles[3], articles[4]]),
        ("origin", str(articles[0]), [articles[0], articles[1]]),
        ("upstream", "general staff UA", [articles[2], articles[3]]),
    ]


def test_two_general_staffs_are_two_lines_and_one_nobody_can_place_ties_nothing(db: Warehouse) -> None:
    _, story, articles = stock(
        db,
        [
            ("herald", "It fell, according to Ukraine's General Staff."),
            ("courier", "It fell, according to the Russian General Staff."),
            ("star", "It fell, according to the General Staff."),
            ("post", "It fell again, according to the General Staff."),
            ("agency", "По данным Генштаба ВС РФ, мост упал."),
        ],
    )
    lines_of = ask(db, "SELECT array_agg(article_id ORDER BY article_id) FROM mart.story_line WHERE story_id = %s"
                       " GROUP BY line ORDER BY 1", story)  # fmt: skip
    first, second, third, fourth, fifth = articles
    assert lines_of == [([first],), ([second, fifth],), ([third],), ([fourth],)]
    shown = ask(db, "SELECT name, ties FROM mart.upstream ORDER BY article_id")
    assert shown[2] == ("general staff", False)
    # the same of any articles, each bucket for itself: here of two days
    assert among(db, [1] * 5, articles) == [(1, [first]), (1, [second, fifth]), (1, [third]), (1, [fourth])]
    assert among(db, [1, 1, 1, 1, 2], articles)[-1] == (2, [fifth])


def among(db: Warehouse, buckets: list[int], articles: list[int]) -> list[tuple[int, list[int]]]:
    return ask(
        db,
        "SELECT bucket, array_agg(article_id ORDER BY article_id) FROM news.lines_among(%s::bigint[], %s::bigint[])"
        " GROUP BY bucket, line ORDER BY 1, 2",
        buckets,
        articles,
    )


def test_a_story_without_articles_has_no_lines(db: Warehouse) -> None:
    assert ask(db, "SELECT * FROM news.story_lines(7)") == []


def test_the_ladder_holds_and_lines_are_the_components(db: Warehouse) -> None:
    chance = random.Random(7)
    said = ["Fell.", "according to the General Staff", "laut Generalstab der Ukraine",
            "Reuters reported that it fell.", "laut Polizei",
            "citing Kestrel Watch", "citing Kestrel Watch, according to the General Staff"]  # fmt: skip
    for _ in range(12):
        ask(db, "TRUNCATE news.article, news.story CASCADE")
        told = [(chance.choice(list(OWNERS)), chance.choice(said)) for _ in range(chance.randint(2, 9))]
        run, _, articles = stock(db, told)
        for copied in articles[1:]:
            if chance.random() < 0.3:
                copy(db, run, copied, articles[0])
        [(_, n, outlets, families, origins, independent)] = ask(db, "SELECT * FROM mart.story_source")
        assert n >= outlets >= families >= independent >= 1
        assert n >= origins >= independent
        assert independent == components(ask(db, "SELECT article_ids FROM mart.story_tie"), articles)


def components(ties: list[tuple[list[int]]], articles: list[int]) -> int:
    near: dict[int, set[int]] = defaultdict(set)
    for (tied,) in ties:
        for a in tied:
            near[a] |= set(tied)
    unseen, groups = set(articles), 0
    while unseen:
        groups += 1
        frontier = {unseen.pop()}
        while frontier:
            frontier = {b for a in frontier for b in near[a]} & unseen
            unseen -= frontier
    return groups
