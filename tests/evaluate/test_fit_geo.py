"""Fitting finds what tells gold from the rest, stays within its number of weights, and measures on unseen articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.evaluate import fit_geo
from etl.evaluate.geo_corpus import read
from etl.geo import accept
from etl.geo.compile import compile_lexicon
from etl.geo.lexicon import Lexicon
from etl.records import NameKind, Place, PlaceName

TOWNS = ("Aford", "Beburg", "Ceville", "Deton", "Eham")


@pytest.fixture
def lexicon_file(tmp_path: Path) -> Path:
    places = [
        Place(
            place_id=n,
            name=name,
            feature_class="P",
            feature_code="PPL",
            country_code="RR",
            admin1_code=None,
            admin2_code=None,
            lat=float(n),
            lon=0.0,
            population=5000,
            radius_km=3.0,
        )
        for n, name in enumerate(TOWNS, 1)
    ]
    names = [PlaceName(place_id=p.place_id, name=p.name, kind=NameKind.PRIMARY) for p in places]
    compile_lexicon(places, names, tmp_path / "lexicon", version="v1")
    return tmp_path / "lexicon"


@pytest.fixture
def corpus_file(tmp_path: Path) -> Path:
    """In these articles a name after "in" is a town and after "Mr" a person."""
    path = tmp_path / "corpus.jsonl"
    rows = []
    for n in range(60):
        town, person = TOWNS[n % 5], TOWNS[(n + 2) % 5]
        text = f"The fire began in {town} at night. The mayor met Mr {person} there."
        at = text.index(town)
        gold = {"start": at, "end": at + len(town), "lat": float(TOWNS.index(town) + 1), "lon": 0.0}
        rows.append({"doc_id": str(n), "text": text, "toponyms": [gold]})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_what_was_fitted_tells_places_from_persons(lexicon_file: Path, corpus_file: Path) -> None:
    with Lexicon.open(lexicon_file) as gazetteer:
        model = fit_geo.fit(list(read(corpus_file)), gazetteer, most=400)
    assert len(model.local) + len(model.article) <= 400
    assert model.local["pv=in"] > 0 > model.local["pv=TITLE"]


def test_checking_tags_articles_the_model_has_not_seen(lexicon_file: Path, corpus_file: Path) -> None:
    with Lexicon.open(lexicon_file) as gazetteer:
        found = fit_geo.check(list(read(corpus_file)), gazetteer)
    assert found["scores"]["exact_f1"] > 0.95
    assert sum(count for _, count, _ in found["calibration"]) >= 55


def test_the_table_is_written_beside_its_user(
    lexicon_file: Path, corpus_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accept, "WEIGHTS_FILE", tmp_path / "weights.json")
    fit_geo.main([str(lexicon_file), str(corpus_file)])
    model = accept.Model(**json.loads((tmp_path / "weights.json").read_text("utf-8")))
    assert model.local
    assert all(weight for weight in model.local.values())


def test_the_fitted_table_in_use_keeps_its_promise() -> None:
    model = accept.fitted()
    assert len(model.local) + len(model.article) <= fit_geo.MOST_WEIGHTS
