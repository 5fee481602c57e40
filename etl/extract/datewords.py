"""A line with a date in words, in characters or in digits in; its day out, with the time and offset that stand there.

Theory. News pages print a day as day, month's name, year in some order, in the page's language; month names are told by
their stems, for Slavic and Finnic languages bend them. All three parts must stand together. "01/02/2024" has two
readings and so none; with points it is day first everywhere. A time counts only behind or just before the day.
Chosen not to do: other calendars (Persian, Buddhist, Hijri), and Croatian month names, which are Polish and Czech
names of other months.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta, timezone

# Stems of month names, January first: Latin script, Cyrillic, Greek, Arabic, Hebrew, Devanagari. The longest wins.
_STEMS = (
    "jan gen ene led sty tammi oca янв січ студ ιαν يناير جانفي ינואר जनवरी",
    "feb fév fev úno lut helmi şub фев лют ФЕВ φεβ فبراير فيفري פברואר फ़रवरी फरवरी",
    "mar mär maa mrt mac bře maalis мар бер μαρ مارس מרץ मार्च",
    "apr avr abr dub kwi huhti nis апр кві απρ أبريل ابريل أفريل אפריל अप्रैल",
    "may mai maj mei mag maí máj kvě touko mayıs май мая маю тра μαι μαΐ مايو ماي מאי मई",
    "jun juin jún giu červn červen cze kesä haz июн чер ιουν يونيو جوان יוני जून",
    "jul juil júl lug červenc lip heinä tem июл лип ιουλ يوليو جويلية יולי जुलाई",
    "aug aoû aou ago agu ogos srp sie elo ağu авг сер αυγ أغسطس اغسطس أوت אוגוסט अगस्त",
    "sep set sept zář wrz syys eyl сен вер σεπ سبتمبر ספטמבר सितंबर सितम्बर",
    "oct okt out ott říj paź loka eki окт жов οκτ أكتوبر اكتوبر אוקטובר अक्टूबर",
    "nov lis marras kas ноя лис νοε نوفمبر נובמבר नवंबर नवम्बर",
    "dec dez déc dic des pro gru joulu ara дек гру δεκ ديسمبر דצמבר दिसंबर दिसम्बर",
)
_LEVANTINE = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب",
    "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
_MONTH_OF = {stem.casefold(): n for n, stems in enumerate(_STEMS, 1) for stem in stems.split()} | {
    name: n for n, name in enumerate(_LEVANTINE, 1)
}
_LONGEST = max(map(len, _MONTH_OF))
_NAME = rf"(?:{'|'.join(_LEVANTINE)}|[^\W\d_]{{3,14}})"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?\s*(?:de |del |di |d['’]|ב)?(?P<month>{_NAME})\.?,?\s*"
    r"(?:de |del )?(?P<year>(?:19|20)\d\d)(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_])(?P<month>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)(?!\d)"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:\s*[年년]\s*|[./-])(?P<month>\d{1,2})(?:\s*[月월]\s*|[./-])(?P<day>\d{1,2})(?:\s*[日일]|(?!\d))"
)
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2}) tháng (?P<month>\d{1,2}),? (?:năm )?(?P<year>(?:19|20)\d\d)", re.IGNORECASE
)
_DIGITS = re.compile(r"(?<![\d.])(?P<first>\d{1,2})(?P<sign>[./-])(?P<second>\d{1,2})[./-](?P<year>\d{4})(?!\d)")
_TIME = re.compile(
    r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])(?:[:.h]|\s*時\s*|\s*时\s*|\s*点\s*|\s*시\s*)(?P<minute>[0-5]\d)(?::[0-5]\d)?"
    r"(?:\s*[分분])?(?!\d|\s*min)(?:\s*(?P<half>[ap]\.?m\b\.?))?(?:\s*(?:uhr|Uhr))?"
    r"(?:\s*\(?(?P<zone>UTC|GMT|CEST|CET|EEST|EET|MSK|МСК|EST|EDT|PST|PDT|JST|KST)\b)?",
    re.IGNORECASE,
)
_ZONES = {
    "utc": 0, "gmt": 0, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3, "est": -5, "edt": -4, "pst": -8,
    "pdt": -7, "jst": 9, "kst": 9,
}  # fmt: skip
_REACH = 30  # characters behind the day in which its time stands


@dataclass(frozen=True, slots=True)
class Said:
    """A day as said, with what stands by it."""

    day: date
    time: tuple[int, int] | None  # hour, minute
    offset: timezone | None


def said(line: str) -> Said | None:
    """The first day of a line; None where it has none, or one that can be read in two ways."""
    text = "".join(_plain(c) for c in line)
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST, _VIETNAMESE, _DIGITS):
        for found in pattern.finditer(text):
            day = _day(found.groupdict())
            if day is not None:
                return Said(day, *_time(text[: found.start()], text[found.end() :]))
    return None


def _plain(char: str) -> str:
    """Digits of any script as our own."""
    digit = unicodedata.digit(char, None) if not char.isascii() else None
    return char if digit is None or not char.isdecimal() else str(digit)


def _day(parts: dict[str, str]) -> date | None:
    year = int(parts["year"])
    if "sign" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        if parts["sign"] != "." and first <= 12 and second <= 12 and first != second:
            return None
        day, month = (first, second) if first > 12 or parts["sign"] == "." else (second, first)
    else:
        day = int(parts["day"])
        month = int(parts["month"]) if parts["month"].isdigit() else month_of(parts["month"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(name: str) -> int:
    """Its number by the longest stem it begins with; 0 where it is no month."""
    folded = name.casefold()
    return next((_MONTH_OF[s] for n in range(min(_LONGEST, len(folded)), 1, -1) if (s := folded[:n]) in _MONTH_OF), 0)


def _time(before: str, behind: str) -> tuple[tuple[int, int] | None, timezone | None]:
    found = _TIME.search(behind[:_REACH]) or next(iter([*_TIME.finditer(before[-_REACH:])][-1:]), None)
    if found is None:
        return None, None
    hour, half = int(found["hour"]), (found["half"] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    zone = (found["zone"] or "").lower()
    return (hour, int(found["minute"])), timezone(timedelta(hours=_ZONES[zone])) if zone else None
