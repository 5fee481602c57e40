"""An article's paragraphs in, the same without what templates put before its first and after its last sentence.

Theory. Extractors keep the head and the tail of a page's text column: kicker, date and byline lines, reading time,
a headline with its kicker, a credit; and below the end agency credits, copyright, calls to subscribe, tags. The head is
what stands before the first real paragraph (a long one that ends a sentence); the tail is walked from the end. A line
there goes when its form says what it is; a heading of the text itself, short but with text below it, stays. In between
only lines go that nobody wrote as text: advertisement marks, and on news pages calls to read another article that
stand alone. The words of a call are kept in the languages news is most read in; a call in another language stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from etl.extract.captions import is_caption
from etl.extract.dateread import is_date_line
from etl.extract.title import fold

_SENTENCE = re.compile(r"[.!?…。！？؟।]['\"”»’)\]]*(?:\s|$)")
_LONG = 90  # characters of a paragraph that is text beyond doubt
_LONG_DENSE = 35  # the same in scripts that use a character a word or syllable
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_BYLINE = re.compile(
    r"^(?:by|von|par|por|door|av|af|di|text|autor(?:e|a)?|author|written by|reporting by|от|автор|von:)\b[\s:]",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"^\W*(?:©|\(c\)|copyright\b|all rights reserved|alle rechte vorbehalten)", re.IGNORECASE)
_CREDIT = re.compile(
    r"^\(?(?:[a-zäöü]{2,4}|[A-Za-z]{2,5}(?:[/,]\s?[A-Za-z]{2,8})+)\)$|^(?:quelle|source|fuente|fonte|kilde|källa)\s*:|"
    r"^\(?(?:quelle|source)\b.{0,40}\)?$",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"\b(?:newsletter|subscribe|sign(?:ing)? up|suscr[ií]b|abonn(?:ez|ier|er)|subscription|follow us|join us|"
    r"download (?:our|the) app|click here|get the app|support (?:us|our)|donate|folgen sie uns|síguenos|suivez-nous|"
    r"подпис|підпис)",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"^\W*(?:read (?:more|also|next|on|this)|also read|see also|related(?: articles?| stories| coverage)?|"
    r"more on this|more from|most read|recommended|watch(?: now)?|les også|läs (?:också|mer|även)|læs også|"
    r"lees (?:ook|meer)|lesen sie (?:auch|mehr|hier)|mehr zum thema|auch interessant|ähnliche artikel|"
    r"lire aussi|à lire|lea también|leer más|leggi anche|leia (?:também|mais)|czytaj (?:też|także|również)|"
    r"читайте (?:также|також)|"
    r"おすすめ情報|関連記事|関連キーワード)(?!\w)",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"^\W*(?:advertisement(?:\s*\d*\s*story continues below)?|anzeige|publicidad|publicité|pubblicità|advertorial|"
    r"article content|story continues below|article continues below.*|loading\W*|реклама)\W*$",
    re.IGNORECASE,
)
_SHORT_WORDS = 4


def trim(paragraphs: list[str], title: str | None, authors: tuple[str, ...], *, is_news: bool) -> list[str]:
    """The paragraphs that are article. A text that has no real paragraph is left as it is."""
    kept = [p for p in paragraphs if not _MARK.match(p) and not (is_news and _is_lone_pointer(p))]
    first = next((at for at, p in enumerate(kept) if is_prose(p)), None)
    if first is None:
        return paragraphs
    names = [fold(a) for a in authors]
    head = [p for p in kept[:first] if not _is_head_matter(p, title or "", names)]
    return head + _without_tail(kept[first:], names, is_news=is_news)


def is_prose(paragraph: str) -> bool:
    """Whether it is text beyond doubt: a long paragraph that ends a sentence."""
    enough = _LONG_DENSE if _DENSE.search(paragraph) else _LONG
    return len(paragraph) >= enough and bool(_SENTENCE.search(paragraph))


def _is_head_matter(line: str, title: str, names: list[str]) -> bool:
    folded, headline = fold(line), fold(title)
    is_headline = bool(headline) and headline in folded and len(folded) <= 2 * len(headline) + 20
    is_short = (
        len(line.split()) <= _SHORT_WORDS
        and not _SENTENCE.search(line)
        and not line.endswith(":")
        and not _DENSE.search(line)
    )
    return is_headline or is_short or is_date_line(line) or _is_byline(line, folded, names) or is_caption(line)


def _is_byline(line: str, folded: str, names: list[str]) -> bool:
    words = len(line.split())
    if words <= 12 and _BYLINE.match(line) and not _SENTENCE.search(line.rstrip(".")):
        return True
    return any(name and name in folded and words <= len(name.split()) + 6 for name in names)


def _without_tail(paragraphs: list[str], names: list[str], *, is_news: bool) -> list[str]:
    end = len(paragraphs)
    while end > 1 and _is_tail_matter(paragraphs[end - 1], names, is_news=is_news):
        end -= 1
    return paragraphs[:end]


def _is_tail_matter(line: str, names: list[str], *, is_news: bool) -> bool:
    tests: tuple[Callable[[str], object], ...] = (_RIGHTS.match, _CREDIT.match, _POINTER.match, is_date_line)
    is_call = len(line) <= 300 and bool(_CALL.search(line))
    is_label = is_news and len(line.split()) <= _SHORT_WORDS and not _SENTENCE.search(line) and not _DENSE.search(line)
    return is_call or is_label or any(test(line) for test in tests) or _is_byline(line, fold(line), names)


def _is_lone_pointer(line: str) -> bool:
    return len(line) <= 200 and bool(_POINTER.match(line)) and not line.rstrip("\"'”»)").endswith(".")
