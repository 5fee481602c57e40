"""The text a feed entry carries goes in; whether it could stand for its page, and a document of it, come out. Pure.

Theory. Feeds carry a teaser (one to three sentences, often cut: `…`, `[...]`, `Read more`) or the whole text. A whole
text can stand in for a page behind a bot wall or a paywall, a teaser cannot: half an article taken for a whole one is
worse than none. So it must have the letters of several paragraphs, signs that stand for whole syllables or words
counting more, and must not end as cut texts do, unless it is long enough to be an article all the same. Not done:
telling a long summary from a short article.
"""

from __future__ import annotations

import hashlib
import re
from html import escape, unescape

from etl.records import FeedItem

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--[^>]*--)>")
_LETTER = re.compile(r"[^\W\d_]")
_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Thai, Lao, Japanese, Chinese, Korean
_CUT = re.compile(
    r"(?:\u2026|\.\.\.|\[\W*\]|\b(?:read|see|continue|learn)\s+(?:more|on|reading)\b|weiterlesen|lire la suite|"
    r"leer más|читать (?:далее|дальше)|читати далі)\W*$",
    re.IGNORECASE,
)
_WHOLE = 600  # letters: three or four short paragraphs
_LONG = 2_000
_WIDTH = 2.5  # letters one wide sign is worth
_MAX_HTML = 2_000_000  # characters looked at


def words(html: str | None) -> str:
    """The text without its markup, white space folded."""
    return " ".join(unescape(_TAG.sub(" ", (html or "")[:_MAX_HTML])).split())


def is_whole(html: str | None) -> bool:
    """Whether this may be the whole text of an article."""
    text = words(html)
    letters = len(_LETTER.findall(text)) + (_WIDTH - 1) * len(_WIDE.findall(text))
    return letters >= _LONG or (letters >= _WHOLE and not _CUT.search(text[-80:]))


def document(item: FeedItem, language_code: str | None) -> bytes:
    """The entry's own text as a page."""
    title = escape(item.title or "")
    spoken = f' lang="{escape(language_code)}"' if language_code else ""
    head = f"<title>{title}</title>" if title else ""
    heading = f"<h1>{title}</h1>\n" if title else ""
    text = (
        f'<!doctype html>\n<html{spoken}><head><meta charset="utf-8">{head}</head>\n'
        f"<body><article>\n{heading}{item.html or ''}\n</article></body></html>\n"
    )
    return text.encode("utf-8", "replace")


def said_hash(item: FeedItem, key: str) -> bytes:
    """16 bytes over what an entry says: its id, tracking in its link and markup around its words do not count."""
    dates = [d.raw if d else "" for d in (item.published, item.updated)]
    said = "\x00".join([item.title or "", key, words(item.html), *dates])
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=16).digest()
