"""A name in, the news agency it stands for out.

Theory. Agencies sign as themselves, short or long, in their own case ("pa" and "ap" are words), in brackets after the
place of a dateline, in a byline, in a credit line. What is listed are the world's and the nations' agencies, for their
texts stand in many outlets at once; papers that others quote are none.
"""

from __future__ import annotations

import re

# The agency's short name: the ways it is written in credits. World and national agencies, by continent.
AGENCIES: dict[str, str] = {
    "Reuters": r"Thomson Reuters|Reuters|REUTERS|Рейтерс|رويترز|路透社?|ロイター",
    "AP": r"The Associated Press|Associated Press|AP|أ\.? ?ب|美联社|AP通信",
    "AFP": r"Agence France-Presse|AFP|Франс-Пресс|أ ?ف ?ب|فرانس برس|法新社|AFP時事|AFP通信",
    "UPI": r"United Press International|UPI",
    "Bloomberg": r"Bloomberg(?: News)?",
    "CNN": r"CNN",
    "PA": r"Press Association|PA(?: Media)?",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur",
    "SID": r"SID|sid",
    "epd": r"epd|EPD",
    "KNA": r"KNA",
    "APA": r"APA",
    "Keystone-SDA": r"Keystone-SDA|SDA|sda",
    "ANSA": r"ANSA",
    "EFE": r"Agencia EFE|EFE",
    "Europa Press": r"Europa Press",
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
    "UNN": r"UNN|УНН",
    "Interfax-Ukraine": r"Interfax-Ukraine|Інтерфакс-Україна|Интерфакс-Украина",
    "Interfax": r"Interfax|Интерфакс|ИНТЕРФАКС",
    "TASS": r"TASS|ИТАР-ТАСС|ТАСС",
    "RIA Novosti": r"RIA Novosti|РИА Новости",
    "BelTA": r"BelTA|БЕЛТА|БелТА",
    "Anadolu": r"Anadolu Ajansı|Anadolu Agency|Anadolu|AA",
    "DHA": r"Demirören Haber Ajansı|DHA",
    "İHA": r"İhlas Haber Ajansı|İHA",
    "MENA": r"MENA|أ ?ش ?أ",
    "WAM": r"WAM|وام",
    "SPA": r"SPA|واس",
    "SANA": r"SANA|سانا",
    "Xinhua": r"Xinhua|新华社|新華社",
    "CNS": r"中新社|中新网",
    "CNA": r"中央社",
    "Kyodo": r"Kyodo(?: News)?|共同通信|共同",
    "Jiji": r"Jiji(?: Press)?|時事通信|時事",
    "Yonhap": r"Yonhap|연합뉴스",
    "PTI": r"Press Trust of India|PTI",
    "ANI": r"ANI",
    "IANS": r"IANS",
    "BSS": r"BSS",
    "UNB": r"UNB",
    "APP": r"APP",
    "Antara": r"ANTARA|Antara",
    "Bernama": r"Bernama|BERNAMA",
    "AAP": r"Australian Associated Press|AAP",
    "NAN": r"News Agency of Nigeria|NAN",
    "Canadian Press": r"The Canadian Press|Canadian Press|CP",
}
ANY = "|".join(sorted((f"(?:{a})" for a in AGENCIES.values()), key=len, reverse=True))
_BY_NAME = [(short, re.compile(aliases)) for short, aliases in AGENCIES.items()]


def agency(name: str) -> str | None:
    """The agency of this name, by its short name."""
    return next((short for short, aliases in _BY_NAME if aliases.fullmatch(name.strip())), None)


def agencies(names: tuple[str, ...]) -> tuple[str, ...]:
    """The agencies among credits ("dpa/AFP", "AFP, Paris"), by their short names, once each."""
    parts = (part for name in names for part in re.split(r"[/,;+&]|\s(?:and|und|et|y|и|та)\s", name))
    return tuple(dict.fromkeys(a for p in parts if (a := agency(p))))
