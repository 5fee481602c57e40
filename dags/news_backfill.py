"""Fetch what the archives hold for a day of history, and turn it into rows.

One run answers for one data interval: **fetch → extract → deduplicate, geotag → check**. A feed shows only the
present, so feeds are not asked: their days are entered in `ops.coverage_day` as `feed_has_no_past`.

Start it with `airflow backfill create --dag-id news_backfill --from-date … --to-date …` (both ends included), or
trigger it with `start` and `end`. Repeating a day changes nothing but the ledger.

**When it fails**: the failed task says why; retry it. A failed `check` names the rows, kept in `ops.check_result`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param, chain, dag, get_current_context, task
from airflow.timetables.interval import CronDataIntervalTimetable

from dags.stages import RETRIES, check, deduplicate, extract, geotag

PERIOD = timedelta(days=1)


@dag(
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=pendulum.datetime(1990, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=4,
    doc_md=__doc__,
    tags=["dateline", "news"],
    default_args={"owner": "dateline", **RETRIES},
    params={
        "sources": Param(None, type=["null", "array"], items={"type": "string"}, description="Only these archives"),
        "start": Param(None, type=["null", "string"], description="First day, ISO; default: the data interval"),
        "end": Param(None, type=["null", "string"], description="The day after the last, ISO"),
    },
)
def news_backfill() -> None:
    @task
    def begin() -> int:
        from etl import jobs, settings

        context = get_current_context()
        dag_run, params = context["dag_run"], context["params"]
        window = jobs.window(
            params, (dag_run.data_interval_start, dag_run.data_interval_end), dag_run.run_after, PERIOD
        )
        with jobs.begin(settings.read(), "news_backfill", dag_run.run_id, interval=window) as job:
            jobs.queue_archives(job, *window, names=params["sources"])
            return job.run_id

    @task
    def due(run: int) -> list[list[int]]:
        from etl import jobs, settings

        names = get_current_context()["params"]["sources"]
        with jobs.resume(settings.read(), run) as job:
            return jobs.batches_due(job, names=names, archives_of=job.interval)

    @task(pool="fetch")
    def fetch(run: int, source_ids: list[int]) -> dict[str, int]:
        from etl import jobs, settings

        part = str(get_current_context()["ti"].map_index)
        with jobs.resume(settings.read(), run) as job:
            return jobs.fetch(job, source_ids, part=part, archives_of=job.interval).summary

    run: Any = begin()
    fetched = fetch.partial(run=run).expand(source_ids=due(run))
    chain(fetched, extract(run), [deduplicate(run), geotag(run)], check(run, is_backfill=True))


news_backfill()
