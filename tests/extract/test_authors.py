"""Bylines: names of people cut out of prose, and everything that is not a person left out."""

from __future__ import annotations

import pytest

from etl.extract.authors import people, split

SPLIT = [
    ("By Anna Ray", ["Anna Ray"]),
    ("by Anna Ray and Tom Hill", ["Anna Ray", "Tom Hill"]),
    ("Anna Ray, Tom Hill and Zoë Müller", ["Anna Ray", "Tom Hill", "Zoë Müller"]),
    ("Anna Ray; Tom Hill", ["Anna Ray", "Tom Hill"]),
    ("Anna Ray & Tom Hill", ["Anna Ray", "Tom Hill"]),
    ("Anna Ray, politics editor", ["Anna Ray"]),
    ("Anna Ray – Harrowfield Echo", ["Anna Ray"]),
    ("Anna Ray (Harrowfield)", ["Anna Ray"]),
    ("Ray, Anna", ["Anna Ray"]),
    ("Dr. Anna Ray, PhD", ["Dr. Anna Ray"]),
    ("Anna Ray DAILY PLANET", ["Anna Ray"]),
    ("Anna Ray Published May 14, 2024", ["Anna Ray"]),
    ("ByAnna Ray", ["Anna Ray"]),
    ("Von Anna Rey und Jan Beck", ["Anna Rey", "Jan Beck"]),
    ("Por Ana Rey y Juan Colina", ["Ana Rey", "Juan Colina"]),
    ("Par Anne Roi et Jean Coteau", ["Anne Roi", "Jean Coteau"]),
    ("Автор: Анна Рай и Том Холм", ["Анна Рай", "Том Холм"]),
    ("Written by Maria de la Cruz", ["Maria de la Cruz"]),
]
PEOPLE = [
    "Anna Ray", "Zoë Müller", "Maria de la Cruz", "Анна Рай", "山田花子", "J. P. O'Hara-Smith",
    "Jean-Luc Coteau", "Kristin",
]  # fmt: skip
NOBODY = [
    "admin", "Staff", "Staff Reporter", "Editorial Board", "Redaktion", "La rédaction", "Valley News Agency", "AFP",
    "AFP/dpa", "Echo Newsroom", "https://echo.example/anna", "anna@echo.example", "@anna", "echo.com", "The Editors",
    "Guest Contributor", "Valley Media Group", "x", "", "12 345", "Harrowfield Echo", "Редакция", "Published",
]  # fmt: skip


@pytest.mark.parametrize(("byline", "names"), SPLIT)
def test_names_in_a_byline(byline: str, names: list[str]) -> None:
    assert split(byline) == names


@pytest.mark.parametrize("name", PEOPLE)
def test_people_are_kept(name: str) -> None:
    assert people([name], "Harrowfield Echo") == (name,)


@pytest.mark.parametrize("name", NOBODY)
def test_others_are_not(name: str) -> None:
    assert people([name], "Harrowfield Echo") == ()


def test_a_name_is_told_once() -> None:
    assert people(["Anna Ray", "ANNA RAY", "Anna Ray Junior", "Tom Hill"]) == ("Anna Ray", "Tom Hill")
