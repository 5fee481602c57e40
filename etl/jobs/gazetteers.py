"""The packaged gazetteer or a GeoNames dump in; the warehouse's current gazetteer and its look-up file out.

A load is one transaction: killed at any point it leaves the old gazetteer in use, and is simply run again. Mentions
made with an old one keep naming it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from etl import collector
from etl.geo import dumped
from etl.geo import gazetteer as packaged
from etl.jobs.lookup import compile_to, lookup
from etl.settings import ROOT
from etl.warehouse import gazetteer
from etl.warehouse.connect import Warehouse

Tell = Callable[[str], None]
_TABLES = ROOT / "seeds" / "geo"  # ours, beside the packages'


def load_default(
    db: Warehouse, home: Path, *, at: datetime, tell: Tell = lambda _: None, is_forced: bool = False
) -> gazetteer.Loaded:
    """Load the packaged gazetteer unless the warehouse has it; one loaded from a dump stays unless `is_forced`.

    Its look-up file is compiled meanwhile.
    """
    held = gazetteer.current(db)
    if held and (held.version == packaged.version(_TABLES) or (_is_dump(held) and not is_forced)):
        return held
    tell("gazetteer: reading")
    with collector.paused(), ThreadPoolExecutor(1) as aside:
        wanted = packaged.read(_TABLES)
        names = list(wanted.names())
        compiling = aside.submit(compile_to, home, wanted.version, wanted.places, names)
        loaded = gazetteer.load(db, wanted.version, wanted.places, names, at=at, tell=_counting(tell))
        compiling.result()
    return _said(loaded, tell)


def load_dump(
    db: Warehouse, home: Path, folder: Path, *, at: datetime, tell: Tell = lambda _: None
) -> gazetteer.Loaded:
    """Load a GeoNames dump and make it current, streamed; nothing to do where the warehouse has this very one.

    Raises GazetteerMissing when a file is absent. Lines that cannot be read are left out and told of.
    """
    tell("gazetteer: looking at the files")
    wanted = dumped.read(folder, _TABLES)
    held = gazetteer.current(db)
    if held is None or held.version != wanted.version:
        with collector.paused():
            held = gazetteer.load(db, wanted.version, wanted.places, wanted.names(), at=at, tell=_counting(tell))
    if wanted.dump.broken:
        tell(f"gazetteer: {wanted.dump.broken:,} lines could not be read, as {'; '.join(wanted.dump.broken_lines)}")
    lookup(db, home, tell=tell)
    return _said(held, tell)


def _is_dump(held: gazetteer.Loaded) -> bool:
    return held.version.startswith(f"{dumped.PREFIX}-")


def _counting(tell: Tell) -> Callable[[str, int], None]:
    return lambda what, n: tell(f"gazetteer: {n:,} {what}")


def _said(loaded: gazetteer.Loaded, tell: Tell) -> gazetteer.Loaded:
    tell(f"gazetteer {loaded.version}: {loaded.places:,} places, {loaded.names:,} names")
    return loaded
