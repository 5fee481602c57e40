"""The whole flow over real HTTP and real Postgres: all that goes in comes out as rows, once, and is accounted for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from etl import jobs
from etl.errors import ChecksFailed, Stage
from etl.jobs import Job
from etl.local.outlets import Outlets
from etl.local.postgres import Server
from etl.records import Counts
from etl.settings import ROOT, Settings
from etl.warehouse import runs, scratch
from etl.warehouse.connect import Warehouse, connect
from tests.jobs.conftest import furnish, sample_names

Begin = Callable[..., Job]
DAY = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)


def ingest(begin: Begin, samples: Outlets) -> Job:
    """One run of news_ingest, stage by stage, as the DAG does it."""
    job = begin(pins=dict(samples.pins))
    jobs.queue_feeds(job, names=sample_names(samples), is_forced=True)
    for part, batch in enumerate(jobs.batches_due(job)):
        jobs.fetch(job, batch, part=str(part))
    for stage in (jobs.extract, jobs.deduplicate, jobs.geotag):
        stage(job)
    jobs.check(job)
    return job


def backfill(begin: Begin, start: datetime, end: datetime) -> Job:
    job = begin("news_backfill", interval=(start, end))
    jobs.queue_archives(job, start, end)
    for batch in jobs.batches_due(job, archives_of=(start, end)):
        jobs.fetch(job, batch, archives_of=(start, end))
    for stage in (jobs.extract, jobs.deduplicate, jobs.geotag):
        stage(job)
    jobs.check(job, is_backfill=True)
    return job


def rows(db: Warehouse, question: str) -> list[tuple[object, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


@pytest.fixture
def polled_twice(begin: Begin, samples: Outlets) -> list[Job]:
    first = ingest(begin, samples)
    samples.advance()
    return [first, ingest(begin, samples)]


def test_every_item_is_accounted_for(ready: Warehouse, polled_twice: list[Job]) -> None:
    for job in polled_twice:
        counts = runs.counts(ready, job.run_id)
        assert set(counts) == {Stage.FETCH, Stage.EXTRACT, Stage.DEDUPLICATE, Stage.GEOTAG}
        assert all(c.balances for c in counts.values())
        assert counts[Stage.EXTRACT].kept == counts[Stage.DEDUPLICATE].seen == counts[Stage.GEOTAG].seen
    refused = runs.counts(ready, polled_twice[0].run_id)[Stage.FETCH].rejected
    assert refused == {
        "address_refused": 1,
        "bad_item": 1,
        "broken_feed": 1,
        "not_found": 1,
        "robots_refused": 1,
        "server_error": 1,
    }


def test_an_update_is_a_version_and_an_alias_no_article(ready: Warehouse, polled_twice: list[Job]) -> None:
    assert rows(ready, "SELECT title, versions FROM mart.article WHERE versions > 1") == [
        ("Freight train derails north of Zagreb, fourteen injured", 2)
    ]
    keys = rows(ready, "SELECT article_key FROM news.article_key ORDER BY 1")
    assert not [k for (k,) in keys if "utm_" in str(k)]
    assert rows(ready, "SELECT count(*) - count(DISTINCT title) FROM mart.article") == [(0,)]


def test_the_same_article_in_two_entries_is_two_sightings(ready: Warehouse, polled_twice: list[Job]) -> None:
    [(most,)] = rows(ready, "SELECT max(n) FROM (SELECT count(*) n FROM news.sighting GROUP BY article_id) s")
    assert int(str(most)) >= 2


def test_a_page_in_windows_1251_is_read_in_its_own_letters(ready: Warehouse, polled_twice: list[Job]) -> None:
    titles = [title for (title,) in rows(ready, "SELECT title FROM mart.article WHERE language_code = 'uk'")]
    assert "У Чернівцях після ремонту відкрили автовокзал" in titles


def test_the_copy_is_marked_with_its_origin(ready: Warehouse, polled_twice: list[Job]) -> None:
    copies = rows(ready, "SELECT copy_outlet, origin_outlet FROM mart.copy")
    assert copies == [("The Harbour Courier", "Meridian Wire")]


def test_polling_again_changes_no_row(
    ready: Warehouse, begin: Begin, samples: Outlets, polled_twice: list[Job]
) -> None:
    before = ready.value("data_digest")
    again = ingest(begin, samples)
    assert ready.value("data_digest") == before
    assert Stage.EXTRACT not in runs.counts(ready, again.run_id)
    outcomes = rows(ready, f"SELECT DISTINCT outcome FROM ops.fetch WHERE run_id = {again.run_id} AND reason IS NULL")
    assert ("not_modified",) in outcomes


def test_the_seed_comes_in_on_its_day_and_on_no_other(ready: Warehouse, begin: Begin) -> None:
    june = datetime(2022, 6, 1, tzinfo=UTC), datetime(2022, 7, 1, tzinfo=UTC)
    backfill(begin, *june)
    assert rows(ready, "SELECT count(*) FROM news.article") == [(0,)]
    backfill(begin, *DAY)
    assert rows(
        ready, "SELECT published_at::date::text, published_precision, published_origin, outlet FROM mart.article"
    ) == [("2022-07-04", "day", "curated", None)]
    before = ready.value("data_digest")
    again = backfill(begin, *DAY)
    assert ready.value("data_digest") == before
    assert runs.counts(ready, again.run_id)[Stage.FETCH] == Counts(seen=2, kept=2)
    verdicts = rows(ready, "SELECT DISTINCT verdict FROM ops.coverage_day WHERE covered_on = '2022-07-04'")
    assert set(verdicts) == {("covered",), ("feed_has_no_past",)}


def test_a_failed_check_fails_the_run_and_names_the_rows(ready: Warehouse, begin: Begin, samples: Outlets) -> None:
    job = ingest(begin, samples)
    with ready.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE news.mention SET surface = 'Atlantis' WHERE mention_id = (SELECT min(mention_id) FROM news.mention)"
        )
    with pytest.raises(ChecksFailed, match=r"mentions_match_text \(1\).*Atlantis"):
        jobs.check(job)


def test_interrupted_work_goes_back_to_the_queue(
    ready: Warehouse, begin: Begin, samples: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    whole = begin(pins=dict(samples.pins))
    jobs.queue_feeds(whole, names=sample_names(samples), is_forced=True)
    for batch in jobs.batches_due(whole):
        jobs.fetch(whole, batch)
    with monkeypatch.context() as patched:
        patched.setattr("etl.warehouse.captures.load", interrupt)
        with pytest.raises(KeyboardInterrupt):
            jobs.extract(whole)
    assert runs.counts(ready, whole.run_id)[Stage.EXTRACT].balances
    assert jobs.extract(whole).kept == 9


KILLED_STAGES = ["fetch", "extract", "deduplicate", "geotag"]
WORKER = """
import os, signal, sys, threading, time
from etl import jobs, settings
from etl.warehouse.connect import Warehouse
stage, delay, run, batches = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), eval(sys.argv[4])
calls, plain = 0, Warehouse.rows
def counted(self, *a, **k):  # die at the n-th answer of the database, wherever that is
    global calls
    calls += 1
    if calls == delay:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(self, *a, **k)
with jobs.resume(settings.read(), run) as job:
    Warehouse.rows = counted
    if stage == "fetch":
        for part, batch in enumerate(batches):
            jobs.fetch(job, batch, part=str(part))
    else:
        getattr(jobs, stage)(job)
"""


def world(db: Warehouse) -> list[tuple[object, ...]]:
    """All that matters of a warehouse, without ids and times of ours."""
    return rows(
        db,
        """SELECT a.url, a.title, a.versions, md5(a.body), o.title,
                  (SELECT string_agg(concat_ws(':', field, start_offset, surface, place_id), ' '
                                     ORDER BY field, start_offset)
                   FROM mart.mention m WHERE m.article_id = a.article_id),
                  (SELECT count(*) FROM mart.sighting s WHERE s.article_id = a.article_id)
           FROM mart.article a
           LEFT JOIN mart.copy c ON c.copy_article_id = a.article_id
           LEFT JOIN mart.article o ON o.article_id = c.origin_article_id
           ORDER BY a.url""",
    )


@pytest.fixture
def unbroken(postgres: Server, template: str, configured: Settings, samples: Outlets) -> list[tuple[object, ...]]:
    """The world after one run that nothing happened to, in a database of its own."""
    with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
        furnish(db)
        settings = replace(configured, database_url=url, pinned_hosts=samples.pins)
        with jobs.begin(settings, "news_ingest", "unbroken") as job:
            ingest(lambda **_: job, samples)
        return world(db)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("stage", KILLED_STAGES)
def test_killed_anywhere_and_run_again_gives_the_same_rows(
    ready: Warehouse, begin: Begin, samples: Outlets, unbroken: list[tuple[object, ...]], stage: str
) -> None:
    """SIGKILL at one database answer after another until the stage survives; then the rest, then compare."""
    job = begin(pins=dict(samples.pins))
    jobs.queue_feeds(job, names=sample_names(samples), is_forced=True)
    batches = jobs.batches_due(job)
    env = {
        **os.environ,
        "DATELINE_DATABASE_URL": job.settings.database_url or "",
        "DATELINE_HOME": str(job.settings.home),
        "DATELINE_HOSTS": ",".join(f"{h}={a}" for h, a in samples.pins.items()),
        "DATELINE_HOST_DELAY": "0",
    }
    killed = 0
    for current in KILLED_STAGES:
        answer = 1 if current == stage else 10**9
        while True:
            done = subprocess.run(
                [sys.executable, "-c", WORKER, current, str(answer), str(job.run_id), repr(batches)],
                env=env,
                cwd=ROOT,
                check=False,
            )
            if done.returncode == 0:
                break
            assert done.returncode == -signal.SIGKILL
            killed += 1
            answer += 3
            with ready.connection.cursor() as cursor:  # a death is the worker's fault here, not the item's
                cursor.execute("UPDATE ops.work SET attempts = 0")
    assert killed >= 2
    jobs.check(job)
    assert all(c.balances for c in runs.counts(ready, job.run_id).values())
    assert world(ready) == unbroken
