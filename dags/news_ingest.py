"""Poll the feeds that are due, fetch what they link, and turn it into rows.

**fetch → extract → deduplicate, geotag → check**. One fetch task a batch of hosts; every item of the run ends in the
ledger as kept, rejected or released.

**When it fails**: the failed task says why. A wrong setting fails at once; a lost database is waited for. Retry it:
each stage takes up what waits and repeats nothing that is done. What slow hosts still owe after five minutes is left
for the next run, so no source holds up the others. A failed `check` names the offending rows, and keeps them in
`ops.check_result`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param, chain, dag, get_current_context, task
from airflow.timetables.interval import CronDataIntervalTimetable

from dags.stages import RETRIES, check, deduplicate, extract, geotag, tell

PERIOD = timedelta(minutes=15)


@dag(
    schedule=CronDataIntervalTimetable("*/15 * * * *", timezone="UTC"),
    start_date=pendulum.datetime(2022, 1, 1, tz="UTC"),
    catchup=False,  # a feed shows only the present
    max_active_runs=1,
    doc_md=__doc__,
    tags=["dateline", "news"],
    default_args={"owner": "dateline", **RETRIES},
    params={
        "sources": Param(None, type=["null", "array"], items={"type": "string"}, description="Only these sources"),
        "force": Param(False, type="boolean", description="Poll also what is not due"),
    },
)
def news_ingest() -> None:
    @task
    def begin() -> int:
        from etl import jobs, settings

        context = get_current_context()
        dag_run, names = context["dag_run"], context["params"]["sources"]
        window = jobs.window({}, (dag_run.data_interval_start, dag_run.data_interval_end), dag_run.run_after, PERIOD)
        with jobs.begin(settings.read(), "news_ingest", dag_run.run_id, interval=window) as job:
            jobs.queue_feeds(job, names=names, is_forced=context["params"]["force"])
            return job.run_id

    @task
    def due(run: int) -> list[list[int]]:
        from etl import jobs, settings

        with jobs.resume(settings.read(), run) as job:
            return jobs.batches_due(job, names=get_current_context()["params"]["sources"])

    @task(pool="fetch")
    def fetch(run: int, source_ids: list[int]) -> dict[str, int]:
        from etl import jobs, settings

        part = str(get_current_context()["ti"].map_index)
        with jobs.resume(settings.read(), run) as job:
            return jobs.fetch(job, source_ids, part=part).summary

    run: Any = begin()
    fetched = fetch.partial(run=run).expand(source_ids=due(run))
    chain(fetched, extract(run), [deduplicate(run), geotag(run)], check(run), tell(run))


news_ingest()
