"""What every DAG does last, however it went: alerts are settled and sent. It decides nothing of the run's own end."""

from __future__ import annotations

from airflow.sdk import teardown


@teardown
def tell(run: int) -> int:
    """The run, ended well or not → how many notices went out. What cannot be reached is tried with the next run."""
    from etl import jobs, settings
    from etl.jobs import alerts

    with jobs.resume(settings.read(), run) as job:
        return alerts.tell(job)
