"""When an entry was published, as far as its feed says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etl.records import Dated, DatePrecision, Feed
from etl.sources.feed_dates import from_iso
from etl.sources.feeds import parse

NOW = datetime(2022, 7, 6, 9, 0, tzinfo=UTC)
INSTANT, MINUTE, DAY = DatePrecision.INSTANT, DatePrecision.MINUTE, DatePrecision.DAY


def in_rss(stated: str, time_zone: str = "Europe/Kyiv") -> Dated | None:
    body = f"<rss><channel><item><link>http://a.example/</link><pubDate>{stated}</pubDate></item></channel></rss>"
    feed = parse(body.encode(), url="http://a.example/", headers={}, fetched_at=NOW, time_zone=time_zone)
    assert isinstance(feed, Feed)
    return feed.items[0].published


@pytest.mark.parametrize(
    ("stated", "utc", "precision"),
    [
        ("Mon, 04 Jul 2022 10:00:00 +0300", "2022-07-04 07:00", INSTANT),
        ("Mon, 04 Jul 2022 10:00:00 GMT", "2022-07-04 10:00", INSTANT),
        ("Mon, 04 Jul 2022 10:00:00 Z", "2022-07-04 10:00", INSTANT),
        ("Mon, 04 Jul 2022 10:00:00 EDT", "2022-07-04 14:00", INSTANT),
        ("Mon, 04 Jul 2022 10:00:00 -0000", "2022-07-04 10:00", INSTANT),
        ("Mon, 04 Jul 2022 10:00 +0300", "2022-07-04 07:00", MINUTE),
        ("2022-07-04T10:00:00Z", "2022-07-04 10:00", INSTANT),
        ("2022-07-04T10:00:00.123+03:00", "2022-07-04 07:00", INSTANT),
        ("2022-07-04T10:00+03:00", "2022-07-04 07:00", MINUTE),
        # as software that was not asked to writes them
        ("Mon,  4 Jul 2022 10:00:00 +0300", "2022-07-04 07:00", INSTANT),
        ("Mon, 04 Jul 2022 10:00:00 GMT+0300", "2022-07-04 07:00", INSTANT),
        ("Mon, 04 Jul 2022 10:00 GMT+3", "2022-07-04 07:00", MINUTE),
        ("Mon, 04 Jul 2022 10:00:00 -700", "2022-07-04 17:00", INSTANT),
        ("Mon, 04 July 2022 10:00:00 +0300", "2022-07-04 07:00", INSTANT),
        ("2022-07-04 10:00:00 +0300", "2022-07-04 07:00", INSTANT),
        ("2022-07-04 10:00 UTC", "2022-07-04 10:00", MINUTE),
        ("2022/7/4 10:00:00", "2022-07-04 07:00", MINUTE),
        ("2022-07-04T10:00:00+03:00[Europe/Kyiv]", "2022-07-04 07:00", INSTANT),
        # no offset, or a name that means nothing: the clock on the source's own wall
        ("Mon, 04 Jul 2022 10:00:00", "2022-07-04 07:00", MINUTE),
        ("Mon, 04 Jul 2022 10:00:00 EEST", "2022-07-04 07:00", MINUTE),
        ("2022-07-04T10:00:00", "2022-07-04 07:00", MINUTE),
        ("2022-07-04 10:00:00", "2022-07-04 07:00", MINUTE),
        # a day is a day, in no zone
        ("2022-07-04", "2022-07-04 00:00", DAY),
        ("Mon, 04 Jul 2022", "2022-07-04 00:00", DAY),
        ("2022/07/04", "2022-07-04 00:00", DAY),
    ],
)
def test_dates(stated: str, utc: str, precision: DatePrecision) -> None:
    dated = in_rss(stated)
    assert dated is not None
    assert (f"{dated.at:%Y-%m-%d %H:%M}", dated.precision, dated.raw) == (utc, precision, stated)


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "yesterday",
        "Mon, 32 Jul 2022 10:00:00 GMT",
        "Mon, 04 Jul 2203 10:00:00 GMT",
        "Sat, 09 Jul 2022 10:00:00 GMT",  # three days ahead of the answer that carried it
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "0000-00-00 00:00:00",
        "04/07/2022 10:00",  # April or July
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_no_date_is_better_than_a_wrong_one(stated: str) -> None:
    assert in_rss(stated) is None


def test_a_clock_a_few_hours_fast_is_kept_as_stated() -> None:
    dated = in_rss("Wed, 06 Jul 2022 15:00:00 GMT")
    assert dated is not None
    assert dated.at.hour == 15


@pytest.mark.parametrize("stated", [None, 7, "", "soon", "2022-13-45", "0001-01-01T00:00:00+14:00", "x" * 500])
def test_json_dates_that_are_none(stated: object) -> None:
    assert from_iso(stated, time_zone="UTC", fetched_at=NOW) is None
