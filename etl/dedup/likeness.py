"""Two fingerprints go in; out comes how alike their texts are and by which rule that makes them copies, or None.

Theory. A copy resembles its origin (at least three tenths of all shingles are common: an agency text survives a new
headline, a local paragraph and some editing) or is contained in it (three quarters of the shorter one's shingles: a
brief, a cut). Reports of one event by different hands share quotes and names, which is far less than either.

The exception is the template: weather, markets, lotteries, court lists are one text with other figures. Each figure
that differs changes the five shingles it stands in; where two fifths or more of all differing shingles are accounted
for by differing figures, the texts are alike but for their numbers, and no copies. Three figures at least must differ,
and texts that share most of their shingles are spared: that is a correction.

Thresholds are the middle of the ranges that did best on syndicated news: resemblance .25 to .35, containment .72 to
.80, figures .35 to .45. Not done: telling round-ups, whose items are copied from several reports, from follow-ups.
"""

from __future__ import annotations

from dataclasses import dataclass

from etl.dedup.fingerprint import SHINGLE
from etl.records import CopyKind, Fingerprint

RESEMBLANCE = 0.3
CONTAINMENT = 0.75
_LEAST_COMMON = 4  # shingles in both sketches: fewer is chance, or a text too short to tell
_FIGURES_EXPLAIN = 0.4
_FIGURES_DIFFER = 3
_CORRECTION = 0.85  # resemblance at which differing figures are a correction


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two texts are alike."""

    similarity: float  # resemblance: common shingles by all shingles, estimated
    containment: float  # common shingles by those of the shorter, estimated
    kind: CopyKind
    rule: str  # what accepted it


def compare(a: Fingerprint, b: Fingerprint, *, is_one_agency: bool = False) -> Likeness | None:
    """How two texts are alike, or None where neither is a copy. `is_one_agency`: both name the same agency."""
    similarity, containment, common = _estimate(a, b)
    if common < _LEAST_COMMON:
        return None
    if a.text_hash == b.text_hash:
        return Likeness(1.0, 1.0, CopyKind.EXACT, "same words")
    if _is_template(a, b, similarity):
        return None
    measured = (round(similarity, 4), round(containment, 4))
    if similarity >= RESEMBLANCE:
        kind = CopyKind.WIRE if is_one_agency else CopyKind.NEAR
        return Likeness(*measured, kind, f"resemblance at least {RESEMBLANCE}")
    if containment >= CONTAINMENT:
        return Likeness(*measured, CopyKind.EXCERPT, f"containment at least {CONTAINMENT}")
    return None


def _estimate(a: Fingerprint, b: Fingerprint) -> tuple[float, float, int]:
    """Resemblance, containment and common hashes, over the range in which both sketches are complete."""
    if not a.sketch or not b.sketch:
        return 0.0, 0.0, 0
    end = min(_end(a), _end(b))
    ours = {h for h in a.sketch if h <= end}
    theirs = {h for h in b.sketch if h <= end}
    common = len(ours & theirs)
    shorter = min(len(ours), len(theirs))
    return common / len(ours | theirs), common / shorter if shorter else 0.0, common


def _end(text: Fingerprint) -> int:
    return text.sketch[-1] if len(text.sketch) < text.shingles else 2**63


def _is_template(a: Fingerprint, b: Fingerprint, similarity: float) -> bool:
    figures = len(set(a.numbers) ^ set(b.numbers))
    if figures < _FIGURES_DIFFER or similarity >= _CORRECTION:
        return False
    both = a.shingles + b.shingles
    differing = both - 2 * both * similarity / (1 + similarity)
    return SHINGLE * figures >= _FIGURES_EXPLAIN * differing
