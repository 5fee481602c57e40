"""One capture in, an article out, or a rejection that says why not."""

from __future__ import annotations

import re

from etl.errors import Reason, Stage
from etl.extract import document
from etl.extract.language import language_of
from etl.extract.names import people
from etl.extract.page import read_page
from etl.fetch.charset import decode
from etl.records import Article, Capture, Rejected

_HTML = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
_LOOKS_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|h1|meta|title)\b", re.IGNORECASE)
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00")


def extract(capture: Capture) -> Article | Rejected:
    """Read a capture by what it is: a page of HTML or a plain text. Never raises for bad input."""
    if not capture.body.strip(b"\x00 \t\r\n"):
        return _rejected(capture, Reason.EMPTY_BODY, "no bytes")
    media = (capture.media_type or "").split(";")[0].strip().lower()
    if capture.body.startswith(_BINARY) or media not in ("", "text/plain", *_HTML):
        return _rejected(capture, Reason.NOT_HTML, media or "binary")
    text, _ = decode(capture.body, capture.media_type)
    is_page = media in _HTML or (not media and bool(_LOOKS_HTML.search(text[:4096])))
    return read_page(capture, text) if is_page else _document(capture, text)


def _document(capture: Capture, text: str) -> Article | Rejected:
    body, captions = document.paragraphs(text)
    if not body:
        return _rejected(capture, Reason.NO_TEXT, "no words")
    joined = "\n\n".join(body)
    language, confidence = language_of(joined, capture.hints.language_code)
    return Article(
        title=capture.hints.title,
        standfirst=None,
        body=joined,
        captions=tuple(captions),
        authors=people(capture.hints.authors),
        published=capture.hints.published,
        modified=None,
        language_code=language,
        language_confidence=confidence,
        canonical_url=capture.hints.url,
        extractor="plain text",
    )


def _rejected(capture: Capture, reason: Reason, detail: str) -> Rejected:
    return Rejected(Stage.EXTRACT, reason, capture.url or "", detail)
