"""A page's statements and its address in, the outlet's names out, and titles freed of them.

Theory. A title carries the outlet's name, and often the section's, at an end behind a bar, a dash or a colon of its
own. Such an ending is cut where it is a name known from elsewhere: the stated site name or publisher (whole, a part
of it, or its initials), the host, the section as stated or as a step of the address; or where what is left of it is a
heading of the page. Else it stays, for headlines use those signs too. Endings are cut until none is left: "Ferry |
City | Echo".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

from etl.extract.clean import clean_line
from etl.markup import Node, Signals

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«:/>_]\s+|\s*[|»¦｜ㅣ│]\s*|\s*::\s*|\s+[-–—](?=[A-ZÀ-Þ][\w.]*$)|\s[-–—]\s?(?=\S+$)"
)
_TIGHT = re.compile(r"(?<=\S)[-_–—：:](?=\S)")  # "Headline-Section", cut only before a known name
_SECTION = ("article:section", "section", "parsely-section", "content_category", "category")
_MAX_NAME = 60  # characters
_MAX_CUTS = 4
_SHORT = 2  # words before a heading that can be a name


@dataclass(frozen=True, slots=True)
class Outlet:
    """What a page's outlet is called, squeezed to letters for comparing."""

    name: str | None  # as the page writes it
    names: frozenset[str]
    sections: frozenset[str]
    host: str  # without "www." and signs


def outlet(signals: Signals, node: Node | None, url: str | None) -> Outlet:
    """Every name the outlet and the section go by."""
    name = site_name(signals)
    stated = [
        name,
        *(signals.first(k) for k in ("og:site_name", "application-name", "twitter:site")),
        *_publishers(signals),
    ]
    sections = [v for k in _SECTION for v in signals.meta.get(k, ())] + [
        *_strings(node.properties.get("articleSection") if node else None)
    ]
    parts = urlsplit(url or "")
    steps = [unquote(s) for s in parts.path.split("/")[1:-1]]
    return Outlet(
        name,
        frozenset(filter(None, (_squeezed(clean_line(s).lstrip("@")) for s in stated if s))),
        frozenset(filter(None, map(_squeezed, [*sections, *steps]))),
        (parts.hostname or "").removeprefix("www."),
    )


def site_name(signals: Signals) -> str | None:
    """The outlet as the page names itself."""
    name = signals.first("og:site_name", "application-name") or next(iter(_publishers(signals)), None)
    return clean_line(unescape(name)) or None if name else None


def is_outlet(text: str, known: Outlet) -> bool:
    """Whether a text is the outlet's name: as stated, a part of it, its initials, or as the host spells it."""
    squeezed = _squeezed(text)
    if not squeezed or len(text) > _MAX_NAME:
        return False
    if squeezed in known.names or (
        len(squeezed) >= 4 and any(squeezed in n or _holds(squeezed, n) for n in known.names)
    ):
        return True
    initials = "".join(w[0] for w in re.findall(r"\w+", known.name or "")).casefold()
    return (len(initials) > 2 and squeezed == initials) or _is_host(text, squeezed, known.host)


def without_outlet(text: str, headings: Iterable[str], known: Outlet) -> str:
    """A title without the outlet's and the section's name at its ends."""
    folded = {_squeezed(h) for h in headings} - {""}
    for _ in range(_MAX_CUTS):
        if _squeezed(text) in folded:
            return text
        shorter = _cut(text, folded, known)
        if shorter == text:
            return text
        text = shorter
    return text


def _cut(text: str, headings: set[str], known: Outlet) -> str:
    for head, tail in _cuts(text, _SEPARATOR):
        if is_outlet(tail, known) or _squeezed(tail) in known.sections or _squeezed(head) in headings:
            return head
        if is_outlet(head, known) or (_squeezed(tail) in headings and len(head.split()) <= _SHORT):
            return tail
    for head, tail in _cuts(text, _TIGHT):
        if _squeezed(tail) in known.names | known.sections:
            return head
    return text


def _cuts(text: str, separator: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for found in reversed(list(separator.finditer(text))):
        head, tail = text[: found.start()].strip(), text[found.end() :].strip()
        if head and tail:
            yield head, tail


def _holds(squeezed: str, name: str) -> bool:
    """Whether a text is hardly more than the name: "echo online" of Echo."""
    return squeezed.startswith(name) and 4 <= len(squeezed) <= len(name) + 8


def _is_host(text: str, squeezed: str, host: str) -> bool:
    labels = [label.replace("-", "") for label in host.split(".")]
    if len(squeezed) >= 3 and (
        squeezed == "".join(labels) or squeezed in labels[:-1] or squeezed == "".join(labels[-2:])
    ):
        return True
    if len(squeezed) >= 5 and any(squeezed in label for label in labels[:-1]):
        return True
    words = [w for w in re.findall(r"\w+", text.casefold()) if len(w) > 1]
    return len(words) > 1 and all(w in labels[:-1] for w in words)


def _publishers(signals: Signals) -> list[str]:
    found = (n.properties.get("publisher") for n in signals.nodes)
    named = (p.get("name") for p in found if isinstance(p, dict))
    return [n for n in named if isinstance(n, str)]


def _strings(value: Any) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
