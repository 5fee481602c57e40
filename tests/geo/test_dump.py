"""A GeoNames dump becomes places and names: what is kept, where it stands, and what a broken line costs."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from etl.errors import GazetteerMissing
from etl.geo import dump, dumped
from etl.records import NameKind, Place, PlaceName
from etl.settings import ROOT

TABLES = ROOT / "seeds" / "geo"


def row(
    place_id: int, name: str, feature: str, at: tuple[float, float], unit: str, *, people: int = 0, aliases: str = ""
) -> str:
    """A line of a table of places; `feature` as P.PPL, `unit` as UA.98.1401."""
    kind, code = feature.split(".")
    country, admin1, admin2 = (*unit.split("."), "", "")[:3]
    lat, lon = at
    where = [str(lat), str(lon), kind, code, country, "", admin1, admin2, "", ""]
    return "\t".join([str(place_id), name, name, aliases, *where, str(people), "", "", "Europe/Kyiv", "2022-07-04"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dump of one small country of our own making, under a real country's code."""
    country = ["UA", "UKR", "804", "UP", "Landia", "Firsttown", "600000", "1000", *[""] * 8, "10", "", ""]
    rows = [
        row(21, "Firsttown", "P.PPLC", (50.0, 30.0), "UA.98.1401", people=3_000_000, aliases="Oldtown,Перше Місто"),
        row(22, "Secondtown", "P.PPL", (50.2, 30.4), "UA.98.1401", people=900),
        row(23, "Ruintown", "P.PPLW", (50.1, 30.1), "UA.98.1402"),
        row(24, "Antiquity", "P.PPLH", (50.1, 30.1), "UA.98"),
        row(31, "Known River", "H.STM", (50.1, 30.2), "UA.98", aliases="Ріка"),
        row(32, "Creek", "H.STM", (50.1, 30.3), "UA.98"),
        row(33, "School No 5", "S.SCH", (50.1, 30.3), "UA.98", aliases="Школа"),
        row(12, "Second District", "A.ADM2", (50.05, 30.05), "UA.98.1402"),
    ]
    (tmp_path / "countryInfo.txt").write_text("# a comment\n" + "\t".join(country) + "\n", encoding="utf8")
    (tmp_path / "admin1CodesASCII.txt").write_text("UA.98\tMiddle Region\tMiddle Region\t11\n", encoding="utf8")
    (tmp_path / "admin2Codes.txt").write_text(
        "UA.98.1402\tSecond District\tx\t12\nUA.98.9\tNowhere\tx\t13\n", encoding="utf8"
    )
    (tmp_path / "UA.txt").write_text("\n".join(rows) + "\n", encoding="utf8")
    return tmp_path


def test_what_news_names_is_kept_and_the_rest_is_not(folder: Path) -> None:
    places = _places(folder)
    assert {21, 22, 23, 31, 10, 11, 12} <= places.keys()  # the ruined town too: wars make them
    assert not {24, 32, 33, 13} & places.keys()  # gone for centuries, no second name, a school, nothing says where


def test_a_unit_stands_at_its_own_row_or_amid_its_towns_and_has_their_people(folder: Path) -> None:
    places = _places(folder)
    assert (places[12].lat, places[12].lon, places[12].feature_code) == (50.05, 30.05, "ADM2")
    assert places[11].population == 3_000_900
    assert places[11].lat == pytest.approx(50.1)
    assert 15 < places[11].radius_km < 30
    assert (places[10].feature_code, places[10].country_code) == ("PCLI", "UA")
    assert places[10].lat == pytest.approx(49, abs=1)  # the hand-kept point: this dump has no row of the country
    assert places[10].radius_km == pytest.approx(437, abs=1)  # of a circle of 600,000 km²


def test_names_come_from_the_row_where_there_is_no_file_of_names(folder: Path) -> None:
    names = {(n.place_id, n.name, n.kind) for n in _names(folder)}
    assert (21, "Firsttown", NameKind.PRIMARY) in names
    assert (21, "Oldtown", NameKind.ALIAS) in names
    assert (21, "Перше Місто", NameKind.ALIAS) in names
    assert (11, "Middle Region", NameKind.PRIMARY) in names
    assert not [n for n in names if n[0] in {24, 32, 33}]


def test_the_hand_kept_names_are_added_to_whatever_place_has_the_code(folder: Path) -> None:
    names = {(n.place_id, n.name, n.kind) for n in _names(folder)}
    assert (10, "Ukrainian", NameKind.DEMONYM) in names


def test_the_file_of_names_gives_language_and_validity_and_its_codes_are_no_names(folder: Path) -> None:
    lines = [
        "1\t21\tuk\tПерше\t1\t\t\t\t\t",
        "2\t21\t\tRedtown\t\t\t\t1\t1924\t2016-02-20",
        "3\t21\tlink\tHttps://example.org\t\t\t\t\t\t",
        "4\t99\ten\tElsewhere\t\t\t\t\t\t",
        "5\t21\ten\tVaguetown\t\t\t\t\tlong ago\t",
    ]
    (folder / "alternateNamesV2.txt").write_text("\n".join(lines) + "\n", encoding="utf8")
    named = {n.name: n for n in _names(folder)}
    assert named["Перше"].language_code == "uk"
    assert (named["Redtown"].valid_from, named["Redtown"].valid_to) == (date(1924, 1, 1), date(2016, 2, 20))
    assert named["Vaguetown"].valid_from is None
    assert not {"Https://example.org", "Elsewhere", "Oldtown"} & named.keys()


@pytest.mark.parametrize(
    "line",
    [
        "one column",
        row(0, "Off Earth", "P.PPL", (91, 0), "UA.98"),
        row(0, "x", "P.PPL", (1, 1), "UA.98").replace("0", "zero", 1),
    ],
    ids=["columns", "point", "id"],
)
def test_a_broken_line_costs_itself_and_is_told_of(folder: Path, line: str) -> None:
    with (folder / "UA.txt").open("a", encoding="utf8") as file:
        file.write(line + "\n")
    gazette = dumped.read(folder, TABLES)
    assert 21 in {p.place_id for p in gazette.places}
    assert gazette.dump.broken == 1
    assert gazette.dump.broken_lines[0].startswith("UA.txt, line 9: ")


def test_zipped_files_are_read_as_they_are(folder: Path) -> None:
    plain = _places(folder)
    with zipfile.ZipFile(folder / "UA.zip", "w") as archive:
        archive.write(folder / "UA.txt", "UA.txt")
    (folder / "UA.txt").unlink()
    assert _places(folder) == plain
    (folder / "UA.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(GazetteerMissing, match=r"UA\.zip.*damaged"):
        list(dump.find(folder).rows())


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "countryInfo.txt").unlink()
    with pytest.raises(GazetteerMissing, match=r"countryInfo\.txt"):
        dump.find(folder)
    (folder / "UA.txt").unlink()
    with pytest.raises(GazetteerMissing, match="no table of places"):
        dump.find(folder)


def test_the_version_follows_the_files(folder: Path) -> None:
    before = dumped.read(folder, TABLES).version
    assert before == dumped.read(folder, TABLES).version
    assert before.startswith("geonames-")
    (folder / "admin2Codes.txt").write_text("", encoding="utf8")
    assert dumped.read(folder, TABLES).version != before


def _places(folder: Path) -> dict[int, Place]:
    return {p.place_id: p for p in dumped.read(folder, TABLES).places}


def _names(folder: Path) -> list[PlaceName]:
    gazette = dumped.read(folder, TABLES)
    assert list(gazette.places)
    return list(gazette.names())
