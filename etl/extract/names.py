"""Words of a byline in, whether they can be a person's name out.

Theory. A name has letters, one to six words, no address; it is not the outlet itself, not a desk, a role or a news
agency. Desks, roles and agencies are told by the generic words in them, not by a list of outlets.
Exceptions: one word is enough where a statement says it is an author's name (JSON-LD Person, meta author) and in
scripts without spaces; in prose a name has at least two words that begin with a capital. A word of a newsroom behind a
name in a script without capitals ("기자", "記者") is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.extract.clean import clean_line

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
_WORDLESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_REPORTER = re.compile(r"(?:\s+(?:기자|특파원|논설위원|기자단)|\s*(?:記者|记者|報道))$")
_PARTICLES = frozenset("de da di do dos das del della der den van von zu la le el al bin ibn ten ter y e af av".split())  # noqa: SIM905 - reads as the list it is
_ACCOUNT = re.compile(r"^[\w.\-]*[a-z0-9][\w.\-]*$", re.ASCII)
_MAX_AUTHORS = 12


def people(names: Iterable[str], site: str | None = None) -> tuple[str, ...]:
    """Of some names those that can be people's, once each, in order; a longer form of one already there is left out."""
    kept: dict[str, str] = {}
    for raw in names:
        name = _REPORTER.sub("", clean_line(raw).strip(" ,;:.|-–—\"'*"))
        folded = name.casefold()
        is_known = any(folded.startswith(f"{k} ") or k.startswith(f"{folded} ") for k in kept)
        if name and not is_known and _can_be_person(name) and not is_outlet_name(folded, site):
            kept.setdefault(folded, name)
    return tuple(kept.values())[:_MAX_AUTHORS]


def is_name(name: str) -> bool:
    """Stricter, for prose: two to five words that begin with a capital, or a script that has no spaces."""
    if _WORDLESS.search(name):
        return len(name) <= 12
    words = name.split()
    if not 2 <= len(words) <= 5 or any(c.isdigit() for c in name):
        return False
    cased = [w for w in words if w.casefold() not in _PARTICLES]
    return len(cased) >= 2 and all(not w[0].islower() for w in cased if w[0].isalpha())


def is_wordless(text: str) -> bool:
    """Whether it is in a script without spaces between words."""
    return bool(_WORDLESS.search(text))


def is_given_name(name: str) -> bool:
    """One word as a given name is written."""
    return bool(re.fullmatch(r"[A-ZÀ-Þ][a-zà-ÿ]{2,14}", name))


def is_account(name: str) -> bool:
    """Whether it is what somebody logs in as, not a name: "KatieS", "anna.ray", "annaray"."""
    return bool(_ACCOUNT.match(name)) and not is_given_name(name)


def is_outlet_name(folded: str, site: str | None) -> bool:
    """Whether a name is the site's."""
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
