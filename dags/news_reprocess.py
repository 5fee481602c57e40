"""Read what was captured on a day again with today's code: an interval into a shadow, the difference, the swap.

**shadow → swap → check**. Nothing is fetched, and nothing is seen before the swap: without `approve` the run ends with
a report in the log of `swap` and a shadow that waits for `dateline reprocess approve ID` (or `drop ID`).

Start it with `airflow backfill create --dag-id news_reprocess --from-date … --to-date …` (both ends included: each
run takes the articles observed in its data interval, a day), or trigger it with `start` and `end`.

**When it fails**: the failed task says why; retry it. `shadow` goes on where it was, `swap` is one transaction.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Param, chain, dag, get_current_context, task
from airflow.timetables.interval import CronDataIntervalTimetable

from dags.stages import RETRIES, check, tell

PERIOD = timedelta(days=1)


@dag(
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=pendulum.datetime(1990, 1, 1, tz="UTC"),
    catchup=False,
    is_paused_upon_creation=True,  # by hand or as a backfill: yesterday was read with today's code
    max_active_runs=1,
    doc_md=__doc__,
    tags=["dateline", "news"],
    default_args={"owner": "dateline", **RETRIES},
    params={
        "start": Param(None, type=["null", "string"], description="From then on, ISO; default: the data interval"),
        "end": Param(None, type=["null", "string"], description="Before then, ISO"),
        "approve": Param(False, type="boolean", description="Swap it in"),
        "what": Param("text,places,copies", type="string", description="What is done anew"),
        "source": Param(None, type=["null", "string"], description="Only articles of this source"),
    },
)
def news_reprocess() -> None:
    @task
    def begin() -> int:
        from etl import jobs, settings

        ran, params = get_current_context()["dag_run"], get_current_context()["params"]
        window = jobs.window(params, (ran.data_interval_start, ran.data_interval_end), ran.run_after, PERIOD)
        with jobs.begin(settings.read(), "news_reprocess", ran.run_id, interval=window) as job:
            return job.run_id

    @task
    def shadow(run: int) -> int:
        from etl import jobs, settings
        from etl.jobs import reprocess

        params = get_current_context()["params"]
        with jobs.resume(settings.read(), run) as job:
            asked = reprocess.Asked(*job.interval, params["what"].split(","), params["source"])
            return reprocess.make(job, asked, tell=print)

    @task
    def swap(run: int, reprocess_id: int) -> int:
        from etl import jobs, settings
        from etl.jobs import reprocess, shadow_report

        with jobs.resume(settings.read(), run) as job:
            print(*shadow_report.told(shadow_report.document(job.db, reprocess_id)), sep="\n")
            done = get_current_context()["params"]["approve"] and reprocess.approve(job, reprocess_id, tell=print)
            return len(done.articles) if done else 0

    run: Any = begin()
    made: Any = shadow(run)
    chain(swap(run, made), check(run), tell(run))


news_reprocess()
