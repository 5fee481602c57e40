"""Fetch what the archives hold for a day of history, and turn it into rows.

**fetch → extract → deduplicate, geotag → check**. Feeds have no past, and their days say so. Start it with `airflow
backfill create --dag-id news_backfill --from-date … --to-date …` (both ends included), or by a trigger with `start` and
`end`. `dry_run` only says what it would do. Repeating a day changes only the ledger.

**When it fails**: the failed task says why; retry it. A failed `check` names the rows, kept in `ops.check_result`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param, chain, dag, get_current_context, task
from airflow.timetables.interval import CronDataIntervalTimetable

from dags.stages import RETRIES, check, deduplicate, extract, geotag, tell, window

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
        "start": Param(None, type=["null", "string"], description="First day, ISO"),
        "end": Param(None, type=["null", "string"], description="The day after the last, ISO"),
        "dry_run": Param(False, type="boolean", description="Only say what would be done"),
    },
)
def news_backfill() -> None:
    @task.short_circuit(ignore_downstream_trigger_rules=True)
    def plan() -> bool:
        from etl import settings
        from etl.jobs.backfill_plan import told

        context = get_current_context()
        if is_dry := context["params"]["dry_run"]:
            counts = told(settings.read(), window(PERIOD), context["params"]["sources"], tell=print)
            context["ti"].xcom_push(key="plan", value=counts)
        return not is_dry

    @task
    def begin() -> int:
        from etl import jobs, settings

        context, interval = get_current_context(), window(PERIOD)
        with jobs.begin(settings.read(), "news_backfill", context["dag_run"].run_id, interval=interval) as job:
            jobs.queue_archives(job, *interval, names=context["params"]["sources"])
            return job.run_id

    @task
    def due(run: int) -> list[list[int]]:
        from etl import jobs, settings

        with jobs.resume(settings.read(), run) as job:
            return jobs.batches_due(job, names=get_current_context()["params"]["sources"], archives_of=job.interval)

    @task(pool="fetch")
    def fetch(run: int, source_ids: list[int]) -> dict[str, int]:
        from etl import jobs, settings

        part = str(get_current_context()["ti"].map_index)
        with jobs.resume(settings.read(), run) as job:
            return jobs.fetch(job, source_ids, part=part, archives_of=job.interval).summary

    run: Any = begin()
    fetched = fetch.partial(run=run).expand(source_ids=due(run))
    chain(plan(), run, fetched, extract(run), [deduplicate(run), geotag(run)], check(run, is_backfill=True), tell(run))


news_backfill()
