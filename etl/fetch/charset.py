"""Bytes of a document and its Content-Type go in; its text and the charset used come out. Pure, and never fails.

Theory, in order (miniflux and the WHATWG encoding standard; the order is what best survives wrong labels):
1. a byte order mark; 2. UTF-16 without one, told by the zero bytes of its markup; 3. bytes that are valid
UTF-8 are UTF-8 whatever the label says, since text in another encoding almost never is by chance
(ISO-2022-JP is: it is all ASCII, so its escapes are looked for first), and so are bytes that are but for
one in a hundred: a page cut in the middle of a character, or glued from two sources; 4. the HTTP label; 5.
the label in the document (XML prolog, meta); 6. the same labels and UTF-8 again, a little broken; 7.
detection; 8. windows-1252, which reads anything.

Labels mean what browsers take them to mean: ISO-8859-1 is windows-1252, GB2312 is GB18030. Encodings that
can hide markup from whoever looks at the bytes (UTF-7, Python's own escapes) are no charsets here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

_BOMS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTTP_LABEL = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
_PROLOG_LABEL = re.compile(rb"^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:+-]{1,40})")
_META_LABEL = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4_096  # bytes; the standard says 1024, publishers say otherwise
_ISO_2022 = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_SAMPLE = 65_536  # bytes shown to the detector
_LENIENT_SHARE = 0.01

# What browsers take a label to mean where Python is narrower or differs (WHATWG encoding standard).
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_REFUSED = frozenset({"utf-7", "unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined", "mbcs", "oem"})


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Read bytes as text. Characters that cannot be read become U+FFFD.

    >>> decode("Київ".encode("cp1251"), "text/html; charset=windows-1251")
    ('Київ', 'cp1251')
    """
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(charset, errors="replace"), charset
    labels = list(dict.fromkeys(_labels(body, content_type)))
    found = (
        _by_zero_bytes(body)
        or _escaped_japanese(body, labels)
        or _strict(body, ["utf-8"])
        or _lenient(body, ["utf-8"], spared=0)
        or _strict(body, labels)
        or _lenient(body, [*labels, "utf-8"], spared=1)
        or _detected(body)
    )
    return body.decode(found, errors="replace"), found


def _labels(body: bytes, content_type: str | None) -> Iterable[str]:
    """The usable labels, best first, as Python knows them."""
    stated = [m.group(1) for m in [_HTTP_LABEL.search(content_type or "")] if m]
    inside = _PROLOG_LABEL.search(body[:_META_WITHIN]) or _META_LABEL.search(body[:_META_WITHIN])
    if inside:
        stated.append(inside.group(1).decode("ascii"))
    for label in stated:
        try:
            name = codecs.lookup(label).name
        except LookupError:
            continue
        if name not in _REFUSED and not name.startswith(("utf-16", "utf-32")):  # no bytes showed them to be
            yield _MEANT.get(name, name)


def _by_zero_bytes(body: bytes) -> str | None:
    """Markup is ASCII, and ASCII in UTF-16 is every second byte zero."""
    start = body[:4].lstrip(b"\0") and body[:4]
    if re.fullmatch(rb"[<\s{]\0[!?\w\s\"<]\0", start or b""):
        return "utf-16-le"
    if re.fullmatch(rb"\0[<\s{]\0[!?\w\s\"<]", start or b""):
        return "utf-16-be"
    return None


def _escaped_japanese(body: bytes, labels: Iterable[str]) -> str | None:
    named = next((label for label in labels if label.startswith("iso2022_jp")), None)
    return named if named and any(escape in body for escape in _ISO_2022) else None


def _strict(body: bytes, charsets: Iterable[str]) -> str | None:
    for charset in charsets:
        try:
            body.decode(charset)
        except (UnicodeError, LookupError):  # LookupError: a codec of Python's that makes no text
            continue
        return charset
    return None


def _lenient(body: bytes, charsets: Iterable[str], *, spared: int) -> str | None:
    """The first charset that breaks few of the bytes that are not ASCII: a share of them, or the number spared."""
    unusual = len(body) - len(body.translate(None, bytes(range(0x80, 0x100))))
    for charset in charsets:
        try:
            broken = body.decode(charset, errors="replace").count("�")
        except (UnicodeError, LookupError):
            continue
        if broken <= max(spared, unusual * _LENIENT_SHARE):
            return charset
    return None


def _detected(body: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:_SAMPLE]).best()
    return _MEANT.get(best.encoding, best.encoding) if best else "cp1252"
