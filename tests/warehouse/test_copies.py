"""Copies in the warehouse: the same whatever the order of arrival, unmoved by a replay, kept when they change."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from etl.dedup.fingerprint import fingerprint, line_hashes
from etl.evaluate.texts import START, Text, load
from etl.jobs.deduplicate import comparable
from etl.local.postgres import Server
from etl.warehouse import articles, scratch, taggings
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.copies import Deduplicated, deduplicate
from etl.warehouse.fingerprints import Comparable
from etl.warehouse.stories import settle
from tests.warehouse.factory import make_article, make_capture, make_run, make_source

AT = datetime(2024, 6, 1, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
TABLES = (
    *("news.furniture_line", "ops.line_seen", "news.fingerprint", "news.fingerprint_band", "news.copy_pair"),
    *("news.copy_of", "news.story", "news.story_article", "news.story_feature"),
)
NOTICE = (
    "All rights reserved by the publishers of this paper. Nothing on this page may be sent on, sold or printed again "
    "without leave in writing, and those who send letters agree that they may be cut. Call the desk with news."
)


def report(topic: int, sentences: int = 12) -> str:
    """A text of our own making that shares nothing with that of another topic."""
    words = random.Random(topic)
    vocabulary = [f"{chr(97 + topic % 26)}{words.randrange(10**6):x}" for _ in range(300)]
    lines = [" ".join(words.choices(vocabulary, k=14)).capitalize() + "." for _ in range(sentences)]
    return "\n".join(" ".join(lines[i : i + 3]) for i in range(0, sentences, 3))


def brief(topic: int) -> str:
    return " ".join(report(topic, 12).replace("\n", " ").split(". ")[:3]) + "."


def text(
    key: str, body: str, *, outlet: str = "courier", day: float = 0, title: str | None = None, dated: bool = True
) -> Text:
    return Text(
        key=key,
        title=title,
        text=body,
        url=f"https://{outlet}.example/{key}",
        outlet=outlet,
        published_at=START + timedelta(days=day) if dated else None,
        cluster=None,
        kind=None,
    )


def stock(db: Warehouse, texts: Sequence[Text]) -> tuple[int, dict[Any, Comparable]]:
    """Articles with contents, not yet compared."""
    run_id, contents = load(db, texts, at=AT)
    return run_id, {t.key: c for t, c in zip(texts, contents, strict=True)}


def compare(db: Warehouse, run_id: int, batch: Sequence[Comparable], *, at: datetime = AT) -> Deduplicated:
    with db.transaction():
        found = deduplicate(db, batch, run_id=run_id, at=at)
    settle(db, run_id=run_id, at=at)
    return found


def copies(db: Warehouse, contents: dict[Any, Comparable]) -> dict[Any, Any]:
    keys = {c.article_id: key for key, c in contents.items()}
    return {keys[c.copy_article_id]: keys[c.origin_article_id] for c in db.rows("current_copies")}


def digest(db: Warehouse, contents: dict[Any, Comparable]) -> tuple[Any, Any]:
    """What holds now, in natural keys."""
    keys = {c.article_id: key for key, c in contents.items()}
    held = {
        (keys[c.copy_article_id], keys[c.origin_article_id], keys[c.via_article_id], c.kind, c.similarity, c.rule)
        for c in db.rows("current_copies")
    }
    told: dict[int, set[Any]] = {}
    for row in db.rows("current_stories"):
        told.setdefault(row.story_id, set()).add(keys[row.article_id])
    return held, {frozenset(group) for group in told.values()}


def told_pairs(db: Warehouse, contents: dict[Any, Comparable]) -> dict[Any, Any]:
    """Every pair that holds now, in natural keys, with how alike it is."""
    keys = {c.article_id: key for key, c in contents.items()}
    with db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT article_id, other_article_id, similarity, containment, kind, rule FROM news.copy_pair "
            "WHERE upper_inf(recorded)"
        )
        return {frozenset((keys[one], keys[other])): how for one, other, *how in cursor.fetchall()}


def everything(db: Warehouse) -> list[Any]:
    """Every row of this stage with its row version: an update that changes nothing shows, too."""
    found = []
    with db.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t.xmin::text, t::text FROM {table} t ORDER BY 2")
            found.append(cursor.fetchall())
    return found


def corpus() -> list[Text]:
    """Wire texts run by several outlets with their own notices, cut, extended, with briefs and lone reports."""
    texts = []
    for topic in range(8):
        texts.append(text(f"{topic}-agency", report(topic), outlet="agency", day=topic % 3, title=f"Topic {topic}"))
        for n, outlet in enumerate(("courier", "herald", "echo"), 1):
            body = f"{report(topic)}\n{NOTICE.replace('paper', outlet)}"
            texts.append(text(f"{topic}-{outlet}", body, outlet=outlet, day=topic % 3 + n / 10, title=f"Topic {topic}"))
        texts.append(text(f"{topic}-brief", brief(topic) + "\n" + NOTICE.replace("paper", "herald"), outlet="herald",
                          day=topic % 3 + 0.5))  # fmt: skip
        texts.append(text(f"{topic}-more", report(topic) + "\n" + report(topic + 100, 3), outlet="post", dated=False))
        texts.append(text(f"{topic}-lone", report(topic + 50) + "\n" + NOTICE.replace("paper", "courier")))
    return texts


def test_a_wire_text_its_briefs_and_extensions_have_one_origin(db: Warehouse) -> None:
    run_id, contents = stock(db, corpus())
    compare(db, run_id, list(contents.values()))
    found = copies(db, contents)
    for topic in range(8):
        group = {f"{topic}-{who}" for who in ("agency", "courier", "herald", "echo", "brief", "more")}
        assert len({found.get(key, key) for key in group}) == 1, topic
        assert f"{topic}-lone" not in found


def test_furniture_is_versioned_by_when_it_was_learned_and_named_by_what_used_it(db: Warehouse) -> None:
    """From the lines a fingerprint names it can be made again; they are those learned by the time it was made."""
    run_id, contents = stock(db, corpus())
    by_id, batch = {c.content_id: c for c in contents.values()}, list(contents.values())
    for n in range(0, len(batch), 7):
        compare(db, run_id, batch[n : n + 7], at=AT + timedelta(minutes=n))
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT outlet, line_hash, learned_at FROM news.furniture_line")
        learned = {(outlet, line): at for outlet, line, at in cursor.fetchall()}
        cursor.execute("SELECT content_id, made_at, furniture, text_hash, sketch FROM news.fingerprint")
        made = cursor.fetchall()
    assert len(set(learned.values())) > 1
    assert any(furniture for _, _, furniture, _, _ in made)
    for content_id, made_at, furniture, text_hash, sketch in made:
        content = by_id[content_id]
        known = {h for h in line_hashes(content.compared) if (at := learned.get((content.outlet, h))) and at <= made_at}
        assert set(furniture) == known
        again = fingerprint(content.compared, furniture=frozenset(furniture))
        assert (again.text_hash, list(again.sketch)) == (bytes(text_hash), sketch)


@pytest.mark.parametrize("size", [3, 8])
def test_the_order_of_arrival_does_not_matter(postgres: Server, template: str, size: int) -> None:
    """Ids and batches differ each time; what holds in the end does not."""
    texts = corpus()
    digests = []
    for order in (texts, texts[::-1], random.Random(3).sample(texts, len(texts))):
        with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
            run_id, contents = stock(db, order)
            arriving = list(contents.values())
            for start in range(0, len(arriving), size):
                compare(db, run_id, arriving[start : start + size])
            digests.append(digest(db, contents))
    assert digests[0] == digests[1] == digests[2]
    assert len(digests[0][0]) == 40
    assert len(digests[0][1]) >= 8


def test_a_replay_changes_no_row(db: Warehouse) -> None:
    run_id, contents = stock(db, corpus())
    batch = list(contents.values())
    compare(db, run_id, batch)
    before = everything(db)
    assert compare(db, run_id, batch, at=LATER) == Deduplicated(0, 0, 0)
    assert compare(db, run_id, batch[::-1][:20], at=LATER) == Deduplicated(0, 0, 0)
    assert everything(db) == before


def test_a_late_origin_closes_what_was_held_and_keeps_it(db: Warehouse) -> None:
    second, third = text("second", report(1), outlet="herald", day=1), text("third", report(1), outlet="echo", day=2)
    run_id, contents = stock(db, [second, third, text("origin", report(1))])
    compare(db, run_id, [contents["second"], contents["third"]])
    assert copies(db, contents) == {"third": "second"}
    compare(db, run_id, [contents["origin"]], at=LATER)
    assert copies(db, contents) == {"second": "origin", "third": "origin"}
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT lower(recorded), upper(recorded) FROM news.copy_of WHERE NOT upper_inf(recorded)")
        assert cursor.fetchall() == [(AT, LATER)]
        cursor.execute("SELECT count(*) FROM news.copy_of")
        assert cursor.fetchone() == (3,)


def test_two_strangers_in_one_outlets_dress_are_parted_when_the_dress_is_learned(db: Warehouse) -> None:
    dressed = [text(f"{n}", f"{report(n, 2)}\n{NOTICE * 2}", day=n / 10) for n in range(3)]
    run_id, contents = stock(db, dressed)
    compare(db, run_id, [contents["0"], contents["1"]])
    assert copies(db, contents) == {"1": "0"}
    changed = compare(db, run_id, [contents["2"]], at=LATER)
    assert changed.fingerprints == 3  # the two held before are made anew
    assert changed.copies_closed == 1
    assert copies(db, contents) == {}
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(article_ids), learned_at FROM news.furniture_line")
        assert cursor.fetchall() == [(3, LATER)]
        cursor.execute(  # each names the line it was made without
            "SELECT count(*) FROM news.fingerprint p JOIN news.furniture_line f ON p.furniture = ARRAY[f.line_hash]"
        )
        assert cursor.fetchone() == (3,)


def test_the_index_holds_each_fingerprint_as_it_is_now(db: Warehouse) -> None:
    run_id, contents = stock(db, corpus())
    for content in contents.values():
        compare(db, run_id, [content])
    with db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM news.fingerprint_band b WHERE NOT EXISTS (SELECT FROM news.fingerprint f "
            "WHERE f.content_id = b.content_id AND f.seen_at::date = b.seen_on AND b.bucket = ANY (f.sketch))"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT content_id FROM news.fingerprint_band GROUP BY 1 HAVING count(*) < 24")
        assert cursor.fetchall() == []


def test_the_same_words_weeks_apart_are_not_compared(db: Warehouse) -> None:
    days = {"a": 0, "b": 13, "c": 60}
    run_id, contents = stock(db, [text(key, report(1), outlet=key, day=day) for key, day in days.items()])
    compare(db, run_id, list(contents.values()))
    assert copies(db, contents) == {"b": "a"}


def test_a_date_ahead_of_its_observation_is_not_believed() -> None:
    wrong = Comparable(content_id=1, article_id=1, outlet="a", published_at=AT + timedelta(days=3650), observed_at=AT,
                       title=None, text="")  # fmt: skip
    assert wrong.seen_at == AT


def test_a_crowd_of_copies_has_one_origin(db: Warehouse) -> None:
    """More copies than are taken from one bucket."""
    run_id, contents = stock(db, [text(f"{n:03}", report(1), outlet=f"o{n}", day=n / 1000) for n in range(130)])
    batch = list(contents.values())
    for start in range(0, 130, 65):
        compare(db, run_id, batch[start : start + 65])
    assert set(copies(db, contents).values()) == {"000"}
    assert len(copies(db, contents)) == 129


def test_texts_with_nothing_to_compare_are_nobodys_copies(db: Warehouse) -> None:
    bodies = ["", "…", "Watch live", "Watch live", "word " * 100_000, "word " * 100_000, "x" * 2_000_000]
    run_id, contents = stock(db, [text(f"{n}", body, outlet=f"o{n}") for n, body in enumerate(bodies)])
    assert compare(db, run_id, list(contents.values())).fingerprints == len(bodies)
    assert copies(db, contents) == {}


def test_texts_without_spaces_are_compared(db: Warehouse) -> None:
    chinese = (
        "救援人员周四抵达被洪水隔绝的四个村庄中的最后一个。市长说没有人失踪，但有十一间房屋无法进入。"
        "通往海岸的道路上的一座桥被冲走。"
    )
    thai = "เจ้าหน้าที่กู้ภัยเข้าถึงหมู่บ้านสุดท้ายที่ถูกน้ำท่วมตัดขาดเมื่อวันพฤหัสบดี นายกเทศมนตรีกล่าวว่าไม่มีผู้สูญหาย"
    run_id, contents = stock(
        db,
        [
            text("zh", chinese),
            text("zh-copy", "本报讯 " + chinese, outlet="echo", day=0.1),
            text("th", thai, day=0.2),
            text("th-copy", thai + " ข่าวท้องถิ่น", outlet="echo", day=0.3),
        ],
    )
    compare(db, run_id, list(contents.values()))
    assert copies(db, contents) == {"zh-copy": "zh", "th-copy": "th"}


def test_four_loaders_at_once_miss_and_double_nothing(db: Warehouse, database_url: str) -> None:
    run_id, contents = stock(db, corpus())
    problems: list[BaseException] = []

    def loader(seed: int) -> None:
        mine = random.Random(seed).sample(list(contents.values()), len(contents))
        try:
            with connect(database_url, name=f"loader {seed}") as own:
                for start in range(0, len(mine), 8):
                    compare(own, run_id, mine[start : start + 8])
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test, whatever it is
            problems.append(error)

    threads = [threading.Thread(target=loader, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    raced = digest(db, contents)
    assert len(raced[0]) == 40
    assert db.value("current_copies") is not None
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT content_id) FROM news.fingerprint")
        assert cursor.fetchone() == (56, 56)


def test_a_crowd_is_the_same_whatever_the_order_of_arrival(postgres: Server, template: str) -> None:
    """More copies of several makes than are looked up: who meets whom differs, what is told in the end does not."""
    makes = [report(1), f"{report(1)}\n{report(2, 3)}", "\n".join(report(1).split("\n")[:3]), brief(1)]
    texts = [text(f"{n:03}", makes[n % 4], outlet=f"o{n}", day=n % 7, dated=n % 5 > 0) for n in range(140)]
    digests = []
    for order in (texts, texts[::-1], random.Random(5).sample(texts, len(texts))):
        with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
            run_id, contents = stock(db, order)
            arriving = list(contents.values())
            for start in range(0, len(arriving), 35):
                compare(db, run_id, arriving[start : start + 35])
            digests.append((digest(db, contents)[0], told_pairs(db, contents)))
    assert digests[0] == digests[1] == digests[2]
    assert len(digests[0][0]) == 139
    assert 139 <= len(digests[0][1]) < 3 * 139


def test_a_crowd_replayed_changes_no_row(db: Warehouse) -> None:
    run_id, contents = stock(db, [text(f"{n:03}", report(1), outlet=f"o{n}", day=n / 10) for n in range(70)])
    batch = list(contents.values())
    for start in range(0, 70, 20):
        compare(db, run_id, batch[start : start + 20])
    before = everything(db)
    assert compare(db, run_id, batch[::-1][:20], at=LATER) == Deduplicated(0, 0, 0)
    assert everything(db) == before


def test_the_agency_itself_is_the_origin(db: Warehouse) -> None:
    """The courier ran the text before the agency's page was seen, and says whose it is."""
    credited = f"LVIV (Reuters) - {report(1)}\n{report(2, 3)}"
    run_id, contents = stock(
        db, [text("courier", credited, day=0), text("reuters", report(1), outlet="Reuters", day=0.5)]
    )
    compare(db, run_id, list(contents.values()))
    [copy] = db.rows("current_copies")
    assert copies(db, contents) == {"courier": "reuters"}
    assert (copy.kind, copy.rule.partition("; ")[2]) == ("wire", "origin the agency it credits")


def test_datelines_are_not_compared(db: Warehouse) -> None:
    """Each outlet writes its own before the same words; whom it credits is still known."""
    said = report(1, 2)
    opened = {"reuters": f"KYIV, July 4 (Reuters) — {said}", "ap": f"KYIV (AP) — {said}", "nobody": said}
    run_id, contents = stock(db, [text(key, body, outlet=f"of {key}") for key, body in opened.items()])
    compare(db, run_id, list(contents.values()))
    with db.connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT text_hash), array_agg(agency ORDER BY agency) FROM news.fingerprint")
        assert cursor.fetchone() == (1, ["AP", "Reuters", None])
    assert {c.kind for c in db.rows("current_copies")} == {"exact"}
    compare(db, run_id, [contents["ap"]], at=LATER)
    assert len(db.rows("current_copies")) == 2


def test_a_fingerprint_made_anew_leaves_the_dateline_out_again(db: Warehouse) -> None:
    dressed = [text(f"{n}", f"KYIV (AP) — {report(n, 2)}\n{NOTICE}", day=n) for n in range(3)]
    run_id, contents = stock(db, [*dressed, text("bare", report(0, 2), outlet="echo")])
    for content in contents.values():
        compare(db, run_id, [content])
    assert copies(db, contents) == {"bare": "0"}
    assert [c.kind for c in db.rows("current_copies")] == ["exact"]


def test_a_capture_that_arrives_late_but_was_made_early_changes_who_was_first(db: Warehouse) -> None:
    """Two undated articles: the courier's was archived before the herald's was seen, and the archive is read later."""
    run_id = make_run(db)
    source_id = make_source(db)

    def arrive(key: str, hour: int) -> list[int]:
        capture = make_capture(db, run_id, source_id, report(1).encode(), AT.replace(hour=hour))
        article = replace(make_article(report(1)), published=None)
        with db.transaction():
            extracted = articles.Extracted(capture=capture, article=article, keys=(key,))
            stored = articles.keep(db, run_id, [extracted], code_version="0", at=AT)
        ids = sorted(content_id for content_id, _ in stored.new_contents)
        held = taggings.load(db, ids)
        compare(db, run_id, [comparable(held[i]) for i in ids])
        return ids

    [courier] = arrive("https://courier.example/1", 9)
    arrive("https://herald.example/1", 8)
    assert origin_keys(db) == {"https://courier.example/1": "https://herald.example/1"}
    assert arrive("https://courier.example/1", 7) == [courier]  # the same words, observed earlier than known
    assert origin_keys(db) == {"https://herald.example/1": "https://courier.example/1"}
    assert arrive("https://courier.example/1", 7) == []


def origin_keys(db: Warehouse) -> dict[str, str]:
    with db.connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.article_key, o.article_key FROM news.copy_of n "
            "JOIN news.article_key c ON c.article_id = n.copy_article_id "
            "JOIN news.article_key o ON o.article_id = n.origin_article_id WHERE upper_inf(n.recorded)"
        )
        return dict(cursor.fetchall())
