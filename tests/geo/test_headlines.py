"""What a headline names the prose names again: there its capitals say nothing, so the prose vouches for it."""

from __future__ import annotations

import pytest

from etl.geo.lexicon import Lexicon
from etl.geo.tag import tag
from etl.records import TextField

TITLE, BODY = TextField.TITLE, TextField.BODY


def in_title(lexicon: Lexicon, title: str, body: str = "") -> list[str]:
    return [m.surface for m in tag({TITLE: title, BODY: body}, lexicon).mentions if m.field is TITLE]


@pytest.mark.parametrize(
    ("title", "body", "found"),
    [
        ("Drone Strike Hits Odesa Port", "A drone struck the port of Odesa on Monday.", ["Odesa"]),
        ("Mariupol Siege Enters Third Month", "The siege of Mariupol entered its third month.", ["Mariupol"]),
        ("MARIUPOL SIEGE ENTERS THIRD MONTH", "The siege of Mariupol entered its third month.", ["MARIUPOL"]),
    ],
)
def test_a_place_of_the_prose_is_found_in_the_headline(
    lexicon: Lexicon, title: str, body: str, found: list[str]
) -> None:
    assert in_title(lexicon, title) == []
    assert in_title(lexicon, title, body) == found


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Henry Lisbon Wins Chess Crown Again", "Henry Lisbon won the crown. He flew home to Lisbon on Sunday."),
        ("Paris Hilton Buys Third Small Dog", "Paris Hilton was seen in Paris on Sunday with a dog."),
    ],
)
def test_a_person_of_the_headline_stays_one(lexicon: Lexicon, title: str, body: str) -> None:
    assert in_title(lexicon, title, body) == []


def test_a_name_the_prose_uses_otherwise_is_not_vouched_for(lexicon: Lexicon) -> None:
    body = "Marcus Troy was arrested on Friday. Troy, 19, is charged with theft, police said."
    assert in_title(lexicon, "Police Arrest Troy Over String Of Thefts", body) == []
