"""A warehouse ready to work: a gazetteer of a few places, the sample outlets as sources, and their server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from etl import jobs
from etl.jobs import Job
from etl.local import outlets
from etl.local.postgres import Server
from etl.records import NameKind, Place, PlaceName
from etl.settings import ROOT, Settings
from etl.sources import registry
from etl.warehouse import gazetteer, scratch, sources
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW, settings_of
from tests.jobs.newsroom import Newsroom, open_newsroom

CITIES = {
    3186886: ("Zagreb", "HR", 45.81, 15.98),
    2925177: ("Freiburg", "DE", 47.99, 7.85),
    3882428: ("Valparaíso", "CL", -33.04, -71.6),
}


def place(place_id: int, name: str, country: str, lat: float, lon: float) -> Place:
    return Place(
        place_id=place_id,
        name=name,
        feature_class="P",
        feature_code="PPL",
        country_code=country,
        admin1_code=None,
        admin2_code=None,
        lat=lat,
        lon=lon,
        population=300_000,
        radius_km=5,
    )


def furnish(db: Warehouse) -> None:
    """Put in the sample outlets, the seed archive and a few places."""
    held = [*registry.read(ROOT / "seeds" / "sources.yaml"), *registry.read(outlets.FOLDER / "sources.yaml")]
    sources.synchronise(db, [s for s in held if s.kind == "files" or ".example" in s.url], at=NOW)
    furnish_places(db)


def furnish_places(db: Warehouse) -> None:
    """Put in a gazetteer of a few places."""
    gazetteer.load(
        db,
        "test-1",
        [place(i, *rest) for i, rest in CITIES.items()],
        [PlaceName(place_id=i, name=rest[0], kind=NameKind.PRIMARY) for i, rest in CITIES.items()],
        at=NOW,
    )


@pytest.fixture
def ready(db: Warehouse) -> Warehouse:
    """The test's database, furnished."""
    furnish(db)
    return db


@pytest.fixture
def samples() -> Iterator[outlets.Outlets]:
    with outlets.serve() as running:
        yield running


@pytest.fixture
def begin(ready: Warehouse, configured: Settings) -> Iterator[Callable[..., Job]]:
    """Begins runs of the fixed clock's world; `pins` come from the sample outlets."""
    opened = []
    number = count(1)

    def open_(name: str = "news_ingest", *, pins: dict[str, str] | None = None, **more: object) -> Job:
        settings = replace(configured, pinned_hosts=pins or {})
        context = jobs.begin(settings, name, f"manual__{next(number)}", **more)  # type: ignore[arg-type]
        opened.append(context)
        return context.__enter__()

    yield open_
    for context in opened:
        context.__exit__(None, None, None)


def sample_names(samples: outlets.Outlets) -> list[str]:
    return [source.name for source in samples.sources]


@pytest.fixture
def newsroom(db: Warehouse, configured: Settings) -> Iterator[Newsroom]:
    """A scripted server, its sources and a clock of the test's own."""
    with open_newsroom(db, configured) as opened:
        yield opened


@pytest.fixture(scope="session")
def filled_template(postgres: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database to copy: the sample outlets polled twice, so that articles changed, and the day of the seed report."""
    name = "template_filled"
    with connect(postgres.url(), name="template") as db:
        scratch.create(db, name, template)
    url = scratch.at_database(postgres.url(), name)
    with connect(url, name="template") as db, outlets.serve() as samples:
        furnish(db)
        configured = settings_of(postgres, url, tmp_path_factory.mktemp("filled"))
        for number in range(2):
            polled = replace(configured, pinned_hosts=dict(samples.pins))
            with jobs.begin(polled, "news_ingest", f"manual__{number}") as job:
                jobs.queue_feeds(job, names=sample_names(samples), is_forced=True)
                for batch in jobs.batches_due(job):
                    jobs.fetch(job, batch)
                read_all(job)
            samples.advance()
        span = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)
        with jobs.begin(configured, "news_backfill", "manual__day", interval=span) as job:
            jobs.queue_archives(job, *span)
            for batch in jobs.batches_due(job, archives_of=span):
                jobs.fetch(job, batch, archives_of=span)
            read_all(job)
    return name


@pytest.fixture
def filled(db: Warehouse) -> Warehouse:
    """This test's own copy of the filled database (`database_url` sees that it is wanted)."""
    return db


def read_all(job: Job) -> None:
    for stage in (jobs.extract, jobs.deduplicate, jobs.geotag):
        stage(job)


@pytest.fixture
def elsewhere(postgres: Server, template: str) -> Iterator[Warehouse]:
    """Another warehouse that knows the places and no source."""
    with scratch.database(postgres.url(), template=template) as url, connect(url, name="elsewhere") as db:
        furnish_places(db)
        yield db
