"""What extraction says beside the text is kept once, and is no part of the text's identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from etl.records import Article, Dateline, Image
from etl.warehouse import articles
from etl.warehouse.articles import Extracted
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.warehouse.factory import make_article, make_capture, make_run, make_source

BODY = "🌉 KYIV, July 4 (Reuters) – The bridge is closed."
DATELINE = Dateline(start=2, end=27, place="KYIV", dated_on=date(2022, 7, 4), agency="Reuters")
ARTICLE = replace(
    make_article(BODY),
    agencies=("Reuters",),
    credits=("Valley Echo",),
    dateline=DATELINE,
    images=(Image(url="https://courier.example/i.jpg", caption="The bridge"),),
    quotes=((27, 48),),
    is_paywalled=True,
    refused_dates=("2203-01-01: after it was seen (meta)",),
)


def keep(db: Warehouse, run: int, source: int, article: Article) -> None:
    capture = make_capture(db, run, source, b"<html>")
    with db.transaction():
        found = Extracted(capture=capture, article=article, keys=("https://courier.example/1",))
        articles.keep(db, run, [found], code_version="0", at=NOW)


def test_details_are_kept_with_their_spans(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    keep(db, run, source, ARTICLE)
    keep(db, run, source, ARTICLE)
    with db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT substr(c.body, d.dateline_start + 1, d.dateline_end - d.dateline_start), d.dateline_on, d.agencies,"
            " d.credits, d.is_paywalled, d.published_offset, d.images, d.refused_dates,"
            " substr(c.body, lower(d.quotes[1]) + 1) FROM news.content_detail d JOIN news.content c USING (content_id)"
        )
        [(opening, day, agencies, credited, is_paywalled, offset, images, refused, quote)] = cursor.fetchall()
    assert (opening, day) == ("KYIV, July 4 (Reuters) – ", date(2022, 7, 4))
    assert (agencies, credited, is_paywalled) == (["Reuters"], ["Valley Echo"], True)
    assert offset.total_seconds() == 3 * 3600
    assert images == [{"url": "https://courier.example/i.jpg", "caption": "The bridge"}]
    assert refused == ["2203-01-01: after it was seen (meta)"]
    assert quote == "The bridge is closed."


def test_details_are_no_part_of_the_identity(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    keep(db, run, source, make_article(BODY))
    keep(db, run, source, ARTICLE)
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM news.content")
        assert cursor.fetchone() == (1,)
