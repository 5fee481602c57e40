"""What is kept beside the base rows so that questions are quick: always equal to them, whoever wrote them and when."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from etl.records import Role
from etl.warehouse import checks, migrate
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.factory import store
from tests.warehouse.made_news import Named, Newsroom, south_of

WRONG = """
SELECT wrong FROM news.wrong_reports(ARRAY(SELECT article_id FROM news.article))
UNION ALL SELECT wrong FROM news.wrong_words(ARRAY(SELECT article_id FROM news.article))
UNION ALL SELECT wrong FROM news.wrong_tallies()
"""


@pytest.fixture
def room(db: Warehouse) -> Newsroom:
    room = Newsroom(db)
    for name in ("courier", "post", "herald"):
        room.source(name)
    return room


def test_a_report_sums_what_an_article_says_of_a_place(room: Newsroom) -> None:
    rough = Named(1, Role.PASSING, precision=3, confidence=0.95)
    room.article(
        "a", "courier", "2022-07-04 10:00", "Shelling", places=[rough, Named(1), Named(2, Role.DATELINE), Named(None)]
    )
    asked = (
        "SELECT place, reported_on::text, precision, confidence::numeric, mentions,"
        " is_event, is_dateline, is_passing, outlet FROM mart.report ORDER BY place"
    )
    assert [tuple(map(str, row)) for row in room.ask(asked)] == [
        ("Kramatorsk", "2022-07-04", "1", "0.9", "1", "False", "True", "False", "Courier"),
        ("Sloviansk", "2022-07-04", "1", "0.95", "2", "True", "False", "True", "Courier"),
    ]
    assert room.ask("SELECT place, articles, mentions, outlets FROM mart.place ORDER BY place") == [
        ("Kramatorsk", 1, 1, 1), ("Sloviansk", 1, 2, 1),
    ]  # fmt: skip
    assert room.ask(WRONG) == []


def test_what_follows_is_there_when_the_transaction_commits(room: Newsroom, database_url: str) -> None:
    with connect(database_url) as other:
        room.article("a", "courier", "2022-07-04 10:00", "Shelling", places=[Named(1)])
        with other.connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM mart.report), (SELECT count(*) FROM mart.search('shelling'))")
            assert cursor.fetchone() == (1, 1)


def test_an_edited_article_reports_what_it_says_now(room: Newsroom) -> None:
    room.article("a", "courier", "2022-07-04 10:00", "Shelling", "In Sloviansk.", places=[Named(1)])
    room.article("a", "courier", "2022-07-04 10:00", "Shelling", "In Kramatorsk.", places=[Named(2)], observed=NOW)
    assert room.ask("SELECT place, content_id FROM mart.report") == [("Kramatorsk", room.content_ids["a"])]
    assert room.ask("SELECT title, versions FROM mart.article") == [("Shelling", 2)]
    assert room.ask("SELECT count(*) FROM mart.search('kramatorsk')") == [(1,)]
    assert room.ask("SELECT count(*) FROM mart.search('sloviansk')") == [(0,)]
    assert room.ask(WRONG) == []


def test_a_late_capture_moves_an_undated_article_to_its_day(room: Newsroom) -> None:
    room.article("a", "courier", None, "Shelling", places=[Named(1)], observed=NOW)
    room.article("a", "courier", None, "Shelling", places=[Named(1)], observed=NOW - timedelta(days=2))
    assert room.ask("SELECT reported_on::text, is_dated FROM mart.report") == [("2022-07-04", False)]
    assert room.ask("SELECT first_observed_at FROM mart.article") == [(NOW - timedelta(days=2),)]
    assert room.ask(WRONG) == []


def test_a_text_tagged_anew_reports_its_new_places(room: Newsroom) -> None:
    room.article("a", "courier", "2022-07-04 10:00", "Shelling", places=[Named(1), Named(2)])
    room.tag(room.content_ids["a"], [Named(2), Named(3)], tagger="made 2", at=NOW + timedelta(hours=1))
    assert room.ask("SELECT place FROM mart.report ORDER BY 1") == [("Kramatorsk",), ("Lysychansk",)]
    assert room.ask("SELECT place, articles FROM mart.place ORDER BY 1") == [("Kramatorsk", 1), ("Lysychansk", 1)]
    room.tag(room.content_ids["a"], [], tagger="made 3", at=NOW + timedelta(hours=2))
    assert room.ask("SELECT count(*) FROM news.place_source_tally") == [(0,)]
    assert room.ask(WRONG) == []


def test_merged_articles_report_as_one(room: Newsroom) -> None:
    room.article("1", "courier", "2022-07-04 10:00", "Shelling", "One.", places=[Named(1)])
    room.article("2", "courier", "2022-07-04 11:00", "Shelling", "Two.", places=[Named(2)])
    keys = ("https://courier.example/1", "https://courier.example/2")
    store(room.db, room.run_id, room.source_ids["courier"], "Three.", keys=keys, observed_at=NOW, at=NOW)
    assert room.ask("SELECT count(*) FROM mart.article") == [(1,)]
    assert room.ask("SELECT count(*) FROM mart.report") == [(0,)]  # the third text is not tagged yet
    assert room.ask(WRONG) == []


def test_rows_changed_and_removed_by_hand_are_followed_too(room: Newsroom) -> None:
    room.article("a", "courier", "2022-07-04 10:00", "Shelling", places=[Named(1), Named(2), Named(3)])
    room.do("UPDATE news.mention SET place_id = 4 WHERE place_id = 1")
    room.do("DELETE FROM news.mention WHERE place_id = 2")
    room.do(
        "UPDATE news.content SET title = 'Redacted', body = 'Redacted', published_at = published_at + interval '1 day'"
    )
    assert room.ask("SELECT place, reported_on::text FROM mart.report ORDER BY 1") == [
        ("Lysychansk", "2022-07-05"), ("Sievierodonetsk", "2022-07-05"),
    ]  # fmt: skip
    assert room.ask("SELECT count(*) FROM mart.search('shelling')") == [(0,)]
    assert room.ask(WRONG) == []


def test_the_order_of_arrival_does_not_matter(room: Newsroom) -> None:
    """The same states in two orders, under two sets of keys: the same rows."""
    states = [
        (f"{key}", day, text, [Named(p) for p in places])
        for key, told in {
            "x": [(1, "One.", [1]), (2, "Two.", [1, 2]), (3, "One again.", [3])],
            "y": [(1, "Three.", [2]), (4, "Four.", [2, 2, 4])],
        }.items()
        for day, text, places in told
    ]
    for number, order in enumerate([states, states[::-1], random.Random(1).sample(states, len(states))]):
        for key, day, text, places in order:
            room.article(
                f"{number}{key}",
                "courier",
                None,
                "T",
                text,
                places=places,
                observed=datetime(2022, 7, day, tzinfo=NOW.tzinfo),
            )
    held: dict[str, list[tuple[object, ...]]] = {}
    for url, *row in room.ask(
        "SELECT a.url, r.place, r.reported_on, r.mentions, a.versions, a.first_observed_at"
        " FROM mart.report r JOIN mart.article a USING (article_id) ORDER BY 1, 2"
    ):
        held.setdefault(url[24], []).append((url[25:], *row))
    assert held["0"] == held["1"] == held["2"]
    assert room.ask(WRONG) == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE news.report SET mentions = 7",
        "DELETE FROM news.report",
        "UPDATE news.article_now SET reported_on = reported_on + 1",
        "DELETE FROM news.article_words",
        "UPDATE news.place_tally SET articles = 9",
        "DELETE FROM news.place_source_tally",
    ],
)
def test_the_proof_finds_what_is_wrong(room: Newsroom, damage: str) -> None:
    room.article("a", "courier", "2022-07-04 10:00", "Shelling", places=[Named(1)])
    assert room.ask(WRONG) == []
    room.do(damage)
    assert room.ask(WRONG)


def test_what_was_held_before_there_were_reports_is_filled_in(room: Newsroom) -> None:
    room.article("a", "courier", "2022-07-04 10:00", "Shelling", places=[Named(1)])
    room.article("b", "post", None, "Market", places=[Named(2), Named(2)])
    room.do("TRUNCATE news.article_now, news.report, news.article_words, news.place_tally, news.place_source_tally")
    text = next(m.text for m in migrate.read() if m.name == "reports")
    room.do(text[text.index("CREATE FUNCTION pg_temp.settle_all") : text.index("-- Triggers: whoever writes")])
    assert room.ask("SELECT count(*) FROM mart.report") == [(2,)]
    assert room.ask(WRONG) == []


def test_relative_places_are_found_where_they_are(room: Newsroom) -> None:
    room.article("a", "courier", "2022-07-04 10:00", "Field", places=[Named(5, relation=south_of(30, 5))])
    assert room.ask("SELECT is_relative, round(geo.km_between(lat, lon, 50.450, 30.524)) FROM mart.report") == [
        (True, 30.0)
    ]


SEARCHES = [
    ("shelled", "en", ["The town was shelled"]),
    ("shelling town", None, ["The town was shelled"]),  # stemmed, any order
    ('"was shelled"', "en", ["The town was shelled"]),
    ("town -shelled", "en", []),
    ("обстрелы", "ru", ["Обстрел города"]),
    ("обстрел", None, ["Обстрел города"]),
    ("Слов'янськ", "uk", ["Обстріл Слов’янська"]),  # begins so, whichever apostrophe
    ("Словʼянська", None, ["Обстріл Слов’янська"]),
    ("cafe", "fr", ["Le café rouvre"]),
    ("the", None, []),  # says nothing
]


@pytest.mark.parametrize(("query", "language", "titles"), SEARCHES)
def test_words_are_found_in_each_language(room: Newsroom, query: str, language: str | None, titles: list[str]) -> None:
    room.article("a", "courier", "2022-07-04 10:00", "The town was shelled", language="en", body="It burns.")
    room.article("b", "post", "2022-07-04 11:00", "Обстрел города", language="ru", body="Горит.")
    room.article("c", "herald", "2022-07-04 12:00", "Обстріл Слов’янська", language="uk", body="Горить Слов’янськ.")
    room.article("d", "herald", "2022-07-04 13:00", "Le café rouvre", language="fr", body="Enfin.")
    assert [t for (t,) in room.ask("SELECT title FROM mart.search(%s, %s)", query, language)] == titles


def test_a_snippet_shows_what_was_found(room: Newsroom) -> None:
    room.article("c", "herald", "2022-07-04 12:00", "Обстріл", language="uk", body="Уночі горів Слов’янськ.")
    assert room.ask("SELECT snippet FROM mart.search('слов’ян')") == [("Уночі горів «Словʼянськ»",)]


def test_the_check_of_a_run_looks_at_what_the_run_touched(room: Newsroom) -> None:
    """Over all it looks at every article, and at the tallies."""
    room.article("a", "courier", "2022-07-04 10:00", "Shelling", places=[Named(1)])
    room.do("UPDATE news.report SET mentions = 7")
    found = {run: offending(room.db, run) for run in (room.run_id, room.run_id + 1, None)}
    assert found == {room.run_id: 1, room.run_id + 1: 0, None: 1}  # the tallies went with the damage
    room.do("UPDATE news.place_tally SET articles = 7")
    assert offending(room.db, room.run_id) == 1
    assert offending(room.db, None) == 2


def offending(db: Warehouse, run_id: int | None) -> int:
    return next(f.offending for f in checks.look(db, run_id) if f.check.name == "reports_are_current")
