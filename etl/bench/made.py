"""A number in, an article nobody wrote out: the same number gives the same text, another number another.

Sentences are drawn from a few patterns and a vocabulary of made-up words whose frequencies fall as in natural language
(Zipf), so that hashes, compression and indexes meet what they meet in news; places are real, so that tagging works.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import accumulate

_SYLLABLES = (
    "ba",
    "cor",
    "den",
    "el",
    "fin",
    "gar",
    "hol",
    "in",
    "jur",
    "kem",
    "lo",
    "mar",
    "nov",
    "or",
    "pel",
    "quin",
    "ras",
    "sto",
    "tem",
    "ul",
    "ver",
    "wen",
    "yor",
    "zan",
)
_PLACES = (
    "Zagreb",
    "Freiburg",
    "Valparaíso",
    "Lviv",
    "Toronto",
    "Nairobi",
    "Osaka",
    "Lyon",
    "Kherson",
    "Bergen",
    "Springfield",
    "Cordoba",
    "Texas",
    "Ukraine",
    "Poland",
    "Kenya",
    "Portugal",
    "Manchester",
    "Boston",
    "Odesa",
    "Kraków",
    "Geneva",
)
_PATTERNS = (
    "The {} of {place} {} that the {} would {} the {} by the end of the week.",
    "{name} {name} told reporters in {place} on Monday that {} and {} had been {} since {}.",
    "A {} {} near {place} was {} after {number} people had {} the {}, officials said.",
    "“We did not {} this {}, and we will not {} it,” said {name}, who has {} the {} for {number} years.",
    "About {number} {} were {} between {place} and {place}, according to the {} {}.",
    "It was the {} time this year that {} had {} without a {} from the {}.",
)
_SENTENCES = 24
_PARAGRAPH = 3  # sentences
_WORDS = 12_000


def address(number: int) -> str:
    """Where an article would stand."""
    return f"https://made.example/2022/07/04/story-{number}"


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up article."""

    number: int
    title: str
    paragraphs: tuple[str, ...]

    @property
    def url(self) -> str:
        """Where it would stand."""
        return address(self.number)

    @property
    def text(self) -> str:
        """Its body."""
        return "\n\n".join(self.paragraphs)

    @property
    def page(self) -> str:
        """Its page, with the furniture pages have."""
        links = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(20))
        body = "\n".join(f"<p>{escape(p)}</p>" for p in self.paragraphs)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(self.title)} - Made</title>'
            f'<meta property="og:title" content="{escape(self.title)}"><link rel="canonical" href="{self.url}">'
            '<meta property="article:published_time" content="2022-07-04T10:00:00+03:00"></head>'
            f"<body><nav><ul>{links}</ul></nav><main><article><h1>{escape(self.title)}</h1>"
            f'<p class="byline">By Ada Lindqvist</p>\n{body}</article></main>'
            f"<aside><h2>More</h2><ul>{links}</ul></aside><footer>All rights reserved</footer></body></html>"
        )


def article(number: int) -> Made:
    """The article of this number."""
    rng = random.Random(number)  # noqa: S311 - reproducible, not secret
    sentences = [_sentence(rng) for _ in range(_SENTENCES)]
    paragraphs = [" ".join(sentences[i : i + _PARAGRAPH]) for i in range(0, _SENTENCES, _PARAGRAPH)]
    title = " ".join(_draw(rng, 5)).capitalize() + f" in {rng.choice(_PLACES)}"
    return Made(number, title, tuple(paragraphs))


def feed(entries: int, url_of: Callable[[int], str] = address) -> bytes:
    """An RSS feed of the first articles."""
    items = "".join(
        f"<item><title>{escape(a.title)}</title><link>{url_of(a.number)}</link><guid>{url_of(a.number)}</guid>"
        f"<pubDate>Mon, 04 Jul 2022 10:00:00 +0300</pubDate>"
        f"<description>{escape(f'<p>{a.paragraphs[0]}</p>')}</description></item>\n"
        for a in map(article, range(entries))
    )
    head = "<title>Made</title><link>https://made.example/</link><description>Nothing happened</description>"
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>{head}\n{items}</channel></rss>'.encode()
    )


def _sentence(rng: random.Random) -> str:
    pattern = rng.choice(_PATTERNS)
    words = iter(_draw(rng, pattern.count("{}")))
    for slot, fill in (("{place}", _PLACES), ("{name}", _names())):
        while slot in pattern:
            pattern = pattern.replace(slot, rng.choice(fill), 1)
    return pattern.replace("{number}", str(rng.randint(3, 900))).format(*words)


def _draw(rng: random.Random, count: int) -> list[str]:
    words, weights = _vocabulary()
    return rng.choices(words, cum_weights=weights, k=count)


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    rng = random.Random("words")  # noqa: S311 - reproducible, not secret
    words = sorted({"".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(_WORDS)})
    rng.shuffle(words)
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


@cache
def _names() -> tuple[str, ...]:
    rng = random.Random("names")  # noqa: S311 - reproducible, not secret
    return tuple("".join(rng.choices(_SYLLABLES, k=3)).capitalize() for _ in range(300))
