"""Statements of dates: what is read of each, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.extract.dateread import is_date_line, read
from etl.extract.dates import better, is_possible
from etl.records import Dated, DateOrigin, DatePrecision

META, FEED, CURATED = DateOrigin.META, DateOrigin.FEED, DateOrigin.CURATED
SEEN = datetime(2024, 7, 1, 12, tzinfo=UTC)

READ = [
    ("2024-05-14T21:40:00+01:00", "2024-05-14T21:40:00+01:00", "instant"),
    ("2024-05-14T21:40:00.123Z", "2024-05-14T21:40:00+00:00", "instant"),
    ("2024-05-14T21:40:00+0200", "2024-05-14T21:40:00+02:00", "instant"),
    ("2024-05-14T21:40+02", "2024-05-14T21:40:00+02:00", "instant"),
    ("2024-05-14 21:40:00 UTC", "2024-05-14T21:40:00+00:00", "instant"),
    ("2024-05-14T21:40:00\u221203:00", "2024-05-14T21:40:00-03:00", "instant"),
    ("2024-05-14T21:40:00+02:00[Europe/Berlin]", "2024-05-14T21:40:00+02:00", "instant"),
    ("20240514T214000Z", "2024-05-14T21:40:00+00:00", "instant"),
    ("1715722800", "2024-05-14T21:40:00+00:00", "instant"),
    ("1715722800000", "2024-05-14T21:40:00+00:00", "instant"),
    ("Tue, 14 May 2024 21:40:00 +0100", "2024-05-14T21:40:00+01:00", "instant"),
    ("2024-05-14 21:40:00", "2024-05-14T21:40:00+03:00", "minute"),
    ("2024-05-14T21:40", "2024-05-14T21:40:00+03:00", "minute"),
    ("2024-05-14", "2024-05-14T00:00:00+00:00", "day"),
    ("20240514", "2024-05-14T00:00:00+00:00", "day"),
    ("May 14, 2024", "2024-05-14T00:00:00+00:00", "day"),
    ("Published: 14th May 2024, 9.40pm", "2024-05-14T21:40:00+03:00", "minute"),
    ("May 14, 2024 at 9:40 PM EDT", "2024-05-14T21:40:00-04:00", "minute"),
    ("Veröffentlicht am 14. Mai 2024 um 21:40 Uhr", "2024-05-14T21:40:00+03:00", "minute"),
    ("21:40, 14 мая 2024", "2024-05-14T21:40:00+03:00", "minute"),
    ("14 травня 2024 р., 21:40", "2024-05-14T21:40:00+03:00", "minute"),
    ("14 липня 2024", "2024-07-14T00:00:00+00:00", "day"),
    ("14 lipca 2024", "2024-07-14T00:00:00+00:00", "day"),
    ("14. července 2024", "2024-07-14T00:00:00+00:00", "day"),
    ("14. června 2024", "2024-06-14T00:00:00+00:00", "day"),
    ("le 14 juillet 2024 à 21h40", "2024-07-14T21:40:00+03:00", "minute"),
    ("14 de mayo de 2024", "2024-05-14T00:00:00+00:00", "day"),
    ("14 Mayıs 2024 Salı", "2024-05-14T00:00:00+00:00", "day"),
    ("14 مايو 2024", "2024-05-14T00:00:00+00:00", "day"),
    ("١٤ أيار ٢٠٢٤", "2024-05-14T00:00:00+00:00", "day"),
    ("14 tháng 5, 2024", "2024-05-14T00:00:00+00:00", "day"),
    ("2024年5月14日 21時40分", "2024-05-14T21:40:00+03:00", "minute"),
    ("2024/5/14", "2024-05-14T00:00:00+00:00", "day"),
    ("14.05.2024 03:33 min", "2024-05-14T00:00:00+00:00", "day"),
    ("14.05.2024", "2024-05-14T00:00:00+00:00", "day"),
    ("14/05/2024", "2024-05-14T00:00:00+00:00", "day"),
    ("05/14/2024", "2024-05-14T00:00:00+00:00", "day"),
    ("2024年5月14日", "2024-05-14T00:00:00+00:00", "day"),
    ("2024년 5월 14일", "2024-05-14T00:00:00+00:00", "day"),
]
REFUSED = [
    "",
    "yesterday", "3 hours ago", "May 2024", "2024", "03/04/2024", "2024-13-01", "2024-02-30", "2024-05-14T25:00:00Z",
    "2024-05-14T10:00:00+99:00",
    "31 June 2024", "0000-00-00", "1 Foo 2024", "42", "Tue, 99 May 2024 21:40:00 +0100",
]  # fmt: skip


@pytest.mark.parametrize(("stated", "at", "precision"), READ)
def test_read(stated: str, at: str, precision: str) -> None:
    dated = read(stated, META, zone="Europe/Kyiv")
    assert dated is not None
    assert (dated.at.isoformat(), dated.precision, dated.origin, dated.raw) == (at, precision, META, stated)


@pytest.mark.parametrize("stated", REFUSED)
def test_refused(stated: str) -> None:
    assert read(stated, META) is None


@given(st.text(alphabet="0123456789-/.: TZ+年月日MayJun,", max_size=40))
def test_no_statement_breaks_the_reader(stated: str) -> None:
    dated = read(stated, META, zone="Nowhere/Known")
    assert dated is None or dated.at.tzinfo is not None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2024-07-01T00:00:00+00:00", True),
        ("2024-07-02T11:59:00+00:00", True),  # a clock that is ahead, a zone misstated
        ("2024-07-02T12:01:00+00:00", False),
        ("1990-01-01T00:00:00+00:00", True),
        ("1989-12-31T23:59:00+00:00", False),
        ("9999-12-31T23:59:59-12:00", False),
        ("0001-01-01T00:00:00+12:00", False),
    ],
)
def test_possible_dates(at: str, expected: bool) -> None:
    assert is_possible(Dated(datetime.fromisoformat(at), DatePrecision.INSTANT, META), SEEN) is expected


def dated(at: str, precision: DatePrecision, origin: DateOrigin) -> Dated:
    return Dated(datetime.fromisoformat(at), precision, origin)


INSTANT = dated("2024-05-14T21:40:00+01:00", DatePrecision.INSTANT, META)
DAY = dated("2024-05-14T00:00:00+00:00", DatePrecision.DAY, META)
FED = dated("2024-05-14T20:41:00+00:00", DatePrecision.INSTANT, FEED)
CURATED_DAY = dated("2024-05-13T00:00:00+00:00", DatePrecision.DAY, CURATED)
BETTER = [
    ("the page's own wins", INSTANT, FED, INSTANT),
    ("the feed's where the page has none", None, FED, FED),
    ("the feed's time for the page's day", DAY, FED, FED),
    ("not a time of another day", dated("2024-05-01T00:00:00+00:00", DatePrecision.DAY, META), FED, None),
    ("a person's over all", INSTANT, CURATED_DAY, CURATED_DAY),
    ("an impossible hint is no hint", DAY, dated("2203-05-14T20:41:00+00:00", DatePrecision.INSTANT, FEED), DAY),
    ("nothing from nothing", None, None, None),
]


@pytest.mark.parametrize(("name", "page", "hinted", "expected"), BETTER, ids=[c[0] for c in BETTER])
def test_page_and_hint(name: str, page: Dated | None, hinted: Dated | None, expected: Dated | None) -> None:
    assert better(page, hinted, SEEN) == (expected or page)


@pytest.mark.parametrize(
    "line",
    ["14 May 2024", "Published: May 14, 2024 9:40pm", "14.05.2024 21:40 Uhr", "5 min read", "2024年5月14日 21時40分",
     "Lesedauer: 4 Minuten", "Опубликовано 14 мая 2024", "Tuesday, May 14th 2024 · 3 minutes", "14 травня 2024, 21:40"],
)  # fmt: skip
def test_a_line_that_is_but_a_date(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line", ["On 14 May 2024 the council voted.", "Mill Lane 4, Harrowfield", "May", "", "Harrowfield Echo 2024"]
)
def test_a_line_that_is_more_than_a_date(line: str) -> None:
    assert not is_date_line(line)
