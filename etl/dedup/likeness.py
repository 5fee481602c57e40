"""Two fingerprints go in; out comes how alike their texts are and by which rule that makes them copies, or None.

Theory. A copy resembles its origin (at least three tenths of all shingles are common: an agency text survives a new
headline, a local paragraph and some editing) or is contained in it (three quarters of the shorter one's shingles: a
brief, a cut). Reports of one event by different hands share quotes and names, which is far less than either.

The exception is the template: weather, markets, lotteries, court lists are one text with other figures. Each figure
that differs changes the five shingles it stands in; where two fifths or more of all differing shingles are accounted
for by differing figures, the texts are alike but for their numbers, and no copies. Three figures at least must differ,
and texts that share most of their shingles are spared: that is a correction.

A short text is judged by words, where it can be read (`etl.dedup.overlap`): it is an excerpt if three quarters of its
words stand in the other and so do its figures, but for one or a third of them.

Thresholds are the middle of the ranges that did best on syndicated news: resemblance .25 to .35, containment .72 to
.80, figures .35 to .45. Not done: telling round-ups, whose items are copied from several reports, from follow-ups.
"""

from __future__ import annotations

from dataclasses import dataclass

from etl.dedup.fingerprint import SHINGLE, SHORT
from etl.dedup.overlap import Overlap
from etl.records import CopyKind, Fingerprint

RESEMBLANCE = 0.3
CONTAINMENT = 0.75
COVERAGE = 0.75
_LEAST_COMMON = 4  # shingles in both sketches: fewer is chance, or a text too short to tell
_LEAST_READ = 12  # the same of an excerpt that was read whole
_DOUBTFUL = 0.35  # estimated containment from which on a short text is worth reading
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


def compare(
    a: Fingerprint, b: Fingerprint, *, is_one_agency: bool = False, read: Overlap | None = None
) -> Likeness | None:
    """How two texts are alike, or None where neither is a copy.

    `is_one_agency`: both name the same agency. `read`: what they have in common where they were read whole.
    """
    found = read or _estimate(a, b)
    if found.common < _LEAST_COMMON:
        return None
    if a.text_hash == b.text_hash:
        return Likeness(1.0, 1.0, CopyKind.EXACT, "same words")
    if _is_template(a, b, found.similarity):
        return None
    measured = (round(found.similarity, 4), round(found.containment, 4))
    if found.similarity >= RESEMBLANCE:
        kind = CopyKind.WIRE if is_one_agency else CopyKind.NEAR
        return Likeness(*measured, kind, f"resemblance at least {RESEMBLANCE}")
    rule = _excerpt_rule(a, b, found)
    return Likeness(*measured, CopyKind.EXCERPT, rule) if rule else None


def is_in_doubt(a: Fingerprint, b: Fingerprint) -> bool:
    """Whether the sketches cannot tell, for one text is short and has something in common with the other."""
    if min(a.shingles, b.shingles) > SHORT or a.text_hash == b.text_hash:
        return False
    found = _estimate(a, b)
    return found.common > 1 and found.containment >= _DOUBTFUL


def _estimate(a: Fingerprint, b: Fingerprint) -> Overlap:
    """Over the range in which both sketches are complete."""
    if not a.sketch or not b.sketch:
        return Overlap(0.0, 0.0, 0)
    end = min(_end(a), _end(b))
    ours = {h for h in a.sketch if h <= end}
    theirs = {h for h in b.sketch if h <= end}
    common = len(ours & theirs)
    shorter = min(len(ours), len(theirs))
    return Overlap(common / len(ours | theirs), common / shorter if shorter else 0.0, common)


def _excerpt_rule(a: Fingerprint, b: Fingerprint, found: Overlap) -> str | None:
    """Why the shorter is an excerpt of the other. Of one that was read a third of the figures may be its own."""
    if found.coverage is None:
        return f"containment at least {CONTAINMENT}" if found.containment >= CONTAINMENT else None
    short, long = sorted((a, b), key=lambda text: text.shingles)
    own_figures = len(set(short.numbers) - set(long.numbers))
    if own_figures > max(1, len(short.numbers) // 3) or found.common < _LEAST_READ or found.coverage < COVERAGE:
        return None
    return f"coverage at least {COVERAGE}"


def _end(text: Fingerprint) -> int:
    return text.sketch[-1] if len(text.sketch) < text.shingles else 2**31


def _is_template(a: Fingerprint, b: Fingerprint, similarity: float) -> bool:
    figures = len(set(a.numbers) ^ set(b.numbers))
    if figures < _FIGURES_DIFFER or similarity >= _CORRECTION:
        return False
    both = a.shingles + b.shingles
    differing = both - 2 * both * similarity / (1 + similarity)
    return SHINGLE * figures >= _FIGURES_EXPLAIN * differing
