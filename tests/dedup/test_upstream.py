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
По данным Минобороны России, погибли двое.|ministry of defence RU|Минобороны
За даними Генштабу, загинули восьмеро, повідомляє влада.|general staff UA|Генштабу
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


BESIDE = """
according to Ukraine's General Staff|general staff UA
according to the General Staff of the Armed Forces of Ukraine|general staff UA
according to the Ukrainian General Staff, Russian troops attacked|general staff UA
according to the Russian General Staff|general staff RU
According to Russia's Defence Ministry, Ukraine lost forty drones.|ministry of defence RU
According to the Defence Ministry in Moscow, ten were hurt in Ukraine.|ministry of defence RU
За даними Генштабу ЗСУ, росіяни атакували|general staff UA
По данным Генштаба ВСУ, российские войска отошли|general staff UA
По данным Генштаба ВС РФ, украинские войска отошли|general staff RU
за даними Міноборони РФ|ministry of defence RU
За інформацією ДСНС, загинули двоє|emergency service UA
laut dem ukrainischen Generalstab|general staff UA
laut dem Generalstab der Ukraine|general staff UA
selon le ministère de la Défense russe, l'Ukraine a tiré|ministry of defence RU
según el Ministerio de Defensa de Rusia|ministry of defence RU
according to Iran's Foreign Ministry|foreign ministry IR
according to Turkish police|police TR
according to US prosecutors|prosecutors US
за даними поліції в даній справі|police UA
за даними прокуратури у лівій теці|prosecutors UA
по данным полиции в Греции|police GR
по данным полиции в Грузии|police GE
за даними поліції у Грузії|police GE
"""
ELSEWHERE = """
According to Ukraine's General Staff, Russia lost two tanks. Three, according to the General Staff.|general staff UA
Fires burn all over Portugal, Spain helps. According to the interior ministry, two died.|interior ministry
Fires burn all over Spain. According to the interior ministry, two died.|interior ministry ES
"""
UNTIED = """
According to the General Staff, eight were killed.
Ukraine and Russia traded fire. According to the defence ministry, eight were killed.
По данным Минобороны, в Украине и России погибли восемь человек.
Russia shelled Ukraine; according to police, two died.
According to the police of both, Ukraine and Poland search for him.
"""


@pytest.mark.parametrize("case", BESIDE.strip().splitlines())
def test_whose_institution_it_is_stands_beside_it(case: str) -> None:
    text, name = case.split("|")
    assert {(u.name, u.ties) for u in find(text)} == {(name, True)}


@pytest.mark.parametrize("case", ELSEWHERE.strip().splitlines())
def test_or_elsewhere_in_the_text(case: str) -> None:
    text, name = case.split("|")
    assert {(u.name, u.ties) for u in find(text)} == {(name, name[-2:].isupper())}


@pytest.mark.parametrize("text", UNTIED.strip().splitlines())
def test_where_it_is_not_known_whose_it_is_nothing_is_tied(text: str) -> None:
    assert [u.ties for u in find(text)] == [False]


def test_police_in_a_text_without_countries_are_those_of_the_place() -> None:
    assert [(u.name, u.ties) for u in find("According to police, two men were held.")] == [("police", True)]


def test_one_source_in_two_languages_and_cases_is_one() -> None:
    texts = (
        "according to Ukraine's General Staff",
        "за даними Генштабу ЗСУ",
        "по данным Генштаба Украины",
        "laut Generalstab der Ukraine",
    )
    assert {u.name for text in texts for u in find(text)} == {"general staff UA"}


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
