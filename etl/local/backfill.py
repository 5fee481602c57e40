"""A backfill's order in; days done by this process and its helpers, told as they end, and an exit code out.

What is told is read from the warehouse, so the helpers' days are told as our own. Ctrl-C reaches every helper; each
gives back what it has in hand, and a second run goes on from there.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any

from rich.console import Console

from etl.errors import DatelineError
from etl.jobs import backfill
from etl.jobs.backfill import Order
from etl.jobs.window import instants
from etl.settings import Settings
from etl.warehouse import backfills
from etl.warehouse.connect import connect

Tell = Callable[[str], None]

_LOOK_S = 1.0
_WORD_EVERY = 30  # looks without a word, where nobody sees the line that moves


def work(settings: Settings, url: str, order: Order, *, workers: int = 1, tell: Tell = print) -> int:
    """Do what is due; 0 if every day ended well."""
    configured = replace(settings, database_url=url)
    days = backfill.due_days(configured, order)
    if not days:
        tell("Nothing to do: every day that can be had is had. `--rerun all` reads them again.")
        return 0
    tell(f"{len(days)} days to do, {days[0]} first.")
    with (
        _told(url, order, len(days), tell) as watch,
        _helpers(configured, order, min(workers, len(days)) - 1) as helpers,
    ):
        for _ in backfill.run(configured, order, tell=tell):
            pass
        for helper in helpers:
            helper.join()
    return _closing(watch, sum(bool(h.exitcode) for h in helpers), tell)


def _closing(watch: _Watch, broken: int, tell: Tell) -> int:
    failed = [r for r in watch.ended.values() if r.failure]
    ended = list(watch.ended.values())
    total = {w: sum(getattr(r, w) for r in ended) for w in ("pages", "extracted", "rejected")}
    tell(
        f"{len(ended) - len(failed)} days done: {total['pages']:,} pages read, {total['extracted']:,} texts extracted, "
        f"{total['rejected']:,} turned away."
    )
    for r in failed:
        tell(f"{r.covered_on} failed: {r.failure}")
    if failed:
        tell("What failed is read again with `--rerun failed`.")
    if broken:
        tell(f"{broken} of the workers ended with an error, said above; their days are taken up by the next run.")
    return 1 if failed or broken else 0


@contextmanager
def _helpers(settings: Settings, order: Order, count: int) -> Iterator[list[BaseProcess]]:
    """Processes that share the days; none outlives the block."""
    context = multiprocessing.get_context("spawn")  # a fork would share our connections
    helpers: list[BaseProcess] = [context.Process(target=_help, args=(settings, order)) for _ in range(count)]
    try:
        for helper in helpers:
            with _unheard():
                helper.start()
        yield helpers
    except BaseException:  # Ctrl-C above all: they give back what they hold
        for helper in helpers:
            if helper.pid is not None and helper.is_alive():
                with suppress(ProcessLookupError):
                    os.kill(helper.pid, signal.SIGINT)
        raise
    finally:
        for helper in helpers:
            if helper.pid is not None:
                helper.join()


@contextmanager
def _unheard() -> Iterator[None]:
    """Ctrl-C waits for the end of the block; a process started in it is born deaf, and hears once it can clear up."""
    resource_tracker.ensure_running()  # starting it ends such a wait
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _help(settings: Settings, order: Order) -> None:
    """Be a helper: do days until none is left."""
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for _ in backfill.run(settings, order):
            pass
    except DatelineError as error:
        sys.exit(f"dateline: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


class _Watch:
    """Reads what runs have done, and tells of days that ended."""

    def __init__(self, order: Order, days: int, tell: Tell) -> None:
        self.ended: dict[int, Any] = {}
        self._order, self._days, self._tell = order, days, tell

    def look(self, runs: list[Any]) -> str:
        """Tell of days that ended since the last look; what is at work now comes back in words."""
        for r in runs:
            is_over = r.finished_at is not None and r.started_at >= self._order.asked_at
            if is_over and r.run_id not in self.ended and r.failure != "cut off":
                self.ended[r.run_id] = r
                seconds = (r.finished_at - r.started_at).total_seconds()
                self._tell(f"{r.covered_on}  {words(r)}  in {seconds:.0f} s{'  FAILED' if r.failure else ''}")
        at_work = [f"{r.covered_on}: {words(r)}" for r in runs if r.is_at_work]
        return f"{len(self.ended)} of {self._days} days · " + " · ".join(at_work or ["starting"])


def words(r: Any) -> str:
    """What a run has done so far."""
    told = f"{r.pages:,} pages, {r.extracted:,} extracted, {r.compared:,} compared, {r.tagged:,} tagged"
    return told + (f", {r.rejected:,} turned away" if r.rejected else "")


@contextmanager
def _told(url: str, order: Order, days: int, tell: Tell) -> Iterator[_Watch]:
    """Tell of the work while the block runs; a line that moves where a person watches."""
    is_over, watch = threading.Event(), _Watch(order, days, tell)
    thread = threading.Thread(target=_keep_telling, args=(url, order, watch, tell, is_over), daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        is_over.set()
        thread.join()
        with suppress(*backfills.PASSING), connect(url, name="backfill watch") as db:
            watch.look(backfills.runs(db, *instants(order.start, order.end), since=order.asked_at))


def _keep_telling(url: str, order: Order, watch: _Watch, tell: Tell, is_over: threading.Event) -> None:
    console = Console(highlight=False)
    looks = 0
    with console.status("starting") if console.is_terminal else nullcontext() as line:
        while not is_over.is_set():
            # A server that is away is the business of those who work.
            with suppress(*backfills.PASSING), connect(url, name="backfill watch") as db:
                while not is_over.wait(_LOOK_S):
                    looks += 1
                    now = watch.look(backfills.runs(db, *instants(order.start, order.end), since=order.asked_at))
                    if line is not None:
                        line.update(now)
                    elif looks % _WORD_EVERY == 0:
                        tell(now)
            is_over.wait(_LOOK_S)
