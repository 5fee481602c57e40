"""Blocks of a page, what is noticed of them, and the text made of them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from etl.extract.blocks import blocks
from etl.extract.body import Body, body_of, evidence, take_captions
from etl.extract.features import NAMES
from etl.extract.forest import Forest, packaged, read, write
from etl.markup import Outline, TooDeep, parse, signals

PROSE = "The council of Harrowfield voted on Tuesday evening to rebuild the footbridge, {}, which the flood took. "


SCRAPS = (
    "Rain fell here. Sun came out. The river rose. A road closed. Trains ran late. Nobody was hurt. It ends tonight"
)


def texts(html: str) -> list[str]:
    return [block.text for block in blocks(parse(html))]


def body(html: str) -> Body:
    tree = parse(html)
    return body_of(tree, signals(Outline(tree), None), None, None, is_news=False)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <b>two</b> three</p><p>four</p>", ["one two three", "four"]),
        ("<div>before<p>within</p>after</div>", ["before", "within", "after"]),
        ("<p>Mill Lane 4<br>Harrowfield</p>", ["Mill Lane 4\nHarrowfield"]),
        ("<p>One sentence.<br>Another one.</p>", ["One sentence.", "Another one."]),
        ("<p>one<br><br>two</p>", ["one", "two"]),
        ("<p>read<script>var x = 1</script> on</p><style>p {}</style><svg><text>axis</text></svg>", ["read on"]),
        ("<p>foot<wbr>bridge</p>", ["footbridge"]),
        ("<p> \n </p>", []),
    ],
)
def test_blocks_are_runs_of_text_between_tags_that_break_lines(html: str, expected: list[str]) -> None:
    assert texts(f"<html><body>{html}</body></html>") == expected


def test_a_block_knows_its_links_and_where_it_stands() -> None:
    html = "<html><body><nav><ul><li class='menuItem'><a href='/x'>Sport</a> today</li></ul></nav></body></html>"
    found, told = evidence(parse(html), signals(Outline(parse(html)), None), None)
    row = dict(zip(NAMES, told[0], strict=True))
    assert (found[0].linked, found[0].link_count) == (5, 1)
    assert (row["in_nav"], row["in_list"], row["in_article"], row["tag_li"], row["own_menu"]) == (1, 1, 0, 1, 1)


def test_names_are_whole_words() -> None:
    html = "<html><body><div class='shareholder'>Held</div><div class='share-bar'>Sent</div></body></html>"
    tree = parse(html)
    told = evidence(tree, signals(Outline(tree), None), None)[1][:, NAMES.index("own_share")]
    assert told.tolist() == [0, 1]


def test_prose_is_kept_and_what_stands_round_it_is_not() -> None:
    prose = [PROSE.format(n).strip() for n in ("the first", "the second", "the third", "the fourth", "the fifth")]
    page = (
        "<html><body><nav><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(9)) + "</ul></nav>"
        "<main><h1>A bridge</h1><article>" + "".join(f"<p>{p}</p>" for p in prose) + "</article></main>"
        "<footer><p><a href='/terms'>Terms</a> <a href='/privacy'>Privacy</a></p></footer></body></html>"
    )
    found = body(page)
    assert [p for p in found.paragraphs if p != "A bridge"] == prose
    assert found.extractor.startswith("dateline blocks ")


def test_a_long_text_shown_twice_is_kept_once() -> None:
    prose = "".join(f"<p>{PROSE.format(n)}</p>" for n in ("the first", "the second", "the third", "the first"))
    assert sum("the first" in p for p in body(f"<html><body><article>{prose}</article></body></html>").paragraphs) == 1


def test_where_next_to_nothing_is_likely_a_second_opinion_is_asked_and_named() -> None:
    scraps = "".join(f"<p>{scrap}.</p>" for scrap in SCRAPS.split(". "))
    found = body(f"<html><body><article>{scraps}</article></body></html>")
    assert found.extractor.startswith("trafilatura ")
    assert "Trains ran late." in found.paragraphs
    prose = "".join(f"<p>{PROSE.format(n)}</p>" for n in ("the first", "the second", "the third"))
    assert body(f"<html><body><article>{prose}</article></body></html>").extractor.startswith("dateline blocks")


def test_captions_are_taken_once_each() -> None:
    page = Outline(
        parse("<html><body><figure><figcaption>A</figcaption></figure><figcaption>A</figcaption>tail</body></html>")
    )
    assert take_captions(page) == ("A",)
    assert [b.text for b in blocks(page.tree)] == ["tail"]


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>" + "word " * 400_000 + "</p></body></html>",
        "<html><body><p>" + "a" * 2_000_000 + "</p></body></html>",
        "<html><body>" + "<p>same</p>" * 30_000 + "</body></html>",
        "<html><body>" + "<b>" * 200 + "deep" + "</b>" * 200 + "</body></html>",
        "<html><body><p>" + "字" * 500_000 + "</p></body></html>",
        "<html><body>" + "<br>" * 100_000 + "end</body></html>",
    ],
    ids=["2 MB of words", "one long word", "many blocks", "nested", "no spaces", "line breaks"],
)
def test_odd_pages_cost_little(html: str) -> None:
    tree = parse(html)
    start = time.process_time()
    evidence(tree, signals(Outline(tree), None), None)
    assert time.process_time() - start < 10


def test_fifty_thousand_open_tags_are_refused_at_once() -> None:
    with pytest.raises(TooDeep):
        parse("<html><body>" + "<div>" * 50_000 + "text")


def test_a_forest_asks_as_it_says() -> None:
    """One tree of depth two: the first question decides, the second only where the first is answered yes."""
    forest = Forest(
        0.0,
        np.array([[0, 0, 1]]),
        np.array([[0.5, np.inf, 2.0]], dtype=np.float32),
        np.array([[-1.0, 99.0, 0.0, 1.0]], dtype=np.float32),
    )
    rows = np.array([[0, 9], [1, 1], [1, 3]], dtype=np.float32)
    assert forest.likely(rows) == pytest.approx([0.2689, 0.5, 0.7311], abs=1e-4)


def test_the_table_is_of_these_features_and_reads_back(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).normal(size=(20, len(NAMES))).astype(np.float32)
    write(packaged(), tmp_path / "table.json")
    assert read(tmp_path / "table.json").likely(rows) == pytest.approx(packaged().likely(rows), abs=1e-3)
    stale = (tmp_path / "table.json").read_text(encoding="utf8").replace('"size"', '"girth"', 1)
    (tmp_path / "table.json").write_text(stale, encoding="utf8")
    with pytest.raises(ValueError, match="fit_body"):
        read(tmp_path / "table.json")
