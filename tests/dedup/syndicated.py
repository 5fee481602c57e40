"""A number goes in; a made-up report, what outlets make of it, and traps that are no copies come out.

Modelled on what outlets do with an agency's text: run it with a dateline, edit it locally, cut it, make a brief of it,
extend it, update its figures, break its encoding, reword it. The traps share words with reports without being copies.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from etl.bench.made import article

WORDS = ("harbour", "council", "engine", "orchard", "signal", "garden", "letter", "window", "summer", "valley",
         "copper", "market", "teacher", "winter")  # fmt: skip


def report(number: int) -> list[str]:
    """Sentences: between eight and forty-eight, as long as news are."""
    rng = random.Random(number)
    sentences = [s for n in (number, number + 500_000) for p in article(n).paragraphs for s in _sentences(p)]
    return sentences[: rng.choice((8, 12, 16, 24, 32, 48))]


def local(rng: random.Random, count: int) -> list[str]:
    """Sentences of the outlet's own."""
    own = [s for p in article(rng.randrange(10**6, 10**7)).paragraphs for s in _sentences(p)]
    return own[:count]


def wire(text: list[str], rng: random.Random) -> list[str]:
    return [f"ZAGREB (Reuters) - {text[0]}", *text[1:], "Reporting by our bureau; copyright the agency."]


def local_edit(text: list[str], rng: random.Random) -> list[str]:
    kept = [s for s in text if rng.random() > 0.12]
    at = rng.randrange(len(kept))
    return [*kept[:at], *local(rng, 3), *kept[at:]]


def cut(text: list[str], rng: random.Random) -> list[str]:
    return text[: max(4, round(len(text) * rng.uniform(0.4, 0.7)))]


def brief(text: list[str], rng: random.Random) -> list[str]:
    return [*text[: rng.choice((4, 5, 6))], "More soon on our pages."]


def extended(text: list[str], rng: random.Random) -> list[str]:
    return text + local(rng, len(text) // 2)


def updated(text: list[str], rng: random.Random) -> list[str]:
    """Some figures corrected, something added."""
    return [re.sub(r"\d+", lambda _: str(rng.randrange(900)), s) if i < 2 else s for i, s in enumerate(text)] + local(
        rng, 2
    )


def mojibake(text: list[str], rng: random.Random) -> list[str]:
    return [s.encode().decode("cp1252", "replace") for s in text]


def reworded(text: list[str], rng: random.Random) -> list[str]:
    """In every second sentence a word is another."""
    return [_swapped(s, rng) if i % 2 else s for i, s in enumerate(text)]


COPIES: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    f.__name__: f for f in (wire, local_edit, cut, brief, extended, updated, mojibake, reworded)
}


def roundup(number: int) -> str:
    """The first sentences of eight reports."""
    return "\n".join(f"{WORDS[i]}: {' '.join(report(number + i)[:2])}" for i in range(8))


def shared_quote(number: int) -> str:
    """Another report that quotes a sentence of this one."""
    text = report(number + 1000)
    return "\n".join([*text[:3], report(number)[1], *text[3:]])


def follow_up(number: int) -> str:
    """The next day's report, with three sentences of background from this one's."""
    text = report(number + 2000)
    return "\n".join([*(text * 2)[:16], *report(number)[2:5]])


def weather(number: int) -> str:
    """One text, other figures."""
    rng = random.Random(number)
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    lines = [
        f"{day} will start near {rng.randrange(2, 19)} degrees under a thin cover of cloud that breaks up in the "
        f"course of the morning and reach {rng.randrange(20, 39)} in the afternoon, with winds from the west "
        f"that may rise to {rng.randrange(3, 60)} kilometres an hour on the hills and in the passes of the county."
        for day in days
    ]
    return "\n".join(["Here is the outlook of the weather service for the county and its coast.", *lines])


def court_list(number: int) -> str:
    """One form, other people and sums."""
    rng = random.Random(number)
    return "\n".join(
        f"A driver of {rng.randrange(18, 80)} was fined {rng.randrange(50, 900)} by the magistrates of the county for "
        f"driving faster than is allowed on road {rng.randrange(99)} and was told to pay the costs of the case as well."
        for _ in range(9)
    )


TRAPS: dict[str, Callable[[int], str]] = {
    f.__name__: f for f in (roundup, shared_quote, follow_up, weather, court_list)
}


def _sentences(paragraph: str) -> list[str]:
    return re.split(r"(?<=[.”])\s+(?=[A-Z“])", paragraph)


def _swapped(sentence: str, rng: random.Random) -> str:
    words = sentence.split()
    words[rng.randrange(len(words))] = rng.choice(WORDS)
    return " ".join(words)
