"""A release says what it follows from, and whoever has the captures makes the same tables with it, to the byte."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from etl.errors import ExportRefused
from etl.jobs import captures_out, freeze
from etl.jobs.export import Wish
from etl.settings import Settings
from etl.warehouse import overrides
from etl.warehouse.connect import Warehouse
from etl.warehouse.overrides import Correction
from tests.conftest import NOW
from tests.jobs.test_own_archives import url_of

JULY = Wish(since=date(2022, 7, 1), until=date(2022, 7, 31))


def made_again(db: Warehouse, configured: Settings, release: Path, captures: Path | None = None) -> dict[str, bool]:
    settings = replace(configured, database_url=url_of(db))
    folder = freeze.captures_of(release, captures)
    return {c.name: c.is_same for c in freeze.rebuild(db, settings, release, folder, at=NOW)}


def test_a_release_with_its_captures_is_made_again_to_the_byte(
    filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path
) -> None:
    freeze.freeze(filled, configured, tmp_path / "release", Wish(has_texts=True), at=NOW, has_captures=True)
    same = made_again(elsewhere, configured, tmp_path / "release")
    assert set(same) == {"article", "text", "mention", "copy", "story", "edit", "place"}
    assert all(same.values()), same


def test_corrections_go_with_it(filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path) -> None:
    hashed = hashlib.sha256(b"The Zagreb docked.").digest()
    overrides.add(filled, Correction(surface="Zagreb", place_id=None, note="a ship", outlet="Meridian Wire"), at=NOW)
    overrides.add(
        filled,
        Correction(surface="Zagreb", place_id=3186886, note="", text_hash=hashed, field="title", start=4),
        at=NOW,
    )
    freeze.freeze(filled, configured, tmp_path / "release", Wish(), at=NOW, has_captures=True)
    made_again(elsewhere, configured, tmp_path / "release")
    kept, again = ({replace(o, override_id=0) for o in overrides.active(db)} for db in (filled, elsewhere))
    assert kept == again
    named = "SELECT count(*) > 0 FROM mart.mention WHERE outlet = 'Meridian Wire' AND surface = 'Zagreb'"
    found: list[object] = []
    for db in (filled, elsewhere):
        with db.connection.cursor() as cursor:
            cursor.execute(named)
            found += cursor.fetchone() or ()
    assert found == [True, False]  # the texts held were tagged before the correction came


def test_captures_may_lie_elsewhere_and_days_be_cut(
    filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path
) -> None:
    freeze.freeze(filled, configured, tmp_path / "release", JULY, at=NOW)
    with pytest.raises(ExportRefused, match="--captures"):
        freeze.captures_of(tmp_path / "release", None)
    captures_out.write(filled, tmp_path / "captures", date(2000, 1, 1), date(2100, 1, 1))
    same = made_again(elsewhere, configured, tmp_path / "release", tmp_path / "captures")
    assert all(same.values())
    assert "text" not in same


def test_what_differs_is_named(filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path) -> None:
    freeze.freeze(filled, configured, tmp_path / "release", Wish(), at=NOW, has_captures=True)
    recipe = json.loads((tmp_path / "release" / freeze.RECIPE).read_text())
    recipe["tables"]["copy"]["sha256"] = "0" * 64
    (tmp_path / "release" / freeze.RECIPE).write_text(json.dumps(recipe))
    same = made_again(elsewhere, configured, tmp_path / "release")
    assert [name for name, is_same in same.items() if not is_same] == ["copy"]


def test_it_is_made_again_only_where_nothing_else_is_and_with_its_gazetteer(
    filled: Warehouse, elsewhere: Warehouse, configured: Settings, tmp_path: Path
) -> None:
    freeze.freeze(filled, configured, tmp_path / "release", Wish(), at=NOW, has_captures=True)
    with pytest.raises(ExportRefused, match="empty warehouse"):
        made_again(filled, configured, tmp_path / "release")
    recipe = json.loads((tmp_path / "release" / freeze.RECIPE).read_text())
    (tmp_path / "release" / freeze.RECIPE).write_text(json.dumps({**recipe, "gazetteer": "geonames-7"}))
    with pytest.raises(ExportRefused, match="geonames-7"):
        made_again(elsewhere, configured, tmp_path / "release")


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}'])
def test_a_recipe_that_cannot_be_read_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / freeze.RECIPE).write_text(text)
    with pytest.raises(ExportRefused):
        freeze.read_recipe(tmp_path)


def test_every_file_of_a_release_is_summed(filled: Warehouse, configured: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    freeze.freeze(filled, configured, folder, Wish(), at=NOW, has_captures=True)
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    summed = {name: hexed for hexed, name in lines}
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    assert set(summed) == set(files) - {"SHA256SUMS"}
    assert all(hashlib.sha256(files[name].read_bytes()).hexdigest() == hexed for name, hexed in summed.items())


def test_what_decides_is_in_the_hash_of_the_code(tmp_path: Path) -> None:
    for name in ("etl/a.py", "sql/views/b.sql", "seeds/geo/c.csv", "requirements.lock", "README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    before = freeze.code_hash(tmp_path)
    (tmp_path / "README.md").write_text("two")
    assert freeze.code_hash(tmp_path) == before
    (tmp_path / "seeds/geo/c.csv").write_text("two")
    assert freeze.code_hash(tmp_path) != before
