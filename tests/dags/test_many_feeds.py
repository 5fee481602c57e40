"""A thousand feeds with nothing new: what a poll of them costs, and what Airflow adds to it."""

from __future__ import annotations

import time

import pytest

from etl import settings
from etl.bench import fetching
from etl.local import airflow
from etl.records import Source, SourceKind
from etl.settings import Settings
from etl.warehouse import sources
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_thousand_feeds_with_nothing_new(
    warehouse: Warehouse, airflow_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [
        Source(name=f"made{n}", kind=SourceKind.FEED, url=fetching.address(n), outlet=None)
        for n in range(fetching.FEEDS)
    ]
    sources.synchronise(warehouse, made, at=NOW)
    with fetching.serve() as port:
        pins = ",".join(f"made{n}.example=127.0.0.1:{port}" for n in range(fetching.FEEDS))
        monkeypatch.setenv("DATELINE_HOSTS", pins)
        monkeypatch.setenv("DATELINE_HOME", str(airflow_home.home))
        airflow.run_dag("news_ingest", conf={"force": True})  # robots.txt and ETags come in
        monkeypatch.setenv("DATELINE_HOST_DELAY", "1")
        began = time.monotonic()
        fetching.poll(settings.read(), "jobs alone")
        alone_s = time.monotonic() - began
        began = time.monotonic()
        result = airflow.run_dag("news_ingest", conf={"force": True})
        whole_s = time.monotonic() - began
    print(f"jobs alone {alone_s:.1f} s, the whole run {whole_s:.1f} s, of it Airflow {whole_s - alone_s:.1f} s")
    assert (result.state, dict(result.failed)) == ("success", {})
    with warehouse.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ops.fetch WHERE outcome = 'not_modified'")
        assert cursor.fetchone() == (2 * fetching.FEEDS,)
    assert whole_s < 60
