"""What a publisher changed, typed: figures with what they count, names, attribution, notices, sentences."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.dedup.edits import Edit, State, edits
from etl.dedup.figures import figures


def told(before: str, after: str) -> list[tuple[Any, ...]]:
    return [
        (e.kind, e.before.text if e.before else None, e.after.text if e.after else None)
        for e in edits(State(body=before), State(body=after))
    ]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("Six people were killed in Varna.", "Eight people were killed in Varna.", (6, 8, "killed")),
        ("At least 12 were hurt, police said.", "At least 1,200 were hurt, police said.", (12, 1200, "injured")),
        ("Загинули шестеро людей.", "Загинули восьмеро людей.", (6, 8, "killed")),
        ("Поранено 12 людей, двоє у лікарні.", "Поранено 15 людей, двоє у лікарні.", (12, 15, "injured")),
        ("Погибли 6 человек.", "Погибли 8 человек.", (6, 8, "killed")),
        ("Das Unglück forderte zwei Tote.", "Das Unglück forderte drei Tote.", (2, 3, "killed")),
        ("Trois personnes sont mortes hier.", "Cinq personnes sont mortes hier.", (3, 5, "killed")),
        ("Dejó 3 heridos en el puerto.", "Dejó 4 heridos en el puerto.", (3, 4, "injured")),
        ("The bank cut its rate to 3.5 per cent.", "The bank cut its rate to 3.25 per cent.", (3.5, 3.25, None)),
    ],
)
def test_a_number_with_what_it_counts(before: str, after: str, wanted: tuple[float, float, str | None]) -> None:
    [edit] = edits(State(body=before), State(body=after))
    assert edit.kind == "number"
    assert (float(edit.number_before or 0), float(edit.number_after or 0), edit.measure) == wanted


def test_two_numbers_of_one_sentence_are_told_apart() -> None:
    found = edits(State(body="Six were killed and 12 injured."), State(body="Eight were killed and 20 injured."))
    assert [(e.measure, str(e.number_before), str(e.number_after)) for e in found] == [
        ("killed", "6", "8"),
        ("injured", "12", "20"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("A train stopped in Varna at noon.", "A train stopped in Burgas at noon.", [("name", "Varna", "Burgas")]),
        ("It fell, Reuters reported.", "It fell, Interfax reported.", [("attribution", "Reuters", "Interfax")]),
        ("VARNA — Nine rowed by.", "VARNA — Fourteen rowed by.",
         [("number", "Nine", "Fourteen")]),
        ("It rained.\nThe dam held.", "It rained.", [("removed", "The dam held.", None)]),
        ("It rained.", "It rained. The dam held.", [("added", None, "The dam held.")]),
        ("A a a. B b b. C c c.", "B b b. C c c. A a a.", [("moved", "A a a.", "A a a.")]),
        ("The mayor went home.", "The mayor went home early.",
         [("reworded", "The mayor went home.", "The mayor went home early.")]),
        ("It rained.", "It rained.\nCorrection: it snowed.", [("correction", None, "Correction: it snowed.")]),
        ("Йшов дощ.", "Йшов дощ.\nВиправлено: йшов сніг.", [("correction", None, "Виправлено: йшов сніг.")]),
        ("Шёл дождь.", "Шёл дождь.\nИсправлено: шёл снег.", [("correction", None, "Исправлено: шёл снег.")]),
        ("It rained.\nUpdated 5 minutes ago", "It  rained.\nUpdated 9 minutes ago\n12 comments", []),
    ],
)  # fmt: skip
def test_kinds(before: str, after: str, wanted: list[tuple[Any, ...]]) -> None:
    assert told(before, after) == wanted


def test_headline_and_byline() -> None:
    found = edits(State(title="Six killed", authors="A"), State(title="Eight killed", authors="B"))
    assert [(e.kind, e.field) for e in found] == [("headline", "title"), ("number", "title"), ("byline", "author")]


@given(*[st.text(alphabet="ab 12.\n«» killed", max_size=120)] * 2)
def test_spans_are_of_the_texts_and_nothing_changed_is_no_edit(before: str, after: str) -> None:
    def cut(text: str, edit: Edit, side: str) -> bool:
        span = getattr(edit, side)
        return span is None or text[span.start : span.end] == span.text

    assert edits(State(body=before), State(body=before)) == []
    assert all(
        cut(before, e, "before") and cut(after, e, "after") for e in edits(State(body=before), State(body=after))
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("word " * 400_000, "word " * 400_000 + "x"),
        ("\n".join(f"s {i} x." for i in range(100_000)), "\n".join(f"s {i} y." for i in range(100_000))),
        ("x" * 2_000_000, "y" * 2_000_000),
    ],
)
def test_two_megabytes_are_bounded(before: str, after: str) -> None:
    start = time.process_time()
    edits(State(body=before), State(body=after))
    assert time.process_time() - start < 10


def test_one_is_a_figure_only_beside_a_measure() -> None:
    assert [f.value for f in figures("One man died.")] == [1]
    assert figures("No one knows.") == []
