"""Poll the feeds that are due, fetch what they link, and turn it into rows.

**fetch → extract → deduplicate, geotag → check**. One fetch task a batch of hosts; every item of the run ends in the
ledger as kept, rejected or released.

**When it fails**: the failed task says why. Retry it: each stage takes up what waits and repeats nothing that is done.
A failed `check` names the offending rows, and keeps them in `ops.check_result`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param, chain, dag, get_current_context, task
from airflow.timetables.interval import CronDataIntervalTimetable

from dags.stages import check, deduplicate, extract, geotag

PERIOD = timedelta(minutes=15)


@dag(
    schedule=CronDataIntervalTimetable("*/15 * * * *", timezone="UTC"),
    start_date=pendulum.datetime(2022, 1, 1, tz="UTC"),
    catchup=False,  # a feed shows only the present
    max_active_runs=1,
    doc_md=__doc__,
    tags=["dateline", "news"],
    default_args={"owner": "dateline", "retries": 2, "retry_delay": timedelta(seconds=30)},
    params={
        "sources": Param(None, type=["null", "array"], items={"type": "string"}, description="Only these sources"),
        "force": Param(False, type="boolean", description="Poll also what is not due"),
    },
)
def news_ingest() -> None:
    @task(multiple_outputs=True)
    def due() -> dict[str, Any]:
        from etl import jobs, settings

        context = get_current_context()
        run, names = context["dag_run"], context["params"]["sources"]
        window = jobs.window({}, (run.data_interval_start, run.data_interval_end), run.run_after, PERIOD)
        with jobs.begin(settings.read(), "news_ingest", run.run_id, interval=window) as job:
            jobs.queue_feeds(job, names=names, is_forced=context["params"]["force"])
            return {"run_id": job.run_id, "batches": jobs.batches_due(job, names=names)}

    @task(pool="fetch")
    def fetch(run_id: int, source_ids: list[int]) -> dict[str, int]:
        from etl import jobs, settings

        part = str(get_current_context()["ti"].map_index)
        with jobs.resume(settings.read(), run_id) as job:
            return jobs.fetch(job, source_ids, part=part).summary

    plan: Any = due()
    run_id = plan["run_id"]
    fetched = fetch.partial(run_id=run_id).expand(source_ids=plan["batches"])
    chain(fetched, extract(run_id), [deduplicate(run_id), geotag(run_id)], check(run_id))


news_ingest()
