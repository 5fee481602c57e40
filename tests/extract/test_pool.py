"""Pages in worker processes: order kept, limits held, neighbours unharmed, nothing left running."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import psutil
import pytest

from etl import crew
from etl.errors import Reason
from etl.extract.article import extract
from etl.extract.pool import Limits, extract_all
from etl.records import Article, Capture, CaptureKind, Rejected
from etl.settings import ROOT

SLOW = b"<html><body>" + b"<a>" * 400_000  # valid, shallow, and minutes of work for the libraries
HUNGRY = b"<html><body>" + b"<br>" * 4_000_000


def capture(body: bytes, at: int = 0) -> Capture:
    seen = datetime(2024, 7, 1, tzinfo=UTC)
    url = f"https://echo.example/news/{at}"
    return Capture(kind=CaptureKind.PAGE, url=url, observed_at=seen, media_type="text/html", body=body)


def good(at: int) -> Capture:
    words = f"Story number {at} of the day is about the bridge, the river and the ferry between them. "
    return capture(f"<html><body><h1>Story {at}</h1><article><p>{words * 5}</p></article></body></html>".encode(), at)


def workers() -> list[psutil.Process]:
    living = [p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE]
    return [p for p in living if "etl.extract.worker" in " ".join(p.cmdline())]


def test_many_pages_keep_their_order_and_are_what_extract_makes_of_them() -> None:
    captures = [good(at) for at in range(12)]
    assert list(extract_all(captures, workers=2)) == [extract(c) for c in captures]
    assert workers() == []


def test_no_pages_start_no_worker() -> None:
    assert list(extract_all([])) == []


def test_a_slow_page_is_given_up_and_its_neighbours_go_on() -> None:
    results = list(extract_all([good(1), capture(SLOW, 2), good(3)], limits=Limits(seconds=1)))
    assert [type(r) for r in results] == [Article, Rejected, Article]
    assert isinstance(results[1], Rejected)
    assert (results[1].reason, results[1].key) == (Reason.TIMED_OUT, "https://echo.example/news/2")


def test_a_hungry_page_is_given_up_and_its_neighbours_go_on() -> None:
    results = list(extract_all([good(1), capture(HUNGRY, 2), good(3)], limits=Limits(seconds=60, megabytes=300)))
    assert [type(r) for r in results] == [Article, Rejected, Article]
    assert isinstance(results[1], Rejected)
    assert results[1].reason is Reason.POISON


def test_a_worker_that_is_killed_costs_nothing() -> None:
    def captures() -> Iterator[Capture]:
        yield good(1)
        yield good(2)
        yield good(3)
        yield good(4)
        for worker in workers():
            worker.kill()
        yield good(5)

    results = list(extract_all(captures()))
    assert [r.title for r in results if isinstance(r, Article)] == [f"Story {n}" for n in range(1, 6)]


def test_a_caller_who_stops_early_leaves_nothing_running() -> None:
    results = extract_all((good(at) for at in range(50)), workers=2)
    assert isinstance(next(results), Article)
    assert len(workers()) >= 1
    results.close()  # type: ignore[attr-defined]
    assert workers() == []


def test_a_worker_whose_parent_is_killed_ends_by_itself() -> None:
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from tests.extract.test_pool import good; "
        "from etl.extract.pool import extract_all; kept = extract_all(good(n) for n in range(9)); next(kept); "
        "import psutil; print(psutil.Process().children()[0].pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    if psutil.pid_exists(pid):
        psutil.Process(pid).wait(20)
    assert not psutil.pid_exists(pid)


def test_a_worker_that_cannot_start_says_how_to_see_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_BOOT", "raise SystemExit(3)")
    with pytest.raises(crew.WorkerCannotStartError, match=r"etl\.extract\.worker"):
        list(extract_all([good(1)]))


def test_it_works_where_the_main_module_must_not_be_imported_again(tmp_path: os.PathLike[str]) -> None:
    """As in an Airflow task, whose main module is the task runner."""
    script = os.path.join(tmp_path, "runner.py")  # noqa: PTH118 - a path for a subprocess
    with open(script, "w", encoding="utf8") as out:  # noqa: PTH123
        out.write(
            "import sys; sys.path.insert(0, sys.argv[1]); print('imported')\n"
            "from tests.extract.test_pool import good\nfrom etl.extract.pool import extract_all\n"
            "print(len(list(extract_all([good(1), good(2)]))))\n"
        )
    done = subprocess.run([sys.executable, script, str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["imported", "2"]
