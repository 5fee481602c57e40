"""A page's statements on who wrote it in, the people out, and whom else it credits.

Theory. JSON-LD authors come first (already one name each), then meta tags, then the visible byline, which is prose
("By Anna Ray and Tom Hill | Politics editor") and is cut into names. The first source that names a person wins; what
can be a person's name is told in `names`. Exceptions: an account ("annar") in the data gives way to a name in print;
a byline that lists the data's names and more is the fuller list; where the data credits a news agency or the outlet, a
mere link to somebody's page is no byline, for articles link to the people they are about.
Whom a page credits that is no person - the outlet, a desk, an agency, an account - is kept apart, as stated.
"Ray, Anna" is turned round; degrees and what follows a bar, a dash or a bracket are left off.
Chosen not to do: guessing names from running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from etl.extract.agencies import agency
from etl.extract.captions import is_caption
from etl.extract.clean import clean_line
from etl.extract.names import is_account, is_given_name, is_name, is_wordless, people
from etl.markup import Node, Signals

_META = (
    "author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "byl",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "article:author",
    "creator",
)

# "by" as bylines begin in the languages news is most read in; only at the very start.
_BY = re.compile(
    r"^\W*(?:(?:(?:written|posted|published|story|text|report(?:ed|ing)?|words|analysis|opinion|submitted|article)\s+)?"
    r"(?:by|von|par|por|door|av|af|di|de|przez|autor(?:e|a|en|i|ka)?|authors?|auteurs?|texte?|автор[иы]?|текст|от|written|"
    r"penulis|yazar|كتب|الكاتب)\b\s*[:：]?\s+|(?:作者|撰文|文|執筆|記者)\s*[:：/／]\s*)",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*(?:;|\||•|·|/|\n|、|\s&\s|\s(?:and|und|et|og|och|en|with|и|та|і|ja|ve|dan|و)\s|"
    r"\sy\s(?=[A-ZÀ-Þ])|\se\s(?=[A-ZÀ-Þ])|\si\s(?=[A-ZĄ-Ž]))\s*"
)
_TAIL = re.compile(
    r"\s*(?:[(\[<*].*|\s[-–—]\s.*|\s(?:for|at|on)\s+(?:the\s+)?[A-Z].*|\bon behalf of\b.*|\bon\s+\w+day\b.*|"
    r",?\s*\b(?:\d|published|updated|posted|last|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d).*)$",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^By(?=[A-ZÀ-Þ])")  # "By" and the name in elements without a space between
_DEGREES = re.compile(r",?\s+(?:Ph\.?D|M\.?D|M\.?S|M\.?A|M\.?B\.?A|R\.?D|R\.?N|J\.?D|CPA|LCSW|DVM|Esq|Jr)\.?(?=,|\s|$)")
# The outlet after a name: "Anna Ray DAILY PLANET".
_SHOUTED = re.compile(r"(?<=[a-zà-ÿ])\s+[A-Z]{2,}(?:\s+[A-Z]{2,})+$")
_MAX_LINE = 100  # characters of a byline in the text
_MAX_CREDIT = 60  # characters of the name of somebody who is no person
_MOST_CREDITS = 6
_NO_CREDIT = re.compile(
    r"https?:|www\.|@|\d{3}|^\W*$|\b(?:subscribe|share|comments?|follow|more|sign up|profile|view|posts?|published|"
    r"updated|developer)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Credited:
    """Whom a page says wrote it."""

    people: tuple[str, ...]
    others: tuple[str, ...]  # agencies, outlets, desks and accounts, as stated
    source: str  # which statement named the people, or else the others


def authors(signals: Signals, node: Node | None, site: str | None = None, lines: Iterable[str] = ()) -> Credited:
    """The people a page says wrote it, and whom else it credits. `lines` are the first of its text."""
    given = list(_given(node))
    persons = people(name for stated, is_person in given if is_person for name in _names_of(stated))
    others = _others(part for stated, is_person in given for part in _beside_people(stated, is_person=is_person))
    if persons and not all(map(is_account, persons)):
        return Credited(_fuller(persons, signals), others, "json_ld")
    is_settled = any(agency(o) for o in others)
    source, found = _first_people(signals, site, lines, is_settled=is_settled, has_others=bool(others))
    if found:
        return Credited(found, others if is_settled else (), source)
    if persons or others:
        return Credited((), (*persons, *others), "json_ld")
    return _first_others(signals)


def _first_people(
    signals: Signals, site: str | None, lines: Iterable[str], *, is_settled: bool, has_others: bool
) -> tuple[str, tuple[str, ...]]:
    stated, named, worded, linked = signals.bylines
    sources: dict[str, Iterable[str]] = {
        "meta": _stated(_meta(signals)),
        "rel=author": _printed(stated),
        "microdata": _stated(signals.microdata.get("author", ())),
        "class": () if is_settled else _printed(named),
        "link": () if has_others else _printed(linked),
        "words": () if is_settled else _printed(_first_line(worded, alone=has_others)),
        "text": _printed(line for line in lines if len(line) <= _MAX_LINE and _BY.match(line)),
    }
    found = ((source, names) for source, stated in sources.items() if (names := people(stated, site)))
    return next(((s, _unglued(names, signals)) for s, names in found if not all(map(is_account, names))), ("", ()))


def _first_others(signals: Signals) -> Credited:
    stated, named, worded, linked = signals.bylines
    sources = {
        "meta": _meta(signals),
        "rel=author": stated,
        "class": (t for t in named if _BY.match(t)),
        "words": (line for line in _first_line(worded, alone=False) if not line.endswith((".", "!", "?"))),
        "link": linked,
    }
    for source, texts in sources.items():
        found = _others(_BY.sub("", text, count=1) for text in texts)[:1]
        if found:
            return Credited((), found, source)
    return Credited((), (), "")


def split(byline: str) -> list[str]:
    """A byline in prose cut into names."""
    text = _BY.sub("", _GLUED.sub("By ", " ".join(byline.split())), count=1)
    parts = (p for part in _AND.split(_DEGREES.sub("", text)) for p in _comma_parts(part))
    return [name for part in parts if (name := _SHOUTED.sub("", _TAIL.sub("", _BY.sub("", part))).strip(" ,"))]


def _comma_parts(part: str) -> list[str]:
    """Two names, a name and a role, or a family name and given names: what a comma stands between."""
    pieces = [p.strip() for p in part.split(",") if p.strip()]
    if len(pieces) == 2 and " " not in pieces[0]:
        turned = f"{pieces[1]} {pieces[0]}"
        return [turned] if is_name(turned) else pieces[:1]
    return [p for p in pieces if is_name(p)] or pieces[:1]


def _meta(signals: Signals) -> Iterator[str]:
    for key in _META:
        yield from signals.meta.get(key, ())
    if not re.search(r"time|zeit|temps|tiempo|tempo|чтени", signals.first("twitter:label1") or "", re.IGNORECASE):
        yield from signals.meta.get("twitter:data1", ())


def _stated(values: Iterable[str]) -> Iterator[str]:
    """Names from statements: the first that yields any, for the tags repeat one another."""
    for value in values:
        found = [name for name in split(value) if is_name(name) or is_given_name(name)]
        if people(found):
            yield from found


def _printed(bylines: Iterable[str]) -> Iterable[str]:
    """Names from the page's face: those of the first byline that has any."""
    for byline in bylines:
        parts = [] if is_caption(byline) else split(byline)
        if _is_prose(parts):
            continue
        found = [name for name in parts if is_name(name)]
        if people(found):
            return iter(found)
    return iter(())


def _first_line(lines: Iterable[str], *, alone: bool) -> list[str]:
    """The first line that goes on like a name; none where it must be the page's only one, for teasers have theirs."""
    named = [line for line in lines if (rest := _BY.sub("", line, count=1)) and rest != line and not rest[0].islower()]
    return [] if alone and len(named) > 1 else named[:1]


def _is_prose(parts: list[str]) -> bool:
    """Whether a text in a script without spaces begins with more than a name: a box about somebody."""
    return bool(parts) and bool(is_wordless(parts[0])) and not is_name(parts[0])


def _given(node: Node | None) -> Iterator[tuple[str, bool]]:
    """(name as stated, whether of a person) of the authors in the data."""
    value = (node.properties.get("author") or node.properties.get("creator")) if node is not None else None
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item, any(map(is_name, split(item)))
        elif isinstance(item, dict):
            stated = item.get("name") or " ".join(str(item.get(k) or "") for k in ("givenName", "familyName")).strip()
            is_person = "Person" in str(item.get("@type", "Person"))
            yield from (
                (n, is_person) for n in (stated if isinstance(stated, list) else [stated]) if isinstance(n, str)
            )


def _beside_people(stated: str, *, is_person: bool) -> list[str]:
    """Of a statement what names no person: all of it, or the agencies beside the people."""
    if is_person and people(_names_of(stated)):
        return [part.strip() for part in stated.split(",") if agency(part)]
    return [stated]


def _names_of(stated: str) -> list[str]:
    return [] if stated.lstrip()[:1] in (",", "|") else split(stated)


def _others(stated: Iterable[str]) -> tuple[str, ...]:
    names = (_TAIL.sub("", clean_line(part)).strip(" ,;:|•·") for s in stated for part in s.split(";"))
    kept = (n for n in names if 2 <= len(n) <= _MAX_CREDIT and not _NO_CREDIT.search(n))
    return tuple(dict.fromkeys(kept))[:_MOST_CREDITS]


def _fuller(persons: tuple[str, ...], signals: Signals) -> tuple[str, ...]:
    """The byline's list where it holds every one of the data's names and more."""
    first = signals.bylines[0][: len(persons) + 1]
    printed = people(name for byline in first for name in split(byline) if is_name(name))
    return printed if set(persons) < set(printed) and len(printed) <= len(persons) + 2 else persons


def _unglued(names: tuple[str, ...], signals: Signals) -> tuple[str, ...]:
    """Names less what template text glued to them, where the name also stands alone: "Anna Ray Science"."""
    alone = {text for texts in signals.bylines for text in texts if is_name(text)}
    return tuple(max((a for a in alone if name.startswith(f"{a} ")), key=len, default=name) for name in names)
