"""A name as written goes in; the key under which names are compared comes out.

Folded away: case, accents, apostrophes, full stops, hyphens, and the short forms St, Mt and Ft at the start
("St. Louis" and "Saint Louis" meet). Letters stay in their script: nothing is transliterated here.
"""

from __future__ import annotations

import unicodedata

# Letters that carry no combining mark to strip, yet are spelt plainly in English text.
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
_DROP = ".'’‘ʼ`´ʹ′ʻʿ\u200c\u200d\u00ad"
_SPACE = "-‐‑–—/,_\u00a0"
_MARKS = (chr(code) for code in range(0x300, 0x20000) if unicodedata.combining(chr(code)))
# One pass does it all: marks and stops go, dashes part words, letters with strokes become plain.
_TABLE = str.maketrans({**dict.fromkeys(_MARKS), **_PLAIN, **dict.fromkeys(_DROP), **dict.fromkeys(_SPACE, " ")})
_LEADING = {"st": "saint", "mt": "mount", "ft": "fort"}


def fold(name: str) -> str:
    """The comparison key of a name; empty when nothing of it can be compared."""
    text = name.casefold()
    if text.isascii():
        if text.isalpha():  # half of all names, and most words
            return text
    elif not unicodedata.is_normalized("NFKD", text):
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    words = text.translate(_TABLE).split()
    if len(words) > 1 and words[0] in _LEADING:
        words[0] = _LEADING[words[0]]
    return " ".join(words)
