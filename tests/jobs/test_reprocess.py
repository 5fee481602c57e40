"""Reprocessing: today's code over stored captures, as a shadow that is told, then swapped in as one, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from etl import jobs
from etl.errors import ReprocessRefused, SettingError
from etl.jobs import Job, corrections, reprocess, shadow_report
from etl.jobs.reprocess import Asked
from etl.local.postgres import Server
from etl.records import Article, Capture, NameKind, PlaceName, Rejected
from etl.settings import Settings
from etl.warehouse import gazetteer, scratch, shadows
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.digest import digest
from tests.jobs.conftest import CITIES, furnish, place
from tests.jobs.history import LOADED, START, Reader, history, instead, load

ARTICLES = 25
DAYS = (START, START + timedelta(days=3))
LATER = LOADED + timedelta(days=30)
READ = Reader()

Change = Callable[[Article], Article | Rejected]


def better(found: Article) -> Article:
    """Other code: it takes the outlet's own line at the end for no part of the text, and writes headlines otherwise."""
    body = "\n\n".join(p for p in found.body.split("\n\n") if not p.startswith("Follow the"))
    return replace(found, body=body, title=f"{found.title}!", extractor="better 2")


@dataclass
class Desk:
    """A loaded warehouse and what an operator does there."""

    db: Warehouse
    settings: Settings
    now: datetime = LATER
    runs: Iterator[int] = field(default_factory=lambda: iter(range(1_000)))

    @contextmanager
    def job(self, change: Change | None = None) -> Iterator[Job]:
        self.now += timedelta(hours=1)
        name = f"by hand {next(self.runs)}"
        with (
            reading(change),
            jobs.begin(self.settings, reprocess.JOB, name, interval=DAYS, clock=lambda: self.now) as job,
        ):
            yield job

    def make(self, change: Change | None = None, **asked: Any) -> tuple[int, dict[str, int]]:
        """A shadow, and how many articles differ by kind."""
        with self.job(change) as job:
            number = reprocess.make(job, Asked(*DAYS, **asked))
            return number, shadow_report.document(job.db, number)["articles"]

    def approve(self, number: int, change: Change | None = None) -> Any:
        with self.job(change) as job:
            return reprocess.approve(job, number)

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.db.connection.cursor() as cursor:
            cursor.execute(question, values or None)
            return cursor.fetchall()

    @property
    def digest(self) -> str:
        return digest(self.db).digest

    @property
    def rows(self) -> str:
        """Every row as it is, ids and times included."""
        return str(self.db.value("data_digest"))


@contextmanager
def reading(change: Change | None) -> Iterator[None]:
    """For the block, captures are read by memory, then `change`d."""

    def read(asked: Iterable[Capture]) -> Iterator[Article | Rejected]:
        for found in READ(asked):
            yield change(found) if change and isinstance(found, Article) else found

    with instead(read, "etl.jobs.reprocess.pool"), instead(read):
        yield


@pytest.fixture(scope="module")
def loaded(postgres: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A template of a loaded warehouse."""
    with connect(postgres.url()) as server:
        scratch.create(server, "template_history", template)
    with connect(scratch.at_database(postgres.url(), "template_history")) as db:
        furnish(db)
        load(db, _settings(db, tmp_path_factory.mktemp("home")), history(ARTICLES), size=20, read=READ)
    yield "template_history"
    with connect(postgres.url()) as server:
        scratch.drop(server, "template_history")


def _settings(db: Warehouse, home: Any) -> Settings:
    from etl import settings

    dsn = db.connection.info
    url = f"postgresql://{dsn.user}:{dsn.password}@{dsn.host}:{dsn.port}/{dsn.dbname}"
    return settings.read({"DATELINE_HOME": str(home), "DATELINE_DATABASE_URL": url})


@pytest.fixture
def desk(postgres: Server, loaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.getbasetemp() / "reprocess-home"
    with scratch.database(postgres.url(), template=loaded) as url, connect(url) as db:
        yield Desk(db, _settings(db, home))


def test_the_same_code_makes_no_difference_and_changes_no_row(desk: Desk) -> None:
    before, rows = desk.digest, desk.rows
    number, differing = desk.make()
    assert differing == {}
    with connect(desk.settings.database_url or "") as db:
        assert shadows.find(db, number).captures == len(history(ARTICLES))
    assert desk.rows == rows
    desk.approve(number)
    assert (desk.digest, desk.rows) == (before, rows)
    assert desk.approve(number) is None  # nothing is done twice


def test_other_code_is_told_seen_by_nobody_and_swapped_in_as_one(desk: Desk, postgres: Server, template: str) -> None:
    before, rows = desk.digest, desk.rows
    number, differing = desk.make(better)
    assert differing["text"] == differing["title"] == ARTICLES
    assert "copy_added" not in differing
    assert (desk.digest, desk.rows) == (before, rows), "nothing is seen before it is approved"
    held = desk.ask("SELECT count(*) FROM news.content")
    done = desk.approve(number, better)
    assert (len(done.articles), done.left_alone) == (ARTICLES, 0)
    # as one that never knew other code
    with scratch.database(postgres.url(), template=template) as url, connect(url) as db:
        furnish(db)
        load(db, replace(desk.settings, database_url=url), history(ARTICLES), size=20, read=_better)
        fresh = digest(db)
    now = digest(desk.db)
    assert {k: p for k, p in now.tables.items() if p != fresh.tables[k]} == {}
    # and what was known before is still known
    as_of = (
        "SELECT count(*), count(*) FILTER (WHERE c.title LIKE %s)"
        " FROM news.version v JOIN news.content c USING (content_id) WHERE v.recorded @> %s::timestamptz"
    )
    [(versions, _)] = desk.ask(as_of, "%!", done.at)
    assert desk.ask(as_of, "%!", done.at) == [(versions, versions)]
    assert desk.ask(as_of, "%!", done.at - timedelta(seconds=1)) == [(versions, 0)]
    assert desk.ask("SELECT count(*) FROM news.content") == [(2 * held[0][0],)]


def _better(asked: Iterable[Capture]) -> Iterator[Article | Rejected]:
    return iter([better(f) if isinstance(f, Article) else f for f in READ(asked)])


def test_better_code_is_no_edit_of_a_publisher(desk: Desk) -> None:
    told = "SELECT kind, count(*) FROM news.edit WHERE upper_inf(recorded) GROUP BY 1 ORDER BY 1"
    before = desk.ask(told)
    desk.settings = replace(desk.settings, code_version="next")
    number, _ = desk.make(better)
    desk.approve(number, better)
    assert desk.ask(told) == before
    assert desk.ask(
        "SELECT count(*) FROM news.edit WHERE before_text NOT LIKE %s AND after_text LIKE %s", "%!", "%!"
    ) == [(0,)]


def test_what_is_said_beside_a_text_is_rewritten_and_remembered(desk: Desk) -> None:
    def other(found: Article) -> Article:
        return replace(found, section="World", language_code="de", credits=("Our desk",))

    number, differing = desk.make(other)
    assert differing["beside"] == ARTICLES
    assert "text" not in differing
    contents = desk.ask("SELECT count(*) FROM news.content")
    done = desk.approve(number, other)
    assert desk.ask("SELECT DISTINCT section, language_code FROM news.content") == [("World", "de")]
    assert desk.ask("SELECT DISTINCT credits FROM news.content_detail") == [(["Our desk"],)]
    before = desk.ask(
        "SELECT DISTINCT said ->> 'section', said ->> 'language_code', upper(recorded) FROM news.content_before"
    )
    assert before == [(None, "en", done.at)]
    assert desk.ask("SELECT count(*) FROM news.content") == contents
    assert desk.make(other)[1] == {}


def test_another_gazetteer_moves_mentions_and_says_how_far(desk: Desk) -> None:
    before = desk.digest
    moved = {**CITIES, 3186886: ("Zagreb", "HR", 46.81, 15.98)}
    del moved[2925177]
    gazetteer.load(
        desk.db,
        "test-2",
        [place(i, *rest) for i, rest in moved.items()],
        [PlaceName(place_id=i, name=rest[0], kind=NameKind.PRIMARY) for i, rest in moved.items()],
        at=desk.now,
    )
    number, differing = desk.make(what=["places"])
    assert set(differing) >= {"mention_moved", "mention_removed"}
    assert "text" not in differing
    [(km,)] = desk.ask(
        "SELECT DISTINCT round(amount) FROM ops.shadow_difference WHERE kind = 'mention_moved' AND amount IS NOT NULL"
    )
    assert km == 111
    versions = desk.ask("SELECT version_id, recorded FROM news.version ORDER BY 1")
    desk.approve(number)
    assert desk.digest != before
    assert desk.ask("SELECT version_id, recorded FROM news.version ORDER BY 1") == versions, "the text is left alone"
    assert desk.ask(
        "SELECT DISTINCT lat FROM news.mention m JOIN news.tagging t USING (tagging_id)"
        " WHERE place_id = 3186886 AND upper_inf(t.recorded)"
    ) == [(46.81,)]
    assert desk.make()[1] == {}


def test_corrections_survive_also_those_made_while_the_shadow_waits(desk: Desk) -> None:
    number, _ = desk.make(better)
    asked = corrections.Asked(name="Zagreb", mention_id=None, place_id=3882428, note="we know")
    corrections.add(desk.db, asked, code_version="t", at=desk.now)
    desk.approve(number, better)
    meant = (
        "SELECT DISTINCT m.place_id FROM mart.article a JOIN news.tagging t USING (content_id)"
        " JOIN news.mention m USING (tagging_id) WHERE upper_inf(t.recorded) AND m.surface = 'Zagreb'"
    )
    assert desk.ask(meant) == [(3882428,)]


def test_what_came_in_since_is_not_lost(desk: Desk) -> None:
    number, _ = desk.make(better)
    more = [s for s in history(ARTICLES + 8) if s not in history(ARTICLES)]
    late = [replace(history(ARTICLES)[0], observed_at=START + timedelta(hours=9), body=history(ARTICLES)[1].body)]
    load(desk.db, desk.settings, late + more, size=20, read=READ, start=desk.now)
    desk.now += timedelta(days=1)
    done = desk.approve(number, better)
    assert done.left_alone == 0
    assert len(done.articles) == ARTICLES + 8
    titles = desk.ask("SELECT count(*), count(*) FILTER (WHERE title LIKE %s) FROM mart.article", "%!")
    assert titles == [(ARTICLES + 8, ARTICLES + 8)]


def test_an_article_that_changes_in_the_last_moment_keeps_what_it_has(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _ = desk.make(better)
    load(
        desk.db,
        desk.settings,
        [replace(history(ARTICLES)[0], observed_at=START + timedelta(hours=9), body=history(ARTICLES)[1].body)],
        read=READ,
        start=desk.now,
    )
    monkeypatch.setattr(reprocess, "_stale", lambda *_: [])
    done = desk.approve(number, better)
    assert (len(done.articles), done.left_alone) == (ARTICLES - 1, 1)
    assert desk.ask("SELECT count(*) FILTER (WHERE title NOT LIKE %s) FROM mart.article", "%!") == [(1,)]


def test_an_article_in_the_hands_of_a_run_is_left_to_it(desk: Desk) -> None:
    number, _ = desk.make(better)
    desk.ask(
        "INSERT INTO ops.work (stage, item_key, source_id, queued_by, queued_at)"
        " SELECT 'deduplicate', 'content:' || min(content_id), 1, 1, now() FROM mart.article RETURNING 1"
    )
    assert desk.approve(number, better).left_alone == 1


def test_captures_that_cannot_be_read_again_keep_what_they_have(desk: Desk) -> None:
    from etl.errors import Reason, Stage

    def picky(found: Article) -> Article | Rejected:
        return (
            Rejected(Stage.EXTRACT, Reason.INDEX_PAGE, "", "a list") if found.title and len(found.title) % 3 else found
        )

    desk.ask(
        "INSERT INTO raw.stated (fetch_id) SELECT min(fetch_id) FROM ops.fetch"
        " ON CONFLICT (fetch_id) DO UPDATE SET hints = NULL RETURNING 1"
    )
    before = desk.digest
    number, differing = desk.make(picky)
    assert differing["refused"] > 3
    assert differing["unread"] == 1
    assert set(differing) == {"refused", "unread"}
    desk.approve(number, picky)
    assert desk.digest == before
    reasons = {r["rule"] for r in shadow_report.document(desk.db, number)["differences"]}
    assert reasons == {"index_page", "no_hints"}


def test_dropped_leaves_nothing_and_cannot_be_approved(desk: Desk) -> None:
    rows = desk.rows
    number, _ = desk.make(better)
    with desk.job() as job:
        reprocess.drop(job, number)
    assert desk.rows == rows
    for table in ("article", "reading", "content", "tagging", "difference"):
        assert desk.ask(f"SELECT count(*) FROM ops.shadow_{table}") == [(0,)]
    with pytest.raises(ReprocessRefused, match="dropped"):
        desk.approve(number)


def test_what_cannot_be_is_refused_in_a_sentence(desk: Desk) -> None:
    with pytest.raises(SettingError, match="no such source"):
        desk.make(source="nobody")
    with pytest.raises(SettingError, match="must be some of"):
        desk.make(what=["dates"])
    number, _ = desk.make(better)
    desk.settings = replace(desk.settings, code_version="next")
    with pytest.raises(ReprocessRefused, match="made by code"):
        desk.approve(number)
    with pytest.raises(ReprocessRefused, match="no such reprocessing"):
        desk.approve(99)


def test_one_source_alone(desk: Desk) -> None:
    number, differing = desk.make(better, source="herald")
    [(articles,)] = desk.ask("SELECT count(*) FROM mart.article WHERE source_name = 'herald'")
    assert differing["text"] == articles < ARTICLES
    desk.approve(number, better)
    assert desk.ask("SELECT DISTINCT source_name FROM mart.article WHERE title LIKE %s", "%!") == [("herald",)]


def test_the_report_speaks_in_lines(desk: Desk) -> None:
    number, _ = desk.make(better)
    told = "\n".join(shadow_report.told(shadow_report.document(desk.db, number)))
    assert f"{len(history(ARTICLES))} captures read, {ARTICLES} articles differ" in told
    assert "texts read differently" in told
    assert "by better 2, " in told
    assert "e.g. https://" in told
