"""A sentence goes in; its figures come out with their place, their value and what they count.

Theory. A figure is digits ("1,200", "1 200", "12.5") or a small number in words, in the languages of most of what we
read (English, Ukrainian, Russian, German, French, Spanish). What it counts is told by the nearest word of a few
families, killed or injured above all: six words after it, then four before, within the clause first. Families are
stems, so that «загинули», «погибших», "dead" and "Tote" are one measure and an analyst asks once for all languages.
A comma or a point before exactly three digits groups thousands; any other is a decimal point.
Not done: "hundreds", ranges, fractions in words. "One" is read only beside a measure: it is an article or a pronoun
in most places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise

TOKEN = re.compile(r"\d+(?:[.,\u00a0\u202f ](?=\d{3}(?!\d))\d{3})*(?:[.,]\d+)?|[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*|\d+")
_AFTER, _BEFORE = 6, 4  # words in which the measure is looked for

_WORDS: tuple[tuple[int, str], ...] = (
    (1, "one один одна одного одну одно однієї одной ein eine einen einer un une uno una"),
    (2, "two два дві двоє двох двом две двое двум zwei deux dos"),
    (3, "three три троє трьох трьом трое трех трём трёх трем drei trois tres"),
    (4, "four чотири четверо чотирьох чотирьом четыре четырех четырёх vier quatre cuatro"),
    (5, "five п'ять п'ятеро п'яти п'ятьох пять пятеро пяти fünf cinq cinco"),
    (6, "six шість шестеро шести шістьох шесть sechs six seis"),
    (7, "seven сім семеро семи сімох семь sieben sept siete"),
    (8, "eight вісім восьмеро восьми вісьмох восемь восьмерых acht huit ocho"),
    (9, "nine дев'ять дев'ятеро дев'яти девять девятеро девяти neun neuf nueve"),
    (10, "ten десять десятеро десяти zehn dix diez"),
    (11, "eleven одинадцять одинадцяти одиннадцать одиннадцати elf onze once"),
    (12, "twelve дванадцять дванадцяти двенадцать двенадцати zwölf douze doce"),
    (13, "thirteen тринадцять тринадцать dreizehn treize trece"),
    (14, "fourteen чотирнадцять четырнадцать vierzehn quatorze catorce"),
    (15, "fifteen п'ятнадцять пятнадцать fünfzehn quinze quince"),
    (16, "sixteen шістнадцять шестнадцать sechzehn seize dieciséis"),
    (17, "seventeen сімнадцять семнадцать siebzehn dix-sept diecisiete"),
    (18, "eighteen вісімнадцять восемнадцать achtzehn dix-huit dieciocho"),
    (19, "nineteen дев'ятнадцять девятнадцать neunzehn dix-neuf diecinueve"),
    (20, "twenty двадцять двадцяти двадцать двадцати zwanzig vingt veinte"),
)
_VALUE = {word: value for value, words in _WORDS for word in words.split()}

# Families of what news counts; stems of en · uk · ru · de · fr · es.
_MEASURES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(stems))
    for name, stems in (
        (
            "killed",
            (
                r"kill|dead$|died|death|die$|dies$|fatal|загин|вбит|смерт|жертв|погиб|убит|умер|tote|tot$"
                r"|getötet|starb|todes"
                r"|mort|tué|décès|décéd|muert|murier|muri[óo]|fallecid"
            ),
        ),
        (
            "injured",
            (
                r"injur|wound|hurt$|поране|поран|травмован|постражда|ранен|пострада|травмир|verletz|bless"
                r"|herid|lesionad"
            ),
        ),
        ("missing", r"missing|unaccounted|зникл|безвісти|пропал|vermiss|disparu|desaparecid"),
        ("detained", r"detain|arrest|затрим|арешт|задерж|арест|festgenomm|verhaft|arrêt|interpell|deten"),
        (
            "displaced",
            (
                r"evacuat|displac|refugee|евакуй|евакуац|переселен|біжен|эвакуир|бежен|evakuier"
                r"|flüchtling|évacu|réfugi"
                r"|evacuad|desplazad|refugiad"
            ),
        ),
        ("damaged", r"damag|destroy|пошкодж|зруйн|поврежд|разруш|beschädig|zerstör|endommag|détrui|dañad|destrui"),
    )
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a sentence."""

    start: int  # in the sentence
    end: int
    value: Decimal
    measure: str | None  # killed, injured, missing, detained, displaced, damaged
    about: frozenset[str]  # folded words around it


def figures(sentence: str) -> list[Figure]:
    """The figures of a sentence in order."""
    tokens = [(m.start(), m.end(), fold(m[0])) for m in TOKEN.finditer(sentence)]
    found = []
    for place, (start, end, word) in enumerate(tokens):
        value = value_of(word)
        if value is None:
            continue
        measure = _measure(sentence, tokens, place)
        if value == 1 and not word.isdigit() and measure is None:
            continue
        near = tokens[max(0, place - _BEFORE) : place] + tokens[place + 1 : place + 1 + _AFTER]
        about = frozenset(w for _, _, w in near if len(w) > 2 and value_of(w) is None)
        found.append(Figure(start, end, value, measure, about))
    return found


def value_of(word: str) -> Decimal | None:
    """What a folded token says as a number."""
    if not word[:1].isdigit():
        return Decimal(_VALUE[word]) if word in _VALUE else None
    plain = re.sub(r"[.,\u00a0\u202f ](?=\d{3}(?!\d))", "", word).replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def fold(word: str) -> str:
    """A token as it is compared."""
    return word.casefold().replace("’", "'").replace("ʼ", "'")


def _measure(sentence: str, tokens: Sequence[tuple[int, int, str]], place: int) -> str | None:
    """The nearest measure: within the clause after the number, then before it; then beyond the clause likewise."""
    after = tokens[place : place + 1 + _AFTER]
    before = tokens[max(0, place - _BEFORE) : place + 1][::-1]
    for is_bounded in (True, False):
        for side in (after, before):
            for (a, b, _), (c, d, word) in pairwise(side):
                gap = sentence[min(b, d) : max(a, c)]
                if (is_bounded and any(mark in gap for mark in ",;:()—–")) or value_of(word) not in {None, 1}:
                    break
                if name := _family(word):
                    return name
    return None


def _family(word: str) -> str | None:
    return next((name for name, stem in _MEASURES if stem.match(word)), None)
