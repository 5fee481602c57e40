"""An empty or old database in; one that runs can work on out: this checkout's schema, gazetteer and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from etl.jobs.gazetteers import load_default
from etl.jobs.lookup import lookup
from etl.records import Source
from etl.settings import Settings
from etl.sources import registry
from etl.warehouse import sources
from etl.warehouse.connect import Warehouse
from etl.warehouse.migrate import migrate

Tell = Callable[[str], None]


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
    load_default(db, settings.home, at=at, tell=tell)
    lookup(db, settings.home, tell=tell)
    sources.synchronise(db, [*registry.read(settings.sources_file), *extra], at=at)
