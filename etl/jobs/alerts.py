"""What a run and those before it left wrong goes in; who is to know is told once, and once more when it is over.

Wrong are: a check of severity error that found rows, in whichever run, until the same check finds none there; a source
that fell silent; a run that ended without its checks, until one of the same job gets that far. A channel that cannot be
reached fails nothing: what it was not told waits for the next run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from etl.fetch.mail import mail
from etl.fetch.post import post
from etl.jobs.job import Job
from etl.settings import Settings
from etl.warehouse import alerts, checks
from etl.warehouse.alerts import Alert, Channel, Notice

_AGAIN = 20  # runs of a failing check that are looked at again each time
_ROWS = 5  # told of what a check found


def tell(job: Job, *, is_ended: bool = True) -> int:
    """Settle and send what is wrong; how many notices went out. `is_ended`: this run has nothing left to do."""
    at = job.clock()
    seen = [*_checks(job), *_sources(job), *_runs(job, is_ended=is_ended)]
    alerts.settle(job.db, seen, ("check", "source", "run"), at=at)
    return send(job)


def send(job: Job) -> int:
    """Send what channels were not told yet; how many notices went out."""
    sent, at = 0, job.clock()
    with alerts.sending(job.db) as is_ours:
        for channel, say in _channels(job.settings) if is_ours else ():
            if waiting := alerts.waiting(job.db, channel, at=at):
                failure = say(waiting)
                alerts.note(job.db, channel, waiting, failure=failure, at=at)
                sent += 0 if failure else len(waiting)
    return sent


def _channels(settings: Settings) -> Iterator[tuple[Channel, Callable[[Sequence[Notice]], str | None]]]:
    if url := settings.alert_webhook:
        yield (
            "webhook",
            lambda notices: post(url, document(notices), user_agent=settings.user_agent, pins=settings.pinned_hosts),
        )
    if server := settings.alert_smtp_url:
        yield "mail", lambda notices: mail(server, settings.alert_mail_to, _subject(notices), _text(notices))


def document(notices: Sequence[Notice]) -> dict[str, object]:
    """What a webhook is sent: `text` as chat services show it, and each alert for programs."""
    return {
        "text": f"{_subject(notices)}\n\n{_text(notices)}",
        "alerts": [
            {
                "key": n.alert.alert_key,
                "kind": n.alert.kind,
                "state": "over" if n.over_at else "open",
                "title": n.alert.title,
                "detail": n.alert.detail,
                "what_to_do": n.alert.what_to_do,
                "run_id": n.alert.run_id,
                "since": n.since.isoformat(),
                "over_at": n.over_at.isoformat() if n.over_at else None,
            }
            for n in notices
        ],
    }


def _subject(notices: Sequence[Notice]) -> str:
    over = sum(n.over_at is not None for n in notices)
    new = len(notices) - over
    said = [f"{new} {'alert' if new == 1 else 'alerts'}"] * bool(new) + [f"{over} over"] * bool(over)
    return f"Dateline: {', '.join(said)}"


def _text(notices: Sequence[Notice]) -> str:
    return "\n\n".join(
        f"Over since {n.over_at:%Y-%m-%d %H:%M} UTC: {n.alert.title}"
        if n.over_at
        else f"{n.alert.title}\n{n.alert.detail}\nWhat to do: {n.alert.what_to_do}"
        for n in notices
    )


def _checks(job: Job) -> Iterator[Alert]:
    known = {c.name: c for c in checks.catalogue()}
    rows = [r for r in job.db.rows("failing_checks", most=_AGAIN) if r.check_name in known]
    for name, group in groupby(rows, key=lambda r: r.check_name):
        findings = [(r.run_id, _again(job, known[name], r.run_id)) for r in group]
        wrong = [(run_id, f) for run_id, f in findings if f.offending]
        if wrong:
            yield _failed(name, wrong)


def _again(job: Job, check: checks.Check, run_id: int) -> checks.Finding:
    """Whether it is still so: somebody may have put it right, or a retry did."""
    finding = checks.look_at(job.db, check, run_id)
    checks.remember(job.db, run_id, finding, at=job.clock())
    return finding


def _failed(name: str, wrong: Sequence[tuple[int, checks.Finding]]) -> Alert:
    run_id, latest = wrong[0]
    rows = sum(f.offending for _, f in wrong)
    sample = "\n".join(json.dumps(row, default=str, ensure_ascii=False) for row in latest.sample[:_ROWS])
    runs = ", ".join(str(n) for n, _ in wrong)
    return Alert(
        f"check:{name}",
        "check",
        f"Check {name} failed: {rows} {'row' if rows == 1 else 'rows'} in run {runs}",
        f"{latest.check.why}.\n{sample}",
        f"Look at them with `dateline check --run {run_id}`; do not rely on what they count until they are put right. "
        "This is over when the check finds none.",
        run_id,
    )


def _sources(job: Job) -> Iterator[Alert]:
    for r in job.db.rows("silent_sources"):
        yield Alert(
            f"source:{r.source_name}",
            "source",
            f"Source {r.source_name} fell silent",
            f"It answers, but brought nothing new since {r.silent_since:%Y-%m-%d %H:%M} UTC; from its rhythm something "
            f"was due within {r.expected_within}.",
            f"`dateline sources check {r.url}` says what is there now; correct its address in the registry, or "
            f"`dateline sources disable {r.source_name}`.",
        )


def _runs(job: Job, *, is_ended: bool) -> Iterator[Alert]:
    for r in job.db.rows("failed_runs", run_id=job.run_id, is_ended=is_ended, at=job.clock()):
        yield Alert(
            f"run:{r.job}",
            "run",
            f"A run of {r.job} failed",
            f"Run {r.run_id} ({r.external_id}), begun {r.started_at:%Y-%m-%d %H:%M} UTC, did not get to its checks"
            + (f": {r.failure}" if r.failure else "."),
            "Its failed task says why (Airflow's page, or its log); retry that task. What is done is not repeated; "
            "the next run takes up what waits.",
            r.run_id,
        )
