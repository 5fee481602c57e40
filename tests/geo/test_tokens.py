"""The columns of a text's words agree with the text, and with one another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from etl.geo.fold import fold
from etl.geo.tokens import words_of

TEXT = st.lists(
    st.sampled_from(["Kyiv’s", "St. Louis", "U.S.", "Winston-Salem", "said.", "“No", "\n", "KHARKIV", "12", "Їжак"])
    | st.text(max_size=5),
    max_size=30,
).map(" ".join)


@given(TEXT)
def test_each_word_is_what_the_text_has_there(text: str) -> None:
    words = words_of(text)
    for i in range(len(words)):
        assert text[words.start[i] : words.end[i]] == words.word[i]
        assert words.end[i] <= words.full_end[i]
        assert (words.small[i], words.key[i]) == (words.word[i].lower(), fold(words.word[i].lower()))
    assert sorted(words.start) == list(words.start)
    assert list(words.capitals) == [i for i, case in enumerate(words.case) if case in ("CAPITAL", "CAPITALS")]


@given(TEXT)
def test_a_sentence_begins_at_the_last_stop_or_line_before(text: str) -> None:
    words = words_of(text)
    for i in range(len(words)):
        first = i
        while words.gap[first] not in ("STOP", "START"):
            first -= 1
        assert words.sentence_start(i) == first


def test_full_stops_lines_and_casing() -> None:
    words = words_of("Gov. J. Smith flew to St. Louis. He left\nFIRES NEAR KYIV")
    assert words.word == ("Gov", "J", "Smith", "flew", "to", "St.", "Louis", "He", "left", "FIRES", "NEAR", "KYIV")
    assert [words.word[i] for i in words.sentences] == ["Gov", "He", "FIRES"]
    assert words.line[0] == "PROSE"
    assert words.line[-1] == "CAPITALS"
    assert not len(words_of(""))
