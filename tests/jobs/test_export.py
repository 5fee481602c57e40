"""What is exported is what is held: whole, readable by others, the same wherever the same captures are held."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pyarrow.parquet
import pytest

from etl.errors import ExportRefused, QuestionRefused
from etl.jobs import export
from etl.jobs.export import Wish
from etl.release.tables import FORMATS
from etl.warehouse import queries
from etl.warehouse.connect import Warehouse, connect
from tests.conftest import NOW

JULY = Wish(since=date(2022, 7, 1), until=date(2022, 7, 31))


def written(db: Warehouse, folder: Path, **wish: Any) -> dict[str, Any]:
    """Export, and what the package says, by table."""
    export.write(db, folder, Wish(**wish), at=NOW, version="0")
    described = json.loads((folder / "datapackage.json").read_text())
    return {resource["name"]: resource for resource in described["resources"]}


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf8"), newline="")))


def test_tables_leave_whole_with_addresses_for_keys_and_no_text(filled: Warehouse, tmp_path: Path) -> None:
    told = written(filled, tmp_path / "out")
    articles = read(tmp_path / "out" / "article.csv")
    held = filled.rows("load_contents", content_ids=list(range(1, 1000)))
    assert {row["title"] for row in articles} <= {row.title or "" for row in held}
    assert len(articles) == told["article"]["rows"] > 3
    assert sorted(articles, key=lambda a: (a["day"], a["article"])) == articles
    assert set(told) == {"article", "mention", "copy", "story", "edit", "place", "source", "coverage"}
    everything = b"".join(p.read_bytes() for p in (tmp_path / "out").iterdir())
    bodies = [row.body for row in held if len(row.body) > 200]
    assert bodies
    assert not any(body[:80].encode() in everything for body in bodies)


def test_texts_leave_when_asked_for(filled: Warehouse, tmp_path: Path) -> None:
    written(filled, tmp_path / "out", has_texts=True, tables=("article", "text"))
    hashes = {row["article"]: row["body_sha256"] for row in read(tmp_path / "out" / "article.csv")}
    texts = {row["article"]: row["body"] for row in read(tmp_path / "out" / "text.csv")}
    assert {key: hashlib.sha256(body.encode()).hexdigest() for key, body in texts.items()} == hashes


def test_days_and_outlets_limit_it(filled: Warehouse, tmp_path: Path) -> None:
    written(filled, tmp_path / "all")
    everything = read(tmp_path / "all" / "article.csv")
    one = everything[0]
    day = date.fromisoformat(one["day"])
    written(filled, tmp_path / "some", since=day, until=day, outlets=(one["outlet"],))
    wanted = [row for row in everything if (row["day"], row["outlet"]) == (one["day"], one["outlet"])]
    assert read(tmp_path / "some" / "article.csv") == wanted


def test_what_is_said_of_columns_and_files_is_true(filled: Warehouse, tmp_path: Path) -> None:
    told = written(filled, tmp_path / "out")
    for resource in told.values():
        path = tmp_path / "out" / resource["path"]
        fields = resource["schema"]["fields"]
        with path.open(encoding="utf8", newline="") as rows:
            assert next(csv.reader(rows)) == [field["name"] for field in fields]
        assert [(resource["name"], field["name"]) for field in fields if not field.get("description")] == []
        assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert resource["bytes"] == path.stat().st_size
    for line in (tmp_path / "out" / "SHA256SUMS").read_text().splitlines():
        hexed, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == hexed


def test_parquet_holds_the_rows_of_the_csv_in_a_folder_a_day(filled: Warehouse, tmp_path: Path) -> None:
    told = written(filled, tmp_path / "parquet", form="parquet")
    written(filled, tmp_path / "csv")
    for name in ("article", "mention", "copy"):
        rows = read(tmp_path / "csv" / f"{name}.csv")
        held = pyarrow.dataset.dataset(tmp_path / "parquet" / name, partitioning="hive").to_table().to_pylist()
        assert len(rows) == len(held) == told[name]["rows"]
        for row, other in zip(rows, held, strict=True):
            assert row["day"] == other["day"]
            assert {k for k, v in row.items() if v != ""} == {k for k, v in other.items() if v not in {None, ""}}
    places = pyarrow.parquet.read_table(tmp_path / "parquet" / "place.parquet")
    assert places.num_rows == told["place"]["rows"]
    instant = pyarrow.dataset.dataset(tmp_path / "parquet" / "article").schema.field("first_observed_at").type
    assert str(instant) == "timestamp[us, tz=UTC]"


def test_features_are_places_with_the_articles_that_name_them(filled: Warehouse, tmp_path: Path) -> None:
    written(filled, tmp_path / "one", form="geojson")
    written(filled, tmp_path / "seq", form="geojsonseq")
    collection = json.loads((tmp_path / "one" / "feature.geojson").read_text())
    records = (tmp_path / "seq" / "feature.geojsonseq").read_text().split("\x1e")[1:]
    assert [json.loads(record) for record in records] == collection["features"] != []
    zagreb = next(f for f in collection["features"] if f["properties"]["place"] == "Zagreb")
    assert zagreb["geometry"] == {"type": "Point", "coordinates": [15.98, 45.81]}
    assert zagreb["properties"]["url"].startswith("https://")


def test_an_event_two_outlets_tell_from_one_text_rests_on_one_line(filled: Warehouse, tmp_path: Path) -> None:
    written(filled, tmp_path / "csv")
    told = read(tmp_path / "csv" / "story.csv")
    first = min(row["article"] for row in told)
    named = hashlib.sha256(first.encode()).hexdigest()[:16]
    seen = [(r["story"], r["articles"], r["independent_lines"], r["line"]) for r in told]
    assert seen == [(named, "2", "1", "1")] * 2
    outlets = {r["article"]: r["outlet"] for r in read(tmp_path / "csv" / "article.csv")}
    assert {outlets[r["article"]] for r in told} == {"Meridian Wire", "The Harbour Courier"}
    [copied] = read(tmp_path / "csv" / "copy.csv")
    assert {copied["copy"], copied["origin"]} == set(outlets) & {r["article"] for r in told}


@pytest.mark.parametrize(
    ("form", "key", "where"), [("acled", "event_id_cnty", "geo_precision"), ("ucdp", "id", "where_prec")]
)
def test_other_datasets_layouts(filled: Warehouse, tmp_path: Path, form: str, key: str, where: str) -> None:
    written(filled, tmp_path / "out", form=form)
    rows = read(tmp_path / "out" / f"{form}.csv")
    assert rows
    assert len({row[key] for row in rows}) == len(rows)
    assert all(row["latitude"] and row["longitude"] and row[where] in "1234567" for row in rows)


def test_an_empty_warehouse_gives_tables_without_rows(db: Warehouse, tmp_path: Path) -> None:
    for form in FORMATS:
        written(db, tmp_path / form, form=form)
    assert read(tmp_path / "csv" / "article.csv") == []
    assert json.loads((tmp_path / "geojson" / "feature.geojson").read_text())["features"] == []


def test_what_is_there_is_not_written_over(db: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("Chapter one")
    with pytest.raises(ExportRefused, match="holds something else"):
        written(db, tmp_path / "mine")
    written(db, tmp_path / "out")
    with pytest.raises(ExportRefused, match="--replace"):
        written(db, tmp_path / "out")
    export.write(db, tmp_path / "out", Wish(form="geojson"), at=NOW, version="0", is_replacing=True)
    assert (tmp_path / "out" / "feature.geojson").exists()
    assert not (tmp_path / "out" / "article.csv").exists()


def test_an_unknown_table_is_named(db: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="articel"):
        written(db, tmp_path / "out", tables=("articel",))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_one_that_fails_in_the_middle_leaves_nothing(
    filled: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    broken = replace(
        queries.catalogue()["export_mention"], sql="SELECT 1 / (1 - g) AS day FROM generate_series(0, 1) g"
    )
    monkeypatch.setitem(queries.catalogue(), "export_mention", broken)
    with pytest.raises(QuestionRefused, match="division by zero"):
        written(filled, tmp_path / "exports" / "out", form=form)
    assert list((tmp_path / "exports").iterdir()) == []


def test_the_same_news_gives_the_same_files(filled: Warehouse, tmp_path: Path, database_url: str) -> None:
    written(filled, tmp_path / "one")
    with connect(database_url, name="elsewhere") as other:
        with other.connection.cursor() as cursor:
            cursor.execute("SET timezone = 'Asia/Tokyo'; SET datestyle = 'German'")
        written(other, tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
