"""A text goes in; whom it names as the source of what it reports comes out, with the place of each name.

Theory. Reports that rest on one source are one line of evidence, whoever prints them. A text names its source in few
ways, and only those are read, for a wrong tie hides a witness: before the name ("according to", "citing", «за даними»,
«со ссылкой на», "laut", "selon", "según") or around it ("X reported", "X said in a statement"), where X is an agency, a
known kind of institution, or a run of capitalised words. An agency credited at the beginning or end (`agencies`) counts
as named. Rules run in order; the first to claim a stretch of text keeps it.
Folding: agencies by their short name; institutions by their kind and country ("general staff UA"; `upstream_country`),
worldwide ones by kind alone; other names by their words, case, articles, Slavic endings off. Where nobody can say whose
institution it is, the name is the kind alone and ties nothing: there may be two general staffs in one story. Only local
services (police, prosecutors, rescuers) are one without a country, where the text speaks of none: those of the place.
Kept out: what names nobody ("according to plan", "local media", "sources"), pronouns, laws, months.
Not done: people quoted without "according to"; "told Reuters", which is the speaker's word; anonymous officials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from etl.dedup.agencies import agency_named
from etl.dedup.upstream_country import NONE_NAMED, country_about, country_beside
from etl.dedup.upstream_names import AGENCY, INSTITUTION, LOCAL, OUTLET, WORLDWIDE

_READ = 50_000  # characters: a source is named early and often
_LONGEST = 80  # characters of a name


class UpstreamKind(StrEnum):
    """What an upstream is."""

    AGENCY = "agency"
    INSTITUTION = "institution"
    OUTLET = "outlet"  # a paper, a channel, a site
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Upstream:
    """A source named."""

    name: str  # folded: equal names are one source
    kind: UpstreamKind
    surface: str
    start: int  # Unicode code points
    end: int
    rule: str
    ties: bool = True  # equal names are one source; False where it is not known whose institution it is


_CAPITAL = r"[^\W\d_a-zа-яєіїґßäöüéèêàçñáíóú][\w’'.&-]*"
_LINK = r"(?:of|for|and|the|on|de|del|la|des|du|der|für|und|з|та|і|и|по|у|в)"
_RUN = rf"{_CAPITAL}(?:\s+(?:{_LINK}\s+(?:the\s+|la\s+)?)?{_CAPITAL}){{0,6}}"
_QUOTED = r"[«\"“„][^«»\"“”„\n]{2,60}[»\"”“]"
_KNOWN = "|".join(f"(?:{p})" for _, p in AGENCY) + "|(?i:" + "|".join(p for _, p in INSTITUTION) + ")"
_ARTICLE = (
    r"(?:(?i:the|an?|its|der|die|das|den|dem|des|les?|la|el|los|las|агентств\w+|агенці\w+|видання|издани[ея]"
    r"|телеканал\w*"
    r"|news|agency|nachrichtenagentur|agence|agencia|newspaper|daily)\s+|(?i:l['’](?:agence\s+)?)){0,3}"
)
_NAMED = rf"{_ARTICLE}(?P<name>(?:[\w'’.-]+\s+)?(?:{_KNOWN})|{_QUOTED}|{_RUN})"
_KNOWN_NAME = rf"{_ARTICLE}(?P<name>{_KNOWN})"

_BEFORE = (
    r"according to|as reported by|first reported by|citing|quoting|за даними|за інформацією|за повідомленням|за словами"
    r"|з посиланням на|посилаючись на|по данным|по информации|по сообщению|со ссылкой на|ссылаясь на|laut|zufolge"
    r"|nach angaben (?:des|der|von)|unter berufung auf|selon|d['’]après|citant|según|de acuerdo con|citando a"
)
_VERB_FIRST = (
    r"(?:про це |об этом |як |как )?(?:повідомля[єю]\w*|повідоми\w+|передає|пише|сообща[ею]т|сообщил\w*"
    r"|переда[её]т|пишет)"
    r"|rapporte|informó|reportó|berichtete?|meldete?"
)
_VERB_AFTER = (
    r"(?:has |have |had )?(?:reported|reports|said in an? (?:statement|report)|announced)|повідоми\w+|повідомля[єю]\w*"
    r"|сообщил\w*|сообща[ею]т|berichtete?|meldete?|a rapporté|a annoncé|informó|reportó|anunció"
)
# Rule, what any match of it holds (looked for first, for it is cheap), pattern.
_RULES: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    ("source before name", re.compile(rf"(?i:{_BEFORE})"), re.compile(rf"(?<!\w)(?i:{_BEFORE})\s+{_NAMED}")),
    (
        "verb before name",
        re.compile(rf"(?i:{_VERB_FIRST})"),
        re.compile(rf"(?<!\w)(?i:{_VERB_FIRST})\s+(?:{_KNOWN_NAME}|(?P<quoted>{_QUOTED}))"),
    ),
    (
        "name before verb",
        re.compile(rf"(?i:{_VERB_AFTER})"),
        re.compile(rf"(?<!\w){_KNOWN_NAME}(?:\s+of\s+{_RUN}|\s+{_RUN})?\s+(?i:{_VERB_AFTER})(?!\w)"),
    ),
)
_AGENCIES = tuple((name, re.compile(p)) for name, p in AGENCY)
_INSTITUTIONS = tuple((name, re.compile(p, re.IGNORECASE)) for name, p in INSTITUTION)
_NOBODY = re.compile(
    r"(?i)(?:he|she|it|they|we|i|this|that|these|those|his|her|their|our|plan|article|section|law|sources?|reports?"
    r"|officials?|witnesses|local|media|some|many|several|one|two|experts?|data|figures|statistics|mr|mrs|ms"
    r"|він|вона|вони|його|її|їх|статт\w+|закон\w*|джерел\w+|змі|он|она|они|его|её|стать\w+|источник\w*|сми"
    r"|ihm|ihr|artikel|gesetz|medien|quellen|lui|elle|eux|article|médias|él|ella|ellos|artículo|fuentes|medios"
    r"|jan\w*|feb\w*|march|april|may|june|july|aug\w*|sept\w*|oct\w*|nov\w*|dec\w*|\w+day)"
)
_ENDING = re.compile(r"(?<=\w{4})(?:ого|ому|ими|ами|ями|ої|ою|ам|ям|ів|ов|ах|ях|ий|ый|ая|ое|ом|ем|ой|[аеиіоуюяїйьы])$")
_DULL = frozenset(
    [
        "the",
        "of",
        "and",
        "for",
        "de",
        "del",
        "la",
        "le",
        "les",
        "des",
        "du",
        "der",
        "die",
        "das",
        "für",
        "und",
        "el",
        "los",
    ]
)


def find(text: str) -> list[Upstream]:
    """The sources a text names, in reading order, each place once."""
    part = text[:_READ]
    found: list[Upstream] = []
    for rule, needed, pattern in _RULES:
        if not needed.search(part):
            continue
        for m in pattern.finditer(part):
            group = "name" if m["name"] else "quoted"
            one = _upstream(m[group], m.start(group), rule)
            if one and not any(u.start < one.end and one.start < u.end for u in found):
                found.append(one)
    found += [u for u in _credited(text) if not any(u.start < v.end and v.start < u.end for v in found)]
    return sorted(_placed(part, found), key=lambda u: u.start)


def _placed(text: str, found: list[Upstream]) -> Iterator[Upstream]:
    """Institutions with their country: told beside the name, or beside another of the kind, or by the whole text."""
    beside = {u: country_beside(text, u.start, u.end) for u in found if _is_national(u)}
    of_kind = {u.name: {c for v, c in beside.items() if c and v.name == u.name} for u in beside}
    for u in found:
        if u not in beside:
            yield u
            continue
        of_others = min(of_kind[u.name]) if len(of_kind[u.name]) == 1 else None
        country = beside[u] or of_others or country_about(text, u.start, u.end)
        if country == NONE_NAMED:
            yield replace(u, ties=u.name in LOCAL)
        else:
            yield replace(u, name=f"{u.name} {country}") if country else replace(u, ties=False)


def _is_national(u: Upstream) -> bool:
    return u.kind is UpstreamKind.INSTITUTION and u.name not in WORLDWIDE


def _credited(text: str) -> Iterator[Upstream]:
    """The agency of the credit line, where its name is written."""
    name = agency_named(text)
    place = next((m for n, p in _AGENCIES if n == name and (m := p.search(text))), None) if name else None
    if name and place:
        yield Upstream(name.casefold(), UpstreamKind.AGENCY, place[0], place.start(), place.end(), "credit line")


def _upstream(surface: str, start: int, rule: str) -> Upstream | None:
    bare = surface.strip(" \n\t.,:;«»\"“”„'’")
    start += surface.find(bare)
    if not 2 <= len(bare) <= _LONGEST:
        return None
    name, kind = _folded(bare)
    if not name or (_NOBODY.fullmatch(bare.split()[0]) and kind is UpstreamKind.OTHER):
        return None
    return Upstream(name, kind, bare, start, start + len(bare), rule)


def _folded(bare: str) -> tuple[str, UpstreamKind]:
    for name, agency in _AGENCIES:
        if agency.search(bare):
            return name.casefold(), UpstreamKind.AGENCY
    for name, institution in _INSTITUTIONS:
        if institution.search(bare):
            return name, UpstreamKind.INSTITUTION
    words = [w for w in re.findall(r"[\w’'-]+", bare.casefold()) if w not in _DULL]
    kind = UpstreamKind.OUTLET if OUTLET.search(bare) else UpstreamKind.OTHER
    return " ".join(_ENDING.sub("", w) for w in words), kind
