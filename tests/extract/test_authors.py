"""Bylines: names of people cut out of prose, and everything that is not a person left out."""

from __future__ import annotations

import pytest

from etl.extract.agencies import agencies, agency
from etl.extract.authors import authors, split
from etl.extract.names import people
from etl.markup import Node, Outline, parse, signals

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


# What the data and the page say → (people, others).
CREDITED = [
    ("an agency beside the people", {"name": "Anna Ray und Tom Hill, dpa"}, "", (["Anna Ray", "Tom Hill"], ["dpa"])),
    ("an organisation alone", {"@type": "Organization", "name": "Valley Echo"}, "", ([], ["Valley Echo"])),
    ("a desk as a person", {"@type": "Person", "name": "Echo Newsroom"}, "", ([], ["Echo Newsroom"])),
    ("people and a team", [{"name": "Anna Ray"}, {"name": "Gear Team"}], "", (["Anna Ray"], ["Gear Team"])),
    ("an account gives way to print", {"name": "AnnaR7"}, '<p class="byline">By Anna Ray</p>', (["Anna Ray"], [])),
    ("an account alone", {"name": "annar7"}, "", ([], ["annar7"])),
    (
        "a link beside an outlet's credit is to somebody the text is about",
        {"@type": "Organization", "name": "Valley Echo"},
        '<p>So said <a href="/people/ada-mayor">Ada Mayor</a> on Monday.</p>',
        ([], ["Valley Echo"]),
    ),
    (
        "an agency's credit is the byline",
        {"@type": "Organization", "name": "dpa"},
        '<div class="author">Von Anna Ray</div>',
        ([], ["dpa"]),
    ),
    (
        "the byline has more names than the data",
        {"name": "Anna Ray"},
        '<a rel="author">Tom Hill</a><p><a rel="author">Anna Ray</a></p>',
        (["Tom Hill", "Anna Ray"], []),
    ),
    ("no markup", None, "<div><span>By Anna Ray</span> &bull; May 1</div>", (["Anna Ray"], [])),
    ("a label of its own", None, "<div><h3>Author</h3><p>Anna Ray</p></div>", (["Anna Ray"], [])),
    ("behind a date", None, "<div><time>1 May 2024</time> by Anna Ray, politics editor</div>", (["Anna Ray"], [])),
    ("Ukrainian", None, "<div>Автор: Ганна Рай та Тарас Горб</div>", (["Ганна Рай", "Тарас Горб"], [])),
    ("Russian", None, "<div>Текст: Анна Рай и Пётр Холм</div>", (["Анна Рай", "Пётр Холм"], [])),
    ("Chinese", None, "<div>作者：王小明</div>", (["王小明"], [])),
    ("Japanese", None, '<p class="author">山田花子</p>', (["山田花子"], [])),
    ("Korean", None, '<meta name="author" content="김하나 기자">', (["김하나"], [])),
    ("Turkish", None, "<div>Yazar: Ayşe Demir ve Can Kaya</div>", (["Ayşe Demir", "Can Kaya"], [])),
    ("reviewed, not written", None, '<div><i>Reviewed by <span class="author">Tom Hill</span></i></div>', ([], [])),
    ("a sentence", None, "<p>By clicking here, you agree to Everything Here.</p>", ([], [])),
]


@pytest.mark.parametrize("case", CREDITED, ids=[c[0] for c in CREDITED])
def test_people_and_others_apart(case: tuple[str, object, str, tuple[list[str], list[str]]]) -> None:
    _, stated, page, (persons, others) = case
    node = Node(("NewsArticle",), {"author": stated}, 0) if stated else None
    outline = Outline(parse(f"<html><body><h1>A bridge</h1>{page}</body></html>"))
    found = authors(signals(outline, None), node, "Valley Echo")
    assert (list(found.people), list(found.others)) == (persons, others)


@pytest.mark.parametrize(
    ("name", "short"),
    [("Deutsche Presse-Agentur", "dpa"), ("AFP", "AFP"), ("УНН", "UNN"), ("ТАСС", "TASS"), ("新华社", "Xinhua"),
     ("共同通信", "Kyodo"), ("رويترز", "Reuters"), ("pa", None), ("Anna Ray", None)],
)  # fmt: skip
def test_agencies_by_their_names(name: str, short: str | None) -> None:
    assert agency(name) == short


def test_agencies_among_credits() -> None:
    assert agencies(("AFP/dpa", "AFP, Paris", "Valley Echo")) == ("AFP", "dpa")
