"""A gazetteer is swapped as one: a dump stays until told otherwise, and a load that fails leaves the old one in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.geo.lexicon import Lexicon
from etl.jobs.gazetteers import load_default, load_dump
from etl.jobs.lookup import lookup
from etl.records import Place
from etl.warehouse import gazetteer
from etl.warehouse.connect import Warehouse
from tests.conftest import NOW
from tests.geo.test_dump import folder as folder  # noqa: PLC0414 - a fixture, taken over


def test_a_dump_is_used_from_then_on_and_stays_when_the_warehouse_is_prepared(
    db: Warehouse, tmp_path: Path, folder: Path
) -> None:
    told: list[str] = []
    loaded = load_dump(db, tmp_path / "home", folder, at=NOW, tell=told.append)
    assert told[-1] == f"gazetteer {loaded.version}: {loaded.places:,} places, {loaded.names:,} names"
    held, path = lookup(db, tmp_path / "home")
    with Lexicon.open(path) as lexicon:
        assert lexicon.find("oldtown")
    assert held == loaded == load_dump(db, tmp_path / "home", folder, at=NOW)
    assert load_default(db, tmp_path / "home", at=NOW) == loaded
    assert [(g.version, g.is_current) for g in gazetteer.history(db)] == [(loaded.version, True)]


def test_a_load_cut_off_leaves_the_old_gazetteer_in_use(db: Warehouse, tmp_path: Path, folder: Path) -> None:
    before = load_dump(db, tmp_path / "home", folder, at=NOW)

    def cut_off() -> object:
        yield Place(place_id=1, name="A", feature_class="P", feature_code="PPL", country_code=None, admin1_code=None,
                    admin2_code=None, lat=0, lon=0, population=0, radius_km=1)  # fmt: skip
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gazetteer.load(db, "geonames-other", cut_off(), [], at=NOW)  # type: ignore[arg-type]
    assert gazetteer.current(db) == before
    assert {p.place_id for p in gazetteer.read_places(db)} >= {21, 22, 23}
