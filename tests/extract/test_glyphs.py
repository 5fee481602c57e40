"""Characters counted over many texts at once are those a reader of each text alone would count."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from etl.extract.glyphs import Glyphs

LETTERS = 'aAéÉЖ ж9٣²字。！.?!"”)»›|,、:：©@\n\U0001f600http'
TEXTS = st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=40), min_size=1, max_size=6)
STOP = re.compile(r"[.!?…。！？؟।](?:[\"'”»’)\]]*(?:\s|$)|(?<=[。！？]))")


def end(text: str) -> str:
    return text.rstrip("\"'”»’)]")[-1:]


@given(TEXTS)
def test_counts_are_those_of_each_text(texts: list[str]) -> None:
    found = Glyphs(texts)
    assert found.lengths.tolist() == list(map(len, texts))
    assert found.count("digit", 5).tolist() == [sum(map(str.isdigit, t[:5])) for t in texts]
    assert found.count("capital").tolist() == [sum(map(str.isupper, t)) for t in texts]
    assert found.count("comma").tolist() == [t.count(",") + t.count("、") for t in texts]
    assert found.count("space").tolist() == [sum(map(str.isspace, t)) for t in texts]
    assert found.count("line").tolist() == [t.count("\n") for t in texts]
    assert found.count("dense", 3).tolist() == [t[:3].count("字") for t in texts]


@given(TEXTS)
def test_beginnings_and_ends_are_those_of_each_text(texts: list[str]) -> None:
    found = Glyphs(texts)
    assert found.begins("small").tolist() == [t[0].islower() for t in texts]
    assert found.ends("stop").tolist() == [end(t) != "" and end(t) in ".!?…。！？؟।" for t in texts]
    assert found.ends("colon").tolist() == [end(t) != "" and end(t) in ":：" for t in texts]
    assert found.ends_with("»", 2).tolist() == ["»" in t[-2:] for t in texts]
    assert found.has("http").tolist() == ["http" in t for t in texts]
    assert found.sentences().tolist() == [len(STOP.findall(t)) for t in texts]
