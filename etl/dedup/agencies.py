"""A text goes in; the news agency it names as its origin comes out, or None.

Theory. An agency text says so where it begins or ends: in brackets after the place ("KYIV (Reuters) -", "PARIS
(AFP) —"), in a byline or credit line of its own ("By Jane Doe, Associated Press", "© dpa", "Source: Interfax"), or in a
sign-off ("Reporting by …; Editing by …" is Reuters'). A name inside a sentence ("told Reuters") is a source quoted,
and does not count. Abbreviations are matched in their own case, for "pa" and "ap" are words.
"""

from __future__ import annotations

import re

# The agency's short name: the ways it is written in credits. World and national agencies, by continent.
_AGENCIES: dict[str, str] = {
    "Reuters": r"Thomson Reuters|Reuters|REUTERS",
    "AP": r"The Associated Press|Associated Press|AP",
    "AFP": r"Agence France-Presse|AFP",
    "UPI": r"United Press International|UPI",
    "Bloomberg": r"Bloomberg(?: News)?",
    "PA": r"Press Association|PA(?: Media)?",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur",
    "APA": r"APA",
    "ANSA": r"ANSA",
    "EFE": r"Agencia EFE|EFE",
    "Lusa": r"Lusa|LUSA",
    "ANP": r"ANP",
    "Belga": r"Belga|BELGA",
    "TT": r"TT",
    "NTB": r"NTB",
    "Ritzau": r"Ritzau|RITZAU",
    "STT": r"STT",
    "PAP": r"PAP",
    "ČTK": r"ČTK|CTK",
    "MTI": r"MTI",
    "Ukrinform": r"Ukrinform|Укрінформ|Укринформ",
    "UNIAN": r"UNIAN|УНІАН|УНИАН",
    "Interfax-Ukraine": r"Interfax-Ukraine|Інтерфакс-Україна|Интерфакс-Украина",
    "Interfax": r"Interfax|Интерфакс",
    "TASS": r"TASS|ТАСС",
    "RIA Novosti": r"RIA Novosti|РИА Новости",
    "Anadolu": r"Anadolu Agency|Anadolu|AA",
    "Xinhua": r"Xinhua|新华社",
    "Kyodo": r"Kyodo(?: News)?|共同通信",
    "Jiji": r"Jiji(?: Press)?|時事通信",
    "Yonhap": r"Yonhap|연합뉴스",
    "PTI": r"Press Trust of India|PTI",
    "ANI": r"ANI",
    "IANS": r"IANS",
    "Antara": r"ANTARA|Antara",
    "AAP": r"Australian Associated Press|AAP",
    "NAN": r"News Agency of Nigeria|NAN",
    "Canadian Press": r"The Canadian Press|Canadian Press|CP",
}
_ANY = "|".join(sorted(_AGENCIES.values(), key=len, reverse=True))
_IN_BRACKETS = re.compile(rf"\((?:via )?({_ANY})\)")
_CREDIT = re.compile(
    rf"^(?:By [^.\n]{{0,80}}?,? |(?:Source|Agency|Quelle|Fuente|Источник|Джерело): ?|© ?|Copyright (?:\d{{4}} )?)"
    rf"({_ANY})\b|^({_ANY})$",
    re.MULTILINE,
)
_SIGN_OFF = re.compile(r"\(Reporting by [^)]{3,200}[;)]")
_REACH = 400  # characters from either end


def agency_named(text: str) -> str | None:
    """The agency a text credits, by its short name."""
    for part in (text[:_REACH], text[-_REACH:]):
        found = _IN_BRACKETS.search(part) or _CREDIT.search(part)
        if found:
            return _short(next(g for g in found.groups() if g))
        if _SIGN_OFF.search(part):
            return "Reuters"
    return None


def _short(alias: str) -> str:
    for name, aliases in _AGENCIES.items():
        if re.fullmatch(aliases, alias):
            return name
    return alias
