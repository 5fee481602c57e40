"""`dateline explain` on a file: the verdict, the winners, and what each signal said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from etl.cli.explain import explain

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
