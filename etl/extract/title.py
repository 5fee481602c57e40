"""A page's statements on its headline in, one title out.

Theory. Four places state it: JSON-LD headline, h1, og:title, <title>; each can be wrong in its own way. og:title and
JSON-LD may be cut short, h1 may be the site's logo, <title> carries the outlet's name. So the outlet's name is taken
off first and so is a kicker the markup sets apart within the h1; then the statements vote: those that agree (case and
punctuation folded) add up, and the form of the strongest is taken as published.
Where they differ, who wrote the page decides. On a news page (by its JSON-LD or its section) an og:title that differs
where all others agree was typed by the desk, for the others are filled from one field, often the search engine's: it is
the headline. On other pages JSON-LD and meta are filled for search engines by a plug-in, and the h1 is what the
author wrote and the reader sees.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from html import unescape

from etl.extract.clean import clean_line
from etl.extract.outlet import Outlet, is_outlet, without_outlet
from etl.markup import Node, Signals

_MAX = 500
_WORDS = re.compile(r"\w+")
_OG = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
_POSTED = re.compile(r" (?:posted|published|updated|written|by|on)\b")  # a byline within the heading
_CUT_SHORT = re.compile(r"(?:…|\.\.\.)$")

# How much each statement weighs in the vote; on a page that is not news no two others outweigh the h1.
_WEIGHTS = {"h1": 0.9, "json_ld": 0.9, "og": 1.0, "tag": 0.6}
_LONE_H1 = 2.6
_LONE_H1_WITHOUT_DATA = 1.9


def title(signals: Signals, node: Node | None, known: Outlet, *, is_news: bool) -> str | None:
    """The headline as published, without the outlet's name; None where the page states none."""
    return elected(stated_titles(signals, node, known), is_news=is_news)[0]


def stated_titles(signals: Signals, node: Node | None, known: Outlet) -> dict[str, str]:
    """What each place states, freed of the outlet's name, by place; places that state nothing are left out."""
    h1s = [h for h in map(_text, (*signals.headings_alone, *signals.headings)) if h and not is_outlet(h, known)]
    places = {
        "json_ld": str(node.properties.get("headline") or "") if node is not None else "",
        "og": signals.first(*_OG),
        "tag": signals.title_tag,
    }
    alone = [_text(h) for h in signals.headings_alone]
    stated = {p: _without_kicker(without_outlet(_text(text), h1s, known), h1s, alone) for p, text in places.items()}
    stated["h1"] = without_outlet(_heading(h1s, [t for t in stated.values() if t]), (), known)
    return {place: text[:_MAX] for place, text in stated.items() if fold(text)}


def elected(stated: dict[str, str], *, is_news: bool) -> tuple[str | None, str]:
    """(the title, why it won)."""
    if not stated:
        return None, "no place states one"
    if is_news and _is_typed(stated):
        return stated["og"], "a news page whose og:title was typed apart from the others"
    weights = dict(_WEIGHTS)
    if not is_news:
        weights["h1"] = _LONE_H1 if "json_ld" in stated else _LONE_H1_WITHOUT_DATA
    votes: dict[str, float] = {}
    for place, text in stated.items():
        votes[fold(text)] = votes.get(fold(text), 0.0) + weights[place]
    best = max(stated, key=lambda place: (votes[fold(stated[place])], weights[place]))
    agreeing = sorted(place for place in stated if fold(stated[place]) == fold(stated[best]))
    return stated[
        best
    ], f"{' + '.join(agreeing)}: {votes[fold(stated[best])]:.1f} of {sum(weights[p] for p in stated):.1f} votes"


def fold(text: str) -> str:
    """For comparing headlines: words only, case folded."""
    return " ".join(_WORDS.findall(text.casefold()))


def headlines(stated: Signals) -> frozenset[str]:
    """Every headline a page states, folded."""
    named = (stated.title_tag, *stated.headings, stated.first("og:title"))
    in_data = (n.properties.get("headline") for n in stated.nodes)
    return frozenset(fold(unescape(h)) for h in (*named, *in_data) if isinstance(h, str)) - {""}


def _is_typed(stated: dict[str, str]) -> bool:
    """Whether the og:title is a headline of its own: no other has it, none of the others is a longer form of it."""
    others = [fold(text) for place, text in stated.items() if place != "og"]
    words = fold(_CUT_SHORT.sub("", stated.get("og", "")))
    is_part = any(other.startswith(words) or other.endswith(f" {words}") for other in others)
    are_one_field = len(set(others)) == 1
    return bool(words and others) and are_one_field and not is_part and len(words.split()) >= 3


def _heading(h1s: list[str], others: list[str]) -> str:
    """Of several h1s the one most like the page's other titles; none where two of those agree on quite other words."""
    if not h1s or not others:
        return h1s[0] if h1s else ""
    best = max(h1s[:8], key=lambda h: max(SequenceMatcher(None, fold(h), fold(o)).quick_ratio() for o in others))
    agreed = next((o for n, o in enumerate(others) if fold(o) in map(fold, others[:n])), None)
    if agreed and not _words(best) & _words(agreed):
        return ""
    return agreed if agreed and _POSTED.match(fold(best).removeprefix(fold(agreed))) else best


def _without_kicker(text: str, whole: list[str], alone: list[str]) -> str:
    """A title whose kicker is not the one above the page's heading, less it: two kickers are part of no headline."""
    is_heading = fold(text) in map(fold, whole)
    return next((h for h in alone if not is_heading and fold(h) and fold(text).endswith(f" {fold(h)}")), text)


def _words(text: str) -> set[str]:
    return {w for w in fold(text).split() if len(w) > 3 or not w.isascii()}


def _text(stated: str | None) -> str:
    return clean_line(unescape(stated or ""))
