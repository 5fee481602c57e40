"""Quality on the measuring corpora may only rise. Needs DATELINE_CORPORA; the corpora are not part of the project."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from etl import settings
from etl.evaluate import geo
from etl.geo import gazetteer
from etl.geo.compile import compile_lexicon
from etl.geo.lexicon import Lexicon

FOLDER = (settings.read().corpora or Path("/nowhere")) / "geo"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="DATELINE_CORPORA names no folder with geo/")

# corpus → first 12 digits of its sha256, exact F1, end-to-end F1, accuracy within 161 km on gold spans
FLOORS = {
    "lgl": ("fa598b9e490e", 0.87, 0.845, 0.875),
    "geowebnews_dev": ("dfe4bca7ba11", 0.82, 0.805, 0.765),
}


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path = tmp_path_factory.mktemp("geo") / "lexicon"
    gazette = gazetteer.read(settings.ROOT / "seeds" / "geo")
    compile_lexicon(gazette.places, gazette.names(), path, version=gazette.version)
    return Lexicon.open(path)


@pytest.mark.parametrize("corpus", FLOORS)
def test_floors(lexicon: Lexicon, corpus: str) -> None:
    digest, exact, placed, resolved = FLOORS[corpus]
    path = FOLDER / f"{corpus}.jsonl"
    assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(digest)
    found = geo.run(path, lexicon, None)
    assert found["scores"]["exact_f1"] >= exact
    assert found["scores"]["e2e_f1"] >= placed
    given = geo.run(path, lexicon, None, given_gold=True)
    assert given["scores"]["accuracy_161"] >= resolved
