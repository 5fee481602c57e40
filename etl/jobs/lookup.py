"""The gazetteer in use, as the file that tagging looks names up in; made once a version and machine, from Postgres."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

from etl.errors import GazetteerMissing
from etl.geo.compile import compile_lexicon
from etl.warehouse import gazetteer
from etl.warehouse.connect import Warehouse
from etl.warehouse.gazetteer import Loaded


def lookup(db: Warehouse, home: Path, *, tell: Callable[[str], None] = lambda _: None) -> tuple[Loaded, Path]:
    """The gazetteer in use and its look-up file. Raises GazetteerMissing when none is loaded."""
    held = gazetteer.current(db)
    if held is None:
        raise GazetteerMissing("geo.gazetteer", "Run `dateline migrate`.")
    folder = home / "gazetteer"
    path = folder / f"{held.version}.lexicon"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # tasks side by side: one compiles, the others wait for its file
            if not path.exists():
                tell("gazetteer: compiling the look-up file")
                names = gazetteer.read_names(db)
                compile_lexicon(gazetteer.read_places(db), names, path, version=held.version)
                _forget_others(folder, path)
    return held, path


def _forget_others(folder: Path, path: Path) -> None:
    """Files of earlier versions; a task that still reads one keeps it until it is done."""
    for old in folder.glob("*.lexicon"):
        if old != path:
            old.unlink(missing_ok=True)
