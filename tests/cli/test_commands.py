"""The commands as a person types them: a sentence and an exit code, whatever they are given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etl.local.postgres import Server
from etl.warehouse.connect import Warehouse
from tests.sources.warcs import record
from tests.warehouse.factory import make_run, make_source, store

DATELINE = Path(sys.executable).parent / "dateline"


def run(*words: str, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "DATELINE"))}
    return subprocess.run(
        [DATELINE, *words], env={**clean, **environment}, input=stdin, capture_output=True, text=True, check=False
    )


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody with a Postgres of their own."""
    return {"DATELINE_DATABASE_URL": database_url, "DATELINE_HOME": str(tmp_path)}


@pytest.fixture
def one_article(db: Warehouse) -> Warehouse:
    store(db, make_run(db), make_source(db), "The bridge over the Donets is closed.")
    return db


def test_help_is_fast_and_lists_the_commands() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "See it work:       dateline demo\n" in done.stdout
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import etl.cli"], capture_output=True, text=True, check=True
    ).stderr
    heavy = {"airflow", "trafilatura", "numpy", "psycopg2", "feedparser", "lxml"}
    assert not {line.split("|")[-1].strip() for line in loaded.splitlines()} & heavy


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("csv", "outlet,title\nCourier,Bridge closed\n"),
        ("json", '{"outlet": "Courier", "title": "Bridge closed"}\n'),
        ("table", "outlet   title        "),
    ],
)
def test_a_question_is_answered_in_each_form(
    one_article: Warehouse, here: dict[str, str], form: str, wanted: str
) -> None:
    done = run("sql", "SELECT outlet, title FROM mart.article", "--format", form, **here)
    assert done.returncode == 0
    assert done.stdout.replace("\r", "").startswith(wanted.rstrip(" ")[: len(wanted)])


def test_a_question_may_come_on_standard_input(one_article: Warehouse, here: dict[str, str]) -> None:
    done = run("sql", "-", "--format", "json", stdin="SELECT 1 AS one", **here)
    assert json.loads(done.stdout) == {"one": 1}


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("SELECT * FROM mart.artikel", 'relation "mart.artikel" does not exist'),
        ("DELETE FROM news.article", "read-only transaction"),
        ("SELECT pg_sleep(5)", "statement timeout"),
    ],
)
def test_a_refused_question_says_why(here: dict[str, str], question: str, sentence: str) -> None:
    done = run("sql", question, "--timeout", "1", **here)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_the_analyst_of_the_embedded_server_cannot_write_even_when_told_to(postgres: Server) -> None:
    """The login itself lacks the right: no setting of the session gives it back."""
    done = run(
        "sql",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; COMMIT; CREATE TABLE public.mine (id int)",
        DATELINE_DATABASE_URL=postgres.url(),
        DATELINE_ANALYST_URL=postgres.url(role="dateline_analyst"),
    )
    assert done.returncode == 1
    assert "permission denied" in done.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATELINE_DATABASE_URL": "mysql://here"}, "It must look like postgresql://"),
        ({"DATELINE_DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/none"}, "The database cannot be reached"),
        ({"DATELINE_HOST_DELAY": "soon"}, "must be a number of seconds"),
        ({"DATELINE_HOSTS": "nonsense"}, "must look like host.example=127.0.0.1:8080"),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(environment: dict[str, str], sentence: str) -> None:
    done = run("sql", "SELECT 1", **environment)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_check_passes_and_then_names_the_rows(one_article: Warehouse, here: dict[str, str]) -> None:
    assert run("check", **here).returncode == 0
    with one_article.connection.cursor() as cursor:
        cursor.execute("DELETE FROM news.version")
    done = run("check", **here)
    assert done.returncode == 1
    assert "articles_have_a_version: 1" in done.stdout
    assert "'article_id': 1" in done.stdout


def test_sources_are_listed_added_and_exchanged(here: dict[str, str], tmp_path: Path) -> None:
    registry = tmp_path / "sources.yaml"
    registry.write_text("# ours\nsources:\n", encoding="utf8")
    mine = {**here, "DATELINE_SOURCES": str(registry)}
    added = run(
        "sources", "add", "courier", "https://courier.example/feed", "--outlet", "Courier", "--country", "GB", **mine
    )
    assert added.returncode == 0, added.stderr
    assert registry.read_text(encoding="utf8").startswith("# ours\n")
    page = ["port", "https://port.example/news/", "--kind", "pages", "--selector", "h2 a"]
    assert run("sources", "add", *page, "--outlet", "Port", **mine).returncode == 0
    assert "courier" in run("sources", "list", **mine).stdout
    [port] = run("sources", "list", "--kind", "pages", "--json", **mine).stdout.splitlines()
    assert json.loads(port)["link_selector"] == "h2 a"
    opml = tmp_path / "feeds.opml"
    opml.write_text(run("sources", "export-opml", **mine).stdout, encoding="utf8")
    before = run("sources", "list", "--json", **mine).stdout
    registry.write_text("sources:\n", encoding="utf8")
    assert "2 feeds added" in run("sources", "import-opml", str(opml), **mine).stdout
    assert run("sources", "list", "--json", **mine).stdout == before
    again = run("sources", "import-opml", str(opml), **mine)
    assert "0 feeds added" in again.stdout
    assert "2 were in it" in again.stdout


def test_a_source_is_switched_off_and_the_warehouse_told(db: Warehouse, here: dict[str, str], tmp_path: Path) -> None:
    registry = tmp_path / "sources.yaml"
    registry.write_text(
        "sources:\n  - name: a   # ours\n    kind: feed\n    url: https://a.example/\n    outlet: A\n", encoding="utf8"
    )
    mine = {**here, "DATELINE_SOURCES": str(registry)}
    assert "1 sources of" in run("sources", "sync", **mine).stdout
    question = "SELECT source_name, is_enabled FROM ops.source"
    assert json.loads(run("sql", question, "--format", "json", **mine).stdout) == {
        "source_name": "a",
        "is_enabled": True,
    }
    assert run("sources", "disable", "a", **mine).returncode == 0
    assert "# ours" in registry.read_text(encoding="utf8")
    assert "1 of them off" in run("sources", "sync", **mine).stdout
    assert json.loads(run("sql", question, "--format", "json", **mine).stdout)["is_enabled"] is False
    none = run("sources", "disable", "b", **mine)
    assert none.returncode == 1
    assert "It has no source 'b'" in none.stderr


def test_a_path_is_checked_and_added(here: dict[str, str], tmp_path: Path) -> None:
    registry = tmp_path / "sources.yaml"
    registry.write_text("sources:\n", encoding="utf8")
    mine = {**here, "DATELINE_SOURCES": str(registry)}
    (tmp_path / "crawl.warc").write_bytes(record(1) + record(2))
    done = run("sources", "check", str(tmp_path / "crawl.warc"), "--add", "crawl", "--json", **mine)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["kind"] == "warc"
    assert "url: crawl.warc" in registry.read_text(encoding="utf8")
    assert "in the registry already, as crawl" in run("sources", "check", "crawl.warc", **mine).stderr
    assert run("sources", "check", str(tmp_path / "none"), **mine).returncode == 1


def test_a_private_address_is_no_source(here: dict[str, str]) -> None:
    done = run("sources", "check", "http://127.0.0.1/feed", **here)
    assert done.returncode == 1
    assert "not a public address" in done.stdout


def test_a_broken_registry_names_the_line(here: dict[str, str], tmp_path: Path) -> None:
    registry = tmp_path / "sources.yaml"
    registry.write_text(
        "sources:\n  - name: a\n    kind: fax\n    url: https://a.example\n    outlet: A\n", encoding="utf8"
    )
    done = run("sources", "list", **here, DATELINE_SOURCES=str(registry))
    assert done.returncode == 1
    assert "line 3" in done.stderr


def test_the_doctor_finds_a_database_that_is_behind(postgres: Server, here: dict[str, str]) -> None:
    well = run("doctor", **here)
    assert "ok   database" in well.stdout
    assert "ok   schema" in well.stdout
    assert "BAD  gazetteer" in well.stdout  # an empty test database has none
    behind = run("doctor", DATELINE_DATABASE_URL=postgres.url("postgres"))
    assert behind.returncode == 1
    assert "dateline migrate" in behind.stdout


def test_eval_writes_predictions_and_a_summary(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"a": "https://x.example/1?utm_source=a", "b": "http://www.x.example/1"}\n', encoding="utf8")
    out = tmp_path / "out.jsonl"
    done = run("eval", "urls", str(pairs), "--predictions", str(out))
    summary = json.loads(done.stdout)
    assert {"kind", "items", "cpu_s", "wall_s", "peak_mb"} <= set(summary)
    assert json.loads(out.read_text(encoding="utf8"))["same"] is True
