"""Days of history: planned, done forwards and backwards, shared by two workers, cut off, and done again for nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import psycopg2
import pytest

from etl import jobs
from etl.errors import ChecksFailed
from etl.jobs import backfill
from etl.jobs.backfill import Again, DayDone, Order
from etl.records import SourceKind
from etl.warehouse import backfills, runs
from etl.warehouse.backfills import DayState
from etl.warehouse.connect import connect
from tests.jobs.conftest import furnish_places
from tests.jobs.newsroom import Newsroom, page
from tests.sources.warcs import record, zipped

FIRST, END = date(2022, 7, 4), date(2022, 7, 7)


@pytest.fixture
def room(newsroom: Newsroom, tmp_path: Path) -> Newsroom:
    """Three days in two WARC files, and places to find in them."""
    furnish_places(newsroom.db)
    folder = tmp_path / "crawl"
    folder.mkdir()
    for name, days in (("20220704000000", (4, 4, 5)), ("20220706000000", (6, 6, 6))):
        records = [
            record(f"{day}-{n}", body=page(f"Bridge {day}-{n} of Zagreb"), date=f"2022-07-{day:02d}T10:00:00Z")
            for n, day in enumerate(days)
        ]
        (folder / f"C-{name}-1.warc.gz").write_bytes(b"".join(zipped(records)))
    newsroom.add("crawl", SourceKind.WARC, str(folder))
    newsroom.add("courier")
    return newsroom


def order(room: Newsroom, **more: object) -> Order:
    room.now += timedelta(minutes=1)
    return Order(start=FIRST, end=END, asked_at=room.now, **more)  # type: ignore[arg-type]


def work(room: Newsroom, asked: Order, **more: object) -> list[DayDone]:
    return list(backfill.run(room.settings, asked, clock=lambda: room.now, **more))  # type: ignore[arg-type]


def states(room: Newsroom) -> dict[int, DayState]:
    return {f.day.day: f.state for f in backfills.days(room.db, FIRST, END)}


def test_days_are_done_in_order_and_each_has_its_accounts(room: Newsroom) -> None:
    assert set(states(room).values()) == {DayState.MISSING}
    done = work(room, order(room))
    assert [d.day.day for d in done] == [4, 5, 6]
    assert room.ask(
        "SELECT covered_on::text, fetched, new, verdict FROM mart.coverage WHERE source_name = 'crawl'"
    ) == [
        ("2022-07-04", 2, 2, "covered"),
        ("2022-07-05", 1, 1, "covered"),
        ("2022-07-06", 3, 3, "covered"),
    ]
    assert room.ask("SELECT DISTINCT verdict FROM mart.coverage WHERE source_name = 'courier'") == [
        ("feed_has_no_past",)
    ]
    assert all(c.balances for d in done for c in runs.counts(room.db, d.run_id).values())
    assert room.ask("SELECT count(*) FROM mart.mention WHERE place = 'Zagreb'") != [(0,)]
    assert set(states(room).values()) == {DayState.HAD}


def test_backwards_gives_the_same_and_a_second_run_changes_nothing(room: Newsroom) -> None:
    assert [d.day.day for d in work(room, order(room, is_backwards=True))] == [6, 5, 4]
    before = room.db.value("data_digest")
    assert work(room, order(room)) == []
    assert [d.day.day for d in work(room, order(room, again=Again.ALL))] == [4, 5, 6]
    assert room.db.value("data_digest") == before
    assert room.ask("SELECT sum(fetched), sum(new), sum(rejected) FROM mart.coverage") == [(6, 6, 0)]


def test_a_failed_day_is_left_until_it_is_asked_for_again(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = jobs.check

    def fails(job: jobs.Job, *, is_backfill: bool) -> object:
        found = plain(job, is_backfill=is_backfill)
        if job.interval[0].day == 5:
            backfills.note_failure(job.db, job.run_id, ChecksFailed("dates_are_sane (1)"))
            raise ChecksFailed("dates_are_sane (1)")
        return found

    monkeypatch.setattr("etl.jobs.backfill.check", fails)
    assert [(d.day.day, d.failure) for d in work(room, order(room))] == [
        (4, None),
        (5, "Checks failed: dates_are_sane (1)"),
        (6, None),
    ]
    assert states(room) == {4: DayState.HAD, 5: DayState.FAILED, 6: DayState.HAD}
    monkeypatch.setattr("etl.jobs.backfill.check", plain)
    assert work(room, order(room)) == []
    assert [d.day.day for d in work(room, order(room, again=Again.FAILED))] == [5]
    assert set(states(room).values()) == {DayState.HAD}


def test_what_is_interrupted_is_taken_up_and_what_raises_is_noted(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, deaths = jobs.geotag, iter([KeyboardInterrupt(), ValueError("a bug")])

    def dies(job: jobs.Job) -> object:
        if error := next(deaths, None):
            raise error
        return plain(job)

    monkeypatch.setattr("etl.jobs.backfill.geotag", dies)
    with pytest.raises(KeyboardInterrupt):
        work(room, order(room))
    assert states(room)[4] is DayState.MISSING
    with pytest.raises(ValueError, match="a bug"):
        work(room, order(room))
    [found] = backfills.days(room.db, FIRST, FIRST + timedelta(1))
    assert (found.day, found.state, found.failure) == (FIRST, DayState.FAILED, "ValueError: a bug")
    assert [d.day.day for d in work(room, order(room, again=Again.FAILED))] == [4, 5, 6]
    assert room.ask("SELECT count(*), count(DISTINCT requested_url) FROM ops.fetch") == [(6, 6)]
    assert room.ask("SELECT count(*) FROM ops.run WHERE failure = 'cut off'") == [(1,)]
    assert room.ask("SELECT count(*) FROM ops.work") == [(0,)]


def test_a_day_somebody_else_works_on_is_left_to_them(room: Newsroom) -> None:
    with connect(room.settings.database_url or "") as other, backfills.taken(other, date(2022, 7, 5)) as is_theirs:
        assert is_theirs
        assert [d.day.day for d in work(room, order(room))] == [4, 6]
    assert [d.day.day for d in work(room, order(room))] == [5]


def test_a_database_that_goes_away_is_waited_for(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, trouble = jobs.extract, iter([psycopg2.OperationalError("terminating connection")])

    def extract(job: jobs.Job) -> object:
        if error := next(trouble, None):
            raise error
        return plain(job)

    monkeypatch.setattr("etl.jobs.backfill.extract", extract)
    told: list[str] = []
    slept: list[float] = []
    assert [d.day.day for d in work(room, order(room), tell=told.append, sleep=slept.append)] == [4, 5, 6]
    assert (len(slept), "terminating connection" in told[0]) == (1, True)


def test_ctrl_c_is_not_tried_again_where_its_clearing_up_met_a_lost_database(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise psycopg2.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(backfill, "_taken", stopped)
    slept: list[float] = []
    with pytest.raises(psycopg2.OperationalError):
        work(room, order(room), sleep=slept.append)
    assert slept == []


def test_only_the_archives_named_are_read(room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    room.add("vacant", SourceKind.FILES, str(tmp_path / "empty"))
    work(room, order(room, names=("vacant",)))
    assert room.ask("SELECT DISTINCT source_name, verdict FROM mart.coverage WHERE verdict <> 'feed_has_no_past'") == [
        ("vacant", "empty")
    ]
    by_name = {(f.source_name, f.state) for f in backfills.days(room.db, FIRST, END)}
    assert by_name == {("vacant", DayState.HAD), ("crawl", DayState.MISSING)}
    assert [d.day.day for d in work(room, order(room))] == [4, 5, 6]
