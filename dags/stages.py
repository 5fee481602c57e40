"""The stages every DAG of ours ends with: a run id in, the tally out. Each takes up whatever waits for it."""

from __future__ import annotations

from airflow.sdk import task


@task(trigger_rule="none_failed")  # a run with nothing to fetch still takes up what an earlier one left
def extract(run: int) -> dict[str, int]:
    """Captures → articles."""
    from etl import jobs, settings

    with jobs.resume(settings.read(), run) as job:
        return jobs.extract(job).summary


@task
def deduplicate(run: int) -> dict[str, int]:
    """New contents → who copied whom, and stories."""
    from etl import jobs, settings

    with jobs.resume(settings.read(), run) as job:
        return jobs.deduplicate(job).summary


@task
def geotag(run: int) -> dict[str, int]:
    """New contents → places."""
    from etl import jobs, settings

    with jobs.resume(settings.read(), run) as job:
        return jobs.geotag(job).summary


@task(retries=1)
def check(run: int, *, is_backfill: bool = False) -> int:
    """The run's accounts → how many rows the checks warn of; a failed check fails the run, naming the rows."""
    from etl import jobs, settings

    with jobs.resume(settings.read(), run) as job:
        return sum(f.offending for f in jobs.check(job, is_backfill=is_backfill))
