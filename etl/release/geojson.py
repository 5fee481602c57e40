"""Features as JSON text go in, one at a time; a GeoJSON file comes out: one collection, or a sequence of records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

_OFTEN = 5000


def collection(features: Iterator[str], path: Path, tell: Callable[[int], None] = lambda _: None) -> int:
    """RFC 7946: one FeatureCollection; how many features."""
    with path.open("w", encoding="utf8", newline="\n") as out:
        out.write('{"type": "FeatureCollection", "features": [')
        n = _each(features, out, before=lambda first: "\n" if first else ",\n", tell=tell)
        out.write("\n]}\n")
    return n


def sequence(features: Iterator[str], path: Path, tell: Callable[[int], None] = lambda _: None) -> int:
    """RFC 8142: a record separator, a feature, a line feed; readable while it grows. How many features."""
    with path.open("w", encoding="utf8", newline="\n") as out:
        return _each(features, out, before=lambda _first: "\x1e", after="\n", tell=tell)


def _each(
    features: Iterator[str],
    out: IO[str],
    *,
    before: Callable[[bool], str],
    tell: Callable[[int], None],
    after: str = "",
) -> int:
    n = 0
    for n, feature in enumerate(features, 1):
        out.write(f"{before(n == 1)}{feature}{after}")
        if n % _OFTEN == 0:
            tell(_OFTEN)
    tell(n % _OFTEN)
    return n
