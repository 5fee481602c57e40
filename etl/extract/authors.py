"""A page's statements on who wrote it in, the names of people out.

Theory. JSON-LD authors come first (already one name each), then meta tags, then the visible byline, which is prose
("By Anna Ray and Tom Hill | Politics editor") and is cut into names. The first source that names a person wins. A name
is kept when it can be a person's: letters, one to six words, no address, not the outlet itself, not a desk, a role or a
news agency. Desks, roles and agencies are told by the generic words in them, not by a list of outlets.
Exceptions: one word is enough where a statement says it is an author's name (JSON-LD Person, meta author) and in
scripts without spaces; in prose a name has at least two words that begin with a capital. "Ray, Anna" is turned round;
degrees and what follows a bar, a dash or a bracket are left off.
Chosen not to do: guessing names from running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from etl.extract.captions import is_caption
from etl.extract.clean import clean_line
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
    r"^\W*(?:(?:written|posted|published|story|text|report(?:ed|ing)?|words|analysis|opinion|reviewed|submitted)\s+)?"
    r"(?:by|von|par|por|door|av|af|di|de|przez|autor(?:e|a|en)?|author|auteur|texte?|автор|от|written)\b\s*:?\s+",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*(?:;|\||•|·|/|\n|\s&\s|\s(?:and|und|et|og|och|en|with|и|та)\s|\sy\s(?=[A-ZÀ-Þ])|\se\s(?=[A-ZÀ-Þ]))\s*"
)
_TAIL = re.compile(
    r"\s*(?:[(\[<*].*|\s[-–—]\s.*|\s(?:for|at|on)\s+(?:the\s+)?[A-Z].*|\bon\s+\w+day\b.*|,?\s*\b(?:\d|published|updated|posted|last|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d).*)$",
    re.IGNORECASE,
)
_GLUED = re.compile(r"^By(?=[A-ZÀ-Þ])")  # "By" and the name in elements without a space between
_ADDRESS = re.compile(r"https?:|www\.|@|\w\.(?:com|org|net|co|de|uk|fr|ru|be|at|ch|info|news)\b", re.IGNORECASE)

# Words that name a desk, a role, an organisation or a machine, never a person.
_DESK = (
    r"q?_?admin\w*|staff|editors?|editor-in-chief|editorial|newsroom|news|desk|team|webmaster|online|digital|guest|unknown|anonymous|"
    r"redaktion\w*|r[eé]daction|redacci[oó]n|redazione|reda[ck][tc]i(?:e|on|ja|a)|redakcja|redakce|редакция|редакція"
)
_ROLE = (
    r"reporters?|correspondents?|contributors?|contributing|writers?|experts?|specialists?|directors?|managers?|officers?|"
    r"founders?|ceo|analysts?|columnists?|producers?|photographers?|professor|advis[eo]rs?|consultants?|author"
)
_OUTLET = (
    r"agenc(?:y|ies|ia)|\w*agentur(?:en)?|ajans[iı]?|press|presse|newswires?|wires?|media|tv|radio|times|daily|magazine|"
    r"journal|gazette|herald|tribune|inc|llc|ltd|gmbh|group|network|services?|limited|company|associated|university|"
    r"zeitung|nachrichten|sponsored"
)
_PAGE = (
    r"subscribe|share|comments?|facebook|twitter|linkedin|follow|read|view|more|by|profile|posts?|all|our|the|about|"
    r"minutes?|published|updated"
)
_NOT_A_PERSON = re.compile(rf"(?<!\w)(?:{_DESK}|{_ROLE}|{_OUTLET}|{_PAGE})(?!\w)", re.IGNORECASE)
_INITIALISM = re.compile(r"^(?:[A-ZА-Я]{2,6})(?:[/-][A-Za-zА-я]{2,6})*$")
_DEGREES = re.compile(r",?\s+(?:Ph\.?D|M\.?D|M\.?S|M\.?A|M\.?B\.?A|R\.?D|R\.?N|J\.?D|CPA|LCSW|DVM|Esq|Jr)\.?(?=,|\s|$)")
_WORDLESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PARTICLES = frozenset("de da di do dos das del della der den van von zu la le el al bin ibn ten ter y e af av".split())  # noqa: SIM905 - reads as the list it is
_MAX_AUTHORS = 12
_MAX_LINE = 100  # characters of a byline in the text
# The outlet after a name: "Anna Ray DAILY PLANET".
_SHOUTED = re.compile(r"(?<=[a-zà-ÿ])\s+[A-Z]{2,}(?:\s+[A-Z]{2,})+$")


def authors(signals: Signals, node: Node | None, site: str | None = None, lines: Iterable[str] = ()) -> tuple[str, ...]:
    """Names of the people a page says wrote it; empty where it names none. `lines` are the first of its text."""
    persons = tuple(_from_node(node))
    if people(persons):
        return people(persons)  # a Person by its own statement, even where the outlet is named for its author
    stated, named, linked = signals.bylines
    sources: tuple[Iterable[str], ...] = (
        _stated(_meta(signals)),
        _printed(stated),
        _stated(signals.microdata.get("author", ())),
        _printed(named),
        _printed(linked),
        _printed(line for line in lines if len(line) <= _MAX_LINE and _BY.match(line)),
    )
    return next((found for source in sources if (found := people(source, site))), ())


def people(names: Iterable[str], site: str | None = None) -> tuple[str, ...]:
    """Of some names those that can be people's, once each, in order; a longer form of one already there is left out."""
    kept: dict[str, str] = {}
    for raw in names:
        name = clean_line(raw).strip(" ,;:.|-–—\"'*")
        folded = name.casefold()
        is_known = any(folded.startswith(f"{k} ") or k.startswith(f"{folded} ") for k in kept)
        if name and not is_known and _can_be_person(name) and not _is_outlet(folded, site):
            kept.setdefault(folded, name)
    return tuple(kept.values())[:_MAX_AUTHORS]


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
        return [turned] if _is_name(turned) else pieces[:1]
    return [p for p in pieces if _is_name(p)] or pieces[:1]


def _meta(signals: Signals) -> Iterator[str]:
    for key in _META:
        yield from signals.meta.get(key, ())
    if not re.search(r"time|zeit|temps|tiempo|tempo|чтени", signals.first("twitter:label1") or "", re.IGNORECASE):
        yield from signals.meta.get("twitter:data1", ())


def _stated(values: Iterable[str]) -> Iterator[str]:
    """Names from statements: the first that yields any, for the tags repeat one another."""
    for value in values:
        found = [name for name in split(value) if _is_name(name) or _is_given_name(name)]
        if people(found):
            yield from found


def _printed(bylines: Iterable[str]) -> Iterable[str]:
    """Names from the page's face: those of the first byline that has any."""
    for byline in bylines:
        found = [] if is_caption(byline) else [name for name in split(byline) if _is_name(name)]
        if people(found):
            return iter(found)
    return iter(())


def _from_node(node: Node | None) -> Iterator[str]:
    value = (node.properties.get("author") or node.properties.get("creator")) if node is not None else None
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield from (name for name in split(item) if _is_name(name))
        elif isinstance(item, dict) and "Person" in str(item.get("@type", "Person")):
            stated = item.get("name") or " ".join(str(item.get(k) or "") for k in ("givenName", "familyName")).strip()
            for name in stated if isinstance(stated, list) else [stated]:
                if isinstance(name, str):
                    yield from split(name)


def _is_outlet(folded: str, site: str | None) -> bool:
    return bool(site) and folded.replace(" ", "") == (site or "").casefold().replace(" ", "")


def _can_be_person(name: str) -> bool:
    return (
        2 <= len(name) <= 60
        and len(name.split()) <= 6
        and not _ADDRESS.search(name)
        and not _NOT_A_PERSON.search(name)
        and not _INITIALISM.match(name)
        and sum(c.isalpha() for c in name) >= 0.6 * len(name)
    )


def _is_given_name(name: str) -> bool:
    return bool(re.fullmatch(r"[A-ZÀ-Þ][a-zà-ÿ]{2,14}", name))


def _is_name(name: str) -> bool:
    """Stricter, for prose: two to five words that begin with a capital, or a script that has no spaces."""
    if _WORDLESS.search(name):
        return len(name) <= 12
    words = name.split()
    if not 2 <= len(words) <= 5 or any(c.isdigit() for c in name):
        return False
    cased = [w for w in words if w.casefold() not in _PARTICLES]
    return len(cased) >= 2 and all(not w[0].islower() for w in cased if w[0].isalpha())
