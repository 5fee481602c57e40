"""The stages every DAG of ours ends with: a run id in, the tally out. Each takes up whatever waits for it.

What a failure means decides whether it is tried again: `RETRIES`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule, task

# By name, since no task's imports are paid for at parse time.
_FINAL = RetryRule(
    exception=[
        *("etl.errors.SettingError", "etl.errors.RegistryError", "etl.errors.MigrationError"),
        *("etl.errors.QueryMissing", "etl.errors.DatabaseTooOld", "etl.errors.GazetteerMissing"),
    ],
    action=RetryAction.FAIL,
    reason="A person has to put this right; asking again cannot",
)
_FOUND = RetryRule(
    exception="etl.errors.ChecksFailed", action=RetryAction.FAIL, reason="The rows stay as they are until looked at"
)
_PASSING = RetryRule(
    exception=["etl.errors.DatabaseUnreachable", "psycopg2.OperationalError", "psycopg2.InterfaceError"],
    action=RetryAction.RETRY,
    reason="The database may come back",
)

# Half a minute, one, two: as long as a database takes to restart. Nothing else is in the way of a task: hosts that
# fail are no failures of it.
RETRIES = {
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=5),
    "retry_policy": ExceptionRetryPolicy(rules=[_FINAL, _FOUND, _PASSING]),
}


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
