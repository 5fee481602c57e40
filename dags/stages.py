"""The stages every DAG ends with: a run id in, the tally out. What a failure means decides its retries: `RETRIES`."""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule, get_current_context, task

from dags.closing import tell as tell  # noqa: PLC0414 - DAGs find all their stages here

# By name, since no task's imports are paid for at parse time.
_FINAL = RetryRule(
    exception=[
        *("etl.errors.SettingError", "etl.errors.RegistryError", "etl.errors.MigrationError"),
        *("etl.errors.QueryMissing", "etl.errors.DatabaseTooOld", "etl.errors.GazetteerMissing"),
    ],
    action=RetryAction.FAIL,
    reason="A person has to put this right",
)
_FOUND = RetryRule(
    exception="etl.errors.ChecksFailed", action=RetryAction.FAIL, reason="The rows stay as they are until looked at"
)
_PASSING = RetryRule(
    exception=["etl.errors.DatabaseUnreachable", "psycopg2.OperationalError", "psycopg2.InterfaceError"],
    action=RetryAction.RETRY,
    reason="The database may come back",
)

# Half a minute, one, two: as long as a database takes to restart. Hosts that fail are no failures of a task.
RETRIES = {
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=5),
    "retry_policy": ExceptionRetryPolicy(rules=[_FINAL, _FOUND, _PASSING]),
}


def window(period: timedelta) -> tuple[datetime, datetime]:
    """What the current run answers for."""
    from etl import jobs

    run, params = get_current_context()["dag_run"], get_current_context()["params"]
    return jobs.window(params, (run.data_interval_start, run.data_interval_end), run.run_after, period)


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
