"""`dateline explain`: the verdict, the winners, what each signal said, and where the warehouse has the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from etl.cli.explain import explain
from etl.dedup.canonical import url_key
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.fetch.conftest import Site, running
from tests.warehouse.factory import make_run, make_source, store

DATA = Path(__file__).parents[1] / "extract" / "data"


def told(name: str) -> dict[str, object]:
    done = CliRunner().invoke(explain, [str(DATA / f"{name}.html"), "--json"])
    assert done.exit_code == 0, done.output
    answer: dict[str, object] = json.loads(done.output)
    return answer


def test_an_article_is_explained() -> None:
    answer = told("dateline_agency")
    assert answer["verdict"] == "an article"
    assert answer["refused_dates"] == ["2203-01-01T00:00:00Z: after it was seen (json_ld)"]
    said = answer["signals"]
    assert isinstance(said, dict)
    assert said["published"] == ["json_ld: 2203-01-01T00:00:00Z", "meta: 2024-05-15T08:00:00+02:00"]
    assert said["title_why"] == "h1 + json_ld + tag: 2.4 of 2.4 votes"
    assert said["authors_why"] == "named by json_ld"


@pytest.mark.parametrize(("name", "reason"), [("paywall_stub", "paywall_stub"), ("video_page", "video_page")])
def test_a_rejection_says_why(name: str, reason: str) -> None:
    assert str(told(name)["verdict"]).startswith(f"rejected as {reason}: ")


def test_no_such_file() -> None:
    done = CliRunner().invoke(explain, ["nowhere.html"])
    assert done.exit_code == 2
    assert "no file" in done.output


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[str]:
    """The address of a page on loopback that another address leads to, for somebody with a Postgres of their own."""
    monkeypatch.setenv("DATELINE_DATABASE_URL", database_url)
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    with running(Site()) as site:
        site.play("/bridge", body=(DATA / "dateline_agency.html").read_bytes(), content_type="text/html")
        site.play("/old", 301, b"", location="/bridge")
        yield f"http://{site.pin}/bridge"


def test_an_address_of_a_private_network_is_asked_only_when_told_to(page: str) -> None:
    refused = CliRunner().invoke(explain, [page])
    assert refused.exit_code == 1
    assert "was not fetched" in refused.output
    done = CliRunner().invoke(explain, [page.replace("/bridge", "/old"), "--allow-private", "--no-trace", "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert (answer["url"], answer["title"]) == (page, "Footbridge to return")
    assert "warehouse" not in answer


def test_an_address_nobody_answers_is_told_in_a_line(page: str) -> None:
    done = CliRunner().invoke(explain, [page.replace("/bridge", "/none"), "--allow-private"])
    assert done.exit_code == 1
    assert "was not fetched: not_found" in done.output
    assert done.output.count("\n") == 1


def test_the_warehouse_is_asked_where_it_has_the_page(page: str, db: Warehouse) -> None:
    """Under the address that the one asked for leads to: two texts, each with run, code and capture."""
    run_id, source_id, key = make_run(db), make_source(db), url_key(page)
    assert key
    for hours, said in enumerate(("The footbridge is to return.", "The footbridge is to return in May.")):
        store(db, run_id, source_id, said, keys=(key,), observed_at=NOW + timedelta(hours=hours))
    old = [page.replace("/bridge", "/old"), "--allow-private"]
    first, second = json.loads(CliRunner().invoke(explain, [*old, "--json"]).output)["warehouse"]
    assert first["article_id"] == second["article_id"]
    assert (second["versions"], second["code_version"], second["extractor"]) == (2, "0", "test 1")
    assert second["run"] == f"{run_id} (news_ingest manual__1)"
    assert second["gazetteer"] is None
    assert first["capture"] != second["capture"]
    printed = CliRunner().invoke(explain, old).output
    assert f"{first['article_id']}, 2 versions" in printed
    assert second["capture"] in printed.replace("\n", "").replace(" ", "")


def test_a_page_the_warehouse_has_not(page: str) -> None:
    done = CliRunner().invoke(explain, [page, "--allow-private"])
    assert done.output.rstrip().endswith("not there")
    assert "An article" in done.output
    assert "credits" not in done.output  # what nobody stated is left out
