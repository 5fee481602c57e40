"""The cookbook: one small week of news, made by hand, and what each recipe must answer of it, row by row.

Shelling at Sloviansk, 4 July 2022. The Wire reports first; the Courier copies it; the Post belongs to the Courier's
owner; the Herald (in Ukrainian) and the Gazette both name the General Staff. So five outlets are two witnesses.
"""
# ruff: noqa: E501 - a table of answers reads best with a row a line

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg2
import pytest

from etl.errors import RecipeRefused
from etl.local.postgres import Server
from etl.records import DatePrecision, Role
from etl.warehouse import cookbook, scratch
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.made_news import Named, Newsroom, south_of

SLOVIANSK, KRAMATORSK, LYSYCHANSK, SIEVIERODONETSK, KYIV, SPRINGFIELD, _, UKRAINE = range(1, 9)
WEEK = {"from": "2022-07-01", "to": "2022-07-07"}


def july(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 7, day, hour, minute, tzinfo=NOW.tzinfo)


def tell(room: Newsroom) -> None:
    room.source("wire", outlet="Wire")
    room.source("courier", outlet="Courier", owner="Rhine Group")
    room.source("post", outlet="Post", owner="Rhine Group")
    room.source("herald", outlet="Herald")
    room.source("gazette", outlet="Gazette")
    place, passing = Named, Role.PASSING
    room.article("old", "herald", "2022-06-10 08:00", "Market day", places=[place(SLOVIANSK)])
    room.article(
        "lys",
        "herald",
        "2022-07-03 09:00",
        "Lysychansk falls",
        places=[place(LYSYCHANSK), place(UKRAINE, Role.ACTOR, 6)],
    )
    room.article(
        "rel",
        "wire",
        "2022-07-03 11:00",
        "Battle in the fields",
        places=[place(SIEVIERODONETSK, relation=south_of(30, 4))],
    )
    room.article("kyiv", "courier", "2022-07-03 12:00", "In the capital", places=[place(KYIV, passing)])
    nine, fourteen = "Sloviansk shelled, nine killed", "Sloviansk shelled, fourteen killed"
    told = [place(SLOVIANSK), place(KRAMATORSK, passing, 3)]
    room.article("a1", "wire", "2022-07-04 10:00", nine, "Nine people were killed at the bridge.", places=told)
    before = room.content_ids["a1"]
    room.article(
        "a1",
        "wire",
        "2022-07-04 10:00",
        fourteen,
        "Fourteen were killed at the bridge.",
        places=told,
        observed=july(4, 18),
    )
    room.article(
        "a2", "courier", "2022-07-04 11:30", nine, "Nine people were killed at the bridge.", places=[place(SLOVIANSK)]
    )
    room.article("a3", "post", "2022-07-04 12:00", "Shells hit Sloviansk", "Water is cut.", places=[place(SLOVIANSK)])
    room.article(
        "a4",
        "herald",
        "2022-07-04 14:00",
        "Обстріл Слов’янська",
        "Горів ринок.",
        language="uk",
        places=[place(SLOVIANSK)],
    )
    room.article("a5", "gazette", "2022-07-05 00:00", "Sloviansk counts its dead", "No water.", places=[place(SLOVIANSK, confidence=0.7)],
                 observed=july(5, 15), precision=DatePrecision.DAY)  # fmt: skip
    room.article("b1", "courier", "2022-07-05 08:00", "Kramatorsk station", "Trains.", places=[place(KRAMATORSK)])
    room.article("b2", "post", "2022-07-05 09:00", "Station of Kramatorsk", "Rails.", places=[place(KRAMATORSK)])
    room.article(
        "un",
        "gazette",
        None,
        "Fair opens",
        places=[place(SPRINGFIELD, confidence=0.4), place(None)],
        observed=july(5, 20),
    )
    room.copy("a2", "a1")
    room.upstream("a4", "general staff")
    room.upstream("a5", "general staff")
    room.story("a1", "a2", "a3", "a4", "a5")
    room.story("b1", "b2")
    for kind, measure, was, now, words in (
        ("number", "killed", 9, 14, ("Nine", "Fourteen")),
        ("headline", None, None, None, (nine, fourteen)),
    ):
        room.do(
            "INSERT INTO news.edit (article_id, from_content_id, to_content_id, changed_at, ordinal, kind, field, before_text,"
            " before_start, before_end, after_text, after_start, after_end, number_before, number_after, measure, about, run_id, recorded)"
            " VALUES (%s, %s, %s, %s, 1, %s, 'title', %s, 0, 1, %s, 0, 1, %s, %s, %s, '{}', %s, tstzrange(%s, NULL))",
            room.article_ids["a1"], before, room.content_ids["a1"], july(4, 18), kind, *words, was, now, measure, room.run_id, NOW,
        )  # fmt: skip
    room.do("UPDATE ops.source_state SET last_new_at = %s, last_success_at = %s, silent_after_minutes = 1440, gap_minutes = 60"
            " WHERE source_id = %s", july(3, 0), july(6, 0), room.source_ids["post"])  # fmt: skip
    room.do(
        "UPDATE ops.source_state SET last_reason = 'not_found', failure_weight = 2 WHERE source_id = %s",
        room.source_ids["wire"],
    )
    room.do("UPDATE ops.source SET has_archive = (source_name = 'gazette'), created_at = '2022-07-09'")
    room.do("INSERT INTO ops.coverage_day (source_id, covered_on, expected, fetched, verdict) VALUES (%s, '2022-07-04', 5, 5, 'covered'),"
            " (%s, '2022-07-05', 9, 2, 'failed')", *[room.source_ids["gazette"]] * 2)  # fmt: skip
    room.do("INSERT INTO ops.ledger VALUES (%s, 'fetch', 'page:x', %s, 'rejected', 'not_found', '404', %s)",
            room.run_id, room.source_ids["post"], july(4, 9))  # fmt: skip


@pytest.fixture(scope="module")
def room(postgres: Server, template: str) -> Iterator[Newsroom]:
    with scratch.database(postgres.url(), template=template) as url, connect(url, name="test") as db:
        room = Newsroom(db)
        tell(room)
        yield room


def ask(db: Warehouse, name: str, given: dict[str, str], columns: str) -> list[tuple[str, ...]]:
    """The answer's columns named, as text."""
    with db.connection.cursor() as cursor:
        cursor.execute(cookbook.render(cookbook.find(name), given))
        at = [[c.name for c in cursor.description or ()].index(one) for one in columns.split()]
        return [tuple(_shown(row[n]) for n in at) for row in cursor.fetchall()]


def _shown(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%d %H:%M}"
    return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)


Rows = list[tuple[str, ...]]
SLOV = {"place": "Sloviansk", **WEEK}
NEAR = {"place": "Lysychansk", **WEEK}
# recipe, parameters, the columns looked at, their rows in order
ANSWERS: list[tuple[str, dict[str, str], str, Rows]] = [
    ("find_place", {"name": "Слов’янськ"}, "place_id place country_code articles", [("1", "Sloviansk", "UA", "6")]),
    ("find_place", {"name": "Springfield"}, "place_id admin1_code articles", [("6", "IL", "1"), ("7", "MO", "0")]),
    ("place_days", SLOV, "reported_on reports outlets families independent_lines",
     [("2022-07-04", "4", "4", "3", "2"), ("2022-07-05", "1", "1", "1", "1")]),
    ("place_days", {**SLOV, "place": "слов'янськ, ua"}, "reported_on reports", [("2022-07-04", "4"), ("2022-07-05", "1")]),
    ("place_days", {**SLOV, "place": "1", "to": "2022-07-04"}, "reported_on reports", [("2022-07-04", "4")]),
    ("place_articles", {**SLOV, "confidence": "0.8", "most": "2"}, "reported_at outlet confidence roles",
     [("04 14:00", "Herald", "0.9", "event"), ("04 12:00", "Post", "0.9", "event")]),
    ("near_place", NEAR, "reported_on outlet title place distance_km precision",
     [("2022-07-03", "Herald", "Lysychansk falls", "Lysychansk", "0.0", "1"),
      ("2022-07-03", "Wire", "Battle in the fields", "Sievierodonetsk", "25.5", "2")]),
    ("near_place", {**NEAR, "km": "25"}, "title", [("Lysychansk falls",)]),
    ("near_place", {**NEAR, "precision": "1", "km": "70"}, "title outlet",  # Sloviansk is 61 km away, Kramatorsk 68
     [("Lysychansk falls", "Herald"), ("Sloviansk shelled, fourteen killed", "Wire"), ("Sloviansk shelled, nine killed", "Courier"),
      ("Shells hit Sloviansk", "Post"), ("Обстріл Слов’янська", "Herald"), ("Sloviansk counts its dead", "Gazette"),
      ("Kramatorsk station", "Courier"), ("Station of Kramatorsk", "Post")]),
    ("near_place", {**NEAR, "from": "2022-07-04"}, "title", []),
    ("near_days", NEAR, "reported_on reports outlets places", [("2022-07-03", "2", "2", "2")]),
    ("place_first", SLOV, "place_in_order outlet known_at time_is after copied_from",
     [("1", "Wire", "04 10:00", "published", "0:00:00", ""), ("2", "Courier", "04 11:30", "published", "1:30:00", "Wire"),
      ("3", "Post", "04 12:00", "published", "2:00:00", ""), ("4", "Herald", "04 14:00", "published", "4:00:00", ""),
      ("5", "Gazette", "05 15:00", "observed", "1 day, 5:00:00", "")]),
    ("quiet_then_loud", {"on": "2022-07-04"}, "place last_reported_on reports independent_lines", [("Sloviansk", "2022-06-10", "4", "2")]),
    ("quiet_then_loud", {"on": "2022-07-04", "quiet": "30"}, "place", []),  # the market day was 24 days before
    ("quiet_then_loud", {"on": "2022-07-04", "lines": "3"}, "place", []),  # four outlets, two lines
    ("low_confidence_places", WEEK, "place country_code reports greatest_confidence", [("Springfield", "US", "1", "0.4")]),
    ("place_confidence", SLOV, "confidence precision reports as_event in_passing", [("0.9", "1", "4", "4", "0"), ("0.7", "1", "1", "1", "0")]),
    ("rising_places", {"to": "2022-07-07", "least": "2"}, "place reports_now reports_before", [("Sloviansk", "5", "0"), ("Kramatorsk", "3", "0")]),
    ("named_together", SLOV, "place articles percent", [("Kramatorsk", "1", "20.0")]),
    ("region_days", {"country": "UA", "from": "2022-07-04", "to": "2022-07-05"}, "reported_on admin1_code reports sources places",
     [("2022-07-04", "05", "4", "4", "2"), ("2022-07-05", "05", "3", "3", "2")]),
    ("unresolved_names", WEEK, "surface mentions articles", [("S", "1", "1")]),
    ("place_languages", SLOV, "language_code reports outlets", [("en", "4", "4"), ("uk", "1", "1")]),
    ("outlet_share", {**SLOV, "least": "2"}, "outlet articles about_place percent",
     [("Gazette", "2", "1", "50.00"), ("Herald", "2", "1", "50.00"), ("Post", "2", "1", "50.00"), ("Wire", "2", "1", "50.00"),
      ("Courier", "3", "1", "33.33")]),
    ("coverage_bias", {"outlet": "Gazette", "other": "Courier", "least": "1", **WEEK}, "country_code reports other_reports percent factor",
     [("US", "1", "0", "50.0", "4.00"), ("UA", "1", "3", "50.0", "0.57")]),
    ("outlet_days", {"outlet": "Courier", **WEEK}, "reported_on articles own copies",
     [("2022-07-03", "1", "1", "0"), ("2022-07-04", "1", "0", "1"), ("2022-07-05", "1", "1", "0")]),
    ("outlet_days", {"outlet": "Gazette", **WEEK}, "reported_on articles undated", [("2022-07-05", "2", "1")]),
    ("who_copies_whom", WEEK, "copying copied articles similarity median_delay", [("Courier", "Wire", "1", "0.90", "1:30:00")]),
    ("most_copied", WEEK, "outlet title copies", [("Wire", "Sloviansk shelled, fourteen killed", "1")]),
    ("only_one_family", WEEK, "place family reports", [("Kramatorsk", "rhine group", "2")]),
    ("story_ladders", WEEK, "story_id articles outlets families origins independent_lines first_title",
     [("1", "5", "5", "4", "4", "2", "Sloviansk shelled, fourteen killed"), ("2", "2", "2", "1", "2", "1", "Kramatorsk station")]),
    ("thin_stories", WEEK, "story_id outlets families first_title", [("2", "2", "1", "Kramatorsk station")]),
    ("story_timeline", {"story": "1"}, "reported_at line outlet copied_from versions",
     [("04 10:00", "1", "Wire", "", "2"), ("04 11:30", "1", "Courier", "Wire", "1"), ("04 12:00", "1", "Post", "", "1"),
      ("04 14:00", "2", "Herald", "", "1"), ("05 00:00", "2", "Gazette", "", "1")]),
    ("numbers_changed", WEEK, "changed_at outlet measure number_before number_after", [("04 18:00", "Wire", "killed", "9", "14")]),
    ("numbers_changed", {**WEEK, "measure": "injured"}, "outlet", []),
    ("silent_rewrites", WEEK, "kind before_text after_text",
     [("headline", "Sloviansk shelled, nine killed", "Sloviansk shelled, fourteen killed"), ("number", "Nine", "Fourteen")]),
    ("edit_habits", WEEK, "outlet edited numbers headlines notices", [("Wire", "1", "1", "1", "0")]),
    ("undated_articles", WEEK, "first_observed_at outlet title", [("05 20:00", "Gazette", "Fair opens")]),
    ("ingest_lag", WEEK, "source_name articles median_until_observed median_until_held",
     [("courier", "3", "1:00:00", "1 day, 21:30:00"), ("herald", "2", "1:00:00", "1 day, 19:00:00"),
      ("post", "2", "1:00:00", "1 day, 0:00:00"), ("wire", "2", "1:00:00", "1 day, 23:00:00")]),
    ("silent_feeds", {}, "source_name silence expected_within", [("post", "3 days, 0:00:00", "1 day, 0:00:00")]),
    ("failing_sources", {}, "source_name last_reason", [("wire", "not_found")]),
    ("missing_days", {"from": "2022-07-04", "to": "2022-07-06"}, "day source_name verdict expected fetched",
     [("2022-07-05", "gazette", "failed", "9", "2"), ("2022-07-06", "gazette", "not looked at", "", "")]),
    ("turned_away", WEEK, "stage reason source_name items example", [("fetch", "not_found", "post", "1", "404")]),
    ("words", {"words": "bridges", **WEEK}, "outlet snippet",
     [("Courier", "Nine people were killed at the «bridge»"), ("Wire", "Fourteen were killed at the «bridge»")]),
    ("words", {"words": "ринок", "language": "uk", **WEEK}, "outlet snippet", [("Herald", "Горів «ринок»")]),
    ("words", {"words": '"water is cut" or market', "from": "2022-06-01", "to": "2022-07-07", "most": "2"}, "title",
     [("Shells hit Sloviansk",), ("Market day",)]),
    ("words_at_place", {**SLOV, "words": "water -cut"}, "outlet title", [("Gazette", "Sloviansk counts its dead")]),
    ("trace", {"article": "@a1"}, "observed_at captured_as extractor code_version run",
     [("04 11:00", "page", "made", "0", "manual__1"), ("04 18:00", "page", "made", "0", "manual__1")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given", "columns", "rows"), ANSWERS, ids=[f"{n}-{a[0]}" for n, a in enumerate(ANSWERS)]
)
def test_a_recipe_answers(room: Newsroom, name: str, given: dict[str, str], columns: str, rows: Rows) -> None:
    ids = {f"@{key}": str(article_id) for key, article_id in room.article_ids.items()}
    assert ask(room.db, name, {k: ids.get(v, v) for k, v in given.items()}, columns) == rows


def test_a_day_is_one_geojson_collection(room: Newsroom) -> None:
    [(text,)] = ask(room.db, "day_geojson", {"on": "2022-07-03"}, "geojson")
    features = json.loads(text.replace("'", '"'))["features"]
    assert [(f["geometry"]["coordinates"], f["properties"]["place"], f["properties"]["outlets"]) for f in features] == [
        ([38.442, 48.905], "Lysychansk", 1), ([38.49, 48.948], "Sievierodonetsk", 1), ([30.524, 50.45], "Kyiv", 1),
    ]  # fmt: skip


def test_every_recipe_is_tested() -> None:
    assert {name for name, *_ in ANSWERS} | {"day_geojson"} == set(cookbook.recipes())
    assert len(cookbook.recipes()) >= 25


def test_a_place_nobody_knows_is_said(room: Newsroom) -> None:
    with pytest.raises(psycopg2.Error, match='no place is called "Atlantis"'):
        ask(room.db, "place_days", {"place": "Atlantis"}, "reports")


@pytest.mark.parametrize("name", cookbook.recipes())
def test_a_recipe_runs_with_its_defaults_on_an_empty_warehouse(db: Warehouse, name: str) -> None:
    recipe = cookbook.find(name)
    given = {p.name: "1" for p in recipe.params if p.kind == "place"}
    with db.connection.cursor() as cursor:
        cursor.execute(cookbook.render(recipe, given))
        assert len(cursor.fetchall()) == (1 if name == "day_geojson" else 0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"form": "2022-07-01"}, "place_days does not ask for form, but for place, from, to."),
        ({"from": "yesterday"}, 'from is "yesterday"; wanted is a day as 2022-07-01, today or today-7.'),
        ({"from": "2022-02-30"}, 'from is "2022-02-30"'),
        ({"place": " "}, "wanted is the name of a place"),
    ],
)
def test_what_is_not_understood_is_said(given: dict[str, str], said: str) -> None:
    with pytest.raises(RecipeRefused, match=said):
        cookbook.render(cookbook.find("place_days"), given)


@pytest.mark.parametrize("value", ["O'Fallon", "100 %", "a\\'; DROP TABLE x; --", "%(from)s", "«»"])
def test_values_stay_values(db: Warehouse, value: str) -> None:
    recipe = cookbook.Recipe("r", "R.", (cookbook.Param("words", "text", "", ""),), "SELECT %(words)s")
    with db.connection.cursor() as cursor:
        cursor.execute(cookbook.render(recipe, {"words": value}))
        assert cursor.fetchone() == (value,)
