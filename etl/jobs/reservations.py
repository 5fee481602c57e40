"""Answers of sources in; what publishers say to machines that read for training or mining noted.

Noted once a day, and at the first answer after the files of a source's host were read anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from etl.fetch.answers import Target
from etl.fetch.guard import FetchError
from etl.jobs.answers import Answer
from etl.jobs.job import Job
from etl.sources import opt_outs


def note(job: Job, answers: Sequence[Answer], at: datetime) -> None:
    """Read the headers of each answer and what is held of its host; nothing is asked for it."""
    answered = [(a, _host(a.fetched.final_url)) for a in answers if a.fetched.status is not None]
    if not answered:
        return
    stated = [{"host": host, "stated_at": a.stored.opt_outs_read_at} for a, host in answered]
    files = {r.host: r for r in job.db.rows("said_by_hosts", rows=stated, at=at)}
    rows = [_row(a, files[host]) for a, host in answered if host in files]
    if rows:
        job.db.run("note_opt_outs", rows=rows, at=at)


def _host(url: str) -> str:
    try:
        return Target(url).netloc
    except FetchError:
        return ""


def _row(answer: Answer, files: Any) -> dict[str, Any]:
    path = urlsplit(answer.fetched.final_url).path or "/"
    found = opt_outs.read(
        robots_txt=files.robots_body,
        ai_txt=files.ai_txt,
        tdmrep=files.tdmrep,
        headers=answer.fetched.headers,
        path=path,
    )
    return {"source_id": answer.item.source_id, "opt_outs": found.to_json()}
