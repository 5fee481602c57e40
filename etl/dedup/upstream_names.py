"""How reports call the sources they rest on goes in as tables; `upstream` reads them.

World and national agencies, and institutions by their kind: those that conflicts, disasters and courts are reported by.
"""

from __future__ import annotations

import re

# Agencies as prose calls them in any case; short Latin abbreviations only as they are written.
AGENCY: tuple[tuple[str, str], ...] = (
    ("Interfax-Ukraine", r"(?i:interfax-ukraine|інтерфакс-україна|интерфакс-украина)"),
    ("Reuters", r"(?i:thomson reuters|reuters|рейтер\w*)"),
    ("AP", r"(?:The )?Associated Press|AP\b|(?i:ассошиэйтед пресс|асошіейтед прес)"),
    ("AFP", r"AFP\b|Agence France-Presse|(?i:франс-?прес+\w*)"),
    ("dpa", r"(?i:dpa\b|deutsche presse-agentur)"),
    ("EFE", r"EFE\b|(?i:agencia efe)"),
    ("Ukrinform", r"(?i:ukrinform|укрінформ\w*|укринформ\w*)"),
    ("UNIAN", r"(?i:unian\b|уніан|униан)"),
    ("Interfax", r"(?i:interfax|інтерфакс\w*|интерфакс\w*)"),
    ("TASS", r"TASS\b|(?:ИТАР-)?ТАСС"),
    ("RIA Novosti", r"(?i:ria novosti|риа[ -]новости|ріа[ -]новини|ріа[ -]новости)"),
    ("Xinhua", r"(?i:xinhua)"),
    ("Anadolu", r"(?i:anadolu(?: agency)?)"),
    ("Kyodo", r"(?i:kyodo(?: news)?)"),
    ("Bloomberg", r"(?i:bloomberg(?: news)?)"),
    ("ANSA", r"ANSA\b"),
    ("PAP", r"PAP\b"),
)
# Institutions by kind, whatever the language and case; the stems of en · uk · ru · de · fr · es.
INSTITUTION: tuple[tuple[str, str], ...] = (
    (
        "general staff",
        (
            r"general staff|генштаб\w*|генерального штаб\w*|генеральний штаб|генеральный штаб|generalstab\w*"
            r"|état-major(?: général)?|estado mayor(?: general)?"
        ),
    ),
    (
        "ministry of defence",
        (
            r"(?:ministry of defen[cs]e|defen[cs]e ministry)|міноборон\w*"
            r"|міністерств\w+ оборони|минобороны"
            r"|министерств\w+ обороны|verteidigungsministerium\w*|ministère de la défense|ministerio de defensa"
        ),
    ),
    (
        "interior ministry",
        (
            r"(?:ministry of the interior|interior ministry|ministry of internal affairs)|мвс\b|мвд\b"
            r"|міністерств\w+ внутрішніх справ|министерств\w+ внутренних дел|innenministerium\w*"
            r"|ministère de l'intérieur|ministerio del interior"
        ),
    ),
    (
        "foreign ministry",
        (
            r"(?:foreign ministry|ministry of foreign affairs)|мзс\b|мид\b"
            r"|міністерств\w+ закордонних справ"
            r"|министерств\w+ иностранных дел|außenministerium\w*|auswärtige[ns]? amt\w*"
            r"|ministère des affaires étrangères"
        ),
    ),
    (
        "health ministry",
        (
            r"(?:health ministry|ministry of health)|моз\b|минздрав\w*|міністерств\w+ охорони здоров\w+"
            r"|gesundheitsministerium\w*|ministère de la santé|ministerio de (?:salud|sanidad)"
        ),
    ),
    (
        "emergency service",
        (
            r"(?:state )?emergency services?|дснс\b|мчс\b|рятувальник\w+|спасател\w+|protección civil"
            r"|civil protection|zivilschutz\w*|sécurité civile"
        ),
    ),
    (
        "prosecutors",
        (
            r"(?:public |state )?prosecutor(?:s|'s office|-general's office)?|прокуратур\w+|staatsanwaltschaft"
            r"|parquet\b|fiscalía"
        ),
    ),
    (
        "police",
        (
            r"(?:the )?(?:national |state |local |federal )?police\b|(?:національн\w+ )?поліці\w+"
            r"|нацполіці\w+|полици\w+"
            r"|polizei\b|(?:la )?police\b|(?:la )?policía\b"
        ),
    ),
    ("united nations", r"united nations|un\b|оон\b|vereinten? nationen|nations unies|naciones unidas|onu\b"),
    ("who", r"world health organi[sz]ation|вооз\b|воз\b|weltgesundheitsorganisation"),
    ("iaea", r"iaea\b|магате\b|aiea\b|iaeo\b"),
    ("geological survey", r"(?:us |u\.s\. )?geological survey|usgs\b"),
)
WORLDWIDE = frozenset({"united nations", "who", "iaea", "geological survey"})  # one in the world
LOCAL = frozenset({"police", "prosecutors", "emergency service"})  # of the place, where no country is spoken of
OUTLET = re.compile(
    r"(?i)\b(?:times|post|news|herald|tribune|gazette|guardian|telegraph|journal|bbc|cnn|tv|radio|правда|новини"
    r"|новости|газета|zeitung|spiegel|monde|figaro|país|diario)\b"
)
