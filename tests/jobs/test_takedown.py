"""A takedown leaves no word of an article anywhere, says what it did, and lets it in no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg2
import pytest

from etl import jobs
from etl.errors import NotYours, TakedownRefused
from etl.jobs import takedown
from etl.warehouse import changes, checks
from etl.warehouse.connect import Warehouse, connect
from tests.jobs.conftest import furnish_places
from tests.jobs.newsroom import Newsroom, entry, feed, page
from tests.warehouse.sweep import places_of

HOUR = timedelta(hours=1)
WORDS = [
    "quaxolith",
    "zwurbel",
    "flimper",
    "vantz",
    "brangstaff",
    "dromkin",
]  # in no language, so found only where they came


def story(killed: str = "Seven flimpers") -> str:
    told = [
        f"{killed} were killed in Zagreb on Monday when the quaxolith fell from the old bridge of the city.",
        "According to the Brangstaff the bridge had been inspected in May and was held to be safe by all who looked.",
        "The mayor of Freiburg sent a letter in which he remembered the dromkin of the neighbouring town at length.",
        *(
            f"Witness number {n} said that nothing of the kind had been seen in the valley in {n} years."
            for n in range(9)
        ),
    ]
    return "".join(f"<p>{t}</p>" for t in told)


def article_page(text: str) -> bytes:
    return (
        "<!doctype html><html lang=en><head><title>Zwurbel falls on the old bridge of Zagreb</title>"
        "<meta name=author content='Olgrim Vantz'><meta property=og:title content='Zwurbel falls'></head>"
        f"<body><article><h1>Zwurbel falls on the old bridge of Zagreb</h1><p class=byline>By Olgrim Vantz</p>{text}"
        "<figure><img src=/quaxolith.jpg><figcaption>The quaxolith on Tuesday</figcaption></figure></article>"
    ).encode()


def shown(n: int) -> str:
    text = story().replace("<p>", "").replace("</p>", " ")
    return entry(n, title="Zwurbel falls on the old bridge of Zagreb", text=f"{text} {story()}")


def work_through(room: Newsroom) -> None:
    with room.job("rest") as job:
        jobs.deduplicate(job)
        jobs.geotag(job)


@pytest.fixture
def held(newsroom: Newsroom) -> Newsroom:
    """An article edited once, beside another in its feed, and copied by another outlet."""
    furnish_places(newsroom.db)
    newsroom.add()
    newsroom.add("beacon", path="/other-feed")
    newsroom.site.play("/feed", body=feed(shown(1), entry(2)))
    newsroom.site.play("/other-feed", body=feed(entry(3)))
    newsroom.site.play("/1", body=article_page(story()))
    newsroom.site.play("/2", body=page("Market"))
    newsroom.site.play("/3", body=page("Harbour"))
    newsroom.poll(reads=True)
    newsroom.site.play("/1", body=article_page(story("Eight flimpers")))
    newsroom.poll(HOUR, reads=True)
    work_through(newsroom)
    return newsroom


def take_down(room: Newsroom, named: str = "http://news.example/1") -> takedown.Plan:
    article_id = takedown.target(room.db, named)
    return takedown.take_down(room.db, article_id, "court order 12", code_version="0", at=room.now)


def test_no_word_of_it_is_left_in_any_column_or_body(held: Newsroom) -> None:
    before = places_of(held.db, WORDS)
    assert {"news.content", "news.article_words", "news.edit"} <= set(before["flimper"])
    assert any(place.startswith("body") for place in before["quaxolith"])
    assert held.ask("SELECT count(*) > 0 FROM ops.line_seen WHERE article_id = 1") == [(True,)]
    take_down(held)
    assert places_of(held.db, WORDS) == {}
    assert held.ask("SELECT DISTINCT m.surface FROM news.mention m JOIN news.tagging USING (tagging_id) "
                    "JOIN news.content c USING (content_id) WHERE c.article_id = 1") == [("[taken down]",)]  # fmt: skip
    for table in ("news.fingerprint", "news.story_feature", "ops.line_seen"):
        assert held.ask(f"SELECT count(*) FROM {table} WHERE article_id = 1") == [(0,)]


def test_what_it_stood_beside_stays(held: Newsroom) -> None:
    others = "SELECT to_jsonb(a) FROM mart.article a WHERE article_id <> 1 ORDER BY article_id"
    before = held.ask(others)
    take_down(held)
    assert held.ask(others) == before
    assert places_of(held.db, ["Market"])["Market"]
    listing = held.ask(
        "SELECT left_hash IS NOT NULL FROM raw.redaction JOIN ops.fetch USING (blob_hash) WHERE kind = 'feed'"
    )
    assert listing
    assert all(is_left for (is_left,) in listing)  # the feed is held without the entry
    assert [f for f in checks.look(held.db) if f.is_failure] == []
    assert held.ask("SELECT * FROM news.wrong_reports(ARRAY[1, 2, 3])") == []


def test_ids_stay_so_that_counts_and_times_explain_themselves(held: Newsroom) -> None:
    then = held.now
    held.now += HOUR
    take_down(held)
    assert held.ask("SELECT count(*) FROM mart.article") == [(2,)]
    assert held.ask("SELECT article_id, title, body FROM mart.article_as_of(%s) ORDER BY 1", then)[0] == (
        1,
        None,
        "[taken down]",
    )
    [change] = [c for p in changes.since(held.db, "0") for c in p if c.change == "deleted"]
    assert (change.article_id, change.reason) == (1, "court order 12")


def test_a_repeat_changes_nothing(held: Newsroom) -> None:
    take_down(held)
    before = held.db.value("data_digest")
    held.now += HOUR
    take_down(held)
    assert held.db.value("data_digest") == before
    assert held.ask("SELECT count(DISTINCT removed_at) FROM ops.tombstone") == [(1,)]


def test_its_address_its_bytes_and_its_words_come_in_no_more(held: Newsroom) -> None:
    take_down(held)
    asked = held.asked("/1")
    held.site.play(
        "/feed", body=feed(shown(1).replace("Zagreb</title>", "Zagreb, again</title>"), entry(2), entry(4), entry(5))
    )
    held.site.play("/4", body=article_page(story("Eight flimpers")))  # the same bytes at another address
    held.site.play("/5", body=article_page(story("Eight flimpers")).replace(b"<article>", b"<p>x</p><article>"))
    ended = held.poll(HOUR, reads=True)
    assert held.asked("/1") == asked
    assert [why for key, why in ended.items() if key.startswith("page:") and key.endswith("/1")] == ["tombstoned"]
    rejected = held.ask("SELECT stage, reason FROM ops.ledger WHERE state = 'rejected' ORDER BY 1, 2")
    assert rejected == [("extract", "tombstoned"), ("extract", "tombstoned"), ("fetch", "tombstoned")]
    work_through(held)
    assert places_of(held.db, WORDS) == {}


def test_it_may_be_lifted_and_then_comes_in_as_itself(held: Newsroom) -> None:
    take_down(held)
    assert takedown.lift(held.db, 1, at=held.now) > 1
    held.poll(HOUR, reads=True)
    assert held.ask("SELECT article_id FROM mart.article WHERE body LIKE '%%quaxolith%%'") == [(1,)]
    with pytest.raises(TakedownRefused, match="It was not taken down"):
        takedown.lift(held.db, 1, at=held.now)


def test_its_copies_are_listed_for_a_decision_and_compared_anew(held: Newsroom) -> None:
    held.site.play("/other-feed", body=feed(entry(3), entry(6)))
    held.site.play("/6", body=article_page(story("Eight flimpers") + "<p>The Beacon adds a line of its own here.</p>"))
    held.poll(HOUR, reads=True)
    work_through(held)
    [alike] = take_down(held).found.alike
    assert (alike.outlet, alike.is_copy, alike.url) == ("Beacon", True, "https://news.example/6")
    assert held.ask(
        "SELECT count(*) FROM news.copy_of WHERE upper_inf(recorded) AND 1 IN (copy_article_id, origin_article_id)"
    ) == [(0,)]
    waits = held.ask("SELECT stage, item_key FROM ops.work WHERE stage = 'deduplicate'")
    assert len(waits) == 1
    assert "quaxolith" in places_of(held.db, ["quaxolith"])  # until somebody decides


def test_killed_in_the_middle_it_is_as_if_never_begun(
    held: Newsroom, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held.db.value("data_digest")

    def die(db: Warehouse, *_: Any) -> Any:
        with held.db.connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", (db.connection.info.backend_pid,))
        return db.rows("takedown_members", article_id=1)

    monkeypatch.setattr("etl.warehouse.takedown.again", die)  # texts are gone by then, bodies too
    with connect(database_url) as other, pytest.raises(psycopg2.Error):
        takedown.take_down(other, 1, "court order 12", code_version="0", at=held.now)
    assert held.db.value("data_digest") == before
    assert held.ask("SELECT count(*) FROM ops.tombstone") == [(0,)]


def test_what_waits_in_the_queue_goes_too_and_the_ledger_says_so(held: Newsroom) -> None:
    held.site.play("/1", body=article_page(story("Nine flimpers")))
    held.poll(HOUR * 30)  # fetched, and not yet extracted
    assert held.ask("SELECT count(*) FROM ops.work WHERE stage = 'extract'") == [(1,)]
    take_down(held)
    assert held.ask("SELECT count(*) FROM ops.work WHERE stage = 'extract'") == [(0,)]
    told = held.ask(
        "SELECT r.job, l.stage, l.reason FROM ops.ledger l JOIN ops.run r USING (run_id) WHERE l.state = 'rejected'"
    )
    assert told == [("takedown", "extract", "tombstoned")]
    assert places_of(held.db, WORDS) == {}


def test_a_plan_changes_nothing_and_a_wrong_name_is_refused(held: Newsroom) -> None:
    before = held.db.value("data_digest")
    planned = takedown.plan(held.db, takedown.target(held.db, "1"))
    assert len(planned.found.contents) == 2
    assert (len(planned.found.blobs), len(planned.listings), planned.dropped) == (3, 1, 0)
    assert held.db.value("data_digest") == before
    with connect(held.settings.database_url or "") as loader, pytest.raises(NotYours, match="the role that owns"):
        takedown.plan(loader, 1)
    for named in ("99", "http://news.example/none", "nonsense"):
        with pytest.raises(TakedownRefused, match="No article is known by it"):
            takedown.target(held.db, named)
