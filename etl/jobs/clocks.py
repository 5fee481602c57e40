"""What sources claimed and when that was first seen in; new versions of the learned clock errors out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from etl.jobs.job import Job
from etl.sources import clock


def learn(job: Job) -> int:
    """Examine the clocks of sources that showed something new since they were last examined; how many changed.

    A source without evidence keeps the offset it had. One that turns out honest loses it by a version that says 0.
    """
    at = job.clock()
    changed = []
    with job.db.transaction():
        found = job.db.rows("clock_evidence", latest=clock.LATEST, most_waited=clock.MOST_WAITED, at=at)
        for row in found:
            zone = at.astimezone(ZoneInfo(row.time_zone)).utcoffset()
            offset = clock.learn(row.lags, zone_minutes=round(zone.total_seconds() / 60) if zone else 0)
            if offset is not None and offset.minutes != (row.offset_minutes or 0):
                changed.append(
                    {
                        "source_id": row.source_id,
                        "offset_minutes": offset.minutes,
                        "entries": offset.entries,
                        "rule": offset.rule,
                    }
                )
        if found:
            job.db.run("clocks_examined", source_ids=[row.source_id for row in found], at=at)
        if changed:
            job.db.run("close_clock_offsets", source_ids=[c["source_id"] for c in changed], at=at)
            job.db.run("keep_clock_offsets", rows=changed, run_id=job.run_id, at=at)
    return len(changed)
