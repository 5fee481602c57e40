"""What outlets make of a report is found, and traps are not, at the thresholds chosen and a step to either side."""

from __future__ import annotations

import random
from functools import cache

import pytest

from etl.dedup import likeness
from etl.dedup.fingerprint import fingerprint
from etl.records import Fingerprint
from tests.dedup.syndicated import COPIES, TRAPS, report

REPORTS = 40
STEPS = {
    "as chosen": {},
    "resemblance lower": {"RESEMBLANCE": 0.25},
    "resemblance higher": {"RESEMBLANCE": 0.35},
    "containment lower": {"CONTAINMENT": 0.7},
    "containment higher": {"CONTAINMENT": 0.8},
    "figures lower": {"_FIGURES_EXPLAIN": 0.35},
    "figures higher": {"_FIGURES_EXPLAIN": 0.45},
}
MISSED_AT_MOST = {"brief": 0.05, "local_edit": 0.05, "reworded": 0.1, "updated": 0.05}  # others: none


@cache
def origin(number: int) -> Fingerprint:
    return fingerprint("\n".join(report(number)))


@cache
def copy(kind: str, number: int) -> Fingerprint:
    return fingerprint("\n".join(COPIES[kind](report(number), random.Random(f"{kind}{number}"))))


@cache
def trap(kind: str, number: int) -> Fingerprint:
    return fingerprint(TRAPS[kind](number))


def is_found(a: Fingerprint, b: Fingerprint) -> bool:
    """As the warehouse finds it: two bands in common, then the verdict."""
    return len(set(a.bands) & set(b.bands)) >= 2 and likeness.compare(a, b) is not None


@pytest.mark.parametrize("step", STEPS)
def test_copies_are_found(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in STEPS[step].items():
        monkeypatch.setattr(likeness, name, value)
    missed = {kind: sum(not is_found(origin(n), copy(kind, n)) for n in range(REPORTS)) / REPORTS for kind in COPIES}
    assert {kind: share for kind, share in missed.items() if share > MISSED_AT_MOST.get(kind, 0)} == {}


@pytest.mark.parametrize("step", STEPS)
def test_traps_are_not(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither with the reports they take from nor with one another."""
    for name, value in STEPS[step].items():
        monkeypatch.setattr(likeness, name, value)
    wrong = {
        kind: sum(
            is_found(trap(kind, n), other)  # round-ups further apart have no items in common
            for n in range(REPORTS)
            for other in [*(origin(n + i) for i in range(8)), trap(kind, (n + 20) % REPORTS)]
        )
        / REPORTS
        for kind in TRAPS
    }
    assert {kind: share for kind, share in wrong.items() if share > 0.02} == {}


def test_strangers_are_not_copies() -> None:
    assert not any(is_found(origin(a), origin(b)) for a in range(REPORTS) for b in range(a))
