"""Blocks of a page in, one row of numbers a block out: what a reader would notice of it.

Theory. Four kinds of evidence, none of them a word of any language: the block's own form (length, links, how it ends);
its markup (tags and the purposes that names around it speak of); its place (how far from where the page's prose stands,
before or after it); and its company (how much text the same template place holds all over the page, and what the
blocks before and after are like). Lengths are taken by logarithm and, in scripts that spend a character on a word or
a syllable, counted as longer. Features of a block's neighbours are its own features shifted, see `forest`.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from etl.extract.blocks import KINDS, PURPOSES, Block, Place
from etl.extract.view import DENSE, PROSE, View, unit_of

Rows = NDArray[np.float32]

_TAGS = (
    "p",
    "div",
    "li",
    "span",
    "h1",
    "h2",
    "h3",
    "h4",
    "td",
    "blockquote",
    "article",
    "section",
    "pre",
    "figcaption",
)
_CONTEXT = ("size", "density", "is_prose", "stops", "same_share")


def rows(found: Sequence[Block], heads: frozenset[str], stated: str, lead: str) -> Rows:
    """A row a block, by the page's folded headlines, JSON-LD text (`stated`) and description (`lead`)."""
    if not found:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    page = View(found, heads, stated, lead)
    standing, company = _Standing(page), _Company(page)
    told = np.array(
        [
            (
                *_form(b, page.own[at], page.sizes[at], page.stops[at]),
                *standing.of(at),
                *company.of(at),
                *_words(page, at),
            )
            for at, b in enumerate(found)
        ],
        dtype=np.float32,
    ).reshape(len(found), len(_TOLD))
    base = np.hstack([told, _markup(found)])
    return np.hstack([base, *_shifted(base)])


_FORM_NAMES = (
    "size own density links stops is_prose strong ends_stop ends_colon words word_length commas quotes digits upper "
    "starts_lower bars rights lines dense"
)
_FORM = _FORM_NAMES.split()
_QUOTES = re.compile('["“”„«»「」]')
_DIGITS, _CAPITALS = string.digits.encode(), string.ascii_uppercase.encode()


def _form(block: Block, own: float, size: float, stops: int) -> tuple[float, ...]:
    text, count = block.text, len(block.text)
    words = text.split()
    figures, capitals = _counts(text[:200])
    end = text.rstrip("\"'”»’)]")[-1:]
    return (
        math.log1p(size),
        math.log1p(own),
        block.linked / count,
        block.link_count,
        min(stops, 12),
        float(own >= PROSE and stops > 0 and block.linked < 0.4 * count),
        block.strong / count,
        float(end in ".!?…。！？؟।"),
        float(end in ":："),
        min(len(words), 60),
        min(count / max(1, len(words)), 20.0),
        min((text.count(",") + text.count("、") + text.count("，") + text.count("،")) / max(1, len(words)), 0.5),
        float(bool(_QUOTES.search(text))),
        figures / min(200, count),
        capitals / min(200, count),
        float(text[0].islower()),
        float("|" in text or "•" in text or "»" in text[-2:] or "›" in text),
        float("©" in text or "@" in text or "http" in text),
        float(text.count("\n")),
        float(not text.isascii() and bool(DENSE.search(text[:100]))),
    )


def _counts(text: str) -> tuple[int, int]:
    """Digits and capitals."""
    if text.isascii():
        raw = text.encode()
        return len(raw) - len(raw.translate(None, _DIGITS)), len(raw) - len(raw.translate(None, _CAPITALS))
    return sum(map(str.isdigit, text)), sum(map(str.isupper, text))


_BITS = {"in": KINDS, "own": PURPOSES, "near": PURPOSES, "far": PURPOSES}
_MARKUP = [f"tag_{t}" for t in _TAGS] + [f"{where}_{p}" for where, purposes in _BITS.items() for p in purposes]


def _markup(found: Sequence[Block]) -> Rows:
    """Tags and purposes as columns of ones and zeros."""
    tags = [[float(b.place.tag == t) for t in _TAGS] for b in found]
    ints = [(b.place.kinds, b.place.own | b.holder.own, b.place.near, b.place.far) for b in found]
    bits = np.array(ints, dtype=np.int64).reshape(len(found), 4)
    parts = [bits[:, [at]] >> np.arange(len(names)) & 1 for at, names in enumerate(_BITS.values())]
    return np.hstack([np.array(tags).reshape(len(found), len(_TAGS)), *parts]).astype(np.float32)


_STANDING_NAMES = (
    "up down before_first after_last inside index share_before from_head parent_share parent_density "
    "grand_share grand_density unit_down unit_density unit_own unit_mean unit_prose is_unseen depth has_class"
)
_STANDING = _STANDING_NAMES.split()


class _Standing:
    """Where blocks stand; what is asked of a parent or a list is worked out once for all its blocks."""

    def __init__(self, page: View) -> None:
        self._page = page
        self._around: dict[int, tuple[float, ...]] = {}
        self._units: dict[int, tuple[float, ...]] = {}

    def of(self, at: int) -> tuple[float, ...]:
        """The features of one block."""
        page, place = self._page, self._page.blocks[at].place
        up, down = page.levels(place)
        parent, unit = place.parent or place, unit_of(place)
        around, of_unit = self._around.get(id(parent)), self._units.get(id(unit))
        if around is None:
            around = self._around[id(parent)] = (*self._share(parent), *self._share(parent.parent or parent))
        if of_unit is None:
            of_unit = self._units[id(unit)] = self._of_unit(unit)
        return (
            up,
            down,
            float(min(20, max(0, page.first - at))),
            float(min(20, max(0, at - page.last))),
            float(page.first <= at <= page.last),
            at / len(page.blocks),
            0.0 if page.last <= page.first else min(1.5, max(-0.5, (at - page.first) / (page.last - page.first))),
            float(max(-20, min(60, at - page.head))) if page.head >= 0 else 0.0,
            *around,
            *of_unit,
            float(place.is_unseen),
            min(place.depth, 40),
            float(bool(place.names)),
        )

    def _share(self, place: Place) -> tuple[float, float]:
        page, key = self._page, id(place)
        return page.under[key] / page.total, 1 - page.under_own[key] / max(1.0, page.under_size[key])

    def _of_unit(self, unit: Place) -> tuple[float, ...]:
        page, key = self._page, id(unit)
        own = page.under_own[key]
        return (
            page.levels(unit)[1],
            1 - own / max(1.0, page.under_size[key]),
            math.log1p(own),
            math.log1p(own / page.under_count[key]),
            page.under[key] / max(1.0, own),
        )


_COMPANY_NAMES = "same_share same_mean same_density same_count same_prose_mean repeats"
_COMPANY = _COMPANY_NAMES.split()


class _Company:
    """What else the same template place holds; worked out once for all its blocks."""

    def __init__(self, page: View) -> None:
        self._page = page
        self._known: dict[tuple[str, ...], tuple[float, ...]] = {}

    def of(self, at: int) -> tuple[float, ...]:
        """The features of one block."""
        page, sign = self._page, self._page.signs[at]
        known = self._known.get(sign)
        if known is None:
            known = self._known[sign] = self._of_sign(sign)
        return (*known, min(5, page.repeats[page.folded[at]]))

    def _of_sign(self, sign: tuple[str, ...]) -> tuple[float, ...]:
        page, count = self._page, self._page.same_count[sign]
        return (
            page.same_prose[sign] / page.total,
            math.log1p(page.same_own[sign] / count),
            1 - page.same_own[sign] / max(1.0, page.same_size[sign]),
            min(count, 60),
            math.log1p(page.same_prose[sign] / count),
        )


_WORDS_NAMES = "is_head head_overlap in_stated in_lead"
_WORDS = _WORDS_NAMES.split()


def _words(page: View, at: int) -> list[float]:
    folded = page.folded[at]
    words = set(folded.split())
    return [
        float(folded in page.heads),
        len(words & page.head_words) / max(1, len(words)),
        float(bool(page.stated) and bool(folded) and folded in page.stated),
        float(bool(page.lead) and len(folded) > 20 and (folded in page.lead or page.lead in folded)),
    ]


def _shifted(base: Rows) -> list[Rows]:
    """The telling features of the two blocks before and after, and their means over a window."""
    columns = [BASE.index(name) for name in _CONTEXT]
    told = base[:, columns]
    out = []
    for by in (-2, -1, 1, 2):
        moved = np.full_like(told, -1.0)
        if by < 0:
            moved[-by:] = told[:by]
        else:
            moved[:-by] = told[by:]
        out.append(moved)
    for half in (3, 8):
        sums = np.vstack([np.zeros((1, told.shape[1]), np.float32), np.cumsum(told, axis=0, dtype=np.float32)])
        low = np.maximum(np.arange(len(told)) - half, 0)
        high = np.minimum(np.arange(len(told)) + half + 1, len(told))
        out.append(((sums[high] - sums[low]) / (high - low)[:, None]).astype(np.float32))
    return out


_TOLD = [*_FORM, *_STANDING, *_COMPANY, *_WORDS]
BASE = [*_TOLD, *_MARKUP]
NAMES = BASE + [f"{name}@{where}" for where in ("-2", "-1", "+1", "+2", "~3", "~8") for name in _CONTEXT]
