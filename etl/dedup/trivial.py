"""What a page said goes in; a hash that stays the same while only trivia changed comes out.

Theory. Pages change by themselves: "updated 5 minutes ago", views, comments, shares, reading time, links to other
articles, spaces, the shape of quotes and dashes. None of these is a state of the article, so versions compare this
hash; a content keeps its exact text. Trivia stand apart from prose: in lines of their own, or between the separators
of a line ("Jane Doe | 3 min read | 12 comments"). So a line is cut at its separators, and a piece is dropped only if
the *whole* of it is trivia; "12 comments were read out in court." stays. In order:
1. spaces, quotes and dashes are made one;
2. a line that begins by pointing elsewhere ("Read more:", «Читайте також:») goes, whatever it points to;
3. a piece of at most 120 characters goes if it is a relative time, a stamp of the last change, a count, a reading
   time;
4. a tail "… Read more" goes.
Kept: case, every other sign, and a notice of correction, which is an edit whatever it says. A stamp is dropped
although it claims a change: the change itself, if there is one, is in the text. Known exceptions: a table whose cells
are stamps; an opinion poll whose counts stand alone in lines.
Not done: weather, prices and scores that a page shows beside the text: extraction leaves those out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_LONGEST = 120  # characters of a piece that can be trivia
_SAME = tuple(zip("’‘ʼ“”„«»–—−\u00a0\u202f\u2009", '\'\'\'"""""---   ', strict=True))
_SEPARATORS = re.compile(r"\s*[|·•●\t]\s*|\s+[-/]\s+")
_HINTS = ("|", " - ", " / ", "·", "•", "●", "\t")  # a line without any has no separator, which is told much sooner
_EDGE = " \t.,:;()[]-"

# Numbers as counters write them: 1,234 · 12.3K · 1 тис. · 2 Mio.
_COUNT = r"\d[\d.,' ]*(?:k|m|тис\.?|тыс\.?|млн\.?|tsd\.?|mio\.?|mille|mil)?"
# Stretches of time by language: en uk ru de fr es pl pt it.
_STRETCH = (
    r"(?:(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month|year)s?|[smhd]"
    r"|секунд\w*|сек|хвилин\w*|хв|годин\w*|год|дн\w+|д[её]н\w*|тиж\w+|місяц\w*|рок\w*|минут\w*|мин|час\w*|недел\w*|месяц\w*"
    r"|sekunden?|minuten?|min|stunden?|std|tag(?:en?)?|wochen?"
    r"|secondes?|minutes?|heures?|jours?|semaines?|mois|segundos?|minutos?|horas?|d[ií]as?|semanas?|meses|mes"
    r"|minuty?|godzin\w*|dni|secondi|minuti|or[ae]|giorn[oi])\.?"
)
_ONE = rf"(?:{_COUNT}|an?|one|einer?|einem|une?|un[ao]?|há|about)"
_LAST = (
    r"(?:last |latest )?(?:updated|update|modified|published|posted|edited)|оновлено|опубліковано|змінено"
    r"|обновлено|опубликовано|изменено|(?:zuletzt )?(?:aktualisiert|veröffentlicht|geändert)|stand"
    r"|(?:mis(?:e)? à jour|publié|modifié)|(?:última )?actualizad[oa]|actualización|publicad[oa]|atualizad[oa]"
    r"|aggiornato|zaktualizowano"
)
_RELATIVE = (
    rf"{_ONE} {_STRETCH} ago|just now|moments? ago|(?:{_COUNT} )?{_STRETCH} (?:тому|назад)|щойно|только что"
    rf"|vor {_ONE} {_STRETCH}|gerade eben|il y a {_ONE} {_STRETCH}|à l'instant|hace {_ONE} {_STRETCH}"
    rf"|há {_ONE} {_STRETCH}|{_ONE} {_STRETCH} (?:temu|fa)"
)
# Words a stamp may hold beside digits: months, days, zones, small words.
_DATE_WORD = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
    r"|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|янв|фев|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек"
    r"|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|déc|ene|abr|ago|dic|lun|mié|jue|vie|sáb|dom)\w*"
    r"|today|yesterday|at|on|am|pm|gmt|utc|[bc]?est|edt|p[sd]t|[ec]et|eet|eest|o|о|об|в|у|um|am|den|der|uhr|le|à"
    r"|h|el|a las|de|del|сьогодні|вчора|сегодня|вчера|heute|gestern|hier|aujourd'hui|hoy|ayer|року|года|г|р"
)
_STAMP = rf"(?:{_LAST})(?:[\s:,]+(?:{_DATE_WORD}|[\d.:/+-]+(?:st|nd|rd|th|h\d*|am|pm)?)\b[.,]?)+"
_COUNTED = (
    r"(?:page ?)?views?|reads?|shares?|likes?|comments?|reactions?|replies|retweets?|votes?"
    r"|перегляд\w*|коментар\w*|поширен\w*|прочитан\w*|просмотр\w*|комментари\w*|репост\w*"
    r"|aufrufe?|kommentare?|mal geteilt|vues?|commentaires?|partages?|visitas?|vistas?|comentarios?|lecturas?"
    r"|compartidos?"
)
_READING = (
    rf"{_COUNT}[- ]?min(?:ute)?s?\.?(?: to)? read(?:ing time)?|(?:estimated )?reading time[: ]+{_COUNT} {_STRETCH}"
    rf"|lesezeit[: ]+{_COUNT} {_STRETCH}|{_COUNT} {_STRETCH} lesezeit|temps de lecture ?[: ]+{_COUNT} {_STRETCH}"
    rf"|(?:lectura de )?{_COUNT} {_STRETCH} de lectura|tiempo de lectura[: ]+{_COUNT} {_STRETCH}"
    rf"|(?:час читання|время чтения|читати|читать)[: ]+{_COUNT} {_STRETCH}"
)
_TRIVIAL = re.compile(
    rf"(?:(?:{_LAST})[\s:,]*)?(?:{_RELATIVE})|{_STAMP}|{_COUNT} ?(?:{_COUNTED})|(?:{_COUNTED})[\s:]*{_COUNT}"
    rf"|(?:no|leave a|add a|post a) comments?|{_READING}|comments|share(?: this)?(?: article| story)?|print",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|related|more on this|читайте (?:також|ще|также|ещё|еще)"
    r"|дивіться також|смотрите также|lesen sie auch|mehr zum thema|lire aussi|à lire aussi|lea también|le[ea] además"
    r"|leer más|przeczytaj także|leia também|leggi anche)\b\s*(?::|$)",
    re.IGNORECASE,
)
_MORE = (
    r"(?:read more|continue reading|read full story|читати далі|читать далее|weiterlesen|lire la suite|leer más"
    r"|seguir leyendo)"
)
_TAIL = re.compile(
    rf"(?:\s*(?:\.{{3}}|…)\s*[\[(]?|(?<=[.!?\"])\s*[\[(]?|\s*[\[(]){_MORE}[\])]?\s*(?:\.{{3}}|…|>+|\"|→)?\s*$",
    re.IGNORECASE,
)
_BEHIND, _ENDS, _END = ' ])….>"→', re.compile(rf"{_MORE}$", re.IGNORECASE), 20  # a tail shows by its last words


def sameness_hash(
    *, title: str | None, standfirst: str | None, body: str, captions: Iterable[str], authors: Iterable[str], when: str
) -> bytes:
    """16 bytes over what a reader would call the state of the article; `when` is its publication date as text."""
    parts = (untrivial(title or ""), untrivial(standfirst or ""), untrivial(body))
    rest = ("\n".join(map(untrivial, captions)), "\n".join(map(untrivial, authors)), when)
    return hashlib.blake2b("\x00".join((*parts, *rest)).encode(errors="replace"), digest_size=16).digest()


def untrivial(text: str) -> str:
    """The text without what changes by itself, a line a paragraph; a fixed point."""
    if not text.isascii():
        for variant, plain in _SAME:
            text = text.replace(variant, plain)
    lines = text.splitlines()
    folded = {line: _line(line) for line in set(lines)}  # a million equal lines cost one
    return "\n".join(folded[line] for line in lines if folded[line])


def _line(line: str) -> str:
    line = " ".join(line.split())
    while True:
        has_tail = _ENDS.search(line.rstrip(_BEHIND)[-_END:])
        shorter = _pieces(line[:-_LONGEST] + _TAIL.sub("", line[-_LONGEST:]) if has_tail else line)
        if shorter == line:
            return line
        line = shorter


def _pieces(line: str) -> str:
    if _ELSEWHERE.match(line):
        return ""
    if _is_trivia(line):
        return ""
    if not any(hint in line for hint in _HINTS):
        return line
    pieces = _SEPARATORS.split(line)
    kept = [p for p in pieces if not _is_trivia(p)]
    return line if len(kept) == len(pieces) else " | ".join(kept)


def _is_trivia(piece: str) -> bool:
    piece = piece.strip(_EDGE)
    return len(piece) <= _LONGEST and (not piece or _TRIVIAL.fullmatch(piece) is not None)
