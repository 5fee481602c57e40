"""Whether a text quotes another: runs of words, however they are typed; a body is known again by all its words."""

from __future__ import annotations

import pytest

from etl.dedup.quoted import Quoted, text_hash

TEXT = "The bridge over the river was closed on Monday because of ice, the mayor’s office said."


@pytest.mark.parametrize(
    ("other", "is_quoted"),
    [
        ("Yesterday: THE BRIDGE OVER THE RIVER WAS CLOSED ON Monday, they say.", True),
        ("closed on Monday because of ice, the mayor's office", True),
        ("The bridge over the river was closed.", False),  # six words in common
        ("", False),
    ],
)
def test_eight_words_in_a_row_are_a_quotation(other: str, *, is_quoted: bool) -> None:
    assert Quoted([TEXT, None]).is_in(other) is is_quoted


def test_a_headline_is_sought_whole_and_a_word_or_two_not_at_all() -> None:
    assert Quoted(["Bridge closed on Monday"]).is_in("Read also: Bridge closed on Monday – more")
    assert not Quoted(["Bridge closed on Monday"]).is_in("Bridge closed")
    assert not Quoted(["Bridge closed"]).is_in("Bridge closed")


def test_a_body_is_known_again_by_its_words_if_it_has_enough() -> None:
    assert text_hash(TEXT * 2) == text_hash(TEXT.upper().replace(" ", "  ") * 2)
    assert text_hash(TEXT * 2) != text_hash(TEXT + " Again.")
    assert text_hash(TEXT) is None
