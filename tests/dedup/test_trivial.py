"""What changes by itself is no state of the article; everything a reader would call its text is."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.dedup import trivial
from etl.dedup.trivial import sameness_hash, untrivial

TRIVIA = """
Updated 5 minutes ago
an hour ago
Just now
Last updated on July 4, 2022 at 14:05 GMT
Published 12:05, 4 May
1,234 views
Views: 1.2K
No comments
Share this article
10 min read
Reading time: 3 minutes
Read more
Read more: Council votes on bridge
Оновлено 5 хвилин тому
годину тому
Переглядів: 12 345
Час читання: 4 хв
Читайте також: Міст закрили
Обновлено: 4 июля 2022, 14:05
12 комментариев
vor 5 Minuten
Zuletzt aktualisiert: 4. Juli 2022, 14:05 Uhr
Lesezeit: 3 Min.
il y a 2 heures
Temps de lecture : 3 min
hace 3 horas
Lea también: El puente
"""
PROSE = """
12 comments were read out in court.
Updated 12 people were killed
Read more than 5 books
Eight killed.
May 4
Correction: eight people were killed, not six.
Виправлення: загинули восьмеро.
Five minutes ago the bridge fell.
KYIV - Eight people were killed
Share prices fell 3 per cent
3 killed
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("line", lines(TRIVIA))
def test_trivia_leave_nothing(line: str) -> None:
    assert not untrivial(line)
    assert untrivial(f"Eight killed.\n\n{line}") == "Eight killed."


@pytest.mark.parametrize("line", lines(PROSE))
def test_prose_stays(line: str) -> None:
    assert untrivial(line) == line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Jane Doe | 3 min read | 12 comments", "Jane Doe | 4 min read | 15 comments"),
        ("The mayor’s  “plan” – nothing.", 'The mayor\'s "plan" - nothing.'),
        ("The dam broke… Read more", "The dam broke… Continue reading »"),
        ("A\n\n\nB", "A\nB "),
    ],
)
def test_only_trivia_differ(before: str, after: str) -> None:
    assert untrivial(before) == untrivial(after) != ""


def test_a_hash_of_each_part() -> None:
    said: dict[str, Any] = {
        "title": "Six killed",
        "standfirst": None,
        "body": "Six.",
        "captions": (),
        "authors": ("A",),
        "when": "d",
    }

    def hashed(**changed: Any) -> bytes:
        return sameness_hash(**(said | changed))

    assert hashed() == hashed(body="Six.\nUpdated 5 minutes ago", title="Six  killed")
    states: list[dict[str, Any]] = [
        {},
        {"title": "Eight killed"},
        {"standfirst": "x"},
        {"body": "Eight."},
        {"captions": ("x",)},
        {"authors": ("B",)},
        {"when": "e"},
    ]
    assert len({hashed(**s) for s in states}) == len(states)


@given(st.text(alphabet="aé 5|·.\n-«»':ago minutesviews", max_size=200))
def test_a_fixed_point(text: str) -> None:
    assert untrivial(untrivial(text)) == untrivial(text)


def plainly(text: str) -> str:
    """The rules as they are told, without the short cuts."""

    def line(said: str) -> str:
        said = re.sub(r"\s+", " ", said).strip()
        while True:
            cut = said[:-120] + trivial._TAIL.sub("", said[-120:])
            if trivial._ELSEWHERE.match(cut) or trivial._is_trivia(cut):
                return ""
            pieces = trivial._SEPARATORS.split(cut)
            kept = [p for p in pieces if not trivial._is_trivia(p)]
            shorter = cut if len(kept) == len(pieces) else " | ".join(kept)
            if shorter == said:
                return said
            said = shorter

    told = map(line, text.translate({ord(v): p for v, p in trivial._SAME}).splitlines())
    return "\n".join(filter(None, told))


PARTS = (
    *("Read more", "READ MORE", "continue reading", "Continue readıng", "Читати далі", "Leer más", "Read full ſtory"),
    *("...", "…", "[", "]", "(", ")", ">", ">>", "→", '"', "»", ".", " ", "  ", "\t", "\u00a0", "\u2009", "\x1f", "\n"),
    *("|", " | ", "·", " - ", "-", " — ", "/", " / ", "•", "3 comments", "5 min read", "Updated", " 5 minutes ago"),
    *("Jane Doe", "The dam broke", "x" * 119, "share", "Read more: ", "\x85", "é"),
)


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
@settings(max_examples=400)
def test_short_cuts_change_nothing(text: str) -> None:
    assert untrivial(text) == plainly(text)


@pytest.mark.parametrize("big", ["word " * 400_000, "a\n" * 1_000_000, "1 " * 1_000_000, " | " * 600_000, "…" * 10**6])
def test_a_large_text_is_read_in_a_breath(big: str) -> None:
    start = time.process_time()
    untrivial(big)
    assert time.process_time() - start < 5
