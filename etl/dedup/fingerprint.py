"""A text and its outlet's furniture go in; what is compared of it comes out: hash, bands, sketch, figures.

Theory. A text is the set of its runs of five words (shingles), each hashed to 64 bits; which of them are smallest is
chance, but the same chance for every text (Broder 1997, "On the resemblance and containment of documents"). Of those
that are kept the upper 32 bits are enough: in a sketch of 150 two meet by chance once in a hundred thousand texts, in
one of a thousand once in two thousand, and then count as one.
- The *sketch* is the smallest quarter of the set, at least 64 and at most 1,024 (bottom-k). Two sketches are compared
  below the lesser of their ends, where both are complete: that estimates resemblance and containment.
- The *bands* find candidates: the smallest eighteenth, at least 24 and at most 96. They are single shingles rather than
  rows of MinHashes because a brief cut from a long report shares its words but resembles it little: MinHash in 42
  bands of 3 found 83 % of such briefs, as many single ones all. Texts meet that share two, or one where one of them is
  short: of 120 words cut from a report of 200 to 1,500 words 999 in 1,000 do, of eighty 98 in 100, of fifty 9 in 10,
  of thirty 8 in 10. Each band is a look-up in an index of billions: a fifteenth would find 19 in 20 of those of fifty,
  at a fifth more.
- *Furniture*, lines that recur in articles of one outlet, is left out first: it makes strangers alike.
- *Numbers* are kept apart: weather, markets and lotteries are one text with other figures, and no copies.
Bounded: past 40,000 words nothing is read; one word 100,000 times is one shingle; no words give no bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from etl.dedup import fold
from etl.records import Fingerprint

if TYPE_CHECKING:
    import numpy as np

    Hashes = np.ndarray[Any, np.dtype[np.uint64]]
    SignedHashes = np.ndarray[Any, np.dtype[np.int64]]

SHINGLE = 5  # words
SHORT = 150  # shingles: a text of no more has few bands in common with a long one
SKETCH_SHARE, SKETCH_MIN, SKETCH_MAX = 4, 64, 1024
BANDS_SHARE, BANDS_MIN, BANDS_MAX = 18, 24, 96
MAX_CHARACTERS, MAX_WORDS, MAX_NUMBERS = 400_000, 40_000, 1000
_FURNITURE_KEEPS = 0.2  # a text of which less would remain is taken whole
_GOLDEN = 0x9E3779B97F4A7C15
_LOWER_BITS = 32  # let go of


def fingerprint(text: str, *, furniture: frozenset[int] = frozenset()) -> Fingerprint:
    """What is compared of a text. `furniture` holds the `line_hashes` of lines to leave out."""
    import xxhash

    words = _words(text[:MAX_CHARACTERS], furniture)[:MAX_WORDS]
    joined = " ".join(words).encode(errors="replace")
    hashes = _distinct(_shingles(joined, len(words)))
    smallest = hashes[: _within(hashes.size // SKETCH_SHARE, SKETCH_MIN, SKETCH_MAX)]
    sketch = _distinct(smallest >> _LOWER_BITS).tolist()
    return Fingerprint(
        text_hash=xxhash.xxh3_128_digest(joined),
        bands=bands_of(sketch, hashes.size),
        sketch=tuple(sketch),
        numbers=tuple(sorted({w for w in words if w[0].isdecimal()})[:MAX_NUMBERS]),
        shingles=int(hashes.size),
    )


def shingles(text: str, *, furniture: frozenset[int] = frozenset()) -> SignedHashes:
    """Hashes of all its shingles in reading order, of which the fingerprint holds the smallest."""
    words = _words(text[:MAX_CHARACTERS], furniture)[:MAX_WORDS]
    return _shingles(" ".join(words).encode(errors="replace"), len(words))


def bands_of(sketch: Sequence[int], shingles: int) -> tuple[int, ...]:
    """The keys under which a sketch is found; the warehouse knows them too (`news.bands_of`)."""
    return tuple(sketch[: _within(shingles // BANDS_SHARE, BANDS_MIN, BANDS_MAX)])


def line_hashes(text: str) -> frozenset[int]:
    """A signed 64-bit hash of each line that has words, to count where lines recur."""
    return frozenset(h for h, _ in _lines(text[:MAX_CHARACTERS]))


def _words(text: str, furniture: frozenset[int]) -> list[str]:
    if not furniture:
        return fold.words(text)
    lines = _lines(text)
    kept = [w for h, words in lines if h not in furniture for w in words]
    whole = [w for _, words in lines for w in words]
    return kept if len(kept) >= _FURNITURE_KEEPS * len(whole) else whole


def _lines(text: str) -> list[tuple[int, list[str]]]:
    from xxhash import xxh3_64_intdigest

    lines = [words for line in text.split("\n") if (words := fold.words(line))]
    return [(_signed(xxh3_64_intdigest(" ".join(w).encode(errors="replace"))), w) for w in lines]


def _within(value: int, least: int, most: int) -> int:
    return min(max(value, least), most)


def _signed(unsigned: int) -> int:
    return unsigned - 2**64 if unsigned >= 2**63 else unsigned


def _shingles(joined: bytes, count: int) -> SignedHashes:
    """The shingles of the joined words, hashed, in reading order."""
    import numpy as np
    from xxhash import xxh3_64_intdigest

    if not count:
        return np.empty(0, dtype=np.int64)
    words = np.fromiter(map(xxh3_64_intdigest, joined.split(b" ")), dtype=np.uint64, count=count)
    run = min(SHINGLE, count)  # a text shorter than a shingle is one shingle
    hashes = np.zeros(count - run + 1, dtype=np.uint64)
    for j in range(run):
        hashes = hashes * np.uint64(_GOLDEN) + words[j : count - run + 1 + j]
    return _mixed(hashes).view(np.int64)


def _distinct(hashes: SignedHashes) -> SignedHashes:
    """Each once, in signed order."""
    import numpy as np

    ordered = np.sort(hashes)
    is_first = np.ones(len(ordered), dtype=np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def _mixed(h: Hashes) -> Hashes:
    """MurmurHash3's finaliser: every bit of the sum reaches every bit of the hash."""
    import numpy as np

    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        h = (h ^ (h >> np.uint64(33))) * np.uint64(factor)
    return h ^ (h >> np.uint64(33))
