"""The bytes of a feed go in; a skeleton small enough to parse at leisure and the long texts lifted out of it come out.

Theory. Nine tenths of a feed are the texts of its entries, as CDATA or as escaped HTML, and XML parsers hand those
over a line or an entity at a time. So each long one is cut out, a mark is left in its place, and what is left is
parsed; a text is decoded when its element is read. The skeleton is as well-formed as the feed was, since only
character data leaves it. Known exceptions: a mark already in the feed, a comment or section that never ends
(`None`: another reader's work).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html.entities import name2codepoint
from xml.parsers import expat

LONG = 200  # bytes from which lifting a text pays
CONTROL = bytes(code for code in range(32) if code not in (9, 10, 13))  # what XML has no place for
OPEN, _CLOSE = "\ue000", "\ue001"
_LEAD = b"\xee"  # the first byte of a mark: hardly any feed has it, and one byte is found ten times sooner
_SECTION = b"<![CDATA["
_MARK = re.compile(f"{OPEN}(\\d+){_CLOSE}")
_TEXT = re.compile(rb">([^<]{%d,})</" % LONG)
_REFERENCE = re.compile(rb"&#?\w{1,32};")
CP1252 = {  # what control characters of Latin-1 mean in what people take for it
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]+\s*=\s*[\"']")
_MAX_PREFIXES = 100
_UNSOUND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:(\w{1,32});)?")


@dataclass(frozen=True, slots=True)
class Lifted:
    """A skeleton, and what its marks stand for."""

    skeleton: bytes
    texts: tuple[tuple[bytes, bool], ...]  # and whether entities are still to be read in it
    references: References

    def restore(self, text: str) -> str:
        """The text of an element, marks replaced. Raises UnicodeDecodeError where it is no UTF-8."""
        if OPEN not in text:
            return text
        if text[0] == OPEN and text.find(_CLOSE) == len(text) - 1:
            return self._text(text[1:-1])
        return _MARK.sub(lambda mark: self._text(mark[1]), text)

    def raw(self, text: str) -> bytes | None:
        """What a text that is one mark between white space stands for, as it came; None for any other text."""
        text = text.strip()
        if text[:1] == OPEN and text.find(_CLOSE) == len(text) - 1:
            return self.texts[int(text[1:-1])][0]
        return None

    def _text(self, number: str) -> str:
        raw, is_escaped = self.texts[int(number)]
        raw = raw.translate(None, CONTROL)
        is_escaped = is_escaped and b"&" in raw
        if is_escaped and (text := _character_data(raw)) is not None:
            return text
        if b"\r" in raw:
            raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return (unescaped(raw, self.references) if is_escaped else raw).decode()


def lift(feed: bytes, declared: Mapping[str, str], *, longest: int = LONG) -> Lifted | None:
    """Cut out sections and texts of at least `longest` bytes, sections shorter than that if it is 0 too."""
    if _LEAD in feed and OPEN.encode() in feed:
        return None
    cut = _cut(feed, _SECTION, longest)
    if cut is None or b"<!--" in cut[0]:  # what looks like a section may stand in a comment
        cut = _cut(feed, b"<!", longest)
    return Lifted(*cut, References(declared)) if cut else None


def _cut(feed: bytes, sign: bytes, longest: int) -> tuple[bytes, tuple[tuple[bytes, bool], ...]] | None:
    sections = _sections(feed, sign)
    if sections is None:
        return None
    texts: list[tuple[bytes, bool]] = []
    out, pos, seen = [], 0, 0
    for start, end in [*sections, (len(feed), len(feed))]:
        for found in _TEXT.finditer(feed, seen, start):  # none across a section, whose mark would be lifted with it
            from_, to = found.span(1)
            out += [feed[pos:from_], _mark(texts)]
            texts.append((feed[from_:to], True))
            pos = to
        if end - start - len(_SECTION) - 3 >= longest:
            out += [feed[pos:start], _mark(texts)]
            texts.append((feed[start + len(_SECTION) : end - 3], False))
            pos = end
        seen = end
    out.append(feed[pos:])
    return b"".join(out), tuple(texts)


def mended(lifted: Lifted) -> Lifted:
    """References no XML parser knows, read as HTML or left as written; unbound prefixes, bound to their name.

    Only for a skeleton without any section.
    """

    def one(found: re.Match[bytes]) -> bytes:
        if not found[1]:
            return b"&amp;"
        return lifted.references[found[0]].replace(b"&", b"&amp;").replace(b"<", b"&lt;")

    return replace(lifted, skeleton=_bound(_UNSOUND.sub(one, lifted.skeleton)))


def _bound(skeleton: bytes) -> bytes:
    """What uses `media:` and forgot to say what that is means by it what everybody does."""
    root = skeleton[: skeleton.find(b">")]
    used = {tag or attribute for tag, attribute in _PREFIX.findall(skeleton)} - {b"xml", b"xmlns"}
    unbound = sorted(prefix for prefix in used if b"xmlns:" + prefix not in root)[:_MAX_PREFIXES]
    name = re.match(rb"<[^\s/>]+", root)
    end = name.end() if name else 0
    return skeleton[:end] + b"".join(b' xmlns:%b="%b"' % (prefix, prefix) for prefix in unbound) + skeleton[end:]


def unescaped(text: bytes, references: References) -> bytes:
    """Character data with its references read, each once.

    >>> unescaped(b"&amp;lt; &eacute; &#8211; AT&T &none;", References({})).decode()
    '&lt; é – AT&T &none;'
    """
    text = text.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&quot;", b'"')
    return _REFERENCE.sub(lambda found: references[found[0]], text) if b"&" in text else text


def _character_data(raw: bytes) -> str | None:
    """What XML takes it for, in half the time of replacing; None where it is not XML's."""
    out: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = len(raw)
    parser.CharacterDataHandler = out.append
    try:
        parser.Parse(b"<a>", False)
        parser.Parse(raw, False)
        parser.Parse(b"</a>", True)
    except expat.ExpatError:
        return None
    return "".join(out)


class References(dict[bytes, bytes]):
    """References ("&eacute;", "&#233;") to what they mean, as UTF-8; each worked out once."""

    def __init__(self, declared: Mapping[str, str]) -> None:
        super().__init__({b"&amp;": b"&", b"&apos;": b"'", b"&lt;": b"<", b"&gt;": b">", b"&quot;": b'"'})
        self.declared = declared

    def __missing__(self, reference: bytes) -> bytes:
        name = reference[1:-1].decode()
        if name.startswith("#"):
            value = _character(name[1:])
        else:
            value = self.declared.get(name) or chr(name2codepoint.get(name, 0)).strip("\0")
        self[reference] = meant = value.encode() or reference
        return meant


def _character(number: str) -> str:
    try:
        code = int(number[1:], 16) if number[:1] in "xX" else int(number)
        return CP1252.get(code) or (chr(code) if code and not 0xD800 <= code < 0xE000 else "")
    except (ValueError, OverflowError):
        return ""


def _mark(texts: list[tuple[bytes, bool]]) -> bytes:
    return f"{OPEN}{len(texts)}{_CLOSE}".encode()


def _sections(feed: bytes, sign: bytes) -> list[tuple[int, int]] | None:
    """Where each CDATA section begins and ends; None where one does not end, or something else is declared.

    Comments are passed over only with "<!" for `sign`, which takes twice as long to look for.
    """
    spans = []
    at = feed.find(sign)
    while at >= 0:
        is_section = feed.startswith(_SECTION, at)
        if not is_section and not feed.startswith(b"<!--", at):
            return None  # a declaration inside the root: not XML
        end = feed.find(b"]]>" if is_section else b"-->", at + 4) + 3
        if end < 3:
            return None
        if is_section:
            spans.append((at, end))
        at = feed.find(sign, end)
    return spans
