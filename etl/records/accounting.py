"""What was turned away, and the tally that must balance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from etl.errors import Reason, Stage


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item turned away by a stage, with a reason; the bytes are kept elsewhere."""

    stage: Stage
    reason: Reason
    key: str  # which item
    detail: str = ""  # one line for a person


@dataclass(frozen=True, slots=True)
class Counts:
    """The tally of one stage of one run: seen == kept + rejected + released."""

    seen: int = 0
    kept: int = 0
    released: int = 0  # given back for another run
    rejected: Mapping[str, int] = field(default_factory=dict)  # by reason

    @classmethod
    def of(cls, *, kept: int = 0, released: int = 0, rejected: Iterable[Rejected] = ()) -> Counts:
        """Tally what a batch gave."""
        reasons: dict[str, int] = {}
        for r in rejected:
            reasons[r.reason.value] = reasons.get(r.reason.value, 0) + 1
        return cls(kept + released + sum(reasons.values()), kept, released, reasons)

    def __add__(self, other: Counts) -> Counts:
        reasons = dict(self.rejected)
        for reason, n in other.rejected.items():
            reasons[reason] = reasons.get(reason, 0) + n
        return Counts(self.seen + other.seen, self.kept + other.kept, self.released + other.released, reasons)

    @property
    def summary(self) -> dict[str, int]:
        """The four numbers, small enough to travel between tasks."""
        return {
            "seen": self.seen,
            "kept": self.kept,
            "released": self.released,
            "rejected": sum(self.rejected.values()),
        }

    @property
    def balances(self) -> bool:
        """Whether every item ended in exactly one state."""
        return self.seen == self.kept + self.released + sum(self.rejected.values())
