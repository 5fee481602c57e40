"""The default gazetteer holds what an analyst of the news needs, with ids that others know too."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etl.errors import GazetteerMissing
from etl.geo import gazetteer, seeds, wheels
from etl.geo.fold import fold
from etl.geo.lexicon import Entry, Lexicon
from etl.records import NameKind
from etl.settings import ROOT

SEEDS = ROOT / "seeds" / "geo"


def found(lexicon: Lexicon, name: str) -> dict[int, Entry]:
    entries = [lexicon.entry(handle) for handle, _ in lexicon.find(fold(name))]
    return {entry.place_id: entry for entry in entries}


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Lysychansk", 702972),
        ("Severodonetsk", 691999),
        ("Sievierodonetsk", 691999),
        ("Северодонецк", 691999),
        ("Сєвєродонецьк", 691999),
        ("Kramatorsk", 704508),
        ("Sloviansk", 693468),
        ("Bakhmut", 713174),
        ("Artemivsk", 713174),
        ("Kyiv", 703448),
        ("Mariupol", 701822),
        ("Donetsk", 709717),
        ("Donetsk", 709716),
        ("Luhansk", 702658),
        ("Luhansk", 702657),
        ("Moscow", 524901),
        ("Ukraine", 690791),
        ("Russia", 2017370),
        ("Donbas", -1001),
        ("Middle East", 6269133),
        ("Texas", 4736286),
        ("Dallas County", 4684904),
    ],
)
def test_a_name_leads_to_its_geonames_place(lexicon: Lexicon, name: str, place_id: int) -> None:
    assert place_id in found(lexicon, name)


@pytest.mark.parametrize("name", ["East", "West", "Kremlin", "Telegram", "Reuters", "Monday", "University"])
def test_a_stop_name_leads_nowhere(lexicon: Lexicon, name: str) -> None:
    assert not lexicon.find(fold(name))


def test_every_country_has_a_point_of_its_own(lexicon: Lexicon) -> None:
    codes = set(wheels.countries(wheels.files()["countries"]))
    assert codes == {code for code in seeds.read(SEEDS).points if "." not in code}
    assert found(lexicon, "Chile")[3895114].radius_km > 400


def test_every_hand_kept_name_has_a_place(lexicon: Lexicon) -> None:
    for row in seeds.read(SEEDS).names:
        key = f"={row.name}" if row.kind is NameKind.ABBREVIATION else fold(row.name)
        assert lexicon.find(key), row


def test_a_units_point_stands_among_its_towns(lexicon: Lexicon) -> None:
    county = found(lexicon, "Dallas County")[4684904]
    assert abs(county.lat - 32.77) < 0.2
    assert abs(county.lon + 96.78) < 0.2
    assert 10 < county.radius_km < 60
    assert county.population > 2_000_000


def test_size_of_the_whole(lexicon: Lexicon) -> None:
    assert lexicon.places > 270_000
    assert lexicon.names > 600_000


def test_the_version_follows_the_tables(tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "geo")
    assert gazetteer.version(tmp_path / "geo") == gazetteer.version(SEEDS)
    with (tmp_path / "geo" / "stop_names.csv").open("a", encoding="utf-8") as file:
        file.write("Foo,for the test\n")
    assert gazetteer.version(tmp_path / "geo") != gazetteer.version(SEEDS)


def test_a_missing_or_broken_table_is_named(tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "geo")
    (tmp_path / "geo" / "demonyms.csv").write_text("place,name,language_code,source\nUA,Ukrainian\n")
    with pytest.raises(GazetteerMissing, match=r"demonyms\.csv, line 2"):
        seeds.read(tmp_path / "geo")
    (tmp_path / "geo" / "demonyms.csv").unlink()
    with pytest.raises(GazetteerMissing, match=r"demonyms\.csv"):
        gazetteer.version(tmp_path / "geo")
