"""Datelines: place, day and agency cut from the head of a text, and where they stand in it."""

from __future__ import annotations

from datetime import date

import pytest

from etl.extract.dateline import dateline

ABOUT = date(2024, 7, 5)
JULY_4 = date(2024, 7, 4)
OPENINGS = [
    ("HARROWFIELD, July 4 (Reuters) – ", "HARROWFIELD", JULY_4, "Reuters"),
    ("NEW HARROWFIELD, Westland (AP) — ", "NEW HARROWFIELD, Westland", None, "AP"),
    ("Harrowfield am Bach (dpa) - ", "Harrowfield am Bach", None, "dpa"),
    ("HARROWFIELD, Dec 30, 2023 (AFP) -- ", "HARROWFIELD", date(2023, 12, 30), "AFP"),
    ("HARROWFIELD — ", "HARROWFIELD", None, None),
    ("(CNN) — ", None, None, "CNN"),
    ("КИЕВ, 4 июля. /ТАСС/. ", "КИЕВ", JULY_4, "TASS"),
    ("КИЕВ, 4 июл — РИА Новости. ", "КИЕВ", JULY_4, "RIA Novosti"),
    ("Київ. УНН. ", "Київ", None, "UNN"),
    ("Київ. 4 липня. УНН. ", "Київ", JULY_4, "UNN"),
    ("القاهرة 4 يوليو (رويترز) - ", "القاهرة", JULY_4, "Reuters"),
    ("【ワシントン共同】", "ワシントン", None, "Kyodo"),
    ("新华社北京7月4日电（记者王）", "北京", JULY_4, "Xinhua"),
]
NONE = [
    "Paris — The city of light is dark tonight.", "NATO — an alliance of states — met.", "He said (Reuters) - it.",
    "The minister told Reuters - and others - so.", "A bridge returns.", "", "HARROWFIELD — ",
    "Breaking: (AP) said so.",
]  # fmt: skip


@pytest.mark.parametrize("case", OPENINGS, ids=[c[0].strip() for c in OPENINGS])
@pytest.mark.parametrize("before", ["", "A lead of its own 🌉.\n\n"])
def test_dateline(case: tuple[str, str | None, date | None, str | None], before: str) -> None:
    opening, place, day, agency = case
    body = f"{before}{opening}The bridge is back."
    found = dateline(body, ABOUT)
    assert found is not None
    assert (found.place, found.dated_on, found.agency) == (place, day, agency)
    assert body[found.start : found.end] == opening
    assert body[found.end :] == "The bridge is back."


@pytest.mark.parametrize("body", NONE)
def test_no_dateline(body: str) -> None:
    assert dateline(body, ABOUT) is None


def test_the_year_is_the_nearest() -> None:
    found = dateline("HARROWFIELD, Dec 31 (AP) — The year ends.", date(2024, 1, 1))
    assert found is not None
    assert found.dated_on == date(2023, 12, 31)
