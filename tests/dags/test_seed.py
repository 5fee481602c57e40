"""The seed report through a real DAG run: its rows are right, to the offset."""

from __future__ import annotations

import re

import pytest

from etl.jobs.prepare import prepare
from etl.local import airflow
from etl.settings import Settings
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW

PLACES = {
    "Lysychansk": 702972,
    "Severodonetsk": 691999,
    "Kramatorsk": 704508,
    "Sloviansk": 693468,
    "Bakhmut": 713174,
    "Mariupol": 701822,
    "Kyiv": 703448,
    "Moscow": 524901,
    "Ukraine": 690791,
    "Russia": 2017370,
    "Luhansk": 702657,
    "Donetsk": 709716,
}
NO_PLACES = ["Kremlin", "Haidai", "Shoigu", "BBC", "Telegram", "East", "West", "understandingwar"]


@pytest.fixture
def seeded(warehouse: Warehouse, airflow_home: Settings) -> Warehouse:
    """The warehouse after the backfill of the seed's day."""
    prepare(warehouse, airflow_home, at=NOW)
    result = airflow.run_dag("news_backfill", conf={"start": "2022-07-04", "end": "2022-07-05"})
    assert (result.state, dict(result.failed)) == ("success", {})
    return warehouse


def rows(db: Warehouse, question: str) -> list[tuple[object, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def test_the_seed_is_read_right(seeded: Warehouse, seed_text: str) -> None:
    [(body, captions, outlet, precision, origin, published)] = rows(
        seeded,
        "SELECT body, captions, outlet, published_precision, published_origin, published_at::date::text "
        "FROM mart.article",
    )
    assert (outlet, precision, origin, published) == (None, "day", "curated", "2022-07-04")
    assert (
        captions
        == "Assessed control of terrain in Ukraine and main Russian maneuver axes. [Source: understandingwar.org]"
    )
    assert "[Source:" not in str(body)
    paragraphs = str(body).split("\n\n")
    assert paragraphs == [
        line.replace("\xa0", " ").strip()
        for line in seed_text.split("\n")
        if line.strip() and not line.startswith("Assessed control")
    ]
    assert "“The city is on fire.”" in str(body)

    # places
    mentions = rows(seeded, "SELECT surface, place_id, role, field, start_offset, end_offset FROM mart.mention")
    texts = {"body": str(body), "caption": str(captions)}
    for surface, _, _, field, start, end in mentions:
        assert texts[str(field)][int(str(start)) : int(str(end))] == surface
    for name, place_id in PLACES.items():
        found = {p for surface, p, *_ in mentions if str(surface).startswith(name)}
        assert found == {place_id}, name
    assert [role for surface, _, role, *_ in mentions if surface == "Moscow"] == ["actor"]
    assert ("Ukraine", 690791) in [(s, p) for s, p, _, field, *_ in mentions if field == "caption"]
    [donbas] = {p for surface, p, *_ in mentions if str(surface).startswith("Donbas")}
    assert int(str(donbas)) < 0
    assert not [s for s, *_ in mentions if any(trap in str(s) for trap in NO_PLACES)]
    assert {s for (s,) in rows(seeded, "SELECT DISTINCT surface FROM news.demonym")} == {
        "Russian",
        "Ukrainian",
        "Ukrainians",
    }
    # every naming of a place in the text is found, not just one of each
    for name in PLACES:
        wanted = len(re.findall(rf"\b{name}\b", f"{body} {captions}"))
        assert sum(str(s).startswith(name) for s, *_ in mentions) == wanted, name

    # and a second time changes nothing
    before = seeded.value("data_digest")
    assert airflow.run_dag("news_backfill", conf={"start": "2022-07-01", "end": "2022-07-08"}).state == "success"
    assert seeded.value("data_digest") == before
    assert airflow.run_dag("news_backfill", conf={"start": "2022-06-01", "end": "2022-07-01"}).state == "success"
    assert seeded.value("data_digest") == before
