"""What is compared of texts, and how a copy relates to its origin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CopyKind(StrEnum):
    """How a copy relates to its origin."""

    EXACT = "exact"
    NEAR = "near"
    WIRE = "wire"  # both run the same agency text
    EXCERPT = "excerpt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is compared of a text."""

    text_hash: bytes  # 16 bytes over the folded words
    bands: tuple[int, ...]  # signed 32-bit bucket keys; two near-duplicates share at least one
    sketch: tuple[int, ...]  # signed 32-bit, sorted: a sample of the shingles, to verify with
    numbers: tuple[str, ...]  # the figures in the text: alike but for these is a template
    shingles: int  # how many there were
