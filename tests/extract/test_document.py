"""Plain texts: paragraphs, captions, and what is known from outside."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etl.errors import Reason
from etl.extract import document
from etl.extract.article import extract
from etl.extract.captions import is_caption
from etl.records import Article, Capture, CaptureKind, Dated, DateOrigin, DatePrecision, Hints, Rejected
from etl.settings import ROOT

DAY = datetime(2022, 7, 4, tzinfo=UTC)
CURATED = Dated(DAY, DatePrecision.DAY, DateOrigin.CURATED, "2022-07-04")

CAPTIONS = [
    "Assessed control of terrain in the valley. [Source: mapmakers.example]",
    "The old footbridge in 2019. (Photo: Ines Kaur)",
    "The old footbridge in 2019. Photo: Ines Kaur/Harrowfield Echo",
    "Image: Harrowfield Museum",
    "Mayor Ray opens the ferry (AP Photo/Tom Hill)",
    "Die alte Brücke. Foto: Jan Beck",
    "Старый мост. Фото: Инес Каур",
    "The gap, seen from above. Image credit: Valley Drones",
    "The mill in spring (courtesy of the Ray family)",
]
NOT_CAPTIONS = [
    "The source: a spring above the town that never runs dry.",
    "She showed a photo of the bridge to the council, which was moved.",
    "According to the source, work begins in September.",
    "“Photo: it never happened,” he joked, and left the room without another word.",
    "The council voted on Tuesday (the vote was open).",
    "",
    "The mayor [of Harrowfield] spoke first.",
]


@pytest.mark.parametrize("line", CAPTIONS)
def test_a_credit_set_apart_makes_a_caption(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize("line", NOT_CAPTIONS)
def test_speaking_of_a_photo_or_a_source_does_not(line: str) -> None:
    assert not is_caption(line)


def test_a_long_paragraph_is_text_whatever_ends_it() -> None:
    assert not is_caption("The council met. " * 40 + "(Photo: Ines Kaur)")


def test_a_text_of_captions_only_stays_a_text() -> None:
    assert document.paragraphs("Image: the bridge\n\nImage: the ferry") == (
        ["Image: the bridge", "Image: the ferry"],
        [],
    )


def test_lines_are_paragraphs_where_they_are_long() -> None:
    one, two = "The council met on Tuesday. " * 6, "It will meet again in June. " * 6
    assert document.paragraphs(f"{one}\n{two}\n\nShort end.") == ([one.strip(), two.strip(), "Short end."], [])


def test_lines_wrapped_by_hand_are_joined() -> None:
    text = (
        "The council of Harrowfield voted on Tuesday evening to rebuild the\n"
        "footbridge that the spring flood carried away, ending two years of\n"
        "argument about its cost.\n\nWork will begin in September, said the engineer in charge of the\nproject."
    )
    body, _ = document.paragraphs(text)
    assert [p.count("\n") for p in body] == [0, 0]
    assert body[0].endswith("two years of argument about its cost.")


def read(body: bytes, **changes: object) -> Article | Rejected:
    given: dict[str, object] = {"kind": CaptureKind.FILE, "url": None, "observed_at": DAY, "media_type": "text/plain"}
    return extract(Capture(body=body, **{**given, **changes}))  # type: ignore[arg-type]


def test_the_seed() -> None:
    body = (ROOT / "seeds" / "lysychansk" / "lysychansk-report.txt").read_bytes()
    article = read(body, hints=Hints(published=CURATED))
    assert isinstance(article, Article)
    paragraphs = article.body.split("\n\n")
    assert len(paragraphs) == 8
    assert paragraphs[0].startswith("Russian President Vladimir Putin ordered")
    assert paragraphs[3].startswith("In late June, the Russian forces took over")
    assert paragraphs[-1].endswith("the capture of Donetsk.")
    assert "“special military operation”" in article.body
    assert article.captions == (
        "Assessed control of terrain in Ukraine and main Russian maneuver axes. [Source: understandingwar.org]",
    )
    assert "understandingwar" not in article.body
    assert (article.title, article.authors, article.published) == (None, (), CURATED)
    assert article.language_code == "en"


def test_hints_give_what_a_text_does_not_state() -> None:
    hints = Hints(title="A report", authors=("Anna Ray", "admin"), published=CURATED, url="https://echo.example/report")
    article = read("Річка вийшла з берегів, і міст зник.".encode("cp1251"), hints=hints)
    assert isinstance(article, Article)
    assert (article.title, article.authors, article.canonical_url) == ("A report", ("Anna Ray",), hints.url)
    assert article.body.startswith("Річка")


NOTHING = [
    (b"", "text/html", Reason.EMPTY_BODY),
    (b" \n\x00\t ", "text/html", Reason.EMPTY_BODY),
    (b"%PDF-1.7 ...", "text/html", Reason.NOT_HTML),
    (b"%PDF-1.7 ...", "application/pdf", Reason.NOT_HTML),
    (b'{"a": 1}', "application/json", Reason.NOT_HTML),
    (b"\xff\xd8\xff\xe0 JFIF", None, Reason.NOT_HTML),
    (b"* * *\n\n---", "text/plain", Reason.NO_TEXT),
    (b"<html></html>", "text/html", Reason.NO_TEXT),
    (b"<!-- nothing -->", "text/html", Reason.NO_TEXT),
    (b"<div>" * 250_000, "text/html", Reason.TOO_DEEP),
    (b"<html><body>" + b"<b>" * 466_000 + b"x", "text/html", Reason.TOO_DEEP),
]


@pytest.mark.parametrize(("body", "media_type", "reason"), NOTHING)
@pytest.mark.timeout(5)
def test_what_is_no_text_is_told_at_once_and_why(body: bytes, media_type: str | None, reason: Reason) -> None:
    result = read(body, media_type=media_type, url="https://echo.example/x")
    assert isinstance(result, Rejected)
    assert (result.reason, result.key) == (reason, "https://echo.example/x")


@pytest.mark.parametrize("url", [None, "http://[broken", "not an address", "ftp://echo.example/x"])
def test_an_address_that_cannot_be_read_costs_nothing(url: str | None) -> None:
    body = (
        b"<html><head><title>A - B</title></head><body><p>"
        + b"The council met on Tuesday. " * 20
        + b"</p></body></html>"
    )
    assert isinstance(read(body, media_type="text/html", url=url), Article)


def test_without_a_media_type_the_text_tells_whether_it_is_a_page() -> None:
    page = b"<!doctype html><html><body><p>" + b"The council met on Tuesday. " * 20 + b"</p></body></html>"
    for body in (page, b"The council met on Tuesday. " * 20):
        result = read(body, media_type=None)
        assert isinstance(result, Article)
        assert result.body.startswith("The council met")
