"""Which texts of entries can stand for their pages, and what makes an entry another one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.records import FeedItem
from etl.sources.item_text import document, is_whole, said_hash, words

SENTENCE = "The bridge over the Donets was closed to lorries on Monday. "
ITEM = FeedItem(
    guid="1", url="https://a.example/1?utm_source=rss", title="Bridge & river", texts=(f"<p>{SENTENCE}</p>",)
)


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (f"<p>{SENTENCE * 15}</p>", True),
        (f"<p>{SENTENCE * 3}</p>", False),
        (f"<p>{SENTENCE * 15}</p> [&#8230;]", False),
        (f"<p>{SENTENCE * 15} Read more</p>", False),
        (f"<p>{SENTENCE * 15}…</p>", False),
        (f"<p>{SENTENCE * 60}…</p>", True),
        (f"<p>{SENTENCE * 15}</p>" + '<img src="https://t.example/pixel?x=1">', True),
        ("<p>" + "周一，顿涅茨河上的大桥对卡车关闭。" * 25 + "</p>", True),
        ("<p>" + "<b></b>" * 2_000 + "</p>", False),
        (None, False),
    ],
)
def test_whole_texts_and_teasers(html: str | None, wanted: bool) -> None:
    assert is_whole(html) is wanted


def test_the_document_holds_the_entrys_own_words_and_no_markup_of_its_title() -> None:
    made = document(ITEM, "en").decode()
    assert "<h1>Bridge &amp; river</h1>" in made
    assert SENTENCE in made
    assert '<html lang="en">' in made


def test_an_entry_is_another_by_what_it_says_alone() -> None:
    key = "https://a.example/1"
    same = [
        replace(ITEM, guid="2"),
        replace(ITEM, url="http://m.a.example/1?utm_source=other"),
        replace(ITEM, texts=(f"<p>{SENTENCE}</p><img src='//t.example/2'>",)),
    ]
    assert {said_hash(i, key) for i in same} == {said_hash(ITEM, key)}
    assert said_hash(replace(ITEM, title="Bridge open"), key) != said_hash(ITEM, key)
    assert said_hash(replace(ITEM, texts=(f"<p>{SENTENCE} Open again.</p>",)), key) != said_hash(ITEM, key)
    assert said_hash(ITEM, "https://a.example/2") != said_hash(ITEM, key)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    item = replace(ITEM, texts=(text,), title=text)
    assert document(item, None)
    assert isinstance(is_whole(text), bool)
    assert said_hash(item, text) == said_hash(item, text)
    assert words(text) == " ".join(words(text).split())
