"""What a piece of work costs: wall and CPU seconds and peak memory, child processes counted."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import psutil

_EVERY_S = 0.1


@dataclass
class Cost:
    """Filled when the block ends."""

    wall_s: float = 0.0
    cpu_s: float = 0.0  # user and system, finished children included
    peak_mb: float = 0.0  # of this process and its children together, sampled

    def as_dict(self) -> dict[str, float]:
        """The three numbers, rounded."""
        return {"wall_s": round(self.wall_s, 2), "cpu_s": round(self.cpu_s, 2), "peak_mb": round(self.peak_mb, 1)}


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the block."""
    cost = Cost()
    wall, cpu = time.monotonic(), _cpu()
    with _Peak() as peak:
        yield cost
    cost.wall_s, cost.cpu_s, cost.peak_mb = time.monotonic() - wall, _cpu() - cpu, peak.mb


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


@dataclass
class _Peak:
    """Samples the resident memory of the process tree."""

    mb: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        me = psutil.Process()
        while True:
            total = 0
            for process in [me, *me.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    total += process.memory_info().rss
            self.mb = max(self.mb, total / 1e6)
            if self._stop.wait(_EVERY_S):
                return
