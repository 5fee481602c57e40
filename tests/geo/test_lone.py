"""A town that nothing but its name ties to a text of elsewhere is not named; its candidates stay."""

from __future__ import annotations

import pytest

from etl.geo.lexicon import Lexicon
from etl.geo.tag import SURE_ENOUGH, tag
from etl.records import Mention, TextField

BERLIN = "Police in Germany searched houses in Berlin and Potsdam. "


def found(lexicon: Lexicon, text: str, surface: str) -> Mention:
    (mention,) = (m for m in tag({TextField.BODY: text}, lexicon).mentions if m.surface == surface)
    return mention


@pytest.mark.parametrize("name", ["Cold Spring", "Marble Falls"])
def test_a_small_namesake_abroad_is_no_answer(lexicon: Lexicon, name: str) -> None:
    (mention,) = (m for m in tag({TextField.BODY: f"{BERLIN}A car was found in {name}."}, lexicon).mentions[3:])
    assert (mention.surface, mention.place_id, mention.method) == (name, None, "unresolved")
    assert mention.candidates


def test_alone_in_its_text_it_is(lexicon: Lexicon) -> None:
    assert found(lexicon, "A car was found in Marble Falls.", "Marble Falls").country_code == "US"


@pytest.mark.parametrize(
    "more", ["A car was found in Marble Falls, Texas.", "A car was found in Marble Falls. It came from Austin."]
)
def test_what_ties_it_to_the_text_names_it(lexicon: Lexicon, more: str) -> None:
    assert found(lexicon, BERLIN + more, "Marble Falls").country_code == "US"


def test_a_city_of_a_million_needs_no_tie(lexicon: Lexicon) -> None:
    mention = found(lexicon, f"{BERLIN}The gun was made in Karachi.", "Karachi")
    assert mention.country_code == "PK"
    assert mention.confidence > 2 * SURE_ENOUGH
