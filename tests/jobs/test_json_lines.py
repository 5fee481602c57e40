"""Archives of JSON Lines: an interval's articles once, broken lines kept and named, files resumed, nothing twice."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from etl.jobs import backfill, json_lines
from etl.jobs.backfill import Again, Order
from etl.jobs.backfill_plan import plan
from etl.local.postgres import Server
from etl.records import SourceKind
from etl.sources import registry as sources_file
from etl.warehouse import captures, rejections, scratch, sources
from etl.warehouse.connect import connect
from etl.warehouse.digest import digest
from tests.jobs.conftest import furnish_places
from tests.jobs.newsroom import WORDS, Newsroom, page, stop_reading
from tests.sources.test_json_lines import put

DAY = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)
ARCHIVE = "archive:lines:2022-07-04/2022-07-05"


def line(n: int | str, day: int = 4, **more: object) -> dict[str, object]:
    told = {"url": f"https://a.example/{n}", "title": f"Bridge {n}", "published": f"2022-07-{day:02}T10:00:00Z"}
    return told | {"text": WORDS.format(name=f"Town {n}") * 6} | more


def test_lines_become_articles_of_their_days_and_a_second_run_changes_no_row(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    put(tmp_path / "in", line(1), line(2, 5), line(3, 4, html=page("Bridge 3").decode()), name="a.jsonl")
    put(tmp_path / "in", line(4, url=None, id="x-4"), line(5, url=None), line(6, 3), name="b.jsonl.gz")
    newsroom.add("lines", SourceKind.FILES, str(tmp_path / "in"))
    told = newsroom.backfill(*DAY)
    assert (told[ARCHIVE], told["file:lines/b.jsonl.gz#1"]) == ("4 items of 2022-07-04 to 2022-07-05", "new")
    held = newsroom.ask("SELECT title, published_at FROM mart.article ORDER BY 1")
    assert held == [(f"Bridge {n}", datetime(2022, 7, 4, 10, tzinfo=UTC)) for n in (1, 3, 4, 5)]
    keys = newsroom.ask("SELECT article_key FROM news.article_key WHERE starts_with(article_key, 'urn:') ORDER BY 1")
    assert keys == [("urn:dateline:lines:b.jsonl.gz#2",), ("urn:dateline:lines:x-4",)]
    covered = "SELECT covered_on::text, expected, fetched, new, rejected, verdict FROM mart.coverage"
    assert newsroom.ask(covered) == [("2022-07-04", 4, 4, 4, 0, "covered")]
    before = newsroom.db.value("data_digest")
    assert newsroom.backfill(*DAY)[ARCHIVE] == "0 items of 2022-07-04 to 2022-07-05"
    (tmp_path / "in" / "a.jsonl").touch()  # read anew, and nothing new in it
    again = newsroom.backfill(*DAY)
    assert (again[ARCHIVE], again["file:lines/a.jsonl#3"]) == ("2 items of 2022-07-04 to 2022-07-05", "unchanged")
    assert newsroom.db.value("data_digest") == before
    assert newsroom.ask(covered) == [("2022-07-04", 4, 4, 4, 0, "covered")]


def test_a_broken_line_is_kept_with_its_bytes_and_is_no_document_of_the_day(newsroom: Newsroom, tmp_path: Path) -> None:
    path = put(tmp_path, line(1), b'{"text": "cut', line(2))
    newsroom.add("lines", SourceKind.FILES, str(path))
    assert newsroom.backfill(*DAY)["file:lines/dump.jsonl#2"] == "bad_file"
    [turned] = rejections.still(newsroom.db, rejections.Wanted(item_key="file:lines/dump.jsonl#2"))
    assert (turned.detail or "").startswith("line 2: no JSON: Unterminated string")
    assert turned.fetch_id is not None
    assert "mend its file" in (turned.cannot or "")
    assert captures.load(newsroom.db, [turned.fetch_id])[0].body == b'{"text": "cut\n'
    covered = "SELECT covered_on::text, expected, fetched, new, rejected, verdict FROM mart.coverage"
    assert newsroom.ask(covered) == [("2022-07-04", 2, 2, 2, 1, "covered")]
    put(tmp_path, b"{}")
    later = DAY[1], DAY[1] + timedelta(1)
    newsroom.backfill(*later)
    assert newsroom.ask(covered + " WHERE covered_on = '2022-07-05'") == [("2022-07-05", 0, 0, 0, 1, "failed")]


def test_what_a_file_or_its_metadata_has_wrong_is_said(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    put(tmp_path / "in", line(1), name="a.jsonl", metadata="date: soon\n")
    packed = put(tmp_path / "in", *(line(n) for n in range(2_000)), name="b.jsonl.gz")
    packed.write_bytes(gzip.compress(gzip.decompress(packed.read_bytes())[:1_000])[:-9])
    newsroom.add("lines", SourceKind.FILES, str(tmp_path / "in"))
    newsroom.backfill(*DAY)
    told = dict(newsroom.ask("SELECT item_key, detail FROM mart.rejection"))
    assert told["file:lines/a.jsonl"] == "date: 'soon' is no day like 2022-07-04"
    assert "cannot be unpacked from here on" in told["file:lines/b.jsonl.gz#2"]
    assert newsroom.ask("SELECT file_name, is_done FROM ops.archive_offset") == [("b.jsonl.gz", True)]


def test_one_article_twice_in_a_file_and_another_text_of_it(newsroom: Newsroom, tmp_path: Path) -> None:
    later = line(1, published="2022-07-04T12:00:00Z", text=WORDS.format(name="Elsewhere") * 7)
    newsroom.add("lines", SourceKind.FILES, str(put(tmp_path, line(1), line(1), later)))
    newsroom.backfill(*DAY)
    assert newsroom.ask("SELECT count(*) FROM news.article") == [(1,)]
    assert newsroom.ask("SELECT observed_from FROM mart.version ORDER BY 1") == [
        (DAY[0] + timedelta(hours=10),),
        (DAY[0] + timedelta(hours=12),),
    ]


@pytest.mark.parametrize("name", ["dump.jsonl", "dump.jsonl.gz"])
def test_a_reader_that_was_stopped_goes_on_inside_the_file(newsroom: Newsroom, tmp_path: Path, name: str) -> None:
    newsroom.add("lines", SourceKind.FILES, str(put(tmp_path, *(line(n) for n in range(6)), b"{", name=name)))
    offset = stop_reading(newsroom, json_lines, *DAY)
    told = newsroom.backfill(*DAY)
    assert told[ARCHIVE] == f"3 items of 2022-07-04 to 2022-07-05; gone on with inside {name} at byte {offset:,}"
    assert told[f"file:lines/{name}#7"] == "bad_file"  # the number is the file's
    assert newsroom.ask("SELECT count(*), count(DISTINCT requested_url) FROM ops.fetch") == [(7, 7)]
    assert newsroom.ask("SELECT count(*) FROM news.article") == [(6,)]


def test_a_plan_counts_lines_and_bytes_of_the_days_to_do(newsroom: Newsroom, tmp_path: Path) -> None:
    furnish_places(newsroom.db)
    (tmp_path / "in").mkdir()
    own = put(tmp_path / "in", line(1), line(2), line(3, 5), b"{", line(4, 9), name="own.jsonl").stat().st_size
    dated = put(tmp_path / "in", line(5), line(6), name="2022-07-05.jsonl.gz").stat().st_size
    put(tmp_path / "in", line(7), name="2022-07-09.jsonl")
    newsroom.add("lines", SourceKind.FILES, str(tmp_path / "in"))

    def planned(**more: object) -> tuple[int, int, int | None, str]:
        newsroom.now += timedelta(minutes=1)
        order = Order(start=date(2022, 7, 4), end=date(2022, 7, 6), asked_at=newsroom.now, **more)  # type: ignore[arg-type]
        [found] = plan(newsroom.db, newsroom.settings, order).archives
        return found.files, found.bytes_to_read, found.pages, found.pages_by

    assert planned() == (2, 2 * own + dated, 5, "its lines")
    order = Order(start=date(2022, 7, 4), end=date(2022, 7, 5), asked_at=newsroom.now)
    list(backfill.run(newsroom.settings, order, clock=lambda: newsroom.now))
    assert planned() == (2, own + dated, 3, "its lines")
    assert planned(again=Again.ALL) == (2, own + dated, 3, "its lines")  # what was read to its end is not read again


_BACKFILL = """
import os, signal, sys
from datetime import UTC, date, datetime
from etl import settings
from etl.jobs import backfill, json_lines
batches, store = int(sys.argv[1]), json_lines._store
def killed(*some):
    global batches
    batches -= 1
    if batches == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return store(*some)
json_lines._store = killed
order = backfill.Order(start=date(2022, 7, 4), end=date(2022, 7, 5), asked_at=datetime.now(UTC))
list(backfill.run(settings.read(), order))
"""


def test_killed_in_mid_file_and_run_again_it_equals_one_that_never_was(
    postgres: Server, template: str, tmp_path: Path
) -> None:
    path = put(tmp_path, *(line(n) for n in range(170)), name="dump.jsonl.gz")
    registry = tmp_path / "sources.yaml"
    registry.write_text(f"sources:\n  - {{name: lines, kind: files, url: {path}, outlet: Lines}}\n")

    def ended(url: str, batches: int) -> int:
        env = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE")}
        env |= {"DATELINE_DATABASE_URL": url, "DATELINE_SOURCES": str(registry), "DATELINE_HOME": str(tmp_path)}
        return subprocess.run([sys.executable, "-c", _BACKFILL, str(batches)], env=env, check=False).returncode

    found = []
    for kills in ((3, 2, 0), (0,)):
        with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
            furnish_places(db)
            sources.synchronise(db, sources_file.read(registry), at=datetime.now(UTC))
            assert [ended(url, batches) for batches in kills] == [-signal.SIGKILL] * (len(kills) - 1) + [0]
            with db.connection.cursor() as cursor:
                cursor.execute("SELECT count(*), count(DISTINCT requested_url) FROM ops.fetch")
                assert cursor.fetchall() == [(170, 170)]  # nothing was read twice
            found.append(digest(db))
    assert found[0] == found[1]
