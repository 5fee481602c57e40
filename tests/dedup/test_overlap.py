"""What of a short text stands in a long one, and what a short text is taken for by that."""

from __future__ import annotations

import pytest

from etl.dedup import likeness
from etl.dedup.fingerprint import fingerprint, shingles
from etl.dedup.overlap import Overlap, overlap
from etl.records import CopyKind

LONG = " ".join(f"word{n}" for n in range(400))


def words(first: int, last: int) -> str:
    return " ".join(f"word{n}" for n in range(first, last))


def judged(a: str, b: str, *, is_read: bool = True) -> likeness.Likeness | None:
    read = overlap(shingles(a), shingles(b)) if is_read else None
    return likeness.compare(fingerprint(a), fingerprint(b), read=read)


@pytest.mark.parametrize(
    ("short", "coverage", "containment"),
    [
        (words(100, 150), 1.0, 1.0),
        (f"{words(100, 120)} other {words(121, 150)}", 49 / 50, 41 / 46),  # one word takes five shingles with it
        (f"{words(100, 114)} {words(130, 144)} {words(170, 184)}", 1.0, 30 / 38),  # sentences cut short
        (f"{words(100, 140)} {' '.join(f'own{n}' for n in range(10))}", 0.8, 36 / 46),
        ("nothing of all this", 0.0, 0.0),
    ],
)
def test_words_of_the_shorter_that_stand_in_the_other(short: str, coverage: float, containment: float) -> None:
    found = overlap(shingles(short), shingles(LONG))
    assert found.coverage == pytest.approx(coverage)
    assert found.containment == pytest.approx(containment)
    assert overlap(shingles(LONG), shingles(short)) == found


def test_texts_without_words_have_nothing_in_common() -> None:
    assert overlap(shingles(""), shingles(LONG)) == Overlap(0.0, 0.0, 0, 0.0)
    assert overlap(shingles(""), shingles("")) == Overlap(0.0, 0.0, 0, 0.0)


def test_all_shingles_are_those_of_the_fingerprint() -> None:
    whole = sorted(set(shingles(LONG).tolist()))
    made = fingerprint(LONG)
    assert (len(whole), tuple(h >> 32 for h in whole[: len(made.sketch)])) == (made.shingles, made.sketch)


def test_a_brief_whose_sentences_are_cut_short_is_an_excerpt() -> None:
    cut = f"{words(100, 112)} {words(130, 142)} {words(170, 182)}"
    found = judged(cut, LONG)
    assert found is not None
    assert (found.kind, found.rule) == (CopyKind.EXCERPT, f"coverage at least {likeness.COVERAGE}")
    assert judged(cut, LONG, is_read=False) is None  # two thirds of its shingles


def test_a_text_with_figures_of_its_own_is_no_excerpt() -> None:
    """One may be brought up to date; a form filled in otherwise is another text."""
    one = f"{words(100, 120)} 17 {words(120, 150)}"
    form = f"{words(100, 110)} 17 {words(110, 122)} 18 {words(122, 134)} 19 {words(134, 150)}"
    assert judged(one, LONG) is not None
    assert judged(form, LONG) is None


def test_only_short_texts_with_something_in_common_are_worth_reading() -> None:
    long, other = fingerprint(LONG), fingerprint(words(1000, 1400))
    assert likeness.is_in_doubt(fingerprint(words(0, 80)), long)
    assert not likeness.is_in_doubt(fingerprint(words(0, 200)), long)
    assert not likeness.is_in_doubt(fingerprint(words(0, 80)), other)
    assert not likeness.is_in_doubt(long, long)
