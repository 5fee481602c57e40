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

from dags.stages import check, deduplicate, extract, geotag

PERIOD = timedelta(days=1)


@dag(
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=pendulum.datetime(1990, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=4,
    doc_md=__doc__,
    tags=["dateline", "news"],
    default_args={"owner": "dateline", "retries": 2, "retry_delay": timedelta(seconds=30)},
    params={
        "sources": Param(None, type=["null", "array"], items={"type": "string"}, description="Only these archives"),
        "start": Param(None, type=["null", "string"], description="First day, ISO; default: the data interval"),
        "end": Param(None, type=["null", "string"], description="The day after the last, ISO"),
    },
)
def news_backfill() -> None:
    @task(multiple_outputs=True)
    def due() -> dict[str, Any]:
        from etl import jobs, settings

        context = get_current_context()
        run, params = context["dag_run"], context["params"]
        window = jobs.window(params, (run.data_interval_start, run.data_interval_end), run.run_after, PERIOD)
        with jobs.begin(settings.read(), "news_backfill", run.run_id, interval=window) as job:
            jobs.queue_archives(job, *window, names=params["sources"])
            return {"run_id": job.run_id, "batches": jobs.batches_due(job, names=params["sources"], archives_of=window)}

    @task(pool="fetch")
    def fetch(run_id: int, source_ids: list[int]) -> dict[str, int]:
        from etl import jobs, settings

        part = str(get_current_context()["ti"].map_index)
        with jobs.resume(settings.read(), run_id) as job:
            return jobs.fetch(job, source_ids, part=part, archives_of=job.interval).summary

    plan: Any = due()
    run_id = plan["run_id"]
    fetched = fetch.partial(run_id=run_id).expand(source_ids=plan["batches"])
    chain(fetched, extract(run_id), [deduplicate(run_id), geotag(run_id)], check(run_id, is_backfill=True))


news_backfill()
