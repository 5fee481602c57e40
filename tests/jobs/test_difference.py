"""What differs between what is held and what is read, case by case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.jobs.difference import places, share, texts
from etl.records import Candidate, Demonym, Focus, Mention, Relation, RelationKind, Role, Tagged, TextField
from etl.warehouse.tagged_json import normal, plain, tagged_of

AT = datetime(2022, 7, 4, tzinfo=UTC)
HELD = {
    "title": "Bridge closed",
    "standfirst": None,
    "body": "The bridge is closed. Traffic is led around it.",
    "captions": None,
    "authors": ["Ada Lind"],
    "published_at": AT,
    "published_origin": "meta",
    "extractor": "x 1",
}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, []),
        ({"extractor": "x 2", "published_origin": "url"}, []),
        ({"body": "The bridge is closed. Traffic is led around it. Share this."}, [("text", 0.1)]),
        ({"title": "Bridge shut"}, [("title", 0.5)]),
        ({"authors": []}, [("authors", 1.0)]),
        ({"published_at": AT + timedelta(hours=12)}, [("date", 0.5)]),
        ({"published_at": None}, [("date", None)]),
    ],
)
def test_texts(change: dict[str, Any], wanted: list[tuple[str, float | None]]) -> None:
    found = [(d.kind, round(d.amount, 2) if d.amount is not None else None) for d in texts(HELD, HELD | change)]
    assert found == wanted


@given(st.text(), st.text())
def test_a_share_is_a_share_and_the_same_both_ways(a: str, b: str) -> None:
    assert share(a, a) == 0
    assert 0 <= share(a, b) == share(b, a) <= 1


def mention(surface: str, start: int, place_id: int | None = 1, lat: float = 50.0, **more: Any) -> Mention:
    values = {
        "field": TextField.BODY,
        "role": Role.EVENT,
        "country_code": "UA",
        "precision": 1 if place_id else None,
        "radius_km": 5.1,
        "confidence": 0.87654321,
        "method": "prior",
        "candidates": (Candidate(place_id=1, score=0.1, evidence={"prior": 1e-7}),),
    }
    point = {"lat": lat, "lon": 30.0} if place_id else {"lat": None, "lon": None}
    return Mention(
        surface=surface, start=start, end=start + len(surface), place_id=place_id, **point, **(values | more)
    )


def tagged(*mentions: Mention) -> dict[str, Any]:
    return plain(Tagged(mentions=mentions, demonyms=(), focus=()))


KYIV = mention("Kyiv", 10)


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        ((KYIV,), []),
        ((mention("Kyiv", 90),), []),  # the text moved, not the place
        ((KYIV, mention("Lviv", 40)), ["mention_added"]),
        ((KYIV, mention("Kyiv", 40)), ["mention_added"]),
        ((), ["mention_removed"]),
        ((mention("Kyiv", 10, 2, 51.0),), ["mention_moved"]),
        ((mention("Kyiv", 10, None),), ["mention_moved"]),
        ((mention("Kyiv", 10, role=Role.PASSING),), ["mention_role"]),
        ((mention("Kyiv", 10, confidence=0.5),), ["evidence"]),
    ],
)
def test_places(now: tuple[Mention, ...], kinds: list[str]) -> None:
    assert [d.kind for d in places(tagged(KYIV), tagged(*now))] == kinds


def test_how_far_a_mention_moved() -> None:
    [moved] = places(tagged(KYIV), tagged(mention("Kyiv", 10, 2, 51.0)))
    assert moved.amount == pytest.approx(111.2, abs=0.1)
    [lost] = places(tagged(KYIV), tagged(mention("Kyiv", 10, None)))
    assert lost.amount is None


def test_json_and_back_is_the_same_to_the_warehouse() -> None:
    relation = Relation(
        kind=RelationKind.OFFSET, lat=50.0, lon=30.0, radius_km=5.1, precision=2, distance_km=20.0, bearing=180
    )
    found = Tagged(
        mentions=(KYIV, mention("Lviv", 40, None), mention("Odesa", 60, relation=relation, precision=2)),
        demonyms=(Demonym(field=TextField.TITLE, start=0, end=9, surface="Ukrainian", place_id=1),),
        focus=(Focus(level="country", place_id=1, weight=1 / 3),),
    )
    assert plain(tagged_of(plain(found))) == plain(found)
    assert normal(plain(found)) == plain(found)
