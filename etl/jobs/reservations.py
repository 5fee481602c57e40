"""Answers of sources in; what their publishers say to machines that read for training or mining noted, once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from etl.fetch.answers import Target
from etl.fetch.guard import FetchError
from etl.jobs.answers import Answer
from etl.jobs.job import Job
from etl.sources import opt_outs

_FRESH = timedelta(days=1)


def note(job: Job, answers: Sequence[Answer], at: datetime) -> None:
    """Read robots.txt as held and the headers of each answer; nothing is asked for it."""
    due = [a for a in answers if a.fetched.status is not None and _is_due(a, at)]
    hosts = {a.item.work_id: _host(a.fetched.final_url) for a in due}
    if not due:
        return
    robots = {r.host: r.robots_body for r in job.db.rows("robots_of_hosts", hosts=sorted(set(hosts.values())))}
    rows = [_row(a, robots.get(hosts[a.item.work_id])) for a in due]
    job.db.run("note_opt_outs", rows=rows, at=at)


def _is_due(answer: Answer, at: datetime) -> bool:
    read_at = answer.stored.opt_outs_read_at
    return read_at is None or at - read_at >= _FRESH


def _host(url: str) -> str:
    try:
        return Target(url).netloc
    except FetchError:
        return ""


def _row(answer: Answer, robots_txt: str | None) -> dict[str, Any]:
    path = urlsplit(answer.fetched.final_url).path or "/"
    found = opt_outs.read(robots_txt=robots_txt, headers=answer.fetched.headers, path=path)
    return {"source_id": answer.item.source_id, "opt_outs": found.to_json()}
