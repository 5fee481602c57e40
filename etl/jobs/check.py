"""The end of a run: coverage is filled, every check is run, and a failed one fails the run, saying which rows."""

from __future__ import annotations

import json

from etl.errors import ChecksFailed
from etl.jobs.job import Job
from etl.warehouse import checks


def check(job: Job, *, is_backfill: bool = False, is_counted: bool = True) -> list[checks.Finding]:
    """Run the checks; what they found. Raises ChecksFailed if one with severity error found anything.

    A run that reads nothing of its sources is not counted for the day it runs on.
    """
    at = job.clock()
    with job.db.transaction():
        if is_counted:
            job.db.run("fill_coverage", run_id=job.run_id, is_backfill=is_backfill)
        findings = checks.run(job.db, job.run_id, at=at)
        failed = [f for f in findings if f.is_failure]
        named = ", ".join(f"{f.check.name} ({f.offending})" for f in failed)
        job.db.run("finish_run", run_id=job.run_id, at=at)
        if failed:
            job.db.run("note_failure", run_id=job.run_id, failure=f"checks failed: {named}")
    if failed:
        raise ChecksFailed(
            named,
            " ".join(f"{f.check.why}: {json.dumps(f.sample, default=str)}." for f in failed) + " See ops.check_result.",
        )
    return findings
