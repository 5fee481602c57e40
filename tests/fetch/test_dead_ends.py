"""What answers in place of an article is named; an article about such things is an article."""

from __future__ import annotations

import gzip
import time

import pytest

from etl import settings
from etl.errors import Reason
from etl.fetch.dead_ends import dead_end
from etl.fetch.walls import wall
from tests.fetch.conftest import Site, make_client

ASKED = "https://news.example/2022/07/04/ferry-to-the-islands-runs-again"
PAGE = b"<!doctype html><html><title>Harbour Courier</title><p>Text.</p></html>"


@pytest.mark.parametrize(
    ("final", "reason"),
    [
        ("https://consent.news.example/?next=/2022/07/04/ferry", Reason.CONSENT_WALL),
        ("https://news.example/privacy-gate/?url=x", Reason.CONSENT_WALL),
        ("https://guce.advertising.example/collectIdentifiers", Reason.CONSENT_WALL),
        ("https://news.example/login?next=%2F2022", Reason.LOGIN_WALL),
        ("https://login.news.example/", Reason.LOGIN_WALL),
        ("https://news.example/login/start.html", Reason.LOGIN_WALL),
        ("https://news.example/abonnement.php", Reason.PAYWALL),
        ("https://news.example/subscribe/", Reason.PAYWALL),
        ("https://news.example/404.html", Reason.NOT_FOUND),
        ("https://news.example/en/page-not-found", Reason.NOT_FOUND),
        ("https://news.example/", Reason.REDIRECTED_HOME),
        ("https://www.news.example", Reason.REDIRECTED_HOME),
        ("https://news.example/de/index.html", Reason.REDIRECTED_HOME),
        # and what is none of it
        (ASKED, None),
        ("https://www.news.example/2022/07/04/ferry-to-the-islands-runs-again/", None),
        ("https://news.example/travel/ferry-to-the-islands-runs-again", None),
        ("https://news.example/abo/ferry-to-the-islands-runs-again", None),
        ("https://news.example/law/what-consent-means-at-work", None),
        ("https://news.example/subscribe-now-says-the-mayor", None),
    ],
)
def test_where_a_redirect_leads(final: str, reason: Reason | None) -> None:
    ended = dead_end(ASKED, final, "text/html", PAGE)
    assert (ended[0] if ended else None) is reason


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        ("https://news.example/tech/consent/12345", "https://news.example/consent/12345"),  # was there before
        ("https://news.example/login", "https://www.news.example/login/"),
        ("https://news.example/news", "https://news.example/"),  # a section, not an article
        ("https://consent.example/a-day-in-the-life-of", "https://www.consent.example/a-day-in-the-life-of"),
    ],
)
def test_what_was_asked_for_is_no_dead_end(asked: str, final: str) -> None:
    assert dead_end(asked, final, "text/html", PAGE) is None


def test_a_feed_is_never_judged() -> None:
    assert (
        dead_end(ASKED, "https://news.example/", "text/html", b"<?xml version='1.0'?><rss><title>404</title>") is None
    )


NOT_FOUND = [
    "404",
    "Error 404",
    "404 Not Found | Harbour Courier",
    "Page not found - Harbour Courier",
    "Harbour Courier :: Page not found",
    "Sorry, the page you are looking for could not be found.",
    "Seite nicht gefunden – Hafenbote",
    "Page introuvable | Le Port",
    "Página no encontrada",
    "Сторінку не знайдено — Гавань",
    "Страница не найдена",
    "ページが見つかりません",
    "页面不存在",
    "الصفحة غير موجودة",
]


@pytest.mark.parametrize("title", NOT_FOUND)
@pytest.mark.parametrize("tag", ["title", "h1"])
def test_a_page_that_says_it_is_not_there(title: str, tag: str) -> None:
    page = f"<!DOCTYPE html><html><{tag}>\n {title}</{tag}>{'<a href=/>Most read</a>' * 200}</html>"
    ended = dead_end(ASKED, ASKED, "text/html; charset=utf-8", page.encode())
    assert ended
    assert ended[0] is Reason.NOT_FOUND


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>Why the 404 page became an art form</title>",
        "<html><title>Missing boat not found after third day | Harbour Courier</title>",
        "<html><title>Flight 404 lands safely</title><h1>Flight 404 lands safely</h1>",
        '<html><title>Not found</title><script type="application/ld+json">{"@type": "NewsArticle"}</script>',
        '<html><title>404</title><meta property="og:type" content="article">',  # a film of that name
        "<html><p>Page not found</p>",  # neither title nor heading
    ],
)
def test_an_article_about_it_is_an_article(page: str) -> None:
    assert dead_end(ASKED, ASKED, "text/html", page.encode()) is None


@pytest.mark.parametrize(
    "page",
    [
        b"<html>" + b"<h1 " * 50_000,
        b"<html>" + b"<title>" * 50_000,
        b"<html><title>" + b"404 " * 50_000,
        b"<html>" + b"<!--" * 50_000,
        b"<html>" + b"<" * 59_000,
    ],
    ids=["open tags", "titles", "one long title", "open comments", "brackets"],
)
def test_hostile_pages_cost_little(page: bytes) -> None:
    began = time.process_time()
    dead_end(ASKED, ASKED, "text/html", page)
    wall(200, {}, page[:59_900])
    wall(403, {}, page)
    assert time.process_time() - began < 1


def test_the_client_names_it(site: Site) -> None:
    client = make_client(site)
    site.play("/2022/a-b-c-d", 302, b"", Location="/")
    site.play("/", 200, PAGE)
    site.play("/paid", 402)
    site.play("/soft", 200, b"<html><title>Page not found</title>")
    fetched = client.get("http://news.example/2022/a-b-c-d")
    assert (fetched.reason, fetched.body) == (Reason.REDIRECTED_HOME, None)
    assert "front page" in fetched.detail
    assert client.get("http://news.example/paid").reason is Reason.PAYWALL
    assert client.get("http://news.example/soft").reason is Reason.NOT_FOUND


CORPORA = settings.read().corpora


@pytest.mark.skipif(CORPORA is None, reason="DATELINE_CORPORA is not set")
def test_no_real_article_is_taken_for_a_dead_end() -> None:
    assert CORPORA
    pages = sorted((CORPORA / "extract").rglob("*.html.gz"))
    assert pages
    wrong = []
    for path in pages:
        body = gzip.decompress(path.read_bytes())
        if dead_end(ASKED, ASKED, None, body) or wall(200, {}, body, ASKED):
            wrong.append(path.name)
    assert not wrong
