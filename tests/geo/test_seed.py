"""The report the project began with: every place right, no trap tagged, each offset exact."""

from __future__ import annotations

import re

import pytest

from etl.geo.lexicon import Lexicon
from etl.geo.tag import tag
from etl.records import Role, Tagged, TextField
from etl.settings import ROOT

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
    "Luhansk": 702657,  # the region, throughout
    "Donetsk": 709716,  # the region, throughout
    "Donbas": -1001,
}
TRAPS = ("Kremlin", "Haidai", "Shoigu", "BBC", "Telegram", "East", "West", "understandingwar", "Putin", "Assessed")


@pytest.fixture(scope="module")
def texts() -> dict[TextField, str]:
    report = (ROOT / "seeds" / "lysychansk" / "lysychansk-report.txt").read_text("utf-8")
    caption = next(line for line in report.splitlines() if line.endswith("[Source: understandingwar.org]"))
    return {TextField.BODY: report.replace(caption + "\n", ""), TextField.CAPTION: caption}


@pytest.fixture(scope="module")
def tagged(lexicon: Lexicon, texts: dict[TextField, str]) -> Tagged:
    return tag(texts, lexicon)


def occurrences(text: str, name: str) -> list[int]:
    return [match.start() for match in re.finditer(rf"\b{name}\b", text)]


@pytest.mark.parametrize("name", PLACES)
def test_every_occurrence_is_found_where_it_stands_and_means_the_right_place(
    tagged: Tagged, texts: dict[TextField, str], name: str
) -> None:
    expected = {(field, at) for field, text in texts.items() for at in occurrences(text, name)}
    found = {(m.field, m.start): m for m in tagged.mentions if m.surface == name}
    assert set(found) == expected
    assert {m.place_id for m in found.values()} == {PLACES[name]}
    assert all(m.end - m.start == len(name) for m in found.values())


def test_nothing_else_is_a_place(tagged: Tagged) -> None:
    assert {m.surface for m in tagged.mentions} == set(PLACES)


def test_no_trap_is_tagged(tagged: Tagged) -> None:
    surfaces = [m.surface for m in tagged.mentions] + [d.surface for d in tagged.demonyms]
    assert not [s for s in surfaces if any(trap in s for trap in TRAPS)]


def test_people_words_are_kept_apart(tagged: Tagged, texts: dict[TextField, str]) -> None:
    def starts(country: str, field: TextField) -> list[int]:
        return [d.start for d in tagged.demonyms if d.place_id == PLACES[country] and d.field is field]

    body, caption = texts[TextField.BODY], texts[TextField.CAPTION]
    assert starts("Russia", TextField.BODY) == occurrences(body, "Russian")
    assert starts("Russia", TextField.CAPTION) == occurrences(caption, "Russian")
    assert starts("Ukraine", TextField.BODY) == sorted(occurrences(body, "Ukrainian") + occurrences(body, "Ukrainians"))
    assert {d.surface for d in tagged.demonyms} == {"Russian", "Ukrainian", "Ukrainians"}


def test_moscow_acts_as_a_government(tagged: Tagged) -> None:
    assert [m.role for m in tagged.mentions if m.surface == "Moscow"] == [Role.ACTOR]


def test_the_captions_place_is_in_the_caption(tagged: Tagged) -> None:
    assert [(m.surface, m.start) for m in tagged.mentions if m.field is TextField.CAPTION] == [("Ukraine", 31)]


def test_the_report_is_about_two_regions_of_ukraine(tagged: Tagged) -> None:
    first = {level: [f.place_id for f in tagged.focus if f.level == level] for level in ("place", "admin1", "country")}
    assert first["country"][0] == PLACES["Ukraine"]
    assert set(first["admin1"]) == {PLACES["Luhansk"], PLACES["Donetsk"]}
    assert first["place"][0] == PLACES["Lysychansk"]


def test_why_the_region_and_not_the_town(tagged: Tagged) -> None:
    (last, *_) = [m for m in tagged.mentions if m.surface == "Luhansk"][::-1]
    region, town = last.candidates[0], next(c for c in last.candidates if c.place_id == 702658)
    assert region.place_id == 702657
    assert "same_name" in region.evidence  # "the entire Luhansk region", earlier
    assert "same_name" not in town.evidence
