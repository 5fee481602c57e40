"""Headlines: what four places state, and the outlet's name taken off."""

from __future__ import annotations

import pytest

from etl.extract.outlet import outlet, without_outlet
from etl.extract.title import title
from etl.markup import Node, Outline, Signals, parse, signals

CASES = [
    # h1, og:title, <title>, JSON-LD headline → title
    (
        "all agree",
        "A bridge returns",
        "A bridge returns",
        "A bridge returns | Echo",
        "A bridge returns",
        "A bridge returns",
    ),
    ("h1 is the site", "Valley Echo", "A bridge returns", "A bridge returns - Valley Echo", "", "A bridge returns"),
    (
        "no JSON-LD: what the reader sees",
        "A bridge returns",
        "You won't believe this bridge",
        "Bridge",
        "",
        "A bridge returns",
    ),
    ("two against one", "A bridge returns", "Shock at the river", "Shock", "A bridge returns", "A bridge returns"),
    ("only a tag", "", "", "A bridge returns | Valley Echo", "", "A bridge returns"),
    ("only JSON-LD", "", "", "", "A bridge returns", "A bridge returns"),
    ("entities twice escaped", "", "", "", "Council &amp; ferry: &quot;yes&quot;", 'Council & ferry: "yes"'),
    ("nothing", "", "", "", "", None),
    (
        "news: og:title typed apart",
        "Bridge: What the town must know",
        "How a village got its bridge back",
        "Bridge: What the town must know",
        "Bridge: What the town must know",
        "How a village got its bridge back",
    ),
    (
        "og:title cut short",
        "A bridge returns at last",
        "A bridge...",
        "Ferry",
        "A bridge returns at last",
        "A bridge returns at last",
    ),
    (
        "og:title less its kicker",
        "Ferry: A bridge returns",
        "A bridge returns",
        "x",
        "Ferry: A bridge returns",
        "Ferry: A bridge returns",
    ),
]

ELSEWHERE = [
    (
        "the h1 is what its reader sees",
        "Ten bridges",
        "Ten best bridges of 2024",
        "Ten best bridges of 2024",
        "Ten bridges",
    ),
    ("a heading of something else", "Return home", "Ten best bridges", "Ten best bridges | Echo", "Ten best bridges"),
    ("a date in the heading", "Ten bridges Posted on May 1", "Ten bridges", "Ten bridges", "Ten bridges"),
]


@pytest.mark.parametrize("case", ELSEWHERE, ids=[c[0] for c in ELSEWHERE])
def test_title_of_a_page_that_is_not_news(case: tuple[str, str, str, str, str]) -> None:
    _, h1, og, tag, expected = case
    page = stated(h1, og, tag)
    node = Node(("BlogPosting",), {"headline": og}, 0)
    assert title(page, node, outlet(page, node, "https://echo.example/blog/a"), is_news=False) == expected


def test_a_kicker_within_the_heading_is_left_off() -> None:
    page = stated(
        '<span class="head__overline">On the river</span> – A bridge returns', "At last: A bridge returns", "x"
    )
    assert title(page, None, outlet(page, None, None), is_news=True) == "A bridge returns"


def stated(h1: str, og: str, tag: str) -> Signals:
    meta = f'<meta property="og:title" content="{og}">' if og else ""
    heading = f"<h1>{h1}</h1>" if h1 else ""
    site = '<meta property="og:site_name" content="Valley Echo">'
    page = f"<html><head><title>{tag}</title>{meta}{site}</head><body>{heading}<p>x</p></body></html>"
    return signals(Outline(parse(page)), None)


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_title(case: tuple[str, str, str, str, str, str | None]) -> None:
    _, h1, og, tag, headline, expected = case
    node = Node(("NewsArticle",), {"headline": headline}, 0) if headline else None
    page = stated(h1, og, tag)
    known = outlet(page, node, "https://echo.example/news/a")
    assert title(page, node, known, is_news=node is not None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A bridge returns | Valley Echo", "A bridge returns"),
        ("Valley Echo: A bridge returns", "Valley Echo: A bridge returns"),  # a colon is a headline's own
        ("Valley Echo | A bridge returns", "A bridge returns"),
        ("A bridge – and a ferry – Valley Echo", "A bridge – and a ferry"),
        ("A bridge - and a ferry", "A bridge - and a ferry"),
        ("A bridge returns - ValleyEcho.example", "A bridge returns"),
        ("川辺町、歩道橋を再建へ｜Valley Echo", "川辺町、歩道橋を再建へ"),
        ("A bridge returns | District | Valley Echo", "A bridge returns"),  # the section, as the address has it
        ("A bridge returns-DistrictㅣValley Echo", "A bridge returns"),
        ("A bridge returns | Valley Echo Online", "A bridge returns"),
        ("A bridge returns：Valley Echo", "A bridge returns"),
        ("Well-kept", "Well-kept"),
        ("", ""),
    ],
)
def test_the_outlet_is_no_part_of_a_title(text: str, expected: str) -> None:
    known = outlet(stated("", "", ""), None, "https://www.valleyecho.example/district/a")
    assert without_outlet(text, [], known) == expected
