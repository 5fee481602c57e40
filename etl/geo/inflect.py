"""An inflected Ukrainian or Russian name goes in; the nominatives it may come from come out, likeliest first.

Place names decline by few patterns ("Лисичанську", "под Бахмутом", "в Одесі", "Запорізької області"): the ending is
taken off and the nominative endings that could have stood there are tried. A guess counts only if the gazetteer has
it, so a wrong guess costs a look-up and nothing else. The alternation in "Харкова" ← "Харків" is undone; rarer ones
(fleeting vowels of short names) are not, and such a name is missed rather than mistaken.
"""

from __future__ import annotations

from functools import lru_cache

# ending of an oblique case → endings of the nominative it may come from; keys are folded (no accents, й as и, ї as і)
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ського", ("ськ", "ськии")), ("ською", ("ська",)), ("ськоі", ("ська",)), ("ськіи", ("ська",)),
    ("ську", ("ськ", "ська")), ("скои", ("ская", "ска")), ("скую", ("ская",)), ("ском", ("ск", "ское")),
    ("ским", ("скии",)), ("сті", ("сть",)), ("сти", ("сть",)), ("стю", ("сть",)), ("стью", ("сть",)),
    ("полі", ("поль", "поле")), ("ами", ("и", "ы")), ("ями", ("и", "і")), ("ах", ("и", "ы")), ("ях", ("и", "і")),
    ("ам", ("и", "ы")), ("ям", ("и", "і")), ("ком", ("ок", "к")),
    ("овом", ("ов", "ово", "ів")), ("евом", ("ев", "ево", "ів")),
    ("ом", ("", "о")), ("ем", ("ь", "")), ("єм", ("",)), ("ею", ("я", "а")), ("єю", ("я",)), ("ою", ("а", "ая")),
    ("ові", ("ів", "ов", "ово", "")), ("еві", ("ів", "ев", "ь")), ("єві", ("ів", "іів")), ("оі", ("а",)),
    ("ию", ("ия",)), ("ію", ("ія", "ия")), ("ии", ("ия", "іи")), ("іі", ("ія",)), ("ова", ("ів", "ов", "ово")),
    ("ову", ("ів", "ов", "ово")), ("ева", ("ів", "ев", "ево")), ("єва", ("іів", "ів")), ("еву", ("ев", "ево", "ів")),
    ("єву", ("іів", "ів")), ("ую", ("ая",)), ("а", ("", "о")), ("у", ("", "а", "о")), ("і", ("", "а", "я")),
    ("и", ("а", "ь", "")), ("ы", ("а",)), ("е", ("", "а", "ь")), ("я", ("ь", "е")), ("ю", ("ь", "я")),
)  # fmt: skip
_SHORTEST_STEM = 3


@lru_cache(20_000)
def nominatives(key: str) -> tuple[str, ...]:
    """Folded nominatives that a folded Cyrillic name may be a case form of; its last word, or both of two, change."""
    words = key.split()
    if not words or not _is_cyrillic(words[-1]):
        return ()
    last = _forms(words[-1])
    if len(words) == 1:
        return last
    heads = [(*words[:-1],)]
    if len(words) == 2:
        heads += [(form,) for form in _adjectives(words[0])]
    return tuple(" ".join((*head, tail)) for head in heads for tail in (words[-1], *last))[:24]


def _forms(word: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for ending, nominative in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word[: -len(ending)]
            found.update(dict.fromkeys(stem + other for other in nominative))
    return tuple(found)


def _adjectives(word: str) -> tuple[str, ...]:
    for ending in ("ого", "ому", "им", "ым", "ом", "ои", "оі", "ою", "ую", "іи", "у"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word[: -len(ending)]
            return tuple(stem + other for other in ("ии", "іи", "ыи", "а", "ая", "е", "ое"))
    return ()


def _is_cyrillic(word: str) -> bool:
    return "а" <= word[0] <= "џ" or word[0] == "ґ"
