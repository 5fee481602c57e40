"""Blocks of a page in, one row of numbers a block out: what a reader would notice of it.

Theory. Four kinds of evidence, none of them a word of any language: the block's own form (length, links, how it ends);
its markup (tags and the purposes that names around it speak of); its place (how far from where the page's prose stands,
before or after it); and its company (how much text the same template place holds all over the page, and what the
blocks before and after are like). Lengths are taken by logarithm and, in scripts that spend a character on a word or
a syllable, counted as longer. Features of a block's neighbours are its own features shifted, see `forest`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etl.extract.blocks import Block
from etl.extract.purposes import KINDS, PURPOSES
from etl.extract.view import View

Rows = NDArray[np.float32]
Column = NDArray[Any]  # a number a block

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
_TAG_NUMBERS = {tag: at for at, tag in enumerate(_TAGS)}
_CONTEXT = ("size", "density", "is_prose", "stops", "same_share")


def rows(found: Sequence[Block], heads: frozenset[str], stated: str, lead: str) -> Rows:
    """A row a block, by the page's folded headlines, JSON-LD text (`stated`) and description (`lead`)."""
    if not found:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    page = View(found, heads, stated, lead)
    told = np.column_stack([*_form(page), *_standing(page), *_company(page), *_words(page)]).astype(np.float32)
    base = np.hstack([told, _markup(found)])
    return np.hstack([base, *_shifted(base)])


_FORM_NAMES = (
    "size own density links stops is_prose strong ends_stop ends_colon words word_length commas quotes digits upper "
    "starts_lower bars rights lines dense"
)
_FORM = _FORM_NAMES.split()


def _form(page: View) -> list[Column]:
    glyphs, counts = page.glyphs, page.counts
    words = glyphs.count("space") + 1  # white space is folded
    return [
        np.log1p(page.sizes),
        np.log1p(page.own),
        page.linked / counts,
        page.column(b.link_count for b in page.blocks),
        np.minimum(page.stops, 12),
        page.is_prose,
        page.column(b.strong for b in page.blocks) / counts,
        glyphs.ends("stop"),
        glyphs.ends("colon"),
        np.minimum(words, 60),
        np.minimum(counts / words, 20.0),
        np.minimum(glyphs.count("comma") / words, 0.5),
        glyphs.count("quote") > 0,
        glyphs.count("digit", 200) / np.minimum(200, counts),
        glyphs.count("capital", 200) / np.minimum(200, counts),
        glyphs.begins("small"),
        (glyphs.count("bar") > 0) | glyphs.ends_with("»", 2),
        (glyphs.count("right") > 0) | glyphs.has("http"),
        glyphs.count("line"),
        glyphs.count("dense", 100) > 0,
    ]


_BITS = {"in": KINDS, "own": PURPOSES, "near": PURPOSES, "far": PURPOSES}
_MARKUP = [f"tag_{t}" for t in _TAGS] + [f"{where}_{p}" for where, purposes in _BITS.items() for p in purposes]


def _markup(found: Sequence[Block]) -> Rows:
    """Tags and purposes as columns of ones and zeros."""
    tags = np.array([_TAG_NUMBERS.get(b.place.tag, -1) for b in found])[:, None] == np.arange(len(_TAGS))
    ints = [(b.place.kinds, b.place.own | b.holder.own, b.place.near, b.place.far) for b in found]
    bits = np.array(ints, dtype=np.int64).reshape(len(found), 4)
    parts = [bits[:, [at]] >> np.arange(len(names)) & 1 for at, names in enumerate(_BITS.values())]
    return np.hstack([tags, *parts]).astype(np.float32)


_STANDING_NAMES = (
    "up down before_first after_last inside index share_before from_head parent_share parent_density "
    "grand_share grand_density unit_down unit_density unit_own unit_mean unit_prose is_unseen depth has_class"
)
_STANDING = _STANDING_NAMES.split()


def _standing(page: View) -> list[Column]:
    """Where blocks stand."""
    at, places = np.arange(len(page.blocks)), page.at
    above, unit = page.above[places], page.units[places]
    prose, own = page.held(page.prose), page.held(page.own)
    share, density = prose / page.total, 1 - own / np.maximum(1.0, page.held(page.sizes))
    blocks = page.held(np.ones(len(at)))
    span = page.last - page.first
    return [
        page.up[places],
        page.down[places],
        np.clip(page.first - at, 0, 20),
        np.clip(at - page.last, 0, 20),
        (page.first <= at) & (at <= page.last),
        at / len(at),
        np.clip((at - page.first) / span, -0.5, 1.5) if span > 0 else np.zeros(len(at)),
        np.clip(at - page.head, -20, 60) if page.head >= 0 else np.zeros(len(at)),
        share[above],
        density[above],
        share[page.above[above]],
        density[page.above[above]],
        page.down[unit],
        density[unit],
        np.log1p(own[unit]),
        np.log1p(own[unit] / blocks[unit]),
        prose[unit] / np.maximum(1.0, own[unit]),
        page.column(b.place.is_unseen for b in page.blocks),
        page.column(min(b.place.depth, 40) for b in page.blocks),
        page.column(bool(b.place.names) for b in page.blocks),
    ]


_COMPANY_NAMES = "same_share same_mean same_density same_count same_prose_mean repeats"
_COMPANY = _COMPANY_NAMES.split()


def _company(page: View) -> list[Column]:
    """What else the same template place holds."""
    of = page.templates
    count, prose = np.bincount(of), np.bincount(of, page.prose)
    own, size = np.bincount(of, page.own), np.bincount(of, page.sizes)
    told = (
        prose / page.total,
        np.log1p(own / count),
        1 - own / np.maximum(1.0, size),
        np.minimum(count, 60),
        np.log1p(prose / count),
    )
    return [*(column[of] for column in told), np.minimum(page.repeats, 5)]


_WORDS_NAMES = "is_head head_overlap in_stated in_lead"
_WORDS = _WORDS_NAMES.split()


def _words(page: View) -> list[Column]:
    stated, lead, heads = page.stated, page.lead, page.heads
    return [
        page.column(text in heads for text in page.folded),
        page.column(_overlap(text, page.head_words) for text in page.folded),
        page.column(bool(stated and text) and text in stated for text in page.folded),
        page.column(bool(lead) and len(text) > 20 and (text in lead or lead in text) for text in page.folded),
    ]


def _overlap(folded: str, known: set[str]) -> float:
    """The share of its words that are among others."""
    words = set(folded.split())
    return len(words & known) / max(1, len(words))


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
