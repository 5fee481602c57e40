"""Bytes become the text their author saw, whatever the labels say."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.fetch.charset import decode

UKRAINIAN = "Київ зустрічає новий день, і ґанок уже в тіні їхніх яблунь"
JAPANESE = "<p>日本の新聞は今日も届く</p>"


@pytest.mark.parametrize(
    ("text", "encoding", "content_type", "oddity"),
    [
        (UKRAINIAN, "utf-8", None, "no label at all"),
        (UKRAINIAN, "utf-8", "text/html; charset=iso-8859-1", "a server's default label over UTF-8"),
        ("Ки�в, 4� на сонці", "utf-8", "text/html; charset=windows-1251", "UTF-8 that was broken before it was sent"),
        (UKRAINIAN, "utf-8-sig", "text/html; charset=windows-1251", "a byte order mark over a label"),
        (UKRAINIAN, "utf-16", "text/html; charset=utf-8", "a byte order mark over a label"),
        (f"<p>{UKRAINIAN}</p>", "utf-16-le", "text/html; charset=utf-16", "UTF-16 without its mark"),
        (f"<p>{UKRAINIAN}</p>", "utf-16-be", None, "UTF-16 without its mark"),
        (UKRAINIAN, "cp1251", 'text/html; Charset="Windows-1251"', "the label in the header only"),
        (f"<meta charset='windows-1251'>{UKRAINIAN}", "cp1251", "text/html", "the label in the page only"),
        (
            f'<meta http-equiv=content-type content="text/html;charset=windows-1251">{UKRAINIAN}',
            "cp1251",
            None,
            "the old form of the label",
        ),
        (f'<?xml version="1.0" encoding="windows-1251"?><a>{UKRAINIAN}</a>', "cp1251", None, "the label in the prolog"),
        (f"<meta charset=utf-8>{UKRAINIAN}", "cp1251", "text/html; charset=windows-1251", "a wrong label inside"),
        (UKRAINIAN, "cp1251", None, "nothing but the bytes"),
        ("“naïve” café — 5 €", "cp1252", "text/html; charset=iso-8859-1", "Latin-1 means windows-1252"),
        ("“naïve” café — 5 €", "cp1252", "text/html; charset=us-ascii", "ASCII means windows-1252"),
        ("ığdır şehri", "cp1254", "text/html; charset=iso-8859-9", "Latin-5 means windows-1254"),
        ("镕基", "gb18030", "text/html; charset=gb2312", "GB2312 means GB18030"),
        (JAPANESE, "iso2022_jp", "text/html; charset=iso-2022-jp", "valid UTF-8 that is not"),
        (JAPANESE, "cp932", "text/html; charset=Shift_JIS", "Shift_JIS"),
    ],
)
def test_text_survives(text: str, encoding: str, content_type: str | None, oddity: str) -> None:
    assert decode(text.encode(encoding), content_type)[0] == text, oddity


def test_utf8_cut_in_the_middle_of_a_character_is_still_utf8() -> None:
    text = UKRAINIAN * 10
    assert decode(text.encode()[:-1], "text/html; charset=windows-1251")[0] == text[:-1] + "�"


def test_a_label_is_believed_over_one_odd_byte() -> None:
    body = (UKRAINIAN * 10).encode("cp1251") + b"\x98"  # the one byte windows-1251 does not have
    text, charset = decode(body, "text/html; charset=windows-1251")
    assert (text, charset) == (UKRAINIAN * 10 + "�", "cp1251")


REFUSED = ["utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "hex", "rot13", "\0"]


@pytest.mark.parametrize("label", REFUSED)
def test_a_label_cannot_smuggle_markup(label: str) -> None:
    body = b"+ADw-script+AD4- \\x3cscript\\x3e"
    assert decode(body, f"text/html; charset={label}") == (body.decode(), "utf-8")


LABELS = ["utf-8", "utf-16", "utf-32", "cp037", "undefined", "zlib", "iso-2022-jp", "big5"]


@given(st.binary(max_size=200), st.one_of(st.none(), st.sampled_from(LABELS).map("x; charset={}".format)))
def test_any_bytes_are_some_text(body: bytes, content_type: str | None) -> None:
    text, charset = decode(body, content_type)
    assert codecs.lookup(charset)
    assert isinstance(text, str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_is_always_read_as_such(text: str) -> None:
    text = "т" + text  # what begins with a byte order mark says so
    assert decode(text.encode(), "text/html; charset=iso-8859-1") == (text, "utf-8")
