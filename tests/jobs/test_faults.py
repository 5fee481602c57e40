"""What goes wrong in years of backfills, each once; then it is run again, and the warehouse is as if it had not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from etl import jobs
from etl.bench import archived
from etl.jobs import backfill
from etl.jobs.backfill import Again, Order
from etl.local.postgres import Server
from etl.records import Source, SourceKind
from etl.settings import ROOT, Settings
from etl.warehouse import backfills, scratch, sources
from etl.warehouse.connect import Warehouse, connect
from etl.warehouse.digest import digest
from etl.warehouse.migrate import migrate
from tests.conftest import FAST, NOW
from tests.jobs.conftest import furnish_places

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FIRST, DAYS, PAGES = date(2022, 7, 4), 2, 14
INTERVAL = datetime(2022, 7, 4, tzinfo=UTC), datetime(2022, 7, 5, tzinfo=UTC)


@dataclass
class House:
    """A warehouse that knows the crawl, and a clock."""

    settings: Settings
    now: datetime = datetime(2022, 8, 1, tzinfo=UTC)
    clock: Callable[[], datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.clock = lambda: self.now

    def run(self, again: Again = Again.NONE, **more: Any) -> list[backfill.DayDone]:
        self.now += timedelta(minutes=1)
        order = Order(start=FIRST, end=FIRST + timedelta(days=DAYS), asked_at=self.now, again=again)
        return list(backfill.run(self.settings, order, clock=self.clock, **more))

    @property
    def url(self) -> str:
        return self.settings.database_url or ""

    def digest(self) -> dict[str, object]:
        """Of what holds now, by table; the books must balance, and nothing may wait."""
        with connect(self.url) as db:
            assert value(db, "SELECT count(*) FROM ops.work") == 0
            assert value(db, "SELECT bool_and(seen = kept + rejected + released) FROM mart.stage")
            return dict(digest(db).tables)


def value(db: Warehouse, question: str) -> Any:
    with db.connection.cursor() as cursor:
        cursor.execute(question)
        [(found,)] = cursor.fetchall()
        return found


def furnished(url: str, folder: Path, home: Path, *, is_new: bool = False) -> House:
    """A warehouse with places and the crawl for its only source."""
    with connect(url) as db:
        if is_new:
            migrate(db, today=NOW.date())
        furnish_places(db)
        sources.synchronise(db, [Source(name="made", kind=SourceKind.WARC, url=str(folder), outlet="Made")], at=NOW)
    return House(replace(read_settings(home), database_url=url))


def read_settings(home: Path) -> Settings:
    from etl import settings

    return settings.read({"DATELINE_HOME": str(home), "DATELINE_HOST_DELAY": "0"})


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawl")
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        archived.write(folder / f"M-{day:%Y%m%d}120000-1.warc.gz", day, PAGES, first=n * 1_000)
    return folder


@pytest.fixture(scope="module")
def unharmed(
    postgres: Server, template: str, crawl: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, object]:
    """The digest of a warehouse to which nothing happened."""
    with scratch.database(postgres.url(), template=template) as url:
        house = furnished(url, crawl, tmp_path_factory.mktemp("unharmed"))
        assert len(house.run()) == DAYS
        with connect(url) as db:
            assert value(db, "SELECT count(*) FROM news.article") == DAYS * PAGES
            assert value(db, "SELECT count(*) FROM news.copy_of") > 0
        return house.digest()


@pytest.fixture
def house(database_url: str, crawl: Path, tmp_path: Path) -> House:
    return furnished(database_url, crawl, tmp_path / "home")


@contextmanager
def at_query(name: str, happens: Callable[[Warehouse], None]) -> Iterator[None]:
    """Something happens once, just before this query."""
    plain_run, plain_rows, waits = Warehouse.run, Warehouse.rows, [True]

    def before(plain: Callable[..., Any]) -> Callable[..., Any]:
        def asked(self: Warehouse, query: str, /, **params: Any) -> Any:
            if query == name and waits:
                waits.clear()
                happens(self)
            return plain(self, query, **params)

        return asked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Warehouse, "run", before(plain_run))
        patch.setattr(Warehouse, "rows", before(plain_rows))
        yield
    assert not waits, f"{name} was never asked"


def own_server(tmp_path: Path, name: str) -> Server:
    """A server to harm: what it said is committed must outlast a crash."""
    return Server(tmp_path / name, f"test-{name}-{os.getpid()}", port=0, options=FAST | {"synchronous_commit": "on"})


@pytest.mark.parametrize(
    "query", ["keep_blobs", "keep_archive_offset", "keep_contents", "finish_work", "fill_coverage"]
)
def test_postgres_crashes_in_mid_load_and_comes_back(
    query: str, crawl: Path, tmp_path: Path, unharmed: dict[str, object]
) -> None:
    server = own_server(tmp_path, "crash")
    try:
        with server.lease():
            house = furnished(server.url(), crawl, tmp_path / "home", is_new=True)

            def crash(db: Warehouse) -> None:
                os.kill(db.connection.info.backend_pid, signal.SIGKILL)  # all sessions end, and the log is replayed

            told: list[str] = []
            with at_query(query, crash):
                done = house.run(sleep=lambda _: time.sleep(1), tell=told.append)
            assert len(done) == DAYS  # by itself: nobody had to run it again
            assert "Trying again" in told[0]
            assert house.digest() == unharmed
    finally:
        server.destroy()


def test_postgres_is_stopped_in_mid_load_and_started_later(
    crawl: Path, tmp_path: Path, unharmed: dict[str, object]
) -> None:
    server = own_server(tmp_path, "stop")
    try:
        with server.lease():
            house = furnished(server.url(), crawl, tmp_path / "home", is_new=True)
            with at_query("keep_contents", lambda _: server.stop()), pytest.raises(backfills.PASSING):
                house.run(sleep=lambda _: None)  # it does not come back as long as we wait
            server.start()
            house.settings = replace(house.settings, database_url=server.url())
            house.run()
            assert house.digest() == unharmed
    finally:
        server.destroy()


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system of its own needs root to be mounted")
def test_the_disk_is_full_and_is_made_room_on(crawl: Path, tmp_path: Path, unharmed: dict[str, object]) -> None:
    server = own_server(tmp_path, "full")
    server.place.mkdir(parents=True)
    server.place.parent.chmod(0o755)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", server.place], check=False)
    if mounted.returncode:
        server.place.rmdir()
        pytest.skip("this machine does not let a file system be mounted")
    try:
        with server.lease():
            house = furnished(server.url(), crawl, tmp_path / "home", is_new=True)
            ballast = server.place / "ballast"
            free = shutil.disk_usage(server.place).free
            with ballast.open("wb") as out:
                out.write(bytes(free - 300_000))
            with pytest.raises(backfills.PASSING):
                house.run(sleep=lambda _: time.sleep(0.5))
            ballast.unlink()
            server.start()
            house.settings = replace(house.settings, database_url=server.url())
            house.run()
            assert house.digest() == unharmed
    finally:
        server.stop()
        subprocess.run(["umount", server.place], check=True)
        server.destroy()


def test_a_file_is_corrupt_then_whole(house: House, crawl: Path, tmp_path: Path, unharmed: dict[str, object]) -> None:
    broken = tmp_path / "crawl"
    shutil.copytree(crawl, broken)
    first = min(broken.iterdir())
    whole = first.read_bytes()
    places = [n for n in range(len(whole)) if whole[n : n + 3] == b"\x1f\x8b\x08"]
    hole = places[len(places) // 2] + 200
    first.write_bytes(whole[:hole] + bytes(400) + whole[hole + 400 : -3_000])  # a hole, and no end
    with connect(house.url) as db:
        sources.synchronise(db, [Source(name="made", kind=SourceKind.WARC, url=str(broken), outlet="Made")], at=NOW)
        house.run()
        assert 0 < value(db, "SELECT count(*) FROM news.article") < DAYS * PAGES
        told = value(db, "SELECT string_agg(item_key, ' ') FROM ops.ledger WHERE reason = 'bad_record'")
        assert f"{first.name}@" in told
        shutil.copy2(min(crawl.iterdir()), first)
        assert len(house.run(Again.ALL)) == DAYS
    assert house.digest() == unharmed


def test_the_clock_jumps_forth_and_back(house: House, unharmed: dict[str, object]) -> None:
    ticks = 0

    def jumping() -> datetime:
        nonlocal ticks
        ticks += 1
        return house.now + timedelta(hours=(0, 30, -5, 2, -40)[ticks % 5])

    house.clock = jumping
    house.run()
    house.clock = lambda: house.now
    house.run(Again.ALL)
    assert house.digest() == unharmed


def test_two_schedulers_run_the_same_interval_at_once(house: House, unharmed: dict[str, object]) -> None:
    """Not shared by a lock, as by `dateline backfill run`: two runs of one day, as two Airflows would have it."""
    house.settings = replace(house.settings, lease_s=2)
    failures: list[BaseException] = []

    def schedule(name: str) -> None:
        try:
            for day in range(DAYS):
                span = INTERVAL[0] + timedelta(days=day), INTERVAL[1] + timedelta(days=day)
                with jobs.begin(house.settings, "news_backfill", f"{name} {day}", interval=span) as job:
                    backfill._stages(job, span, ["made"])
        except BaseException as error:  # told by the test itself
            failures.append(error)
            raise

    both = [threading.Thread(target=schedule, args=(name,)) for name in ("a", "b")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert failures == []
    time.sleep(2)  # what one had claimed when the other ended
    house.run(Again.ALL)
    with connect(house.url) as db:
        assert value(db, "SELECT count(*) - count(DISTINCT (requested_url, observed_at)) FROM ops.fetch") == 0
    assert house.digest() == unharmed


def test_a_migration_comes_between_two_tries(house: House, tmp_path: Path, unharmed: dict[str, object]) -> None:
    folder = tmp_path / "sql"
    shutil.copytree(ROOT / "sql", folder)
    number = len(list((folder / "migrations").iterdir())) + 1
    (folder / "migrations" / f"{number:04d}_more.sql").write_text(
        "ALTER TABLE ops.ledger ADD COLUMN weather text; ALTER TABLE news.article ADD COLUMN mood text;"
    )

    def die(_: Warehouse) -> None:
        raise KeyboardInterrupt

    with at_query("keep_contents", die), pytest.raises(KeyboardInterrupt):
        house.run()
    with connect(house.url) as db:
        migrate(db, folder=folder, today=NOW.date())
    assert len(house.run()) == DAYS
    assert house.digest() == unharmed


KILLED = f"""
import os, signal, sys
from datetime import UTC, date, datetime
from etl import settings
from etl.jobs import backfill
from etl.warehouse.connect import Warehouse
def deadly(plain):
    def asked(self, name, /, **params):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(self, name, **params)
    return asked
Warehouse.run, Warehouse.rows = deadly(Warehouse.run), deadly(Warehouse.rows)
order = backfill.Order(start=date(2022, 7, 4), end=date(2022, 7, {4 + DAYS}), asked_at=datetime.now(UTC))
list(backfill.run(settings.read(), order))
"""


def test_a_process_is_killed_in_each_stage_of_a_backfill(house: House, unharmed: dict[str, object]) -> None:
    env = {**os.environ, "DATELINE_DATABASE_URL": house.url, "DATELINE_HOME": str(house.settings.home)}
    for query in ("keep_archive_offset", "keep_contents", "keep_fingerprints", "keep_mentions", "finish_run"):
        died = subprocess.run([sys.executable, "-c", KILLED, query], env=env, cwd=ROOT, check=False)
        assert died.returncode == -signal.SIGKILL, query
    house.run()
    assert house.digest() == unharmed
