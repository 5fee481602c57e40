"""An analyst's word is the last one: the narrower wins, of two alike the later, and only what it concerns changes."""

from __future__ import annotations

import hashlib

import pytest

from etl.geo.lexicon import Lexicon
from etl.geo.overrides import concerning, version_of
from etl.geo.tag import tag
from etl.records import Mention, Override, Place, TextField

TEXT = "Police closed a road in Paris on Friday. Paris was quiet, and Elmwood Flats too."
PARIS, PARIS_TEXAS = 2988507, 4717560


def place(place_id: int, name: str = "Paris", **more: object) -> Place:
    about: dict[str, object] = {
        "feature_class": "P",
        "feature_code": "PPL",
        "country_code": "US",
        "admin1_code": "TX",
        "admin2_code": "277",
        "lat": 33.66,
        "lon": -95.56,
        "population": 24_000,
        "radius_km": 3.0,
    }
    return Place(place_id=place_id, name=name, **(about | more))  # type: ignore[arg-type]


def override(number: int, meaning: Place | None, surface: str = "Paris", **scope: object) -> Override:
    return Override(override_id=number, surface=surface, place=meaning, **scope)  # type: ignore[arg-type]


def in_span(number: int, meaning: Place | None, start: int, text: str = TEXT) -> Override:
    digest = hashlib.sha256(text.encode()).digest()
    return override(number, meaning, text_hash=digest, field=TextField.BODY, start=start)


def mentions(lexicon: Lexicon, *overrides: Override) -> list[Mention]:
    texts = {TextField.BODY: TEXT}
    mine = concerning(overrides, texts, outlets={"The Gazette"}, language="en")
    return [m for m in tag(texts, lexicon, overrides=mine).mentions if m.surface in ("Paris", "Elmwood Flats")]


def test_a_name_means_what_the_analyst_says_everywhere_in_the_outlet(lexicon: Lexicon) -> None:
    found = mentions(lexicon, override(1, place(PARIS_TEXAS), outlet="The Gazette"))
    assert [(m.place_id, m.method, m.confidence) for m in found] == [(PARIS_TEXAS, "override", 1.0)] * 2
    assert found[0].candidates[0].place_id == PARIS  # what tagging thought stays to be seen
    assert [m.place_id for m in mentions(lexicon, override(1, place(PARIS_TEXAS), outlet="Another"))] == [PARIS] * 2


def test_one_span_of_one_text(lexicon: Lexicon) -> None:
    at = TEXT.index("Paris was")
    assert [m.place_id for m in mentions(lexicon, in_span(1, place(PARIS_TEXAS), at))] == [PARIS, PARIS_TEXAS]
    assert [m.start for m in mentions(lexicon, in_span(1, None, at))] == [TEXT.index("Paris")]
    assert [m.place_id for m in mentions(lexicon, in_span(1, None, at, text="Another text"))] == [PARIS] * 2


def test_a_name_that_is_no_place(lexicon: Lexicon) -> None:
    assert mentions(lexicon, override(1, None)) == []


def test_a_name_the_gazetteer_lacks_becomes_a_mention(lexicon: Lexicon) -> None:
    flats = place(-90001, "Elmwood Flats")
    found = [m for m in mentions(lexicon, override(1, flats, "Elmwood Flats")) if m.place_id == -90001]
    assert [(m.surface, m.start) for m in found] == [("Elmwood Flats", TEXT.index("Elmwood"))]


def test_the_narrower_wins_and_of_two_alike_the_later(lexicon: Lexicon) -> None:
    wide, narrow = override(9, None), override(1, place(PARIS_TEXAS), outlet="The Gazette", language_code="en")
    assert [m.place_id for m in mentions(lexicon, wide, narrow)] == [PARIS_TEXAS] * 2
    assert mentions(lexicon, override(1, place(PARIS_TEXAS)), override(2, None)) == []


@pytest.mark.parametrize("scope", [{"outlet": "Another"}, {"language_code": "uk"}])
def test_what_does_not_concern_a_text_is_not_named_as_its_version(scope: dict[str, str]) -> None:
    held = [override(3, None), override(1, None, **scope), override(2, None, "London")]
    assert version_of(concerning(held, {TextField.BODY: TEXT}, outlets={"The Gazette"}, language="en")) == "3"
    assert version_of([]) is None


def test_the_focus_follows(lexicon: Lexicon) -> None:
    focus = tag({TextField.BODY: TEXT}, lexicon, overrides=[override(1, place(PARIS_TEXAS))]).focus
    assert next(f.place_id for f in focus if f.level == "country") == 6252001
