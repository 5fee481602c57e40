"""An empty or old database in; one that runs can work on out: this checkout's schema, gazetteer and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from etl.geo import gazetteer as packaged
from etl.jobs.lookup import lookup
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
    load_gazetteer(db, at=at, tell=tell)
    lookup(db, settings.home, tell=tell)
    sources.synchronise(db, [*registry.read(settings.sources_file), *extra], at=at)


def load_gazetteer(db: Warehouse, *, at: datetime, tell: Tell = lambda _: None) -> gazetteer.Loaded:
    """Load the packaged gazetteer unless the warehouse has this version."""
    held = gazetteer.current(db)
    if held and held.version == packaged.version(_TABLES):
        return held
    tell("gazetteer: reading")
    wanted = packaged.read(_TABLES)
    loaded = gazetteer.load(
        db,
        wanted.version,
        wanted.places,
        wanted.names(),
        at=at,
        tell=lambda what, n: tell(f"gazetteer: {n:,} {what}"),
    )
    tell(f"gazetteer {loaded.version}: {loaded.places:,} places, {loaded.names:,} names")
    return loaded
