"""SIGKILL at one database answer after another: a shadow goes on where it was, a swap is all there or not at all."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

from etl.jobs import reprocess
from etl.jobs.reprocess import Asked
from etl.warehouse.connect import Warehouse
from tests.jobs.test_reprocess import ARTICLES, DAYS, Desk, better, desk, loaded

__all__ = ["desk", "loaded"]  # fixtures

pytestmark = pytest.mark.slow
STEP = 9  # answers between one death and the next


def dies(work: Callable[[], object], deadly: int) -> bool:
    """Do the work in a process of its own that is killed at the answer of this number; whether it was."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _arm(deadly)
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _arm(deadly: int) -> None:
    answers = 0

    def armed(plain: Callable[..., Any]) -> Callable[..., Any]:
        def asked(self: Warehouse, *args: Any, **more: Any) -> Any:
            nonlocal answers
            answers += 1
            if answers == deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            return plain(self, *args, **more)

        return asked

    Warehouse.rows, Warehouse.run = armed(Warehouse.rows), armed(Warehouse.run)  # type: ignore[method-assign]


def test_killed_anywhere_and_run_again_it_is_as_if_nothing_had_happened(desk: Desk) -> None:
    before = desk.digest
    [(run,)] = desk.ask(
        "INSERT INTO ops.run (job, external_id, interval_start_at, interval_end_at, code_version, started_at)"
        " VALUES ('news_reprocess', 'killed', %s, %s, %s, now()) RETURNING run_id",
        *DAYS,
        desk.settings.code_version,
    )

    def make() -> None:
        with desk.job(better) as job:
            reprocess.make(_as(job, run), Asked(*DAYS))

    def approve() -> None:
        with desk.job(better) as job:
            reprocess.approve(_as(job, run), 1)

    deaths = 0
    while dies(make, STEP + deaths * STEP):
        deaths += 1
        desk.now = desk.now.replace(minute=deaths % 60)
        assert desk.digest == before
    assert deaths > 5
    assert desk.ask("SELECT state, count(*) FROM ops.reprocess GROUP BY 1") == [("ready", 1)]
    [(differing,)] = desk.ask("SELECT count(*) FROM ops.shadow_difference WHERE kind = 'text'")
    assert differing >= ARTICLES
    while dies(approve, STEP + (deaths := deaths + 1) * STEP % 150):
        assert desk.digest == before, "not half of it"
    after = desk.digest
    assert after != before
    assert desk.ask("SELECT count(*) FROM mart.article WHERE title LIKE %s", "%!") == [(ARTICLES,)]
    approve()
    assert desk.digest == after
    assert desk.make(better)[1] == {}


def _as(job: Any, run: int) -> Any:
    from dataclasses import replace

    return replace(job, run_id=run)
