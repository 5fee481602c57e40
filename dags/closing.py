"""What every DAG does last, however it went: alerts are settled and sent. It decides nothing of the run's own end."""

from __future__ import annotations

from typing import Any

from airflow.sdk import task


@task(task_id="tell")
def _tell(run: int) -> int:
    from etl import jobs, settings
    from etl.jobs import alerts

    with jobs.resume(settings.read(), run) as job:
        return alerts.tell(job)


def tell(run: Any) -> Any:
    """The run, ended well or not → how many notices went out. What cannot be reached is tried with the next run."""
    return _tell(run).as_teardown()
