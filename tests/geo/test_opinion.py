"""A second reader is heard, not obeyed: what it says is evidence, without it nothing changes; it reads English only."""

from __future__ import annotations

import pytest

from etl.geo import neural
from etl.geo.accept import fitted
from etl.geo.lexicon import Lexicon
from etl.geo.opinion import Entity, opinion_features
from etl.geo.propose import propose
from etl.geo.tag import tag
from etl.geo.tokens import words_of
from etl.records import TextField

BODY = TextField.BODY
TEXT = "Bayfield Jordan Homes opened an office in the Jordan Valley's north, said Ms. Jordan."


def said(lexicon: Lexicon, text: str, surface: str, *entities: tuple[str, str]) -> str:
    """What the reader says of the first span `surface`, given (text, label) entities."""
    found = [Entity(text.index(name), text.index(name) + len(name), label) for name, label in entities]
    span = next(s for s in propose(words_of(text), lexicon) if s.surface == surface)
    return opinion_features(span, sorted(found), [])[0]


@pytest.mark.parametrize(
    ("entities", "feature"),
    [
        ([("Kyiv", "GPE")], "ner=GPE"),
        ([("Kyiv", "CARDINAL")], "ner=other"),
        ([("Bank of Kyiv", "ORG")], "ner=<ORG"),
        ([("the Bank", "ORG")], "ner=none"),
        ([], "ner=none"),
    ],
)
def test_what_it_calls_a_span(lexicon: Lexicon, entities: list[tuple[str, str]], feature: str) -> None:
    assert said(lexicon, "He left the Bank of Kyiv on Monday.", "Kyiv", *entities) == feature


def test_articles_and_possessives_are_no_part_of_a_name(lexicon: Lexicon) -> None:
    assert said(lexicon, "They crossed the Black Sea's coast.", "Black Sea", ("the Black Sea's", "LOC")) == "ner=LOC"


def test_without_a_reader_the_default_table_decides() -> None:
    assert not any(name.startswith("ner=") for name in (*fitted().local, *fitted().article))
    assert any(name.startswith("ner=") for name in fitted(with_opinion=True).local)


def test_it_is_asked_about_english_only(lexicon: Lexicon) -> None:
    asked: list[str] = []

    def reader(text: str) -> list[Entity]:
        asked.append(text)
        return []

    for language in ("uk", "de", "en", None):
        tag({BODY: f"Kyiv {language}"}, lexicon, language=language, opinion=reader)
    assert asked == ["Kyiv en", "Kyiv None"]


def test_the_real_model_is_heard(lexicon: Lexicon) -> None:
    pytest.importorskip("spacy")
    found = neural.entities("A fire broke out in London on Monday, said Jordan Smith.")
    assert Entity(20, 26, "GPE") in found
    assert any(e.label == "PERSON" for e in found)
    assert neural.name().startswith("spacy-3.8")
    text = "Shells fell in Kyiv and Kharkiv on Monday. Paris Hilton was told in London."
    heard = tag({BODY: text}, lexicon, language="en", opinion=neural.entities)
    assert {m.surface for m in heard.mentions} == {"Kyiv", "Kharkiv", "London"}
    assert heard == tag({BODY: text}, lexicon, language="en", opinion=neural.entities)
