"""A fingerprint says the same of the same words, little of other ones, and costs little whatever it is given."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.dedup.fingerprint import BANDS_MAX, MAX_NUMBERS, MAX_WORDS, SKETCH_MAX, fingerprint, line_hashes
from etl.dedup.fold import words

REPORT = (
    "Rescue crews reached the last of four villages cut off by the flood on Thursday, after a night in which the "
    "river rose by two metres. The mayor said that nobody was missing, though eleven houses could not be entered. "
    "A bridge on the road to the coast was swept away, and buses will go round by the hills until it is rebuilt."
)


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("The mayor’s “plan” – a bridge", 'The mayor\'s "plan" - a bridge'),
        ("THE MAYOR SAID", "the mayor said"),
        ("the\u00a0mayor\u200b said", "the mayor said"),
        ("ｔｈｅ mayor", "the mayor"),
        ("the mayorâ€™s cafÃ©", "the mayor's café"),  # UTF-8 read as windows-1252
        ("bread &amp; caf&amp;#233;", "bread café"),
        ("Straße", "STRASSE"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("cafe\u0301", "café"),
    ],
)
def test_two_ways_of_typing_are_one_text(written: str, otherwise: str) -> None:
    assert words(written) == words(otherwise)
    assert fingerprint(written).text_hash == fingerprint(otherwise).text_hash


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("… — !", []),
        ("don't stop", ["dont", "stop"]),
        ("洪水が村を", ["洪", "水", "が", "村", "を"]),
        ("น้ำท่วม", ["น้ํ", "า", "ท่", "ว", "ม"]),
        ("नदी में बाढ़", ["नदी", "में", "बाढ़"]),
        ("Â5 and Ã", ["â5", "and", "ã"]),  # not misread, only odd
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_text_keeps_most_of_its_sketch_when_a_sentence_is_added() -> None:
    longer = fingerprint(REPORT + " Schools in the valley stay shut until Monday, the county said in a notice.")
    assert len(set(fingerprint(REPORT).sketch) & set(longer.sketch)) > 30
    assert len(set(fingerprint(REPORT).bands) & set(longer.bands)) >= 2


def test_a_brief_and_the_long_report_it_was_cut_from_meet_in_two_bands() -> None:
    filler = " ".join(f"Item {i} of the agenda was moved to session {i * 7 % 90} by clerk {i * 13}." for i in range(60))
    brief, full = fingerprint(REPORT), fingerprint(REPORT + "\n" + filler)
    assert len(set(brief.bands) & set(full.bands)) >= 2


def test_other_words_share_nothing() -> None:
    other = fingerprint(
        "The central bank left its main rate unchanged at its meeting and said prices had begun to ease."
    )
    assert not set(fingerprint(REPORT).sketch) & set(other.sketch)


def test_figures_are_kept_apart() -> None:
    assert fingerprint("Pick 3: 3-5-8. Jackpot $150 million, 2nd draw").numbers == ("150", "2nd", "3", "5", "8")


def test_furniture_is_left_out() -> None:
    notice = "All rights reserved. Do not reprint."
    bare, dressed = fingerprint(REPORT), f"{REPORT}\n{notice}"
    assert fingerprint(dressed) != bare
    assert fingerprint(dressed, furniture=line_hashes(notice)) == bare


def test_a_text_that_is_all_furniture_is_compared_whole() -> None:
    assert fingerprint(REPORT, furniture=line_hashes(REPORT)) == fingerprint(REPORT)


def test_lines_are_told_by_their_words() -> None:
    assert line_hashes("Read more:\n\n READ MORE\n") == line_hashes("read more")
    assert len(line_hashes("one\ntwo\n\n…")) == 2


def test_no_words_give_nothing_to_compare() -> None:
    for text in ("", " \n ", "—"):
        blank = fingerprint(text)
        assert (blank.bands, blank.sketch, blank.shingles) == ((), (), 0)
        assert len(blank.text_hash) == 16


@pytest.mark.parametrize(
    "text",
    [
        "word " * 100_000,
        "x" * 2_000_000,
        " ".join(map(str, range(300_000))),
        "洪水" * 1_000_000,
        "\n" * 2_000_000,
        "&amp;" * 400_000,
        "Ã©" * 1_000_000,
        "'" * 2_000_000,
        "\ud800 broken surrogate " * 1000,
    ],
    ids=["one word", "no space", "numbers", "two letters", "lines", "references", "misread", "quotes", "surrogates"],
)
def test_any_text_is_bounded_in_time_and_size(text: str) -> None:
    started = time.process_time()
    made = fingerprint(text, furniture=frozenset({1}))
    assert time.process_time() - started < 2
    assert len(made.sketch) <= SKETCH_MAX
    assert len(made.bands) <= BANDS_MAX
    assert len(made.numbers) <= MAX_NUMBERS
    assert made.shingles <= MAX_WORDS


def test_one_word_repeated_is_one_shingle() -> None:
    assert fingerprint("word " * 100_000).shingles == 1


def test_machines_agree() -> None:
    """Stored fingerprints outlive the process: a change here must come with a migration that remakes them."""
    assert fingerprint("one two three four five six").sketch == PINNED


PINNED = (7894966655503126263 >> 32, 8371622111127694737 >> 32)


@given(st.text(max_size=400))
def test_bands_are_the_head_of_an_ascending_sketch(text: str) -> None:
    made = fingerprint(text)
    assert made.sketch == tuple(sorted(set(made.sketch)))
    assert made.sketch[: len(made.bands)] == made.bands
    assert len(made.sketch) <= made.shingles or made.shingles == 0


@given(st.text(max_size=200))
def test_folding_is_settled_at_once(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once
