"""Names that mean the same spelling meet; names that do not stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.geo.fold import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São Paulo", "Sao Paulo"),
        ("Lysychans’k", "LYSYCHANSK"),
        ("St. Louis", "Saint Louis"),
        ("Mt. Vernon", "Mount Vernon"),
        ("Ft. Worth", "Fort Worth"),
        ("Winston-Salem", "Winston Salem"),
        ("Washington, D.C.", "Washington DC"),
        ("Łódź", "Lodz"),
        ("Королёв", "Королев"),
        ("Київ", "КИЇВ"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Bath", "Baths"), ("Orchard St", "Orchard Saint"), ("Київ", "Kyiv")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
