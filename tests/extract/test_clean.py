"""What survives cleaning, and that cleaning twice changes nothing."""

from __future__ import annotations

import re
import unicodedata

import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.extract.clean import _DEBRIS, _SUSPECT, clean, clean_line

KEPT = [
    ("curly quotes", "“Yes,” she said – it’s ‘done’."),
    ("capitals", "BREAKING: Bridge OPEN"),
    ("ligature and width", "ﬁsh ＡＢＣ"),
    ("entity as text", "Write &lt;b&gt; for bold"),
    ("Persian joiner", "می‌شود"),
    ("emoji joiner", "family 👩\u200d👧"),
    ("two paragraphs", "one\n\ntwo"),
    ("a line within a paragraph", "Mill Lane 4\nHarrowfield"),
]
CHANGED = [
    ("decomposed letters", "Zu\u0308rich", "Zürich"),
    ("mojibake", "itâ€™s Ã¼ber", "it’s über"),
    ("mojibake of Cyrillic", "Москва".encode().decode("latin-1"), "Москва"),
    ("NUL and bell", "a\x00b\x07c", "abc"),
    ("zero-width space", "a\u200bb", "ab"),
    ("soft hyphen", "foot\u00adbridge", "footbridge"),
    ("byte order mark", "\ufeffStart", "Start"),
    ("direction marks", "\u200fمرحبا\u202c", "مرحبا"),
    ("joiner between Latin letters", "a\u200db", "ab"),
    ("no-break and thin spaces", "10\u00a0000\u2009km", "10 000 km"),
    ("windows line ends", "one\r\n\r\ntwo\r\nthree", "one\n\ntwo\nthree"),
    ("blank lines with spaces", "one\n \t\n\n\ntwo", "one\n\ntwo"),
    ("paragraph separator", "one\u2029two", "one\n\ntwo"),
    ("line separator", "one\u2028two", "one\ntwo"),
    ("edges", "  \n one \n ", "one"),
    ("nothing", " \n\t ", ""),
]


@pytest.mark.parametrize(("name", "text"), KEPT, ids=[c[0] for c in KEPT])
def test_what_the_publisher_meant_stays(name: str, text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(("name", "text", "expected"), CHANGED, ids=[c[0] for c in CHANGED])
def test_what_nobody_meant_goes(name: str, text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(st.text(alphabet="aé ÃâČ\n\r\t\x00\u200b\u200d\u00a0\u0301“‚ð¼½\u2029\u00ad", max_size=60))
def test_cleaning_twice_changes_nothing_where_it_has_most_to_do(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(st.text(max_size=200))
def test_the_form_of_clean_text(text: str) -> None:
    once = clean(text)
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in once if c != "\n")
    assert all(line == line.strip() for line in once.split("\n"))
    assert "\n\n\n" not in once
    assert "\n" not in clean_line(text)


_GARBLED = re.compile(f"[{''.join(MOJIBAKE_CATEGORIES.values())}]")
_ALPHABET = [c for c in map(chr, range(0x80, 0x10000)) if _GARBLED.match(c)]


@settings(max_examples=1_000)
@given(st.text(st.sampled_from([*_ALPHABET, *"Œœ ВГРСΒΓΞΟÃÂØÙ-à²вЂaa  "]), max_size=6))
def test_the_cheap_question_misses_nothing_that_ftfy_calls_garbled(text: str) -> None:
    assert not is_bad(text) or _SUSPECT.search(text) or _DEBRIS.search(text)
