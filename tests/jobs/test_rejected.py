"""What was turned away: listed until it is had, and tried again from the bytes that are held."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl import jobs
from etl.errors import Reason, Stage
from etl.extract import pool
from etl.jobs.rejected import retry
from etl.records import Rejected, SourceKind
from etl.warehouse import rejections, runs, work
from etl.warehouse.rejections import Turned, Wanted
from tests.jobs.conftest import furnish_places
from tests.jobs.newsroom import Newsroom, page
from tests.jobs.test_archives import DAY
from tests.sources.warcs import record, zipped

MENU = b"<!doctype html><title>Menu</title><nav><a href=/a>A</a><a href=/b>B</a></nav>"


@pytest.fixture
def room(newsroom: Newsroom, tmp_path: Path) -> Newsroom:
    """A crawl of three pages: two articles and a menu; and a page that is not there."""
    furnish_places(newsroom.db)
    folder = tmp_path / "crawl"
    folder.mkdir()
    bodies = [page("Bridge of Zagreb"), page("Mill of Freiburg"), MENU]
    (folder / "c.warc.gz").write_bytes(b"".join(zipped(record(n, body=b) for n, b in enumerate(bodies))))
    newsroom.add("crawl", SourceKind.WARC, str(folder))
    return newsroom


def open_now(room: Newsroom, **wanted: object) -> dict[str, Turned]:
    return {t.url or t.key: t for t in rejections.still(room.db, Wanted(**wanted))}  # type: ignore[arg-type]


def blinded(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backfill by code that cannot read Zagreb."""
    plain = pool._Worker.extract

    def extract(self: pool._Worker, capture: object) -> object:
        if b"Zagreb" in capture.body:  # type: ignore[attr-defined]
            return Rejected(Stage.EXTRACT, Reason.TOO_DEEP, "", "old code")
        return plain(self, capture)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(pool._Worker, "extract", extract)
        room.backfill(*DAY)


def test_better_code_reads_what_was_turned_away(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    blinded(room, monkeypatch)
    before = open_now(room)
    assert {t.url: t.reason for t in before.values()} == {
        "http://news.example/0": "too_deep",
        "http://news.example/2": open_now(room)["http://news.example/2"].reason,
    }
    assert all(t.cannot is None for t in before.values())
    done = retry(room.settings, Wanted(), clock=lambda: room.now)
    assert (done.tried, done.kept, sum(done.rejected.values())) == (2, 1, 1)
    assert room.ask("SELECT title FROM mart.article ORDER BY 1") == [("Bridge of Zagreb",), ("Mill of Freiburg",)]
    assert room.ask("SELECT count(*) FROM mart.mention WHERE place = 'Zagreb'") != [(0,)]
    assert list(open_now(room)) == ["http://news.example/2"]
    assert done.run_id is not None
    assert all(c.balances for c in runs.counts(room.db, done.run_id).values())
    assert room.ask("SELECT job, finished_at IS NOT NULL FROM ops.run WHERE run_id = %s", done.run_id) == [
        ("rejected_retry", True)
    ]
    covered = room.ask("SELECT covered_on::text, fetched, new FROM mart.coverage")
    assert covered == [("2022-07-04", 3, 1)]  # the day is still the backfill's to tell


def test_what_is_wanted_is_what_is_tried(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    blinded(room, monkeypatch)
    [deep] = open_now(room, reason=Reason.TOO_DEEP).values()
    assert retry(room.settings, Wanted(source="elsewhere"), clock=lambda: room.now).run_id is None
    assert retry(room.settings, Wanted(stage=Stage.GEOTAG), clock=lambda: room.now).run_id is None
    assert retry(room.settings, Wanted(item_key=deep.key), clock=lambda: room.now).kept == 1
    assert open_now(room, reason=Reason.TOO_DEEP) == {}


def test_what_cannot_be_tried_says_why(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    blinded(room, monkeypatch)
    room.ask("DELETE FROM raw.blob RETURNING 1")
    room.add("lost", SourceKind.WARC, "/nowhere.warc.gz")
    room.backfill(*DAY)
    done = retry(room.settings, Wanted(), clock=lambda: room.now)
    assert done.run_id is None
    assert {why.split(":")[0]: n for why, n in done.cannot.items()} == {
        "its bytes are not held": 2,
        "nothing of it was received": 1,
    }


def test_a_text_that_broke_a_stage_is_tried_again(room: Newsroom) -> None:
    with room.job("news_backfill", interval=DAY) as job:
        jobs.queue_archives(job, *DAY)
        for batch in jobs.batches_due(job, archives_of=DAY):
            jobs.fetch(job, batch, archives_of=DAY)
        jobs.extract(job)
        room.ask("UPDATE ops.work SET attempts = %s WHERE stage = 'geotag' RETURNING 1", work.MAX_ATTEMPTS)
        jobs.geotag(job)
        jobs.deduplicate(job)
        jobs.check(job, is_backfill=True)
    assert len(open_now(room, reason=Reason.POISON)) == 2
    assert retry(room.settings, Wanted(reason=Reason.POISON), clock=lambda: room.now).kept == 2
    assert open_now(room, reason=Reason.POISON) == {}
