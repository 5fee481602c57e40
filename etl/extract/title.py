"""A page's statements on its headline in, one title out.

Theory. Four places state it: JSON-LD headline, h1, og:title, <title>; each can be wrong in its own way. og:title and
JSON-LD may be written for social networks or cut short, h1 may be the site's logo, <title> carries the outlet's name.
So the outlet's name is taken off first, then the statements vote: those that agree (case and punctuation folded) add
up, and the form of the strongest is taken as published. Where nothing agrees, a page with JSON-LD is a news page whose
og:title is kept with care, and on a page without it the h1 is what its reader sees.
An ending after " | " or " - " is the outlet's name if it is the stated site name, reads like the host, or if what is
left of it is a heading of the page; otherwise it stays, for headlines use those signs too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape
from urllib.parse import urlsplit

from etl.extract.clean import clean_line
from etl.markup import Node, Signals

_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:/]\s+|\s*[|»¦｜]\s*|\s*::\s*|\s+[-–—](?=[A-ZÀ-Þ][\w.]*$)")
_MAX = 500
_OG = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")

# How much each statement weighs in the vote; h1 weighs more where there is no JSON-LD headline.
_WEIGHTS = {"h1": 0.9, "headline": 0.9, "og": 1.0, "tag": 0.6}
_LONE_H1 = 1.9


def title(signals: Signals, node: Node | None, site: str | None = None, url: str | None = None) -> str | None:
    """The headline as published, without the outlet's name; None where the page states none."""
    h1s = [h for h in map(_text, signals.headings) if h and not _is_site(h, site, url)]
    stated = {
        "headline": _text(str(node.properties.get("headline") or "")) if node is not None else "",
        "og": without_site(_text(signals.first(*_OG)), h1s, site, url),
        "tag": without_site(_text(signals.title_tag), h1s, site, url),
    }
    stated["h1"] = _closest(h1s, [t for t in stated.values() if t])
    best = _elected({k: v[:_MAX] for k, v in stated.items() if fold(v)})
    return best or None


def fold(text: str) -> str:
    """For comparing headlines: words only, case folded."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def without_site(text: str, h1s: list[str], site: str | None, url: str | None) -> str:
    """A title without the outlet's name at either end."""
    headings = {fold(h) for h in h1s}
    for head, tail in _cuts(text):
        if _is_site(tail, site, url) or fold(head) in headings:
            return head
        if _is_site(head, site, url) or fold(tail) in headings:
            return tail
    return text


def _elected(stated: dict[str, str]) -> str:
    weights = dict(_WEIGHTS, h1=_WEIGHTS["h1"] if "headline" in stated else _LONE_H1)
    votes: dict[str, float] = {}
    for place, text in stated.items():
        votes[fold(text)] = votes.get(fold(text), 0.0) + weights[place]
    order = sorted(stated, key=lambda place: (votes[fold(stated[place])], weights[place]), reverse=True)
    return stated[order[0]] if order else ""


def _closest(h1s: list[str], others: list[str]) -> str:
    """Of several h1s the one most like the page's other titles; the first where none is like them."""
    if len(h1s) < 2 or not others:
        return h1s[0] if h1s else ""
    return max(h1s[:8], key=lambda h: max(SequenceMatcher(None, fold(h), fold(o)).quick_ratio() for o in others))


def _text(stated: str | None) -> str:
    return clean_line(unescape(stated or ""))


def _is_site(text: str, site: str | None, url: str | None) -> bool:
    """Whether a text is the outlet's name: as stated, or as the host spells it."""
    squeezed = fold(text).replace(" ", "")
    if not squeezed or len(text) > 60:
        return False
    host = (urlsplit(url).hostname or "") if url else ""
    labels = host.removeprefix("www.").replace("-", "")
    return (bool(site) and squeezed == fold(site or "").replace(" ", "")) or (
        len(squeezed) >= 3 and (labels.replace(".", "") == squeezed or squeezed in labels.split(".")[:-1])
    )


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    for found in reversed(list(_SEPARATOR.finditer(text))):
        head, tail = text[: found.start()].strip(), text[found.end() :].strip()
        if head and tail:
            yield head, tail
