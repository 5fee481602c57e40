"""Two texts go in, whole; out comes how much of one stands in the other.

Of a text of fifty words a sketch holds a dozen shingles: too few to tell three quarters from two. And a word that is
another takes five shingles with it, a tenth of such a text. So a short text is read with the long one: beside
resemblance and containment, the *coverage* is the share of its words that stand in a run of five words of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etl.dedup.fingerprint import SHINGLE

if TYPE_CHECKING:
    import numpy as np

    Hashes = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts have in common, estimated from sketches or counted."""

    similarity: float  # common shingles by all shingles
    containment: float  # common shingles by those of the shorter
    common: int  # shingles
    coverage: float | None = None  # words of the shorter that stand in the other, by all its words; None: not read


def overlap(one: Hashes, other: Hashes) -> Overlap:
    """Of two texts as `fingerprint.shingles` gives them."""
    import numpy as np

    short, long = sorted((one, other), key=len)
    if not len(short):
        return Overlap(0.0, 0.0, 0, 0.0)
    ours, theirs = np.unique(short), np.unique(long)
    common = len(np.intersect1d(ours, theirs, assume_unique=True))
    both = len(ours) + len(theirs) - common
    return Overlap(common / both, common / min(len(ours), len(theirs)), common, _coverage(np.isin(short, theirs)))


def _coverage(is_shared: Any) -> float:
    """Of words, by which of their shingles are shared."""
    import numpy as np

    run = np.ones(SHINGLE, dtype=np.int64)
    return float(np.mean(np.convolve(is_shared, run) > 0))
