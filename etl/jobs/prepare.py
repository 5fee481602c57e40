"""An empty or old database in; one that runs can work on out: this checkout's schema, gazetteer and sources."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from etl.geo import gazetteer as packaged
from etl.jobs.lookup import compile_to, lookup
from etl.records import Source
from etl.settings import ROOT, Settings
from etl.sources import registry
from etl.warehouse import gazetteer, sources
from etl.warehouse.connect import Warehouse
from etl.warehouse.migrate import migrate

Tell = Callable[[str], None]
_TABLES = ROOT / "seeds" / "geo"  # ours, beside the packages'


def prepare(
    db: Warehouse,
    settings: Settings,
    *,
    at: datetime,
    extra: Iterable[Source] = (),
    tell: Tell = lambda _: None,
) -> None:
    """Bring the schema, the gazetteer and the registry up to date; each is left alone when it is."""
    migrate(db, today=at.date(), tell=tell)
    load_gazetteer(db, settings.home, at=at, tell=tell)
    lookup(db, settings.home, tell=tell)
    sources.synchronise(db, [*registry.read(settings.sources_file), *extra], at=at)


def load_gazetteer(db: Warehouse, home: Path, *, at: datetime, tell: Tell = lambda _: None) -> gazetteer.Loaded:
    """Load the packaged gazetteer unless the warehouse has this version; its look-up file is compiled meanwhile."""
    held = gazetteer.current(db)
    if held and held.version == packaged.version(_TABLES):
        return held
    tell("gazetteer: reading")
    with _collector_paused(), ThreadPoolExecutor(1) as aside:
        wanted = packaged.read(_TABLES)
        names = list(wanted.names())
        compiling = aside.submit(compile_to, home, wanted.version, wanted.places, names)
        loaded = gazetteer.load(
            db, wanted.version, wanted.places, names, at=at, tell=lambda what, n: tell(f"gazetteer: {n:,} {what}")
        )
        compiling.result()
    tell(f"gazetteer {loaded.version}: {loaded.places:,} places, {loaded.names:,} names")
    return loaded


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A million small objects and no cycle: collecting would look at each of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
