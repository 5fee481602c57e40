"""A plan says what is missing, what it costs and what cannot be had, and asks nobody."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from etl.errors import RegistryError
from etl.jobs import backfill
from etl.jobs.backfill import Again, Order
from etl.jobs.backfill_plan import Archive, Plan, plan
from etl.jobs.window import instants
from etl.records import SourceKind
from tests.jobs.conftest import furnish_places
from tests.jobs.newsroom import Newsroom, page
from tests.jobs.test_archives import sitemap
from tests.sources.warcs import record, zipped

FIRST, END = date(2022, 7, 2), date(2022, 7, 5)


def planned(room: Newsroom, **more: object) -> Plan:
    room.now += timedelta(minutes=1)
    order = Order(**({"start": FIRST, "end": END, "asked_at": room.now} | more))  # type: ignore[arg-type]
    return plan(room.db, room.settings, order)


def do(room: Newsroom, start: date, end: date) -> None:
    order = Order(start=start, end=end, asked_at=room.now)
    list(backfill.run(room.settings, order, clock=lambda: room.now))


def only(found: Plan) -> Archive:
    [archive] = found.archives
    return archive


def crawled(folder: Path, day: int, pages: int) -> int:
    """A crawl's file of one day; its bytes."""
    path = folder / f"C-202207{day:02d}000000-1.warc.gz"
    folder.mkdir(exist_ok=True)
    records = [
        record(f"{day}-{n}", body=page(f"Bridge {day}-{n}"), date=f"2022-07-{day:02d}T10:00:00Z") for n in range(pages)
    ]
    path.write_bytes(b"".join(zipped(records)))
    return path.stat().st_size


def test_files_of_a_crawl_are_counted_once_a_day_that_they_may_hold(newsroom: Newsroom, tmp_path: Path) -> None:
    furnish_places(newsroom.db)
    sizes = {day: crawled(tmp_path / "crawl", day, 4) for day in (2, 3, 4)}
    newsroom.add("crawl", SourceKind.WARC, str(tmp_path / "crawl"))
    found = only(planned(newsroom))
    assert (found.days["missing"], found.to_do, found.files) == (3, 3, 3)
    # a file is open for a day at most: that of the day before is read too, and one begun just after midnight
    assert found.bytes_to_read == sizes[2] * 2 + sizes[3] * 3 + sizes[4] * 2
    assert (found.pages, found.pages_by) == (12, "the start of a file")
    do(newsroom, FIRST, FIRST + timedelta(1))
    found = only(planned(newsroom))
    assert (found.days["had"], found.first, found.last) == (1, date(2022, 7, 3), date(2022, 7, 4))
    assert found.bytes_to_read == sizes[2] + sizes[3] * 2 + sizes[4] * 2
    assert found.pages_by == "its files read before"
    do(newsroom, FIRST, END)
    found = only(planned(newsroom, again=Again.ALL))
    assert (found.to_do, found.bytes_to_read, found.pages) == (3, 0, 0)  # read to their ends, they are not read again
    assert only(planned(newsroom)).to_do == 0


def test_requests_and_hours_are_told_by_host(newsroom: Newsroom) -> None:
    newsroom.add("maps", SourceKind.SITEMAP, "/sitemap.xml")
    newsroom.site.play("/robots.txt", body=b"User-agent: *\nCrawl-delay: 8\n")
    newsroom.site.play("/sitemap.xml", body=sitemap(("a", "2022-07-02T10:00:00Z"), ("b", "2022-07-02T11:00:00Z")))
    for name in "ab":
        newsroom.site.play(f"/{name}", body=page(f"Bridge {name}"))
    found = planned(newsroom)
    assert (only(found).pages, only(found).pages_by, found.document["is_at_least"]) == (
        None,
        "unknown until read once",
        True,
    )
    assert newsroom.site.asked == []
    newsroom.backfill(*(instants(FIRST, FIRST + timedelta(1))))
    found = planned(newsroom)
    asked = len(newsroom.site.asked)
    archive, [host] = only(found), found.hosts
    assert (archive.days["had"], archive.listings, archive.pages, archive.pages_by) == (1, 2, 4, "its days read before")
    assert (host.host, host.requests, host.delay_s) == ("news.example", 1 + 2 + 4, 8)
    assert found.document["polite_hours"] == round(7 * 8 / 3600, 2)
    assert len(newsroom.site.asked) == asked


def test_what_cannot_be_had_is_named_with_its_cause(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.add("courier")
    newsroom.add("index", SourceKind.PAGES, "/")
    newsroom.add("lost", SourceKind.WARC, str(tmp_path / "nowhere"))
    newsroom.add("silent", SourceKind.SITEMAP, "/sitemap.xml", is_enabled=False)
    told = dict(planned(newsroom, end=date(2022, 7, 20)).cannot)
    assert told == {
        "2022-07-06 and later": "these days are not over, UTC",
        "courier": "a feed has no past: it shows only the present",
        "index": "a page of links has no past: it shows only the present",
        "lost": f"there is no {tmp_path / 'nowhere'}",
        "silent": "it is disabled",
    }
    assert planned(newsroom, start=date(2022, 8, 1), end=date(2022, 8, 2)).archives == ()
    with pytest.raises(RegistryError, match="courrier"):
        planned(newsroom, names=("courrier",))


def test_dated_files_are_counted_by_their_metadata(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for n, day in enumerate(("2022-07-02", "2022-07-04", "2022-07-09")):
        (folder / f"{n}.txt").write_text("A letter " * 50)
        (folder / f"{n}.yaml").write_text(f"date: {day}\n")
    newsroom.add("letters", SourceKind.FILES, str(folder))
    found = only(planned(newsroom))
    assert (found.files, found.pages, found.bytes_to_read) == (2, 2, 2 * 450)


def test_what_a_page_gives_is_taken_from_this_warehouse_once_it_has_enough(newsroom: Newsroom, tmp_path: Path) -> None:
    furnish_places(newsroom.db)
    crawled(tmp_path / "crawl", 2, 60)
    newsroom.add("crawl", SourceKind.WARC, str(tmp_path / "crawl"))
    before = planned(newsroom)
    assert before.is_usual
    do(newsroom, FIRST, FIRST + timedelta(1))
    after = planned(newsroom)
    assert (after.is_usual, after.per_page.pages, after.per_page.articles_a_page) == (False, 60, 1.0)
    assert 1_000 < after.per_page.bytes_an_article < 1_000_000
