"""The whole gazetteer, compiled once and kept between runs, keyed by what it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.geo import compile as compiler
from etl.geo import gazetteer
from etl.geo.lexicon import Lexicon
from etl.settings import ROOT

SEEDS = ROOT / "seeds" / "geo"
_CODE = ("fold.py", "gazetteer.py", "wheels.py", "seeds.py", "extent.py", "lexicon.py", "compile.py", "scripts.py")


@pytest.fixture(scope="session")
def lexicon(request: pytest.FixtureRequest) -> Iterator[Lexicon]:
    folder: Path = request.config.cache.mkdir("lexicon")
    path = folder / f"{_key()}.lexicon"
    if not path.exists():
        gazette = gazetteer.read(SEEDS)
        compiler.compile_lexicon(gazette.places, gazette.names(), path, version=gazette.version)
    with Lexicon.open(path) as opened:
        yield opened


def _key() -> str:
    digest = hashlib.sha256(gazetteer.version(SEEDS).encode())
    for name in _CODE:
        digest.update((ROOT / "etl" / "geo" / name).read_bytes())
    return digest.hexdigest()[:16]
