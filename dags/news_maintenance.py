"""Look after the warehouse once a day: **partitions → retire → analyze → health**.

Partitions are made three months ahead, and the index of copies of quarters long past is let go of; bodies older than
`DATELINE_RETENTION` says are let go of (by default none, and never their keys and hashes); the change feed is folded;
stale statistics are renewed; bloat, long transactions, dead leases, what waits and the disk are looked at. What is not
well becomes an alert. `dateline maintain --dry-run` says beforehand what it would do.

**When it fails**: the failed task says why; retry it. Nothing else depends on it for weeks: partitions are made by runs
themselves where they are missing.
"""

from __future__ import annotations

from typing import Any

import pendulum
from airflow.sdk import chain, dag, get_current_context, task
from airflow.timetables.interval import CronDataIntervalTimetable

from dags.stages import RETRIES, tell


@dag(
    schedule=CronDataIntervalTimetable("20 3 * * *", timezone="UTC"),
    start_date=pendulum.datetime(2022, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["dateline", "news"],
    default_args={"owner": "dateline", **RETRIES},
)
def news_maintenance() -> None:
    @task
    def begin() -> int:
        from etl import jobs, settings

        with jobs.begin(settings.read(), "news_maintenance", get_current_context()["dag_run"].run_id) as job:
            return job.run_id

    @task
    def partitions(run: int) -> int:
        from etl import jobs, settings
        from etl.jobs import maintain

        with jobs.resume(settings.read(), run) as job:
            return maintain.partitions(job, tell=print)

    @task
    def retire(run: int) -> int:
        from etl import jobs, settings
        from etl.jobs import maintain

        with jobs.resume(settings.read(), run) as job:
            return maintain.retire(job, tell=print)

    @task
    def analyze(run: int) -> int:
        from etl import jobs, settings
        from etl.jobs import maintain

        with jobs.resume(settings.read(), run) as job:
            return maintain.analyze(job, tell=print)

    @task
    def health(run: int) -> int:
        from etl import jobs, settings
        from etl.jobs import maintain

        with jobs.resume(settings.read(), run) as job:
            return maintain.health(job, tell=print)

    run: Any = begin()
    chain(partitions(run), retire(run), analyze(run), health(run), tell(run))


news_maintenance()
