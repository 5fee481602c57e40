"""Captures go out as WARC and come back into an empty warehouse: the same articles, versions, places and copies."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from etl import jobs
from etl.errors import ExportRefused
from etl.jobs import Job, captures_out
from etl.records import Source, SourceKind, WarcRecord
from etl.settings import Settings
from etl.sources import warc
from etl.sources.captures_in import MANIFEST
from etl.warehouse import sources
from etl.warehouse.connect import Warehouse
from etl.warehouse.digest import differences, digest
from tests.conftest import NOW
from tests.jobs.conftest import read_all

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


def read_back(db: Warehouse, configured: Settings, folder: Path, *, name: str = "own") -> Job:
    """One backfill of everything from the folder."""
    source = Source(name=name, kind=SourceKind.WARC, url=str(folder), outlet=None)
    sources.synchronise(db, [source], at=NOW, is_whole=False)
    span = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    settings = replace(configured, database_url=url_of(db))
    with jobs.begin(settings, "news_backfill", f"from {folder}", interval=span) as job:
        jobs.queue_archives(job, *span, names=[name])
        for batch in jobs.batches_due(job, names=[name], archives_of=span):
            jobs.fetch(job, batch, archives_of=span)
        read_all(job)
    return job


def url_of(db: Warehouse) -> str:
    info = db.connection.info
    return f"postgresql://{info.user}:{info.password}@{info.host}:{info.port}/{info.dbname}"


def test_the_round_trip_gives_the_same_digest(
    filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path
) -> None:
    written = captures_out.write(filled, tmp_path / "out", FIRST, LAST)
    assert sum(day.captures for day in written.values()) > 8
    read_back(elsewhere, configured, tmp_path / "out")
    assert list(differences(digest(filled), digest(elsewhere))) == []


def test_its_sources_are_entered_and_not_polled(
    filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path
) -> None:
    captures_out.write(filled, tmp_path / "out", FIRST, LAST)
    read_back(elsewhere, configured, tmp_path / "out")
    entered = {s.source.name: s.source for s in sources.stored(elsewhere) if s.source.name != "own"}
    assert {s.source.name for s in sources.stored(filled)} == set(entered)
    assert not any(source.is_enabled for source in entered.values())


def test_a_second_export_writes_nothing_and_a_new_day_is_added(filled: Warehouse, tmp_path: Path) -> None:
    days = sorted(captures_out.write(filled, tmp_path / "out", FIRST, LAST))
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").glob("*.gz")}
    told: list[str] = []
    captures_out.write(filled, tmp_path / "out", FIRST, LAST, tell=told.append)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "out").glob("*.gz")} == before
    assert all("written before" in line for line in told)
    captures_out.write(filled, tmp_path / "slow", FIRST, days[0])
    captures_out.write(filled, tmp_path / "slow", days[0] + timedelta(days=1), LAST)
    names = sorted(p.name for p in before)
    assert sorted(p.name for p in (tmp_path / "slow").glob("*.gz")) == names
    assert all((tmp_path / "slow" / n).read_bytes() == (tmp_path / "out" / n).read_bytes() for n in names)


def test_files_end_when_they_are_full(filled: Warehouse, tmp_path: Path) -> None:
    written = captures_out.write(filled, tmp_path / "out", FIRST, LAST, most=1)
    assert all(len(day.files) == day.captures for day in written.values())


def test_other_tools_read_pages_in_it(filled: Warehouse, tmp_path: Path) -> None:
    captures_out.write(filled, tmp_path / "out", FIRST, LAST)
    span = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    found = [r for path in sorted((tmp_path / "out").glob("*.gz")) for r in warc.read(path, *span)]
    pages = [r for r in found if isinstance(r, WarcRecord)]
    assert pages
    assert all(page.own is None and page.url.startswith("http") for page in pages)
    plain = gzip.decompress(next((tmp_path / "out").glob("*.gz")).read_bytes())
    assert plain.startswith(b"WARC/1.1\r\n")
    assert b"WARC-Payload-Digest: sha256:" in plain


def test_what_a_strangers_archive_tells_of_sources_is_not_believed(
    filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path
) -> None:
    captures_out.write(filled, tmp_path / "out", FIRST, LAST)
    (tmp_path / "out" / MANIFEST).unlink()
    read_back(elsewhere, configured, tmp_path / "out")
    with elsewhere.connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT source_name FROM news.article JOIN ops.source USING (source_id)")
        assert cursor.fetchall() == [("own",)]


def test_a_spoilt_manifest_is_a_rejection_that_says_why(
    filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path
) -> None:
    captures_out.write(filled, tmp_path / "out", FIRST, LAST)
    (tmp_path / "out" / MANIFEST).write_text('{"sources": [{"name": 3}]}')
    read_back(elsewhere, configured, tmp_path / "out")
    with elsewhere.connection.cursor() as cursor:
        cursor.execute("SELECT reason, detail FROM mart.rejection")
        [(reason, detail)] = cursor.fetchall()
    assert reason == "bad_file"
    assert MANIFEST in detail


def test_a_folder_of_something_else_is_not_written_to(db: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("Chapter one")
    with pytest.raises(ExportRefused, match="something else"):
        captures_out.write(db, tmp_path, FIRST, LAST)
    captures_out.write(db, tmp_path / "out", FIRST, LAST)
    assert json.loads((tmp_path / "out" / MANIFEST).read_text())["days"] == {}
    with pytest.raises(ExportRefused, match="other sources"):
        captures_out.write(db, tmp_path / "out", FIRST, LAST, names=["courier"])
