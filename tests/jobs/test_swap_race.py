"""New captures and newer versions come in while a shadow is swapped in: nothing is lost or doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from etl import jobs
from etl.jobs import reprocess
from etl.jobs.swap import Swapped
from etl.jobs.swap import swap as put_in
from etl.local.postgres import Server
from etl.warehouse import runs, scratch
from etl.warehouse.connect import connect
from etl.warehouse.digest import digest
from tests.jobs.conftest import furnish
from tests.jobs.history import START, Seen, history, instead, load
from tests.jobs.test_reprocess import ARTICLES, Desk, _better, desk, loaded

__all__ = ["desk", "loaded"]  # fixtures

_MORE = 12  # articles that come in meanwhile
_NEWER = range(0, ARTICLES, 3)  # articles whose publisher changes them meanwhile


def incoming() -> list[Seen]:
    """What live ingestion brings: new articles of the interval, and newer versions of some that the shadow has."""
    held = history(ARTICLES)
    new = [s for s in history(ARTICLES + _MORE) if s not in held]
    newer = [_newer(held[n], n) for n in _NEWER]
    return [s for pair in zip(new, newer, strict=False) for s in pair] + new[len(newer) :] + newer[len(new) :]


def _newer(seen: Seen, n: int) -> Seen:
    body = seen.body.replace(b"<p>", b"<p>Later: ", 1)
    return replace(seen, observed_at=START + timedelta(hours=50, minutes=n), body=body)


@pytest.fixture(scope="module")
def unraced(postgres: Server, template: str, loaded: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a warehouse has that got all of it by today's code, one after another."""
    with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
        furnish(db)
        settings = jobs_settings(url, tmp_path_factory.mktemp("home"))
        load(db, settings, [*history(ARTICLES), *incoming()], size=20, read=_better)
        return dict(digest(db).tables)


def jobs_settings(url: str, home: Any) -> Any:
    from etl import settings

    return settings.read({"DATELINE_HOME": str(home), "DATELINE_DATABASE_URL": url})


class Ingestion:
    """Live ingestion beside the swap, a few captures a run, on a connection of its own."""

    def __init__(self, desk: Desk, threads: ThreadPoolExecutor) -> None:
        self.desk, self._threads = desk, threads
        self.is_begun = threading.Event()
        self.future: Future[None] | None = None

    def start(self) -> None:
        self.future = self._threads.submit(self._load)

    def end(self, within_s: float = 300) -> None:
        assert self.future is not None
        self.future.result(timeout=within_s)

    def _load(self) -> None:
        with connect(self.desk.settings.database_url or "", name="ingestion") as db:
            self.is_begun.set()
            load(db, self.desk.settings, incoming(), size=4, start=self.desk.now + timedelta(minutes=5))


@pytest.fixture
def ingestion(desk: Desk) -> Iterator[Ingestion]:
    with ThreadPoolExecutor(1) as threads, instead(_better), instead(_better, "etl.jobs.reprocess.pool"):
        yield Ingestion(desk, threads)


def beside(ingestion: Ingestion, _: pytest.MonkeyPatch) -> None:
    """Both at once."""
    ingestion.start()
    ingestion.is_begun.wait()


def before_it_commits(ingestion: Ingestion, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is put in and nobody sees it yet: loaders wait for its end."""

    def swap(*some: Any, **more: Any) -> Any:
        done = put_in(*some, **more)
        ingestion.start()
        with pytest.raises(TimeoutError):
            ingestion.end(within_s=1)
        return done

    monkeypatch.setattr("etl.jobs.reprocess.swap", swap)


def after_it_read_again(ingestion: Ingestion, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it comes in between the last look at what is stale and the swap."""
    whole = reprocess._stale

    def stale(*some: Any) -> Any:
        found = whole(*some)
        ingestion.start()
        ingestion.end()
        return found

    monkeypatch.setattr(reprocess, "_stale", stale)


@pytest.mark.parametrize("moment", [beside, before_it_commits, after_it_read_again])
def test_ingestion_beside_a_swap(
    desk: Desk,
    ingestion: Ingestion,
    unraced: dict[str, Any],
    moment: Callable[[Ingestion, pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = made(desk)
    moment(ingestion, monkeypatch)
    done = approved(desk, number)
    ingestion.end()
    monkeypatch.undo()
    captures = len({(s.url, s.observed_at) for s in [*history(ARTICLES), *incoming()]})
    assert desk.ask("SELECT count(*) FROM news.observation") == [(captures,)]
    assert desk.ask("SELECT count(*), count(DISTINCT article_id) FROM mart.article") == [(ARTICLES + _MORE,) * 2]
    if done.left_alone:  # what changed in the last moment keeps what it had, until it is asked for again
        assert approved(desk, made(desk)).left_alone == 0
    now = digest(desk.db).tables
    assert {name: part for name, part in now.items() if part != unraced[name]} == {}
    for (run_id,) in desk.ask("SELECT run_id FROM ops.run"):
        assert all(counts.balances for counts in runs.counts(desk.db, run_id).values()), run_id
    with desk.job() as job:
        jobs.check(job, is_counted=False)  # raises where a check finds a row


def made(desk: Desk) -> int:
    """A shadow by today's code."""
    desk.now += timedelta(hours=1)
    with jobs.begin(desk.settings, reprocess.JOB, f"made {desk.now}", clock=lambda: desk.now) as job:
        return reprocess.make(job, reprocess.Asked(START, START + timedelta(days=4)))


def approved(desk: Desk, number: int) -> Swapped:
    """It is swapped in."""
    desk.now += timedelta(hours=1)
    with jobs.begin(desk.settings, reprocess.JOB, f"approved {desk.now}", clock=lambda: desk.now) as job:
        done = reprocess.approve(job, number)
        assert done is not None
        return done
