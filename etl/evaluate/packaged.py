"""The packaged gazetteer as a look-up file, without a database: a folder in, an open lexicon out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.geo import gazetteer
from etl.geo.compile import compile_lexicon
from etl.geo.lexicon import LAYOUT, Lexicon
from etl.settings import ROOT

_TABLES = ROOT / "seeds" / "geo"


@contextmanager
def open_packaged(folder: Path) -> Iterator[Lexicon]:
    """Open the packaged gazetteer, compiled into `folder` the first time."""
    path = folder / f"{gazetteer.version(_TABLES)}-{LAYOUT}.lexicon"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        found = gazetteer.read(_TABLES)
        compile_lexicon(found.places, found.names(), path, version=found.version)
    with Lexicon.open(path) as lexicon:
        yield lexicon
