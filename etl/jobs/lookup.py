"""The gazetteer in use, as the file that tagging looks names up in; made once a version and machine, from Postgres."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterable
from pathlib import Path

from etl.errors import GazetteerMissing
from etl.geo.compile import compile_lexicon
from etl.geo.lexicon import LAYOUT
from etl.records import Place, PlaceName
from etl.warehouse import gazetteer
from etl.warehouse.connect import Warehouse
from etl.warehouse.gazetteer import Loaded


def lookup(db: Warehouse, home: Path, *, tell: Callable[[str], None] = lambda _: None) -> tuple[Loaded, Path]:
    """The gazetteer in use and its look-up file. Raises GazetteerMissing when none is loaded."""
    held = gazetteer.current(db)
    if held is None:
        raise GazetteerMissing("geo.gazetteer", "Run `dateline migrate`.")
    path = _path(home, held.version)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with (path.parent / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # tasks side by side: one compiles, the others wait for its file
            if not path.exists():
                tell("gazetteer: compiling the look-up file")
                compile_to(home, held.version, gazetteer.read_places(db), gazetteer.read_names(db))
    return held, path


def compile_to(home: Path, version: str, places: Iterable[Place], names: Iterable[PlaceName]) -> None:
    """Write the look-up file of a gazetteer and forget those of others; who reads one keeps it until it is done."""
    path = _path(home, version)
    path.parent.mkdir(parents=True, exist_ok=True)
    compile_lexicon(places, names, path, version=version)
    for old in path.parent.glob("*.lexicon"):
        if old != path:
            old.unlink(missing_ok=True)


def _path(home: Path, version: str) -> Path:
    return home / "gazetteer" / f"{version}-{LAYOUT}.lexicon"
