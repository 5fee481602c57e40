"""A number and a length go in; a report and a brief of about so many words cut from it come out, and short traps.

Ways in which desks make a brief: the first sentences, with a tag of the outlet's or a dateline; sentences picked from
anywhere; sentences cut short; a figure brought up to date; a sentence of their own. The traps are short texts that
share words with a report, or with one another, and are no copies.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.dedup.syndicated import local, report

LENGTHS = (30, 50, 80, 120)  # words


def long_report(number: int) -> list[str]:
    """Sentences: two hundred to fifteen hundred words."""
    rng = random.Random(f"long {number}")
    sentences = [s for n in range(4) for s in report(number * 7 + 10_000 * n)]
    return _until(sentences, rng.choice((200, 400, 700, 1000, 1500)))


def lead(text: list[str], words: int, rng: random.Random) -> list[str]:
    return _until(text, words)


def tagged(text: list[str], words: int, rng: random.Random) -> list[str]:
    return [*_until(text, words), rng.choice(("More soon on our pages.", "Read more in the Courier.", "Developing."))]


def datelined(text: list[str], words: int, rng: random.Random) -> list[str]:
    return [f"ZAGREB, May 4 (Reuters) - {text[0]}", *_until(text, words)[1:]]


def picked(text: list[str], words: int, rng: random.Random) -> list[str]:
    return _until([text[0], *(s for s in text[1:] if rng.random() < 0.4), *text[1:]], words)


def trimmed(text: list[str], words: int, rng: random.Random) -> list[str]:
    """Each sentence loses its end."""
    return _until([" ".join(s.split()[: rng.randint(12, 16)]) + "." for s in text], words)


def changed(text: list[str], words: int, rng: random.Random) -> list[str]:
    """One figure is another, or where there is none one word."""
    joined = "\n".join(_until(text, words))
    if re.search(r"\d+", joined):
        return re.sub(r"\d+", lambda _: str(rng.randrange(900, 999)), joined, count=1).split("\n")
    return joined.replace(" on Monday", " on Tuesday", 1).split("\n")


def added(text: list[str], words: int, rng: random.Random) -> list[str]:
    """A fifth of it is the outlet's own."""
    own = " ".join(local(rng, 2)).split()
    return [*_until(text, words * 4 // 5), " ".join(own[: words // 5]) + "."]


BRIEFS: dict[str, Callable[[list[str], int, random.Random], list[str]]] = {
    f.__name__: f for f in (lead, tagged, datelined, picked, trimmed, changed, added)
}


def brief(way: str, number: int, words: int) -> str:
    """Cut from the report of this number."""
    return "\n".join(BRIEFS[way](long_report(number), words, random.Random(f"{way} {number} {words}")))


def quoting(number: int, words: int) -> str:
    """A short report of something else that quotes a sentence of this one."""
    return "\n".join([*_until(long_report(number + 5_000), max(words - 20, 20)), long_report(number)[1]])


def background(number: int, words: int) -> str:
    """The next day's short report: half of it is what this one said."""
    return "\n".join([*_until(long_report(number + 6_000), words // 2), *_until(long_report(number)[2:], words // 2)])


def fined(number: int, words: int) -> str:
    """One form, other people and sums: with each as many figures differ as a form has."""
    rng = random.Random(f"fined {number}")
    name = f"{rng.choice('ABCDEFGH')}{rng.randrange(10**6):x}"
    said = (
        f"{name}, {rng.randrange(18, 90)}, was fined {rng.randrange(100, 999)} at the court of the county for driving "
        f"at {rng.randrange(60, 190)} where {rng.choice((30, 50, 70))} is allowed and was told to pay the costs of the "
        f"case of {rng.randrange(40, 200)} and to hand in the licence for {rng.randrange(2, 24)} months from the first "
        "of the month on which the sentence becomes final under the law on the roads of the country and of its towns"
    )
    return " ".join((said.split() * 2)[:words])


def forecast(number: int, words: int) -> str:
    """One text, other figures."""
    rng = random.Random(f"forecast {number}")
    days = [
        f"{day} near {rng.randrange(-9, 39)} degrees with winds up to {rng.randrange(3, 99)} and {rng.randrange(99)} "
        "per cent of rain."
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    ]
    return "\n".join(_until(["The outlook of the weather service for the county.", *days], words))


TRAPS: dict[str, Callable[[int, int], str]] = {f.__name__: f for f in (quoting, background, fined, forecast)}


def roundup(number: int) -> str:
    """The first sentences of eight reports."""
    return "\n".join(" ".join(long_report(number + i)[:2]) for i in range(8))


def corpus(reports: int) -> list[dict[str, Any]]:
    """Reports of one brief each, every length in every way, among traps: as `dateline eval dedup` reads them."""
    ways, found = list(BRIEFS), []
    for n in range(reports):
        words, way = LENGTHS[n % len(LENGTHS)], ways[n // len(LENGTHS) % len(ways)]
        found.append((f"{n}", "orig", f"report {n}", "\n".join(long_report(n)), n % 5))
        found.append((f"{n}", f"brief of {words}", f"{way} of {n}", brief(way, n, words), n % 5 + 1))
        trap = list(TRAPS)[n % len(TRAPS)]
        found.append((f"{n} {trap}", f"neg_{trap}", f"{trap} {n}", TRAPS[trap](n, LENGTHS[n // 4 % 4]), n % 5 + 2))
        if n % 8 == 0:
            found.append((f"{n} roundup", "neg_roundup", f"roundup {n}", roundup(n), 6))
    return [
        {"cluster": cluster, "kind": kind, "id": key, "text": text, "published": day, "outlet": f"outlet {number % 50}"}
        for number, (cluster, kind, key, text, day) in enumerate(found)
    ]


def _until(sentences: Iterable[str], words: int) -> list[str]:
    """The first of them, cut off at so many words."""
    taken: list[str] = []
    for sentence in sentences:
        if words <= 0:
            break
        kept = sentence.split()[:words]
        taken.append(" ".join(kept))
        words -= len(kept)
    return taken
