"""Text goes in; its words come out folded, so that two ways of typing one text give the same words.

Folded away: compatibility forms and case, apostrophes inside words, points on Arabic and Hebrew letters, character
references, UTF-8 read as windows-1252. Stored text keeps all of these; only what is compared is folded.
"""

from __future__ import annotations

import html
import re
import unicodedata

# Scripts without spaces (Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han): each letter is a word, with its signs.
_UNSPACED = "\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_SIGNS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
# What `\w` does not count as part of a word: combining marks, and vowel signs of the Indic scripts.
_MARKS = "\u0300-\u036f\u0900-\u0e00"
_SIMPLE = re.compile(r"\w+")
_MIXED = re.compile(rf"[{_UNSPACED}][{_SIGNS}]*|(?:[^\W{_UNSPACED}][{_MARKS}]*)+")
_IS_MIXED = re.compile(f"[{_MARKS}{_UNSPACED}]")
_APOSTROPHE = re.compile(r"'(?<=\w.)(?=\w)")
_TYPESET = (("’", "'"), ("‘", "'"), ("ʼ", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"))
_ASCII = bytes(ord(c.lower()) if (c := chr(i)).isalnum() or c == "_" else 32 for i in range(128)) + bytes(128)
_POINTS = re.compile("[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0670\u00ad\u200b-\u200f\u2060\ufeff]")
# Bytes 80–9F as windows-1252 shows them, and A0–BF: what follows the first byte of a misread UTF-8 sequence.
_MISREAD = re.compile("[\u00c2-\u00f4][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{1,3}")


def words(text: str) -> list[str]:
    """The folded words in reading order; letters stand alone in scripts without spaces."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _POINTS.sub("", _MISREAD.sub(_reread, text)))
        for typeset, plain in _TYPESET:
            text = text.replace(typeset, plain)
    if "'" in text:
        text = _APOSTROPHE.sub("", text)
    if text.isascii():  # three times as fast as the general way
        return text.encode().translate(_ASCII).decode().split()
    text = text.casefold()
    return (_MIXED if _IS_MIXED.search(text) else _SIMPLE).findall(text)


def _reread(found: re.Match[str]) -> str:
    try:
        raw = b"".join(c.encode("latin-1") if c < "\u0100" else c.encode("cp1252") for c in found[0])
        return raw.decode("utf-8")
    except UnicodeError:  # it was meant as it stands
        return found[0]
