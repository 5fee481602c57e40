"""The daily round under the loader's login: partitions, retention and its dry run, statistics, health."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest

from etl import jobs
from etl.jobs import Job, maintain
from etl.records import CaptureKind, Outcome
from etl.settings import Settings
from etl.warehouse import captures, checks, keeping
from etl.warehouse.captures import FetchRow
from etl.warehouse.connect import Warehouse, connect
from tests.warehouse.factory import make_run, make_source

NOW = datetime(2022, 11, 20, 3, 20, tzinfo=UTC)
JULY = datetime(2022, 7, 6, 9, tzinfo=UTC)


def ask(db: Warehouse, question: str) -> list[tuple[Any, ...]]:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


def capture(db: Warehouse, kind: CaptureKind, body: bytes, at: datetime = JULY) -> int:
    row = FetchRow(
        source_id=1,
        kind=kind,
        requested_url=f"https://courier.example/{body.decode()}",
        final_url=None,
        fetched_at=at,
        observed_at=at,
        outcome=Outcome.FETCHED,
        headers={},
        body=body,
    )
    with db.transaction():
        [fetch_id] = captures.keep(db, 1, [row], at)
    return fetch_id


@pytest.fixture
def held(db: Warehouse) -> Warehouse:
    """A feed and a page of July, a feed that came in July and again in November, and a feed of November."""
    make_run(db, at=JULY)
    make_source(db)
    capture(db, CaptureKind.FEED, b"old-feed")
    capture(db, CaptureKind.PAGE, b"old-page")
    capture(db, CaptureKind.FEED, b"same-feed")
    capture(db, CaptureKind.FEED, b"same-feed", NOW)
    capture(db, CaptureKind.FEED, b"new-feed", NOW)
    return db


def lost(db: Warehouse) -> int:
    """How many captures have a body that nothing says may be gone."""
    [check] = [c for c in checks.catalogue() if c.name == "bodies_are_held"]
    return checks.look_at(db, check, None).offending


@pytest.fixture
def job(held: Warehouse, configured: Settings) -> Iterator[Job]:
    assert held
    kept = replace(configured, retention={"feed": timedelta(days=90)})
    with jobs.begin(kept, "news_maintenance", "1", clock=lambda: NOW) as begun:
        yield begun


HELD = """SELECT substr(requested_url, 25), k.retired_at IS NOT NULL, k.retired_rule,
          EXISTS (SELECT FROM raw.blob b WHERE b.blob_hash = k.blob_hash)
          FROM ops.fetch f JOIN raw.blob_key k USING (blob_hash) GROUP BY 1, 2, 3, 4 ORDER BY 1"""


def test_bodies_whose_time_is_up_go_and_leave_key_hash_and_a_note(held: Warehouse, job: Job) -> None:
    before = ask(held, "SELECT blob_hash, size FROM raw.blob_key ORDER BY 1")
    dry = keeping.retire(job.db, job.settings.retention, at=NOW, is_dry=True)
    assert [(r.stored_month.month, r.bodies, r.texts) for r in dry] == [(7, 1, 0)]
    assert ask(held, "SELECT count(*) FROM raw.blob") == [(4,)], "dry means dry"
    assert maintain.retire(job) == 1
    assert ask(held, HELD) == [
        ("new-feed", False, None, True),
        ("old-feed", True, "feed=90d", False),
        ("old-page", False, None, True),
        ("same-feed", False, None, True),
    ]
    assert ask(held, "SELECT blob_hash, size FROM raw.blob_key ORDER BY 1") == before
    assert maintain.retire(job) == 0, "a second time nothing is due"
    assert lost(held) == 0


def test_what_waits_to_be_read_stays(held: Warehouse, job: Job) -> None:
    fetch_id = capture(held, CaptureKind.FEED, b"unread")
    ask(
        held,
        "INSERT INTO ops.work (stage, item_key, source_id, queued_by, queued_at) "
        f"VALUES ('extract', 'capture:{fetch_id}', 1, 1, '{JULY}')",
    )
    maintain.retire(job)
    assert ("unread", False, None, True) in ask(held, HELD)
    ask(held, "DELETE FROM ops.work")
    maintain.retire(job)
    assert ("unread", True, "feed=90d", False) in ask(held, HELD)


@pytest.mark.parametrize("is_read", [False, True])
def test_a_month_that_is_empty_is_given_back_at_once_unless_somebody_reads_it(
    held: Warehouse, job: Job, database_url: str, is_read: bool
) -> None:
    is_given_back = "SELECT pg_relation_size('raw.blob_2022_07') = 0"
    ask(held, "DELETE FROM raw.blob WHERE stored_month = '2022-07-01' AND blob_hash <> sha256('old-feed')")
    with connect(database_url, name="backup") as reader, reader.transaction():
        if is_read:
            ask(reader, "SELECT count(*) FROM raw.blob")
        assert maintain.retire(job) == 1  # it does not wait
    assert ask(held, is_given_back) == [(not is_read,)]


def test_a_body_that_went_and_comes_again_is_held_again(held: Warehouse, job: Job) -> None:
    maintain.retire(job)
    capture(held, CaptureKind.FEED, b"old-feed", NOW)
    assert ask(held, "SELECT count(*) FROM raw.blob") == [(4,)]


def test_a_body_that_came_again_goes_again_and_its_loss_before_is_found(held: Warehouse, job: Job) -> None:
    ask(held, "DELETE FROM ops.fetch WHERE requested_url LIKE '%same-feed'")
    assert maintain.retire(job) == 1
    assert ask(held, "SELECT count(*) FROM ops.retirement") == [(1,)], "July is done"
    capture(held, CaptureKind.FEED, b"old-feed", NOW + timedelta(hours=1))
    assert lost(held) == 0
    assert maintain.retire(replace(job, clock=lambda: NOW + timedelta(days=91))) == 1
    assert lost(held) == 0
    capture(held, CaptureKind.FEED, b"old-feed", NOW + timedelta(days=92))
    ask(held, "DELETE FROM raw.blob WHERE blob_hash = sha256('old-feed')")
    assert lost(held) == 1


def test_without_a_rule_nothing_goes(held: Warehouse, job: Job) -> None:
    told: list[str] = []
    assert maintain.retire(replace(job, settings=replace(job.settings, retention={})), tell=told.append) == 0
    assert "kept for ever" in told[0]
    assert ask(held, "SELECT count(*) FROM raw.blob") == [(4,)]


def test_nobody_lets_go_of_what_is_younger_than_a_day(job: Job) -> None:
    with pytest.raises(psycopg2.errors.RaiseException, match="kept for a day"):
        keeping.retire(job.db, {"page": timedelta(days=1)}, at=datetime.now(UTC) + timedelta(days=400))


def test_partitions_are_made_three_months_ahead(held: Warehouse, job: Job) -> None:
    missing = keeping.partitions(job.db, today=NOW.date(), is_dry=True)
    assert missing[-3:] == ["raw.blob_2022_12", "raw.blob_2023_01", "raw.blob_2023_02"]
    assert "news.fingerprint_band_2023_q1" in missing
    assert maintain.partitions(job) == len(missing)
    assert maintain.partitions(job) == 0
    assert ask(held, "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'blob_2023_02'") == [("dateline",)]


def test_the_index_of_copies_is_kept_for_quarters_in_use(held: Warehouse, job: Job) -> None:
    maintain.partitions(job)
    ask(held, "SELECT news.ensure_bands('2021-07-04')")
    told: list[str] = []
    maintain.partitions(job, is_dry=True, tell=told.append)
    assert told[-1] == "index         would be let go of news.fingerprint_band_2021_q3: made again when needed"
    assert maintain.partitions(job, tell=told.append) == 0
    assert told[-1] == "index         let go of news.fingerprint_band_2021_q3: made again when needed"
    maintain.partitions(job, tell=told.append)
    assert told[-1].startswith("partitions")
    with connect(job.settings.database_url or "", name="backup") as other, other.transaction():
        ask(held, "SELECT news.ensure_bands('2021-07-04')")
        ask(other, "SELECT FROM news.fingerprint_band")
        assert keeping.retire_bands(job.db, today=NOW.date()) == []  # another day, then


def test_statistics_that_are_stale_are_renewed(held: Warehouse, job: Job) -> None:
    ask(held, "INSERT INTO ops.host_state (host) SELECT 'h' || n FROM generate_series(1, 3000) n")
    ask(held, "SELECT pg_stat_force_next_flush()")
    assert "ops.host_state" in keeping.analyze(job.db, is_dry=True)
    assert maintain.analyze(job) >= 1
    assert ask(held, "SELECT reltuples FROM pg_class WHERE oid = 'ops.host_state'::regclass") == [(3000,)]


def test_a_partitioned_table_is_read_whole_only_when_the_whole_changed(held: Warehouse, job: Job) -> None:
    fill = (
        "INSERT INTO raw.blob (blob_hash, stored_month, body) SELECT sha256(n::text::bytea), '{}', '' "
        "FROM generate_series({}, {}) n"
    )
    flush = "SELECT pg_stat_force_next_flush()"
    ask(held, fill.format("2022-07-01", 1, 30_000))
    ask(held, flush)
    assert "raw.blob" in keeping.analyze(job.db)
    assert "raw.blob" not in keeping.analyze(job.db)
    ask(held, fill.format("2022-11-01", 30_001, 32_000))  # much of a month, little of all
    ask(held, flush)
    assert "raw.blob" not in keeping.analyze(job.db)
    assert ask(held, "SELECT reltuples FROM pg_class WHERE relname = 'blob_2022_11'") == [(2001,)]


def test_what_is_not_well_is_told_with_what_to_do(held: Warehouse, job: Job, database_url: str) -> None:
    ask(
        held,
        "INSERT INTO ops.work (stage, item_key, source_id, queued_by, queued_at, run_id, owner, lease_until) "
        f"VALUES ('extract', 'capture:1', 1, 1, '{JULY}', 1, 'x', '{JULY}')",
    )
    told: list[str] = []
    with connect(database_url, name="forgotten"):
        assert maintain.health(job, tell=told.append) == 2
    text = "\n".join(told)
    assert "1 items held by runs that are gone, since 2022-07-06 09:00" in text
    assert "the oldest since 2022-07-06" in text
    assert "more workers" in text
    assert ask(held, "SELECT alert_key FROM ops.alert ORDER BY 1") == [("health:leases",), ("health:waiting",)]
    ask(held, "DELETE FROM ops.work")
    assert maintain.health(job) == 0
    assert ask(held, "SELECT count(*) FROM ops.alert WHERE resolved_at IS NULL") == [(0,)]


def test_all_of_it_dry_changes_nothing(held: Warehouse, job: Job) -> None:
    told: list[str] = []
    before = ask(held, "SELECT count(*) FROM pg_class"), ask(held, "SELECT count(*) FROM raw.blob")
    maintain.maintain(job, is_dry=True, tell=told.append)
    assert (ask(held, "SELECT count(*) FROM pg_class"), ask(held, "SELECT count(*) FROM raw.blob")) == before
    assert any("would be let go of 1 bodies" in line for line in told)
    assert ask(held, "SELECT count(*) FROM ops.alert") == [(0,)]
