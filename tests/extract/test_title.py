"""Headlines: what four places state, and the outlet's name taken off."""

from __future__ import annotations

import pytest

from etl.extract.title import title, without_site
from etl.markup import Node, Signals, parse, signals

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
]


def stated(h1: str, og: str, tag: str) -> Signals:
    meta = f'<meta property="og:title" content="{og}">' if og else ""
    heading = f"<h1>{h1}</h1>" if h1 else ""
    site = '<meta property="og:site_name" content="Valley Echo">'
    return signals(
        parse(f"<html><head><title>{tag}</title>{meta}{site}</head><body>{heading}<p>x</p></body></html>"), None
    )


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_title(case: tuple[str, str, str, str, str, str | None]) -> None:
    _, h1, og, tag, headline, expected = case
    node = Node(("NewsArticle",), {"headline": headline}, 0) if headline else None
    assert title(stated(h1, og, tag), node, "Valley Echo", "https://echo.example/a") == expected


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
        ("", ""),
    ],
)
def test_the_outlet_is_no_part_of_a_title(text: str, expected: str) -> None:
    assert without_site(text, [], "Valley Echo", "https://www.valleyecho.example/a") == expected
