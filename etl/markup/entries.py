"""The text of an XML list goes in; its repeated elements come out one by one as flat mappings of path to text.

Made for long, flat documents (sitemaps): one element is held at a time, whatever the length. Namespaces are dropped
and paths keep the nesting, so `news:news/news:title` is `news/title` whatever prefix a publisher chose. A document
type is refused and an entity that XML does not define is text, so nothing expands and nothing is looked up.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lxml import etree

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_PROLOG = re.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>)", re.DOTALL)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([\w.-]+)")
_MAX_FIELDS = 200  # of one element
_MAX_VALUE = 10_000


class BrokenXml(Exception):  # noqa: N818 - it names what was found
    """The document breaks off or cannot be read on."""


def root_of(text: str) -> str | None:
    """The root element's name without its prefix, lower case; `!doctype` where a document type stands; None if none."""
    rest = text[:65_536].removeprefix("\ufeff")
    while prolog := _PROLOG.match(rest):
        rest = rest[prolog.end() :]
    if rest.lstrip()[:9].lower() == "<!doctype":
        return "!doctype"
    root = _ROOT.match(rest)
    return root.group(1).lower() if root else None


def entries(text: str, names: Collection[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each element of one of these local names, with what is in it; raises BrokenXml where the document breaks off.

    Bare ampersands are mended first: addresses with a query are where publishers forget them.
    """
    start = text.find("<")
    mended = _BARE_AMPERSAND.sub("&amp;", _ILLEGAL.sub("", text[max(start, 0) :]))
    body = re.sub(r"^<\?xml[^>]*\?>", "", mended, count=1).encode()
    events = etree.iterparse(
        io.BytesIO(body),
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            yield _name(element), _flat(element)
            _forget(element)
    except etree.XMLSyntaxError as error:
        raise BrokenXml(" ".join(str(error.msg).split())) from None


def _name(element: Any) -> str:
    """Without namespace or prefix; a prefix that nothing declares is still written out."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _flat(element: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        _gather(child, "", found, depth=0)
    return found


def _gather(element: Any, above: str, found: dict[str, str], depth: int) -> None:
    if not isinstance(element.tag, str) or len(found) >= _MAX_FIELDS:
        return
    path = above + _name(element)
    if len(element) == 0:
        text = (element.text or "").strip()[:_MAX_VALUE]
        if text:
            found.setdefault(path, text)
    elif depth < 3:
        for child in element:
            _gather(child, path + "/", found, depth + 1)


def _forget(element: Any) -> None:
    """Drop what was read, and what stands before it, or the whole document would be held."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
