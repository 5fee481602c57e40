"""`eval geo` reads the corpus format, tags as given, writes a line a toponym and scores where there is gold."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from etl.errors import CorpusError
from etl.evaluate import geo
from etl.geo.compile import compile_lexicon
from etl.geo.lexicon import Lexicon
from etl.records import NameKind, Place, PlaceName

TEXT = "Protesters marched in Springfield on Monday. Ruritanian police watched."


@pytest.fixture
def gazetteer(tmp_path: Path) -> Lexicon:
    places = [
        Place(
            place_id=n,
            name=name,
            feature_class=code[0],
            feature_code=code[1:],
            country_code="RR",
            admin1_code=None,
            admin2_code=None,
            lat=float(n),
            lon=0.0,
            population=people,
            radius_km=5.0,
        )
        for n, name, code, people in ((1, "Springfield", "PPPL", 700_000), (2, "Ruritania", "APCLI", 3_000_000))
    ]
    names = [
        PlaceName(place_id=1, name="Springfield", kind=NameKind.PRIMARY),
        PlaceName(place_id=2, name="Ruritania", kind=NameKind.PRIMARY),
        PlaceName(place_id=2, name="Ruritanian", kind=NameKind.DEMONYM),
    ]
    compile_lexicon(places, names, tmp_path / "lexicon", version="v1")
    return Lexicon.open(tmp_path / "lexicon")


def corpus(folder: Path, *rows: object) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


GOLD = [
    {"start": 22, "end": 33, "text": "Springfield", "lat": 1.0, "lon": 0.0, "geonames_id": 1},
    {"start": 45, "end": 55, "text": "Ruritanian", "lat": 2.0, "lon": 0.0, "geonames_id": 2},
]


def test_tags_the_text_and_scores_it(tmp_path: Path, gazetteer: Lexicon) -> None:
    out = io.StringIO()
    got = geo.run(corpus(tmp_path, {"doc_id": "a", "text": TEXT, "toponyms": GOLD}), gazetteer, out)
    assert (got["items"], got["toponyms"], got["gazetteer"]) == (1, 2, "v1")
    assert got["scores"]["e2e_f1"] == 1.0
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(r["doc_id"], r["start"], r["end"], r["text"], r["geonames_id"]) for r in rows] == [
        ("a", 22, 33, "Springfield", 1),
        ("a", 45, 55, "Ruritanian", 2),
    ]


def test_demonyms_can_be_dropped(tmp_path: Path, gazetteer: Lexicon) -> None:
    out = io.StringIO()
    geo.run(corpus(tmp_path, {"doc_id": "a", "text": TEXT}), gazetteer, out, demonyms="drop")
    assert "Ruritanian" not in out.getvalue()
    assert "Springfield" in out.getvalue()


def test_a_corpus_without_gold_has_no_scores(tmp_path: Path, gazetteer: Lexicon) -> None:
    assert "scores" not in geo.run(corpus(tmp_path, {"doc_id": "a", "text": TEXT}), gazetteer, None)


def test_gold_is_not_looked_at_when_tagging(tmp_path: Path, gazetteer: Lexicon) -> None:
    wrong = [{"start": 0, "end": 10, "text": "Protesters", "lat": 1.0, "lon": 0.0}]
    with_gold, without = io.StringIO(), io.StringIO()
    geo.run(corpus(tmp_path, {"doc_id": "a", "text": TEXT, "toponyms": wrong}), gazetteer, with_gold)
    geo.run(corpus(tmp_path, {"doc_id": "a", "text": TEXT}), gazetteer, without)
    assert with_gold.getvalue() == without.getvalue()


def test_given_spans_are_resolved_and_unknown_names_stay_null(tmp_path: Path, gazetteer: Lexicon) -> None:
    spans = [*GOLD, {"start": 0, "end": 10, "text": "Protesters", "lat": 9.0, "lon": 9.0}]
    out = io.StringIO()
    row = {"doc_id": "a", "text": TEXT, "toponyms": spans}
    got = geo.run(corpus(tmp_path, row), gazetteer, out, given_gold=True)
    assert got["scores"]["accuracy_161"] == pytest.approx(2 / 3, abs=1e-4)
    first = json.loads(out.getvalue().splitlines()[0])
    assert (first["text"], first["lat"], first["geonames_id"]) == ("Protesters", None, None)


@pytest.mark.parametrize("line", ["{", '{"text": "no id"}', "[]"])
def test_a_line_that_is_no_article_is_named(tmp_path: Path, gazetteer: Lexicon, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"doc_id": "a", "text": TEXT}) + "\n" + line + "\n")
    with pytest.raises(CorpusError, match="line 2"):
        geo.run(path, gazetteer, None)


def test_a_missing_corpus_is_named(tmp_path: Path, gazetteer: Lexicon) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.jsonl"):
        geo.run(tmp_path / "nowhere.jsonl", gazetteer, None)
