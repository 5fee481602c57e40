"""A place that only anchors what is meant: the area is moved and wide, the name keeps its place, doubt abstains."""

from __future__ import annotations

import pytest

from etl.geo.extent import km
from etl.geo.lexicon import Lexicon
from etl.geo.tag import tag
from etl.records import Mention, RelationKind, TextField

KRAMATORSK, SLOVIANSK, LYMAN = 704508, 693468, 702320
POINT = (48.7239, 37.5563)


def mention(lexicon: Lexicon, text: str, surface: str) -> Mention:
    return next(m for m in tag({TextField.BODY: text}, lexicon).mentions if m.surface == surface)


@pytest.mark.parametrize(
    ("text", "kind", "distance", "bearing", "precision"),
    [
        ("A bridge 20 km south-west of Kramatorsk was hit.", RelationKind.OFFSET, 20, 225, 2),
        ("A bridge some 12 miles (19 km) north of Kramatorsk was hit.", RelationKind.OFFSET, 19.3, 0, 2),
        ("Troops held a line sixty kilometers to the east of Kramatorsk.", RelationKind.OFFSET, 60, 90, 5),
        ("The depot lies 15 kilometres from Kramatorsk.", RelationKind.DISTANCE, 15, None, 2),
        ("Shells fell northwest of the city of Kramatorsk.", RelationKind.DIRECTION, None, 315, 5),
        ("A column was seen on the outskirts of Kramatorsk.", RelationKind.OUTSKIRTS, None, None, 2),
        ("A column was seen near Kramatorsk.", RelationKind.NEAR, None, None, 2),
        ("За 20 км на південний захід від Краматорська горить склад.", RelationKind.OFFSET, 20, 225, 2),
        ("В 20 километрах к юго-западу от Краматорска горит склад.", RelationKind.OFFSET, 20, 225, 2),
        ("Бої точаться північніше Краматорська.", RelationKind.DIRECTION, None, 0, 5),
        ("Бої точаться на околиці Краматорська.", RelationKind.OUTSKIRTS, None, None, 2),
        ("Взрывы слышны под Краматорском.", RelationKind.NEAR, None, None, 2),
    ],
)  # fmt: skip
def test_what_is_meant_is_an_area_anchored_by_the_town(  # noqa: PLR0917 - a table of cases
    lexicon: Lexicon, text: str, kind: RelationKind, distance: float | None, bearing: int | None, precision: int
) -> None:
    surface = next(w.rstrip(".") for w in text.split() if w.startswith(("Kramatorsk", "Краматорс")))
    found = mention(lexicon, text, surface)
    relation = found.relation
    assert relation is not None
    assert found.place_id == KRAMATORSK
    assert (relation.kind, relation.distance_km, relation.bearing) == (kind, distance, bearing)
    assert found.precision == relation.precision
    assert found.precision in ((2, 5) if kind is RelationKind.DIRECTION else (precision,))
    assert (found.lat, found.lon, found.radius_km) == (relation.lat, relation.lon, relation.radius_km)
    off = km(*POINT, relation.lat, relation.lon)
    if bearing is not None and distance is not None:
        assert off == pytest.approx(distance, rel=0.1)
    assert (off > 3) is (bearing is not None)


def test_south_west_is_south_and_west(lexicon: Lexicon) -> None:
    found = mention(lexicon, "A bridge 20 km south-west of Kramatorsk was hit.", "Kramatorsk")
    assert found.lat is not None
    assert found.lon is not None
    assert found.lat < POINT[0]
    assert found.lon < POINT[1]


@pytest.mark.parametrize(
    "text",
    ["Fighting went on between Kramatorsk and Sloviansk.", "Бої тривають між Краматорськом і Слов'янськом."],
)
def test_between_two_towns_lies_in_their_middle(lexicon: Lexicon, text: str) -> None:
    one, two = tag({TextField.BODY: text}, lexicon).mentions
    assert one.relation is not None
    assert two.relation is not None
    assert (one.place_id, one.relation.other_place_id) == (KRAMATORSK, SLOVIANSK)
    assert (two.place_id, two.relation.other_place_id) == (SLOVIANSK, KRAMATORSK)
    assert (one.lat, one.lon) == (two.lat, two.lon)
    assert one.precision == 2


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Rain fell in the north of England.", "England"),
        ("They drove 20 km from Kramatorsk before they stopped.", "Kramatorsk"),
        ("Talks between Kyiv and Moscow broke down.", "Kyiv"),
        ("The road between London and Edinburgh was closed.", "London"),
        ("The mayor of Kramatorsk said so.", "Kramatorsk"),
        ("He came from Kramatorsk.", "Kramatorsk"),
        ("Shells fell in Kramatorsk. Between Friday and Sunday nothing did.", "Kramatorsk"),
        ("Towns east of Ukraine were calm.", "Ukraine"),
        ("A base 900 km north of Kramatorsk was hit.", "Kramatorsk"),
    ],
)
def test_in_doubt_the_place_is_only_named(lexicon: Lexicon, text: str, surface: str) -> None:
    found = mention(lexicon, text, surface)
    assert found.relation is None
    assert found.precision != 2


@pytest.mark.parametrize(
    "before",
    [
        "5 km from", "one mile outside", "north of", "north of the", "north of the city of", "5 km away from", "near",
        "nearby", "near the besieged", "near occupied", "near embattled", "near the nearby", "not far from",
        "in the vicinity of", "on the outskirts of", "за 5 км від", "за 5 км од", "в 5 км от", "північніше",
        "северо-восточнее", "біля", "поблизу", "неподалік", "неподалік від", "під", "возле", "около", "рядом с", "под",
        "поблизости от", "на околиці", "на околицях", "на окраине", "на окраинах", "біля міста", "около города",
        "біля села", "біля селища", "около поселка", "около посёлка",
    ],
)  # fmt: skip
def test_every_phrase_ends_in_a_word_that_is_looked_after(lexicon: Lexicon, before: str) -> None:
    cyrillic = before[-1] > "z"
    town = "Краматорськ" if cyrillic else "Kramatorsk"
    found = mention(lexicon, f"{'Склад' if cyrillic else 'A depot lies'} {before} {town}.", town)
    assert found.relation is not None
