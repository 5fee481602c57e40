"""The warehouse in; the same a day later out: partitions ahead, old bodies let go of, statistics fresh, health told.

Everything works under the loader's login: what needs more is done by the owner's functions, which hold the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from etl.settings import RETAINED
from etl.warehouse.connect import Warehouse

BODIES = tuple(kind for kind in RETAINED if kind != "changes")
CHANGES_KEPT = timedelta(days=30)  # superseded rows of the change feed
INDEX_KEPT = timedelta(days=45)  # of fingerprints, after their quarter: thrice as far as is looked back
_FOLDED_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing of the warehouse's health."""

    what: str
    seen: str
    what_to_do: str | None  # None when it is well


def partitions(db: Warehouse, *, today: date, is_dry: bool = False) -> list[str]:
    """Make the partitions of three months ahead; which were missing."""
    missing = [r.name for r in db.rows("missing_partitions", today=today)]
    if missing and not is_dry:
        db.run("ensure_months", today=today)
        db.run("ensure_quarters", today=today)
    return missing


def retire_bands(db: Warehouse, *, today: date, is_dry: bool = False) -> list[str]:
    """Let go of the index of fingerprints of quarters long past, which is made again when needed; of which."""
    return [r.name for r in db.rows("retire_bands", ended_before=today - INDEX_KEPT, is_dry=is_dry)]


def retire(db: Warehouse, rules: Mapping[str, timedelta], *, at: datetime, is_dry: bool = False) -> list[Any]:
    """Let go of bodies whose time is up, whole months only; month, bodies, bytes, and how many are of texts."""
    spans = {kind: span for kind, span in sorted(rules.items()) if kind in BODIES}
    if not spans:
        return []
    return db.rows(
        "retire_bodies",
        kinds=list(spans),
        befores=[at - span for span in spans.values()],
        rules=",".join(f"{kind}={span.days}d" for kind, span in spans.items()),
        at=at,
        is_dry=is_dry,
    )


def fold(db: Warehouse, rules: Mapping[str, timedelta], *, at: datetime) -> int:
    """Fold superseded rows of the change feed; how many went."""
    before, total = at - rules.get("changes", CHANGES_KEPT), 0
    while (step := db.one("fold_changes", before=before, most=_FOLDED_AT_ONCE)).seen:
        total += step.gone  # of many articles that came at once none goes, and there is more behind them
    return total


def analyze(db: Warehouse, *, is_dry: bool = False) -> list[str]:
    """Renew statistics that are stale; of which tables."""
    return [r.name for r in db.rows("analyze_stale", is_dry=is_dry)]


def health(db: Warehouse, *, at: datetime) -> list[Sign]:
    """How the warehouse is."""
    return [Sign(r.what, r.seen, r.what_to_do) for r in db.rows("health", at=at)]
