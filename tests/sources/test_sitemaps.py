"""Sitemaps: what is read of whole and broken ones, and which parts of them a day needs."""

from __future__ import annotations

import gzip
import resource
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import Reason
from etl.records import DatePrecision, Rejected, Sitemap
from etl.sources import sitemaps
from etl.sources.address_dates import named_span
from etl.sources.sitemap_days import DayRule, children_for, items_of

AT = datetime(2022, 7, 6, 9, tzinfo=UTC)
DAY = datetime(2022, 7, 4, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
HOME = "https://harbour.example/"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc>https://harbour.example/a?x=1&y=2</loc><lastmod>2022-07-05T01:00:00Z</lastmod>
  <image:image><image:title>A picture</image:title></image:image>
  <n:news><n:publication><n:name>Harbour Post</n:name><n:language>uk</n:language></n:publication>
  <n:publication_date>2022-07-04T23:30:00+03:00</n:publication_date>
  <n:title>Caf&eacute; &amp; bar</n:title></n:news></url>
 <url><loc> /b </loc></url>
 <url><loc><![CDATA[https://harbour.example/c?x=1&amp;y=2]]></loc><lastmod>2022-07</lastmod></url>
 <url><loc>https://harbour.example/b</loc></url>
 <url><loc>javascript:alert(1)</loc></url>
 <url></url>
</urlset>"""


def parse(body: str | bytes, url: str = HOME + "sitemap.xml") -> Sitemap | Rejected:
    return sitemaps.parse(body.encode() if isinstance(body, str) else body, url=url, fetched_at=AT)


def read(body: str | bytes, url: str = HOME + "sitemap.xml") -> Sitemap:
    found = parse(body, url)
    assert isinstance(found, Sitemap)
    return found


def pages(*entries: tuple[str, str]) -> str:
    return f"<urlset>{''.join(f'<url><loc>{HOME}{loc}</loc>{more}</url>' for loc, more in entries)}</urlset>"


def index(*entries: tuple[str, str]) -> Sitemap:
    listed = (f"<sitemap><loc>{HOME}{loc}</loc><lastmod>{lastmod}</lastmod></sitemap>" for loc, lastmod in entries)
    return read(f"<sitemapindex>{''.join(listed)}</sitemapindex>".replace("<lastmod></lastmod>", ""))


def test_a_news_sitemap() -> None:
    found = read(NEWS)
    assert (found.title, found.language_code, found.children) == ("Harbour Post", "uk", ())
    first, second, third = found.items
    assert (first.url, first.guid, first.title) == (HOME + "a?x=1&y=2", HOME + "a?x=1&y=2", "Café & bar")
    assert first.published
    assert (first.published.at, first.published.precision) == (
        datetime(2022, 7, 4, 20, 30, tzinfo=UTC),
        DatePrecision.INSTANT,
    )
    assert first.updated
    assert first.updated.at == datetime(2022, 7, 5, 1, tzinfo=UTC)
    assert (second.url, second.published, second.updated) == (HOME + "b", None, None)
    assert (third.url, third.updated and third.updated.precision) == (HOME + "c?x=1&y=2", DatePrecision.MONTH)
    assert [r.key for r in found.rejected] == ["entry 5", "entry 6"]


def test_gzip_and_other_charsets() -> None:
    assert read(gzip.compress(NEWS.encode())).items == read(NEWS).items
    cyrillic = pages(("a", "<n><title>Київ</title></n>")).replace("<n>", "<news>").replace("</n>", "</news>")
    [item] = read(('<?xml version="1.0" encoding="windows-1251"?>' + cyrillic).encode("cp1251")).items
    assert item.title == "Київ"


def test_dates_as_mail_writes_them() -> None:
    [item] = read(pages(("a", "<lastmod>Mon, 04 Jul 2022 10:00:00 +0300</lastmod>"))).items
    assert item.updated
    assert item.updated.at == datetime(2022, 7, 4, 7, tzinfo=UTC)


def test_a_list_of_addresses() -> None:
    found = read(f"\ufeff{HOME}a\r\n{HOME}b\n\nnonsense\n")
    assert [i.url for i in found.items] == [HOME + "a", HOME + "b"]
    assert len(found.rejected) == 1


def test_a_broken_tail_keeps_what_came_before() -> None:
    found = read(NEWS[: NEWS.index("<loc> /b")])
    assert [i.url for i in found.items] == [HOME + "a?x=1&y=2"]
    assert found.rejected[-1].reason is Reason.BROKEN_SITEMAP
    packed = gzip.compress(pages(*((f"{n}", "") for n in range(5_000))).encode())
    cut = read(packed[: len(packed) // 2])
    assert 1_000 < len(cut.items) < 4_000
    assert "gzip file breaks off" in cut.rejected[-1].detail


BILLION = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    ("body", "reason", "told"),
    [
        ("", Reason.EMPTY_BODY, "empty"),
        ("<html><p>no</p></html>", Reason.NOT_A_SITEMAP, "no sitemap in it; it begins"),
        ("not\na\nlist", Reason.NOT_A_SITEMAP, "no sitemap"),
        ("<rss><channel/></rss>", Reason.NOT_A_SITEMAP, "it is a feed: register it with kind feed"),
        (
            f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "a">{BILLION}]><urlset>&l9;</urlset>',
            Reason.BROKEN_SITEMAP,
            "it declares entities",
        ),
        (
            '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>&f;</loc></url></urlset>',
            Reason.BROKEN_SITEMAP,
            "it declares entities",
        ),
        ("<urlset><url><loc>x", Reason.BROKEN_SITEMAP, "0 entries before that are kept"),
        (b"\x1f\x8b\x08broken", Reason.BROKEN_SITEMAP, "no gzip file"),
    ],
)
def test_what_is_no_sitemap_says_so(body: str | bytes, reason: Reason, told: str) -> None:
    found = parse(body)
    assert isinstance(found, Rejected)
    assert found.reason is reason
    assert told in found.detail


def test_the_protocols_limits() -> None:
    long = read(pages(*((f"{n}", "") for n in range(50_010))))
    assert len(long.items) == 50_000
    assert [r.reason for r in long.rejected] == [Reason.TOO_LARGE]
    began = time.process_time()
    bomb = parse(gzip.compress(b"<urlset><!--" + b" " * 60_000_000, 1))
    assert isinstance(bomb, Rejected)
    assert "more than 52,428,800 bytes unpacked" in bomb.detail
    assert time.process_time() - began < 8


def test_tags_without_end_cost_no_memory_beyond_the_limit() -> None:
    """6 million empty elements would be more than half a gigabyte as a tree."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read("<urlset><url><loc>http://a.example/1</loc></url>" + "<x/>" * 6_000_000)
    assert [i.url for i in found.items] == ["http://a.example/1"]
    assert "more than 1,500,000 tags" in found.rejected[0].detail
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_an_empty_sitemap_is_one() -> None:
    assert read("<urlset></urlset>").items == ()


@given(st.text(max_size=300), st.integers(0, 900))
def test_no_damage_is_an_exception(junk: str, at: int) -> None:
    parse(NEWS[:at] + junk + NEWS[at + len(junk) :])


# --- what an address names


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("/2022/07/04/bridge", "2022-07-04", DatePrecision.DAY),
        ("/2022-07-04-bridge.html", "2022-07-04", DatePrecision.DAY),
        ("/news/20220704.xml", "2022-07-04", DatePrecision.DAY),
        ("/2022/jul/04/bridge", "2022-07-04", DatePrecision.DAY),
        ("/s?yyyy=2022&mm=07&dd=04", "2022-07-04", DatePrecision.DAY),
        ("/s?year=2022&month=7", "2022-07-01", DatePrecision.MONTH),
        ("/s?date=2022-07-04", "2022-07-04", DatePrecision.DAY),
        ("/sitemap-2022-07.xml.gz", "2022-07-01", DatePrecision.MONTH),
        ("/sitemap-202207.xml", "2022-07-01", DatePrecision.MONTH),
        ("/2022/07/bridge", "2022-07-01", DatePrecision.MONTH),
        ("/2022/July/bridge", "2022-07-01", DatePrecision.MONTH),
        ("/sitemap-2022-07-1.xml", "2022-07-01", DatePrecision.MONTH),  # 1 is as likely a page
        ("/sitemap_2022.xml", "2022-01-01", None),
        ("/2022/13/04/", "2022-01-01", None),
        ("/2022/02/30/x", "2022-02-01", DatePrecision.MONTH),
    ],
)
def test_the_date_an_address_names(url: str, day: str, precision: DatePrecision | None) -> None:
    span = named_span("https://a.example" + url)
    assert span
    assert (f"{span.start:%Y-%m-%d}", span.precision) == (day, precision)


@pytest.mark.parametrize(
    "url", ["/a", "/item-12345678", "/1066/10/14", "/sitemap-7.xml", "http://[", "/x?page=2022123"]
)
def test_addresses_that_name_none(url: str) -> None:
    assert named_span(url) is None


# --- which pages belong to a day


@pytest.mark.parametrize(
    ("loc", "more", "sitemap", "rule"),
    [
        ("a", "<news><publication_date>2022-07-04</publication_date></news>", "", DayRule.PUBLICATION_DATE),
        ("2022/07/03/a", "<news><publication_date>2022-07-04</publication_date></news>", "", DayRule.PUBLICATION_DATE),
        ("2022/07/04/a", "<lastmod>2022-07-05</lastmod>", "", DayRule.PAGE_ADDRESS),
        ("a", "", "sitemap-2022-07-04.xml", DayRule.SITEMAP_ADDRESS),
        ("2022/07/a", "<lastmod>2022-07-04T10:00:00Z</lastmod>", "", DayRule.MONTH_AND_LASTMOD),
        ("a", "<lastmod>2022-07-04T10:00:00Z</lastmod>", "sitemap-2022-07.xml", DayRule.MONTH_AND_LASTMOD),
        ("a", "<lastmod>2022-07-04</lastmod>", "", DayRule.LASTMOD),
        # In the address is what the page is about: it was changed before.
        ("looking-ahead-2022-09-11", "<lastmod>2022-07-04</lastmod>", "", DayRule.LASTMOD),
        (
            "a",
            "<news><publication_date>2022-07-05T00:30:00+03:00</publication_date></news>",
            "",
            DayRule.PUBLICATION_DATE,
        ),
    ],
)
def test_pages_of_a_day(loc: str, more: str, sitemap: str, rule: DayRule) -> None:
    found = read(pages((loc, more)), HOME + sitemap)
    assert [r for _, r in items_of(found, DAY, NEXT)] == [rule]
    assert items_of(found, NEXT, NEXT + timedelta(days=9)) == ()


@pytest.mark.parametrize(
    ("loc", "more"),
    [
        ("a", ""),
        ("2022/07/05/a", "<lastmod>2022-07-05T01:00:00Z</lastmod>"),
        ("a", "<lastmod>2022-07-05T00:00:00Z</lastmod>"),
        ("2022/07/03/a", "<lastmod>2022-07-04T10:00:00Z</lastmod>"),
    ],
)
def test_pages_of_another_day_or_of_none(loc: str, more: str) -> None:
    assert items_of(read(pages((loc, more))), DAY, NEXT) == ()


def test_a_page_known_by_its_month_belongs_to_one_day() -> None:
    found = read(pages(("2022/07/a", "<lastmod>2023-01-01</lastmod>"), ("2022/06/a", "")))
    first = datetime(2022, 6, 1, tzinfo=UTC)
    days = [len(items_of(found, first + timedelta(n), first + timedelta(n + 1))) for n in range(60)]
    assert sum(days) == 2
    assert days[0] == days[30] == 1


# --- which children a day needs


@pytest.mark.parametrize(
    ("children", "kept"),
    [
        ([("2022-06.xml", ""), ("2022-07.xml", ""), ("2022-08.xml", "")], ["2022-07.xml"]),
        # A day on either side, for publishers' own days.
        ([(f"s-2022-07-0{n}.xml", "") for n in range(1, 8)], [f"s-2022-07-0{n}.xml" for n in (3, 4, 5)]),
        ([("2021.xml", ""), ("2022.xml", "")], ["2022.xml"]),
        # The 2021st of a numbered row is no year.
        ([("s-2.xml", ""), ("s-2021.xml", ""), ("s-2022.xml", "")], ["s-2.xml", "s-2021.xml", "s-2022.xml"]),
        ([("a.xml", "2022-07-01"), ("b.xml", "2022-07-03"), ("c.xml", "2022-07-06T10:00:00Z")], ["b.xml", "c.xml"]),
        ([("a.xml", "2021-01-01"), ("latest.xml", "")], ["latest.xml"]),
        # Stamps from before the time a child is named for mean something else.
        ([("2022-07.xml", "2020-01-01"), ("b.xml", "2020-01-01")], ["2022-07.xml", "b.xml"]),
        ([("s?yyyy=2022&amp;mm=07", ""), ("s?yyyy=2022&amp;mm=06", "")], ["s?yyyy=2022&mm=07"]),
        ([("2022-07.xml", "2022-07-02T00:00:00Z")], []),
    ],
)
def test_children_that_may_hold_a_day(children: list[tuple[str, str]], kept: list[str]) -> None:
    found = children_for(index(*children), DAY, NEXT)
    assert [c.url.removeprefix(HOME) for c in found] == kept


@given(day=st.integers(0, 800), hour=st.integers(0, 23), offset=st.integers(-12, 14))
def test_no_child_that_holds_the_day_is_left_out(day: int, hour: int, offset: int) -> None:
    """A publisher files by its own day; whatever instant is asked for, the child it went to is among those read."""
    at = datetime(2020, 6, 1, hour, 30, tzinfo=UTC) + timedelta(days=day)
    filed = at + timedelta(hours=offset)
    for form in ("%Y-%m-%d.xml", "%Y/%m/%d.xml", "%Y%m.xml", "?yyyy=%Y&amp;mm=%m", "%Y.xml"):
        others = [(f"{filed + timedelta(days=n * 40):{form}}", "") for n in (-20, -1, 1)]
        needed = children_for(index(*others, (f"{filed:{form}}", "")), at, at + timedelta(hours=1))
        assert (HOME + f"{filed:{form}}").replace("&amp;", "&") in {c.url for c in needed}
