"""The measure of articles on small made cases, and a corpus of our own run through the pipeline."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.errors import CorpusError
from etl.evaluate import extract
from etl.evaluate.articles import fold, score

NOW = datetime(2024, 7, 1, tzinfo=UTC)
GOLD = {"id": "1", "text": "one two three four five", "title": "A Title!", "authors": ["Anna Ray"],
        "published": "2024-05-14T21:40:00+01:00", "includes_headline": False}  # fmt: skip


def scored(**found: Any) -> dict[str, float | None]:
    return score([GOLD], {"1": {"id": "1", **found}})


def test_right_in_everything() -> None:
    result = scored(
        text="one two three, four five.", title="a title", authors=["anna ray"], published=GOLD["published"]
    )
    assert result == {"f1": 1, "precision": 1, "recall": 1, "accuracy": 1, "title": 1, "author_f1": 1, "day": 1,
                      "instant": 1}  # fmt: skip


def test_nothing_found() -> None:
    assert score([GOLD], {}) == {"f1": 0, "precision": None, "recall": 0, "accuracy": 0, "title": 0, "author_f1": 0,
                                 "day": 0, "instant": 0}  # fmt: skip


def test_shingles_of_four_words() -> None:
    """Gold has two shingles; the text has one of them and two of its own."""
    result = scored(text="zero one two three four five six".replace("five", "5"))
    assert (result["precision"], result["recall"]) == (0.25, 0.5)
    assert result["f1"] == pytest.approx(1 / 3, abs=1e-4)


def test_a_repeated_shingle_counts_each_time() -> None:
    gold = {"id": "1", "text": "a b c d a b c d"}
    result = score([gold], {"1": {"text": "a b c d"}})
    assert (result["precision"], result["recall"]) == (1, 0.2)


def test_a_text_of_fewer_words_is_one_shingle() -> None:
    assert score([{"id": "1", "text": "one two"}], {"1": {"text": "one two"}})["f1"] == 1
    assert score([{"id": "1", "text": "one two"}], {"1": {"text": "one"}})["f1"] == 0


def test_precision_and_recall_are_averaged_over_pages_before_f1() -> None:
    gold = [{"id": "1", "text": "a b c d"}, {"id": "2", "text": "a b c d e"}]
    result = score(gold, {"1": {"text": "a b c d"}, "2": {"text": "a b c d"}})
    assert (result["precision"], result["recall"]) == (1, 0.75)
    assert result["f1"] == pytest.approx(2 * 0.75 / 1.75, abs=1e-4)


def test_a_headline_in_the_gold_text_is_put_before_the_prediction_once() -> None:
    gold = {"id": "1", "text": "A Title one two three", "includes_headline": True}
    assert score([gold], {"1": {"text": "one two three", "title": "A Title"}})["accuracy"] == 1
    assert score([gold], {"1": {"text": "A title: one two three".title(), "title": "A Title"}})["recall"] == 0
    assert score([gold], {"1": {"text": "A Title one two three", "title": "a title"}})["accuracy"] == 1


def test_authors_are_counted_over_all_pages() -> None:
    gold = [
        {"id": "1", "authors": ["Anna Ray", "Tom Hill"]},
        {"id": "2", "authors": ["Zoë"]},
        {"id": "3", "authors": []},
    ]
    found: dict[str, dict[str, Any]] = {
        "1": {"authors": ["ANNA RAY", "Jan"]},
        "2": {"authors": []},
        "3": {"authors": ["not counted"]},
    }
    assert score(gold, found)["author_f1"] == pytest.approx(2 / 5)


@pytest.mark.parametrize(
    ("published", "day", "instant"),
    [
        ("2024-05-14T20:40:30Z", 1, 1),
        ("2024-05-14T20:42:00Z", 1, 0),
        ("2024-05-14", 1, 0),
        ("2024-05-15T00:40:00+04:00", 0, 1),
        ("2024-05-14T21:40:00", 1, 0),
        (None, 0, 0),
        ("no date", 0, 0),
    ],
)
def test_dates(published: str | None, day: int, instant: int) -> None:
    result = scored(published=published)
    assert (result["day"], result["instant"]) == (day, instant)


def test_gold_without_an_instant_is_not_asked_for_one() -> None:
    assert score([{"id": "1", "published": "2024-05-14"}], {"1": {"published": "2024-05-14"}})["instant"] is None


def test_folding() -> None:
    assert fold("  “A—Title”, Ｗｉｄｅ ") == "a title wide"
    assert fold(None) == ""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two pages: an article, and a login page; gold that would be seen if it leaked."""
    data = Path(__file__).parents[1] / "extract" / "data"
    (tmp_path / "pages").mkdir()
    lines = []
    for key, name in (("a", "meta_only"), ("b", "login_page")):
        (tmp_path / "pages" / f"{key}.html.gz").write_bytes(gzip.compress((data / f"{name}.html").read_bytes()))
        url = "https://echo.example/account/login" if key == "b" else "https://echo.example/news/bridge"
        lines.append(
            {"id": key, "url": url, "text": "GOLD", "title": "GOLD", "authors": ["GOLD"], "published": "1999-01-01"}
        )
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf8")
    return tmp_path


def test_a_corpus_runs_through_the_pipeline_and_gold_never_reaches_it(corpus: Path) -> None:
    out = io.StringIO()
    result = extract.run(corpus, out, now=NOW)
    assert (result["items"], result["rejected"], result["title"]) == (2, {"login_page": 1}, 0)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["title"] == "Harrowfield will rebuild its footbridge"
    assert first["authors"] == ["Anna Ray", "Tom Hill"]
    assert first["published"] == "2024-05-14T20:40:00+00:00"
    assert second == {"id": "b", "text": "", "title": None, "authors": [], "published": None}
    assert "GOLD" not in out.getvalue()


def test_a_corpus_without_gold_gets_predictions_and_no_scores(corpus: Path) -> None:
    (corpus / "gold.jsonl").write_text('{"id": "a", "url": null}\n', encoding="utf8")
    result = extract.run(corpus, io.StringIO(), now=NOW)
    assert set(result) == {"items", "rejected", "pages_per_cpu_s", "slowest_page_s"}
    assert result["pages_per_cpu_s"] < 2 / 0.2, (
        "the worker's start counts, and no interpreter starts with all it needs in less"
    )
    assert 0 < result["slowest_page_s"] < 120


@pytest.mark.parametrize("gold", [None, "not json\n", '{"url": "x"}\n', '{"id": "missing"}\n', "[]\n"])
def test_a_folder_that_is_no_corpus_is_named(corpus: Path, gold: str | None) -> None:
    (corpus / "gold.jsonl").unlink()
    if gold is not None:
        (corpus / "gold.jsonl").write_text(gold, encoding="utf8")
    with pytest.raises(CorpusError, match=corpus.name):
        extract.run(corpus, None, now=NOW)
