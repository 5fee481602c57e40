"""Whom a text rests on: named sources with their places; what names nobody is left alone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.dedup.upstream import find

NAMED = """
Eight were killed, according to the General Staff.|general staff|General Staff
Reuters reported that the bridge fell.|reuters|Reuters
KYIV (Reuters) - Eight people were killed.|reuters|Reuters
Police said in a statement that nobody was hurt.|police|Police
citing The New York Times and others|new york times|New York Times
Об этом сообщает РИА Новости.|ria novosti|РИА Новости
По данным Минобороны России, погибли двое.|ministry of defence|Минобороны
За даними Генштабу, загинули восьмеро.|general staff|Генштабу
Як повідомляє «Українська правда», міст упав.|українськ правд|Українська правда
передає Укрінформ.|ukrinform|Укрінформ
laut Polizei|police|Polizei
selon l'AFP|afp|AFP
según la policía local|police|policía
"""
NOBODY = """
according to plan
According to local media, nobody was hurt.
The mayor told Reuters that all is well.
According to May figures, prices rose.
He said he knew nothing.
according to Section 5 of the law
It was announced on Monday.
"""


@pytest.mark.parametrize("case", NAMED.strip().splitlines())
def test_named(case: str) -> None:
    text, name, surface = case.split("|")
    assert [(u.name, u.surface) for u in find(text)] == [(name, surface)]


@pytest.mark.parametrize("text", NOBODY.strip().splitlines())
def test_nobody_named(text: str) -> None:
    assert find(text) == []


def test_one_source_in_two_languages_and_cases_is_one() -> None:
    texts = ("according to the General Staff", "за даними Генштабу", "по данным Генштаба", "laut Generalstab")
    assert {u.name for text in texts for u in find(text)} == {"general staff"}


@given(st.text(alphabet="Aa «»according to Reuters reported.'", max_size=200))
def test_places_are_of_the_text_and_do_not_overlap(text: str) -> None:
    found = find(text)
    assert all(text[u.start : u.end] == u.surface for u in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    "big", ["according to " * 150_000, "A " * 10**6, "According to " + "A" * 10**6, "the " * 10**5]
)
def test_a_large_text_is_read_in_a_breath(big: str) -> None:
    start = time.process_time()
    find(big)
    assert time.process_time() - start < 3
