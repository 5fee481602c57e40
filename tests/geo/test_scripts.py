"""Scripts without capitals: what is well known is found, what is a word there is not (data/scripts.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.geo.lexicon import Lexicon
from etl.geo.tag import tag
from etl.records import TextField

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "data" / "scripts.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_names_among_words(lexicon: Lexicon, case: dict[str, Any]) -> None:
    found = {(m.surface, m.place_id) for m in tag({TextField.BODY: case["text"]}, lexicon).mentions}
    wanted = {(surface, place) for surface, place in case["expect"].items() if place is not None}
    assert wanted <= found
    assert not {surface for surface, place in case["expect"].items() if place is None} & {s for s, _ in found}
    if case.get("only"):
        assert found == wanted


_PIECES = "".join(case["text"] for case in CASES)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=_PIECES + " \n.Kyiv", max_size=80))
def test_every_span_is_what_the_text_has_there(lexicon: Lexicon, text: str) -> None:
    last = 0
    for mention in tag({TextField.BODY: text}, lexicon).mentions:
        assert text[mention.start : mention.end] == mention.surface
        assert mention.start >= last
        last = mention.end


def test_what_has_capitals_is_decided_as_before(lexicon: Lexicon) -> None:
    text = "Shells fell in Kramatorsk and Sloviansk, near Bakhmut."
    alone = tag({TextField.BODY: text}, lexicon).mentions
    beside = tag({TextField.BODY: text, TextField.CAPTION: "鸟飞过。"}, lexicon).mentions
    assert alone == beside


def test_a_title_and_a_body_of_two_scripts_are_one_article(lexicon: Lexicon) -> None:
    found = tag({TextField.TITLE: "爆炸袭击基辅", TextField.BODY: "Explosions were heard in Kyiv."}, lexicon).mentions
    assert [(m.field, m.surface, m.place_id) for m in found] == [
        (TextField.TITLE, "基辅", 703448),
        (TextField.BODY, "Kyiv", 703448),
    ]
