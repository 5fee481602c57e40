"""Text as published in, text as stored out: the publisher's characters without what nobody meant to publish.

Theory. Four things come between a publisher's words and a string: bytes decoded with the wrong table (mojibake, undone
by ftfy), several spellings of one character (NFC), characters nobody sees (NUL and other controls, zero-width spaces,
soft hyphens, direction marks, byte order marks) and white space of the markup. Order matters: mojibake is repaired
first, because its debris looks like controls and odd spaces.
Exceptions: the zero-width joiner and non-joiner are spelling in Arabic, Persian and Indic scripts and hold emoji
together, so they stay where they touch such characters. Quotes, dashes, ligatures, width and case stay as published:
folding is for fingerprints and look-ups.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_JOINERS = "\u200c\u200d"
_LINES = str.maketrans({"\u2029": "\n\n", "\u2028": "\n", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})
_DEBRIS = re.compile(r"[\x80-\x9f\ud800-\udfff\x1b]")  # Latin-1 for Windows quotes, halves of pairs, terminal codes
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"[\r\u2028\u2029\x0b\x0c\x85]")
# What every garbled text has: two neighbours, neither ASCII, one of them of the tables of Western Europe, or one of a
# few pairs that garbling is known by. A cheap question that spares most texts ftfy's dear one.
_WEST = r"\x80-\u024f\u02c6-\u02dd\u2000-\u25ff\u0384\u0385\u0490\u0491\uf8ff\ufb00-\ufb02\ufffd"
_EAST = r"\u0370-\u04ff"
_SUSPECT = re.compile(
    rf"[{_WEST}{_EAST}](?:[{_WEST}]|(?<=[{_WEST}])[{_EAST}]|(?<=[ŒœÃÂØÙ])|(?<=[ВГРСΒΓΞΟ])-[ВГРСΒΓΞΟ]|(?<=[вВ])Ђ)"
)


def clean(text: str) -> str:
    """The text to store: paragraphs apart by one blank line, lines within one by a newline. Idempotent."""
    for _ in range(4):  # a text garbled twice takes two rounds; a stable one takes one comparison
        cleaned = _once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def clean_line(text: str) -> str:
    """The same, on one line."""
    return " ".join(clean(text).split())


def _once(text: str) -> str:
    text = _repaired(text)
    if _BREAKS.search(text):
        text = text.replace("\r\n", "\n").translate(_LINES)
    text = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _tidy(_visible(text)))


def _tidy(text: str) -> str:
    """White space folded: a blank line, or several, between paragraphs becomes one."""
    paragraphs: list[str] = []
    is_begun = False
    for raw in text.split("\n"):
        line = " ".join(raw.split())
        if not line:
            is_begun = False
        elif is_begun:
            paragraphs[-1] = f"{paragraphs[-1]}\n{line}"
        else:
            paragraphs.append(line)
            is_begun = True
    return "\n\n".join(paragraphs)


def _repaired(text: str) -> str:
    is_debris = not text.isascii() and bool(_DEBRIS.search(text))
    if not is_debris and (text.isascii() or not _SUSPECT.search(text)):
        return text
    import ftfy
    from ftfy.badness import is_bad

    # What fix_text asks of each line before it repairs one, asked of all at once: nearly every text needs nothing.
    if not is_debris and not is_bad(text):
        return text
    return str(ftfy.fix_text(text, config=_ftfy_config()))


@lru_cache(maxsize=1)
def _ftfy_config() -> Any:
    import ftfy

    return ftfy.TextFixerConfig(
        unescape_html=False,  # the parser has done it; a text about "&lt;" keeps it
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        explain=False,
        normalization=None,
    )


def _visible(text: str) -> str:
    if text.replace("\n", "").isprintable():
        return text
    text = _SPACES.sub(" ", text)
    if text.replace("\n", "").isprintable():
        return text
    out = []
    for at, char in enumerate(text):
        if char.isprintable() or char.isspace() or (char in _JOINERS and _joins(text, at)):
            out.append(char)
    return "".join(out)


def _joins(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    return bool(before and after) and all(_is_joinable(c) for c in (before, after))


def _is_joinable(char: str) -> bool:
    # Scripts from Hebrew to Khmer where joining is spelling, and what emoji are made of.
    return 0x0590 <= ord(char) <= 0x18AF or unicodedata.category(char) in ("So", "Sk") or char == "\ufe0f"
