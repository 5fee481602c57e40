"""What a text itself calls a village stays as a mention without a place; nothing less than that frame makes one."""

from __future__ import annotations

import pytest

from etl.geo.lexicon import Lexicon
from etl.geo.tag import tag
from etl.records import TextField


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Soldiers reached the village of Zelenohrudivka before dawn.", "Zelenohrudivka"),
        ("A farm in the hamlet of Ozhyna Dolna burned.", "Ozhyna Dolna"),
        ("Обстріляно село Великогрудівське.", "Великогрудівське"),
        ("Обстрелян посёлок Зеленогрудовка.", "Зеленогрудовка"),
    ],
)
def test_a_village_no_gazetteer_has_is_kept_without_a_place(lexicon: Lexicon, text: str, surface: str) -> None:
    (found,) = tag({TextField.BODY: text}, lexicon).mentions
    assert (found.surface, found.place_id, found.lat, found.precision) == (surface, None, None, None)
    assert (found.method, found.candidates) == ("unlisted", ())
    assert text[found.start : found.end] == surface


@pytest.mark.parametrize(
    "text",
    [
        "The village of dreams was a film.",
        "The village elected Zelenohrudiva as its head.",
        "He heads the Zelenohrudivka company.",
        "RESIDENTS OF ZELENOHRUDIVKA FLEE\nMore follows.",
    ],
)
def test_a_capital_alone_makes_no_place(lexicon: Lexicon, text: str) -> None:
    assert tag({TextField.BODY: text}, lexicon).mentions == ()


def test_a_known_town_is_not_taken_twice(lexicon: Lexicon) -> None:
    (found,) = tag({TextField.BODY: "They took the town of Lysychansk."}, lexicon).mentions
    assert found.place_id == 702972
