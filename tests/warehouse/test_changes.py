"""The change feed: a client that polls misses nothing, gets nothing twice, and ends with what the warehouse holds."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etl.errors import CursorUnknown
from etl.warehouse import changes, keeping
from etl.warehouse.changes import Change
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW
from tests.warehouse.factory import make_run, make_source, store
from tests.warehouse.test_as_of import articles, ask, july, tag

PAGE, AMP = "https://courier.example/1", "https://courier.example/amp/1"


@dataclass
class Client:
    """Somebody who keeps a copy of mart.article in step by the feed alone."""

    db: Warehouse
    cursor: str = changes.START
    held: dict[int, dict[str, Any]] = field(default_factory=dict)
    told: list[Change] = field(default_factory=list)

    def poll(self, limit: int | None = None) -> list[Change]:
        got = []
        for page in changes.since(self.db, self.cursor, limit=limit):
            now = changes.articles(self.db, page)
            for change in page:
                if change.change == "deleted":
                    self.held.pop(change.article_id, None)
                elif change.article_id in now:
                    self.held[change.article_id] = now[change.article_id]
            self.cursor = page[-1].cursor
            got += page
        self.told += got
        return got


def truth(db: Warehouse) -> dict[int, dict[str, Any]]:
    return dict(ask(db, "SELECT article_id, to_jsonb(a) FROM mart.article a"))


def said(found: list[Change]) -> list[tuple[int, str, list[str]]]:
    return [(c.article_id, c.change, c.what) for c in found]


def test_each_kind_of_change_is_told_once(db: Warehouse) -> None:
    run, client = make_run(db), Client(db)
    a, b = articles(db, run, "aurora", "beacon", at=july(3))
    assert [(c.article_id, c.change) for c in client.poll()] == [(a, "added"), (b, "added")]
    assert client.poll() == []
    store(db, run, make_source(db), "edited", keys=("https://aurora.example/",), observed_at=july(4), at=july(4))
    assert said(client.poll()) == [(a, "changed", ["text"])]
    tag(db, run, "edited", "Lyman", at=july(4))
    assert said(client.poll()) == [(a, "changed", ["places"])]
    ask(db, "INSERT INTO news.copy_of VALUES (%s, %s, %s, 'near', 0.9, 'test', %s, tstzrange(%s, NULL))",
        b, a, a, run, july(5))  # fmt: skip
    ask(db, "INSERT INTO news.story (created_at) VALUES (now())")
    ask(db, "INSERT INTO news.story_article VALUES (1, %s, %s, tstzrange(%s, NULL))", b, run, july(5))
    assert said(client.poll()) == [(a, "changed", ["copies"]), (b, "changed", ["copies", "story"])]
    assert client.held == truth(db)


def test_one_transaction_is_one_row_and_a_repeat_is_none(db: Warehouse) -> None:
    run, source = make_run(db), make_source(db)
    for turn in (1, 2):
        store(db, run, source, "six killed", observed_at=july(3), at=july(3, turn))
    assert ask(db, "SELECT article_id, what FROM mart.change") == [(1, ["added"])]


def test_what_began_first_and_commits_last_is_not_missed(db: Warehouse, database_url: str) -> None:
    """Two writers commit in inverse order: the reader waits for the first rather than pass it."""
    run, client = make_run(db), Client(db)
    sources = make_source(db, "aurora"), make_source(db, "beacon")
    ask(db, "SELECT ops.change_era_now()")  # of the first two writers ever, one waits for the other
    with connect(database_url) as slow, connect(database_url) as fast:
        slow.connection.autocommit = fast.connection.autocommit = False
        ask(slow, "INSERT INTO news.article (source_id, first_observed_at, run_id, created_at) VALUES (%s, %s, %s, %s)",
            sources[0], NOW, run, NOW)  # fmt: skip
        ask(fast, "INSERT INTO news.article (source_id, first_observed_at, run_id, created_at) VALUES (%s, %s, %s, %s)",
            sources[1], NOW, run, NOW)  # fmt: skip
        fast.connection.commit()
        assert ask(db, "SELECT count(*) FROM news.article") == [(1,)]
        assert client.poll() == []  # there, but not yet told
        slow.connection.commit()
        assert [c.article_id for c in client.poll()] == [1, 2]
        assert client.poll() == []


@pytest.mark.parametrize("seed", range(3))
def test_a_client_ends_with_what_the_warehouse_holds(db: Warehouse, database_url: str, seed: int) -> None:
    """Writers that hold their transactions open and commit or give up in any order; the client polls in between."""
    drawn = random.Random(seed)
    run, client = make_run(db), Client(db)
    source = make_source(db)
    for n in range(6):
        store(db, run, source, f"text {n}", keys=(f"https://courier.example/{n}",), observed_at=july(1), at=july(1))
    ids = [i for (i,) in ask(db, "SELECT article_id FROM news.article ORDER BY 1")]
    with connect(database_url) as one, connect(database_url) as two, connect(database_url) as three:
        writers = [one, two, three]
        busy: dict[int, Warehouse] = {}
        for writer in writers:
            writer.connection.autocommit = False
        for _ in range(150):
            writer, article = drawn.choice(writers), drawn.choice(ids)
            act = drawn.random()
            if act < 0.5 and article not in busy:
                busy[article] = writer
                ask(writer, "INSERT INTO news.content_detail (content_id, agencies, credits, is_paywalled, "
                    "refused_dates, images, quotes) SELECT content_id, ARRAY[%s], '{}', false, '{}', '[]', '{}' "
                    "FROM news.content WHERE article_id = %s "
                    "ON CONFLICT (content_id) DO UPDATE SET agencies = excluded.agencies",
                    str(drawn.random()), article)  # fmt: skip
            elif act < 0.7:
                writer.connection.commit() if drawn.random() < 0.8 else writer.connection.rollback()
                busy = {a: w for a, w in busy.items() if w is not writer}
            else:
                client.poll(limit=drawn.choice([1, 3, None]))
        for writer in writers:
            writer.connection.commit()
    client.poll()
    assert client.held == truth(db)
    assert client.poll() == []


def test_pages_of_any_size_tell_the_same(db: Warehouse) -> None:
    run = make_run(db)
    articles(db, run, *"abcdefg", at=july(3))
    small, large = Client(db), Client(db)
    while small.poll(limit=2):
        pass
    large.poll()
    assert small.held == large.held == truth(db)
    assert small.told == large.told


def test_an_article_merged_away_is_deleted_and_the_main_one_follows(db: Warehouse) -> None:
    run, source, client = make_run(db), make_source(db), Client(db)
    store(db, run, source, "six killed", keys=(PAGE,), observed_at=july(3, 8), at=july(3, 8))
    store(db, run, source, "six killed", keys=(AMP,), observed_at=july(3, 9), at=july(3, 9))
    client.poll()
    store(db, run, source, "eight killed", keys=(AMP, PAGE), observed_at=july(4), at=july(4))
    deleted = [c for c in client.poll() if c.change == "deleted"]
    assert [(c.article_id, c.reason, c.into_article_id) for c in deleted] == [(2, "merged into 1", 1)]
    assert client.held == truth(db)
    tag(db, run, "six killed", "Lyman", at=july(5))  # a text of the merged one: the main one's places may change
    assert (1, "changed", ["places", "merged"]) in said(client.poll())
    assert client.held == truth(db)


def test_what_is_old_folds_into_one_row_an_article_and_old_cursors_still_miss_nothing(db: Warehouse) -> None:
    run, client = make_run(db), Client(db)
    [a, b] = articles(db, run, "aurora", "beacon", at=july(3))
    client.poll()
    store(db, run, make_source(db), "edited", keys=("https://aurora.example/",), observed_at=july(4), at=july(4))
    tag(db, run, "edited", "Lyman", at=july(4))
    rows = ask(db, "SELECT count(*) FROM ops.change")
    assert ask(db, "SELECT gone FROM ops.fold_changes(%s)", NOW - timedelta(days=9999)) == [(0,)]  # none is so old
    assert ask(db, "SELECT gone FROM ops.fold_changes(%s)", datetime(2100, 1, 1, tzinfo=UTC)) == [(rows[0][0] - 2,)]
    assert ask(db, "SELECT gone FROM ops.fold_changes(%s)", datetime(2100, 1, 1, tzinfo=UTC)) == [(0,)]
    [change] = client.poll()
    assert change.article_id == a
    assert client.held == truth(db)
    anew = Client(db)
    assert [(c.article_id, c.change) for c in anew.poll()] == [(b, "added"), (a, "added")]


def test_folding_goes_on_behind_articles_of_which_nothing_is_superseded(
    db: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(db)
    articles(db, run, *"abcd", at=july(3))
    store(db, run, make_source(db), "edited", keys=("https://a.example/",), observed_at=july(4), at=july(4))
    store(db, run, make_source(db), "edited again", keys=("https://a.example/",), observed_at=july(5), at=july(5))
    monkeypatch.setattr(keeping, "_FOLDED_AT_ONCE", 2)
    assert keeping.fold(db, {}, at=datetime(2100, 1, 1, tzinfo=UTC)) == 2


def test_an_address_that_was_an_alias_and_is_asked_for_itself_is_told(db: Warehouse) -> None:
    run, source, client = make_run(db), make_source(db), Client(db)
    store(db, run, source, "six killed", keys=(AMP, PAGE), observed_at=july(3, 8), at=july(3, 8))
    client.poll()
    store(db, run, source, "six killed", keys=(PAGE,), observed_at=july(3, 9), at=july(3, 9))
    assert (1, "changed", ["address"]) in said(client.poll())
    assert client.held == truth(db)
    assert client.held[1]["url"] == PAGE


def test_a_restored_backup_begins_an_era_and_foreign_cursors_are_refused(db: Warehouse) -> None:
    run = make_run(db)
    articles(db, run, "aurora", at=july(3))
    ask(db, "UPDATE ops.change_era SET cluster_id = 1")  # what there is was written elsewhere,
    ask(db, "UPDATE ops.change SET transaction_id = '9000000000'")  # where more had happened
    client = Client(db)
    assert [c.article_id for c in client.poll()] == [1]
    articles(db, run, "beacon", at=july(4))
    assert [c.article_id for c in client.poll()] == [2]
    assert client.held == truth(db)
    for cursor in ("9.1.1", "2.9000000000.1"):
        with pytest.raises(CursorUnknown, match="Begin anew with --since 0"):
            list(changes.since(db, cursor))


def test_a_poll_reads_what_is_new_not_what_there_is(db: Warehouse) -> None:
    run = make_run(db)
    articles(db, run, "aurora", at=july(3))
    ask(db, "SET enable_seqscan = off")
    plan = "\n".join(line for (line,) in ask(db, "EXPLAIN SELECT * FROM mart.changes_since('1.700.1', 10)"))
    assert "Index Cond: (ROW(era, transaction_id, article_id) > ROW(" in plan
