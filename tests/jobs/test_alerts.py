"""Alerts reach a real web and a real mail server once, and again when it is over; one that is down fails nothing."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_string, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from etl import jobs
from etl.errors import ChecksFailed, SettingError
from etl.fetch.mail import mail
from etl.fetch.post import post
from etl.jobs import Job, alerts
from etl.settings import Settings, read
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.warehouse.factory import make_source


@dataclass
class Hook:
    """A webhook: what it was sent, and whether it answers."""

    status: int = 204
    port: int = 0
    got: list[dict[str, Any]] = field(default_factory=list)

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [(a["key"], a["state"]) for document in self.got for a in document["alerts"]]


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if made.status < 300:
                made.got.append(json.loads(body))
            self.send_response(made.status)
            self.send_header("Location", "http://elsewhere.example/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        made.port = port
        yield made


class Mails(socketserver.StreamRequestHandler):
    """A mail server, as much of one as it takes."""

    got: list[str]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.strip().upper().split(b":")[0].split(b" ")[0]
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.got.append(b"".join(lines).decode())
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def mails() -> Iterator[tuple[int, list[str]]]:
    got: list[str] = []
    handler = type("Handler", (Mails,), {"got": got})
    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)) as port:
        yield port, got


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(configured: Settings, hook: Hook) -> Settings:
    """Settings with a webhook on a host that the operator pinned."""
    pins = {"alerts.example": f"127.0.0.1:{hook.port}"}
    return replace(configured, alert_webhook="http://alerts.example/hook", pinned_hosts=pins)


@contextmanager
def run(settings: Settings, name: str, hours: float = 0) -> Iterator[Job]:
    at = NOW + timedelta(hours=hours)
    with jobs.begin(settings, "news_ingest", name, clock=lambda: at) as job:
        yield job


def ask(db: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def lose(db: Warehouse, run_id: int) -> None:
    """An item of a run that was lost on the way: the check of balances fails."""
    ask(db, f"INSERT INTO ops.ledger (run_id, stage, item_key, state, at) VALUES ({run_id}, 'fetch', 'page:x', 'claimed', now())")  # fmt: skip  # noqa: E501


def test_a_failed_check_is_told_once_and_again_when_it_is_over(db: Warehouse, told: Settings, hook: Hook) -> None:
    with run(told, "1") as job:
        lose(db, job.run_id)
        with pytest.raises(ChecksFailed, match="ledger_balances"):
            jobs.check(job)
        assert alerts.tell(job) == 1
        first = job.run_id
    [document] = hook.got
    [alert] = document["alerts"]
    assert alert["title"] == f"Check ledger_balances failed: 1 row in run {first}"
    assert '"item_key": "page:x"' in alert["detail"]
    assert f"dateline check --run {first}" in alert["what_to_do"]
    assert document["text"].startswith("Dateline: 1 alert\n")
    with run(told, "2", 1) as job:  # a later run is well, but the row is still wrong
        jobs.check(job)
        assert alerts.tell(job) == 0
    ask(db, "UPDATE ops.ledger SET state = 'kept' WHERE item_key = 'page:x'")
    with run(told, "3", 2) as job:
        jobs.check(job)
        assert alerts.tell(job) == 1
        assert alerts.tell(job) == 0
    assert hook.keys == [("check:ledger_balances", "open"), ("check:ledger_balances", "over")]
    assert "Over since 2022-07-06 11:00 UTC" in hook.got[1]["text"]
    with run(told, "4", 3) as job:  # and when it comes again, it is another
        lose(db, job.run_id)
        with pytest.raises(ChecksFailed):
            jobs.check(job)
        assert alerts.tell(job) == 1


@pytest.mark.parametrize("status", [500, 302])
def test_a_webhook_that_is_down_fails_nothing_and_is_tried_again(
    db: Warehouse, told: Settings, hook: Hook, status: int
) -> None:
    hook.status = status
    with run(told, "1") as job:
        lose(db, job.run_id)
        with pytest.raises(ChecksFailed):
            jobs.check(job)
        assert alerts.tell(job) == alerts.tell(job) == 0
    [(attempts, sent, failure)] = ask(db, "SELECT attempts, sent_at, failure FROM ops.alert_delivery")
    assert (attempts, sent) == (2, None)
    assert f"it answered {status}" in failure
    hook.status = 200
    with run(told, "2", 1) as job:
        jobs.check(job)
        assert alerts.tell(job) == 1
    assert hook.keys == [("check:ledger_balances", "open")]


def test_what_was_never_told_and_is_over_is_told_to_nobody(db: Warehouse, told: Settings, hook: Hook) -> None:
    hook.status = 503
    with run(told, "1") as job:
        lose(db, job.run_id)
        with pytest.raises(ChecksFailed):
            jobs.check(job)
        alerts.tell(job)
        ask(db, "UPDATE ops.ledger SET state = 'kept'")
        hook.status = 200
        assert alerts.tell(job) == 0
    assert hook.got == []
    assert ask(db, "SELECT resolved_at IS NOT NULL FROM ops.alert") == [(True,)]


def test_a_run_that_ended_without_its_checks_is_told_until_one_gets_that_far(told: Settings, hook: Hook) -> None:
    with run(told, "1") as job:
        assert alerts.tell(job) == 1  # no check was run
    with jobs.begin(told, "news_maintenance", "1", clock=lambda: NOW + timedelta(hours=1)) as other:
        assert alerts.tell(other, is_ended=False) == 0, "another job's run does not end it"
    with run(told, "2", 2) as job:
        jobs.check(job)
        alerts.tell(job)
    assert [k for k in hook.keys if k[0] == "run:news_ingest"] == [
        ("run:news_ingest", "open"),
        ("run:news_ingest", "over"),
    ]


def test_a_silent_source_is_told_with_what_to_do(db: Warehouse, told: Settings, hook: Hook) -> None:
    make_source(db)
    ask(
        db,
        "UPDATE ops.source_state SET last_success_at = '2022-07-06 08:00+00', last_new_at = '2022-07-01 08:00+00', "
        "silent_after_minutes = 1440, gap_minutes = 60, longest_gap_minutes = 600",
    )
    with run(told, "1") as job:
        jobs.check(job)
        assert alerts.tell(job) == 1
    assert hook.keys == [("source:courier", "open")]
    assert "dateline sources check https://courier.example/feed" in hook.got[0]["text"]
    ask(db, "UPDATE ops.source_state SET last_new_at = last_success_at")
    with run(told, "2", 1) as job:
        jobs.check(job)
        alerts.tell(job)
    assert hook.keys[-1] == ("source:courier", "over")


def test_it_is_mailed_too(db: Warehouse, configured: Settings, mails: tuple[int, list[str]]) -> None:
    port, got = mails
    by_mail = replace(configured, alert_smtp_url=f"smtp://127.0.0.1:{port}", alert_mail_to=("desk@news.example",))
    with run(by_mail, "1") as job:
        lose(db, job.run_id)
        with pytest.raises(ChecksFailed):
            jobs.check(job)
        assert alerts.tell(job) == 1
        assert alerts.tell(job) == 0
    [message] = [message_from_string(text, policy=policy.default) for text in got]
    assert message["Subject"] == "Dateline: 1 alert"
    assert message["To"] == "desk@news.example"
    assert "What to do: Look at them with `dateline check --run" in message.get_content()


def test_a_mail_server_that_is_down_is_a_reason_and_no_error() -> None:
    assert "refused" in str(mail("smtp://127.0.0.1:9", ["a@b.example"], "s", "t"))


def test_a_password_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch, mails: tuple[int, list[str]]) -> None:
    monkeypatch.setattr("etl.fetch.mail._HERE", set())  # as if it were another machine
    why = mail(f"smtp://me:secret@127.0.0.1:{mails[0]}", ["a@b.example"], "s", "t")
    assert "in the clear" in str(why)
    assert "secret" not in str(why)
    assert mails[1] == []


def test_a_private_address_is_posted_to_only_if_the_operator_pinned_its_host(hook: Hook) -> None:
    why = post(f"http://127.0.0.1:{hook.port}/", {"alerts": []}, user_agent="t", pins={})
    assert "not a public address" in str(why)
    assert hook.got == []


def test_sent_by_two_runs_at_once_it_arrives_once(db: Warehouse, told: Settings, hook: Hook) -> None:
    with run(told, "1") as job, run(told, "2") as other:
        lose(db, job.run_id)
        for each in (job, other):
            with suppress(ChecksFailed):
                jobs.check(each)
        threads = [threading.Thread(target=alerts.tell, args=(each,)) for each in (job, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert hook.keys == [("check:ledger_balances", "open")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"DATELINE_ALERT_WEBHOOK": "ftp://x"},
        {"DATELINE_ALERT_WEBHOOK": "https://hooks.example:secret/x"},
        {"DATELINE_ALERT_WEBHOOK": "https:///secret"},
        {"DATELINE_ALERT_SMTP_URL": "smtp://mail.example"},
        {"DATELINE_ALERT_SMTP_URL": "smtp://me:sec/ret@mail.example", "DATELINE_ALERT_MAIL_TO": "a@b.example"},
        {"DATELINE_ALERT_MAIL_TO": "a@b.example"},
        {"DATELINE_RETENTION": "feeds=9d"},
        {"DATELINE_RETENTION": "feed=9"},
        {"DATELINE_RETENTION": "feed=0d"},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingError) as refused:
        read(wrong)
    assert "sec" not in str(refused.value)
