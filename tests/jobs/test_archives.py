"""Archives with a past: WARC files and sitemaps, read for an interval, resumed, and repeated for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from etl.jobs import warcs
from etl.records import SourceKind
from tests.jobs.newsroom import Newsroom, page, stop_reading
from tests.sources.warcs import record, zipped

DAY = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)


def written(folder: Path, pages: int = 4) -> Path:
    path = folder / "crawl.warc.gz"
    parts = [record(n, body=page(f"Bridge {n}")) for n in range(pages)]
    path.write_bytes(b"".join(zipped(parts)))
    return path


def test_a_warc_file_becomes_articles_of_its_own_day_once(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.add("crawl", SourceKind.WARC, str(written(tmp_path).parent))
    newsroom.backfill(*DAY)
    [(n, observed, kind)] = newsroom.ask("SELECT count(*), max(observed_at), max(captured_as) FROM mart.provenance")
    assert (n, observed, kind) == (4, datetime(2022, 7, 4, 10, tzinfo=UTC), "page")
    assert newsroom.ask("SELECT is_done, records FROM ops.archive_offset") == [(True, 4)]
    assert newsroom.ask("SELECT covered_on::text, fetched, new, verdict FROM mart.coverage") == [
        ("2022-07-04", 4, 4, "covered")
    ]
    before = newsroom.db.value("data_digest")
    assert newsroom.backfill(*DAY) == {"archive:crawl:2022-07-04/2022-07-05": "0 items of 2022-07-04 to 2022-07-05"}
    assert newsroom.db.value("data_digest") == before
    assert newsroom.ask("SELECT fetched, new, verdict FROM mart.coverage") == [(4, 4, "covered")]


def test_a_reader_that_was_stopped_goes_on_inside_the_file(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.add("crawl", SourceKind.WARC, str(written(tmp_path, 6).parent))
    offset = stop_reading(newsroom, warcs, *DAY)
    told = newsroom.backfill(*DAY)["archive:crawl:2022-07-04/2022-07-05"]
    assert told == f"2 items of 2022-07-04 to 2022-07-05; gone on with inside crawl.warc.gz at byte {offset:,}"
    assert newsroom.ask("SELECT count(*), count(DISTINCT requested_url) FROM ops.fetch") == [(6, 6)]
    assert newsroom.ask("SELECT count(*) FROM news.article") == [(6,)]


def test_a_file_that_changed_is_read_anew_and_a_missing_one_is_said(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.add("crawl", SourceKind.WARC, str(written(tmp_path, 3).parent))
    newsroom.backfill(*DAY)
    written(tmp_path, 5)
    newsroom.backfill(*DAY)
    assert newsroom.ask("SELECT count(*) FROM news.article") == [(5,)]
    newsroom.add("lost", SourceKind.WARC, str(tmp_path / "nowhere.warc.gz"))
    assert newsroom.backfill(*DAY)["warc:lost/nowhere.warc.gz"] == "bad_file"


def sitemap(*entries: tuple[str, str]) -> bytes:
    urls = "".join(
        f"<url><loc>http://news.example/{name}</loc><news:news><news:publication_date>{day}</news:publication_date>"
        f"<news:title>{name}</news:title></news:news></url>"
        for name, day in entries
    )
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<urlset {spaces}>{urls}</urlset>".encode()


def test_the_past_of_a_sitemap_comes_in_day_by_day(newsroom: Newsroom) -> None:
    newsroom.add("maps", SourceKind.SITEMAP, "/sitemap.xml")
    site = newsroom.site
    maps = "".join(f"<sitemap><loc>http://news.example/map-2022-{m}.xml</loc></sitemap>" for m in ("05", "07"))
    site.play(
        "/sitemap.xml",
        body=f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode(),
    )
    site.play(
        "/map-2022-07.xml",
        body=sitemap(
            ("a", "2022-07-04T10:00:00Z"),
            ("b", "2022-07-04T23:59:59Z"),
            ("c", "2022-07-05T00:00:00Z"),
            ("d", "2022-07-04"),
        ),
    )
    for name in "ab":
        site.play(f"/{name}", body=page(f"Bridge {name}"))
    found = newsroom.backfill(*DAY)
    assert found["past:2022-07-04/2022-07-05:https://news.example/d"] == "not_found"
    assert [newsroom.asked(p) for p in ("/a", "/b", "/c", "/map-2022-05.xml")] == [1, 1, 0, 0]
    assert newsroom.ask("SELECT title, published_at::date::text FROM mart.article ORDER BY 1") == [
        ("Bridge a", "2022-07-04"),
        ("Bridge b", "2022-07-04"),
    ]
    assert newsroom.ask(
        "SELECT expected, fetched, new, rejected, verdict FROM mart.coverage WHERE covered_on = '2022-07-04'"
    ) == [(3, 2, 2, 1, "covered")]
    before = newsroom.db.value("data_digest")
    again = newsroom.backfill(*DAY)
    assert again["past:2022-07-04/2022-07-05:https://news.example/a"] == "held already"
    assert newsroom.db.value("data_digest") == before
    assert newsroom.asked("/a") == 1
    newsroom.poll(timedelta(days=30))
    assert newsroom.asked("/a") == 1  # an old page is not asked again
    empty = datetime(2022, 7, 7, tzinfo=UTC), datetime(2022, 7, 8, tzinfo=UTC)
    newsroom.backfill(*empty)
    assert newsroom.ask("SELECT expected, fetched, verdict FROM mart.coverage WHERE covered_on = '2022-07-07'") == [
        (0, 0, "empty")
    ]
